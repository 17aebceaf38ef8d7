"""Each script is checked and run on its version's engine; a missing or failing engine affects no other."""

import asyncio
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve
from returns.result import Failure, Result

from adapters.javascript import engines
from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.launch import ZygoteStartFailed
from adapters.javascript.runner import JavaScriptSandbox
from application.ports.errors import Unavailable
from application.ports.queue import Claimed
from application.ports.sandbox import EngineMissing, RunFailure, SandboxUnavailable
from domain.engine import EngineName
from domain.outcome import Produced, Run
from tests.adapters.javascript.sandboxes import BODIES, TIGHT, a_claimed
from tests.adapters.javascript.test_pool import leaders
from tests.support.values import a_source

DUKPY, QUICKJS_NG = EngineName.DUKPY, EngineName.QUICKJS_NG
HONEST: Final = "const process = d => d + 1"
REMEDY: Final = "run scripts/setup.sh, or install it in the version that requirements.lock pins, and restart"
ITERATING: Final = """
async function process(data) {
  let ended = 0;
  const end = () => Promise.resolve({ done: true, value: ended++ });
  const pages = { next: () => Promise.resolve({ done: true }), return: end, [Symbol.asyncIterator]: () => pages };
  for await (const page of pages);
  return ended;
}"""
"""The older engine calls `return()` after an iteration that has ended by itself."""
SETS: Final = "const process = d => /[a--b]/v.test(d)"
"""A regular expression that the older engine does not know."""


def on(engine: str, text: str = HONEST) -> Claimed:
    """Claim an execution of a version on that engine."""
    claimed = a_claimed(text, b"1")
    submission = claimed.running.submission
    script = evolve(submission.script, engine=engine)
    return evolve(claimed, running=evolve(claimed.running, submission=evolve(submission, script=script)))


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def sandbox(runner: asyncio.Runner) -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox(BODIES, slots=1, engine=QUICKJS_NG)
    runner.run(made.__aenter__())
    yield made
    runner.run(made.__aexit__(None, None, None))
    assert leaders() == set()


def broken(sandbox: JavaScriptSandbox, engine: EngineName) -> Callable[[], None]:
    """Make an engine's zygotes fail to start; the way to mend it."""
    pool = sandbox._pools.pool(ZygoteKind(engine))
    setup = pool._setup
    pool._setup = evolve(setup, library=Path("/nowhere/engine.so"))

    def mend() -> None:
        pool._setup = setup

    return mend


def runs(runner: asyncio.Runner, sandbox: JavaScriptSandbox, engine: EngineName) -> bool:
    return isinstance(runner.run(sandbox.run(on(engine))).unwrap().outcome, Produced)


async def rested(sandbox: JavaScriptSandbox) -> None:
    async with asyncio.timeout(20):
        while sandbox.resting_engines():
            await asyncio.sleep(0.01)


def test_each_run_is_on_its_version_s_engine_and_names_it(runner: asyncio.Runner, sandbox: JavaScriptSandbox) -> None:
    async def work() -> list[Result[Run, RunFailure]]:
        assert {one.split()[0] for one in sandbox.engines} == {QUICKJS_NG}  # the other one has not been needed
        return await asyncio.gather(*(sandbox.run(on(engine)) for engine in [*EngineName] * 4))

    ran = [one.unwrap() for one in runner.run(work())]
    assert [one.provenance.engine.split()[0] for one in ran] == [*EngineName] * 4
    assert all(isinstance(one.outcome, Produced) for one in ran)
    assert {one.split()[0] for one in sandbox.engines} == set(EngineName)
    assert len(leaders()) == 2


def test_runs_differ_as_their_engines_do(runner: asyncio.Runner, sandbox: JavaScriptSandbox) -> None:
    outcomes = {engine: runner.run(sandbox.run(on(engine, ITERATING))).unwrap().outcome for engine in EngineName}
    results = {engine: outcome.result.data for engine, outcome in outcomes.items() if isinstance(outcome, Produced)}
    assert results == {DUKPY: b"1", QUICKJS_NG: b"0"}


def test_a_source_is_tried_on_the_engine_that_it_will_have(runner: asyncio.Runner, sandbox: JavaScriptSandbox) -> None:
    assert runner.run(sandbox.check(a_source(SETS), TIGHT, QUICKJS_NG)).unwrap() == ()
    (fault,) = runner.run(sandbox.check(a_source(SETS), TIGHT, DUKPY)).failure().faults
    assert fault.line == 1


@pytest.mark.parametrize("name", ["a-later-engine", "", "DUKPY"])
def test_an_engine_that_this_release_does_not_have_is_reported_as_missing(
    runner: asyncio.Runner, sandbox: JavaScriptSandbox, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert runner.run(sandbox.run(on(name))) == Failure(EngineMissing())
    assert (
        f"this release has no engine {name!r}: install a release that has it, or upload the script again" in caplog.text
    )
    assert runs(runner, sandbox, QUICKJS_NG)


def test_an_engine_that_is_not_installed_is_reported_as_missing_every_time(
    runner: asyncio.Runner,
    sandbox: JavaScriptSandbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(engines._PLACES, DUKPY, ("no_such_package", "_dukpy"))
    assert engines.installed_engines() == (QUICKJS_NG,)
    for _ in range(3):
        assert runner.run(sandbox.run(on(DUKPY))) == Failure(EngineMissing())
        with pytest.raises(Unavailable, match="dukpy"):
            runner.run(sandbox.check(a_source(HONEST), TIGHT, DUKPY))
    assert not sandbox.resting_engines()
    assert caplog.text.count(REMEDY) == 6
    assert runs(runner, sandbox, QUICKJS_NG)


def test_a_library_without_its_distribution_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "version", lambda name: version(f"no-such-{name}"))
    with pytest.raises(engines.EngineNotInstalled, match=f"the distribution dukpy is not installed: {REMEDY}"):
        engines.library_of(DUKPY)


def test_an_engine_that_does_not_start_is_reported_rests_and_recovers(
    runner: asyncio.Runner, sandbox: JavaScriptSandbox
) -> None:
    mend = broken(sandbox, DUKPY)
    assert runner.run(sandbox.run(on(DUKPY))) == Failure(SandboxUnavailable())
    with pytest.raises(Unavailable, match="dukpy cannot be started"):
        runner.run(sandbox.check(a_source(HONEST), TIGHT, DUKPY))
    assert set(sandbox.resting_engines()) == set(sandbox.troubles()) == {DUKPY}
    assert "/nowhere/engine.so" in sandbox.troubles()[DUKPY]
    assert runs(runner, sandbox, QUICKJS_NG)
    mend()
    runner.run(rested(sandbox))
    assert set(sandbox.troubles()) == {DUKPY}  # until it is tried again
    assert runs(runner, sandbox, DUKPY)
    assert not sandbox.troubles()


def test_the_default_engine_must_start_at_once(runner: asyncio.Runner) -> None:
    sandbox = JavaScriptSandbox(BODIES, slots=1, engine=DUKPY)
    broken(sandbox, DUKPY)
    with pytest.raises(ZygoteStartFailed, match="nowhere"):
        runner.run(sandbox.__aenter__())
    assert leaders() == set()
