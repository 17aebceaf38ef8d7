"""Processes that serve more than one run: which runs share one, what ends one, and what no run can tell of another."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from uuid import UUID

import pytest
import uvloop
from attrs import evolve

from adapters.javascript import confined_process, launch, wire
from adapters.javascript.process_accounts import PeakMemory
from adapters.javascript.warm_processes import ReusePolicy
from adapters.system import uuid7
from application.ports.queue import Claimed
from domain.body import Body, Encoding, digest
from domain.engine import EngineName
from domain.execution import Attribution
from domain.limits import MIB
from domain.outcome import ErrorKind, Isolation, Produced
from tests.adapters.javascript.sandboxes import (
    TIGHT,
    Bench,
    a_bench,
    a_claimed,
    error_of,
    is_alive,
    processes_under,
    wait_until,
)
from tests.adapters.javascript.substitute_zygotes import an_impostor

COUNT = "globalThis.runs = (globalThis.runs ?? 0) + 1; const process = d => [d, runs];"
BURN = "const process = d => { const end = d; let n = 0; for (let i = 0; i < end; i++) n += i % 7; return n; };"


@pytest.fixture(params=EngineName)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with a_bench(engine=request.param, reuse=ReusePolicy(), analyses=False) as made:
        yield made


def over(claimed: Claimed, dataset: bytes) -> Claimed:
    """Make an execution of the same version, limits and API key over another dataset."""
    running = claimed.running
    submission = evolve(running.submission, id=uuid7(), dataset=digest(dataset))
    return evolve(
        claimed,
        running=evolve(running, submission=submission),
        dataset=Body(digest(dataset), Encoding.IDENTITY, dataset),
    )


def submitted_by(claimed: Claimed, key: UUID) -> Claimed:
    submission = evolve(claimed.running.submission, attribution=Attribution(submitted_by=key))
    return evolve(claimed, running=evolve(claimed.running, submission=submission))


def done(bench: Bench, claimed: Claimed) -> object:
    """Run an execution that must succeed."""
    run = bench.do(bench.sandbox.run(claimed)).unwrap()
    assert isinstance(run.outcome, Produced), run.outcome
    return bench.text(run)


def idle(bench: Bench) -> list[int]:
    """List the idle processes, the oldest first."""
    return [warm.process.pid.result() or 0 for warm in bench.pool.reuse._idle._idle]


def test_runs_of_one_affinity_share_a_process_and_nothing_else(bench: Bench) -> None:
    version = a_claimed(COUNT)
    assert done(bench, over(version, b"0")) == b"[0,1]"
    (process,) = idle(bench)
    for number in range(1, 5):
        assert done(bench, over(version, b"%d" % number)) == b"[%d,1]" % number
        assert idle(bench) == [process]


def test_another_version_or_key_gets_another_process(bench: Bench) -> None:
    version, key = a_claimed(COUNT), uuid7()
    for one in (version, submitted_by(version, key), submitted_by(version, uuid7()), a_claimed(COUNT)):
        done(bench, one)
    assert len(set(idle(bench))) == 4
    before = idle(bench)
    done(bench, submitted_by(version, key))
    assert idle(bench) == [*before[:1], *before[2:], before[1]]


def test_another_address_space_gets_another_process(bench: Bench) -> None:
    version = a_claimed("const process = d => d.length;", limits=evolve(TIGHT, memory_bytes=128 * MIB))
    done(bench, over(version, b"[]"))
    before = idle(bench)
    done(bench, over(version, b'"%b"' % (b"x" * 3_000_000)))
    assert not set(before) & set(idle(bench))


@pytest.mark.parametrize(
    "program",
    [
        "const process = d => { if (d) throw new Error('no'); return 1; };",
        "const process = d => d ? undefined : 1;",
        "const process = d => d ? 'x'.repeat(2e6) : 1;",
        "const process = d => { while (d); return 1; };",
        "const process = d => { const all = []; while (d) all.push(new Array(1e5).fill(0)); return 1; };",
    ],
)
def test_a_run_that_does_not_succeed_ends_its_process(bench: Bench, program: str) -> None:
    version = a_claimed(program, limits=evolve(TIGHT, wall_ms=300))
    assert done(bench, over(version, b"0")) == b"1"
    (process,) = idle(bench)
    error_of(bench.do(bench.sandbox.run(over(version, b"1"))).unwrap())
    assert idle(bench) == []
    wait_until(lambda: not is_alive(process))
    assert done(bench, over(version, b"0")) == b"1"


def test_time_is_measured_and_limited_for_each_run(bench: Bench) -> None:
    version = a_claimed(BURN, limits=evolve(TIGHT, wall_ms=1_000))
    long = bench.do(bench.sandbox.run(over(version, b"2000000"))).unwrap()
    (process,) = idle(bench)
    short = bench.do(bench.sandbox.run(over(version, b"1"))).unwrap()
    assert idle(bench) == [process]
    assert long.provenance.measures.cpu_ms > 10 * short.provenance.measures.cpu_ms
    error = error_of(bench.do(bench.sandbox.run(over(version, b"1e12"))).unwrap())
    assert error.kind is ErrorKind.TIMEOUT


def test_short_runs_are_measured_to_the_microsecond() -> None:
    version = a_claimed(COUNT)
    with a_bench(reuse=ReusePolicy(), analyses=False, loop_factory=uvloop.new_event_loop) as bench:
        runs = [bench.do(bench.sandbox.run(version)).unwrap() for _ in range(10)]
    assert len({run.provenance.measures.wall_ms % 1 for run in runs}) > 1
    assert all(run.provenance.measures.wall_ms == round(run.provenance.measures.wall_ms, 3) for run in runs)


def test_the_zygote_is_told_of_the_first_run_and_of_long_ones_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps the clock of those, and would be woken for nothing by the others."""
    monkeypatch.setattr(confined_process, "_UNARMED_SECONDS", 60)  # then it is a quarter of the time limit
    version = a_claimed("const process = d => { while (d); return 1; };", limits=evolve(TIGHT, wall_ms=2_000))
    told: list[wire.Command] = []
    with a_bench(reuse=ReusePolicy(), analyses=False) as bench:

        def told_by(dataset: bytes) -> list[wire.Command]:
            told.clear()
            bench.do(bench.sandbox.run(over(version, dataset)))
            return [one for one in told if one is not wire.Command.SPAWN]

        (zygote,) = bench.pool._zygotes
        command = zygote._command

        def note(kind: wire.Command, number: int, *limits: int, descriptors: Sequence[int] = ()) -> None:
            told.append(kind)
            command(kind, number, *limits, descriptors=descriptors)

        for process in zygote._processes.values():
            process._command = note
        assert told_by(b"0") == [wire.Command.ARM, wire.Command.DISARM]
        assert [told_by(b"0") for _ in range(3)] == [[], [], []]
        assert told_by(b"1") == [wire.Command.ARM]


def test_the_kernels_limit_on_time_is_raised_for_each_run(bench: Bench) -> None:
    def limit() -> float:
        lines = Path(f"/proc/{process}/limits").read_text("ascii").splitlines()
        (words,) = (line.split() for line in lines if line.startswith("Max cpu time"))
        return inf if words[3] == "unlimited" else float(words[3])

    version = a_claimed(BURN, limits=evolve(TIGHT, wall_ms=10_000))
    done(bench, over(version, b"1"))
    (process,) = idle(bench)
    wait_until(lambda: limit() < 1_000)  # the run may be over before the zygote has been told of it
    first = limit()
    done(bench, over(version, b"25000000"))
    done(bench, over(version, b"1"))
    assert idle(bench) == [process]
    wait_until(lambda: limit() > first)


def test_a_deadline_between_two_runs_ends_nothing(bench: Bench) -> None:
    version = a_claimed(COUNT, limits=evolve(TIGHT, wall_ms=200))
    done(bench, version)
    (process,) = idle(bench)
    bench.do(asyncio.sleep(0.4))
    done(bench, version)
    assert idle(bench) == [process]


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not is_alive(process))


def test_a_process_that_died_idle_is_replaced(bench: Bench) -> None:
    version = a_claimed(COUNT)
    for _ in range(3):
        done(bench, version)
        (process,) = idle(bench)
        kill(process)
    assert done(bench, version) == b"[{},1]"


def test_a_cancelled_run_ends_its_process(bench: Bench) -> None:
    version = a_claimed("const process = d => { while (d); return 1; };", limits=evolve(TIGHT, wall_ms=60_000))
    done(bench, over(version, b"0"))
    (process,) = idle(bench)

    async def cancelled() -> None:
        run = asyncio.create_task(bench.sandbox.run(over(version, b"1")))
        await asyncio.sleep(0.2)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)

    bench.do(cancelled())
    wait_until(lambda: not is_alive(process))
    assert done(bench, over(version, b"0")) == b"1"


def test_the_policy_bounds_runs_growth_bytes_and_time() -> None:
    version = a_claimed("const process = d => { const a = new Uint8Array(d); a.fill(1); return a.length; };")
    with a_bench(reuse=ReusePolicy(runs=2), analyses=False) as bench:
        for _ in range(3):
            done(bench, over(version, b"1"))
        assert len(idle(bench)) == 1
    with a_bench(reuse=ReusePolicy(growth_bytes=16 * MIB), analyses=False) as bench:
        done(bench, over(version, b"1"))
        assert len(idle(bench)) == 1
        done(bench, over(version, b"%d" % (32 * MIB)))
        assert idle(bench) == []
    with a_bench(reuse=ReusePolicy(idle_bytes=1), analyses=False) as bench:
        done(bench, over(version, b"1"))
        assert idle(bench) == []
    with a_bench(reuse=ReusePolicy(idle_seconds=0.2), analyses=False) as bench:
        done(bench, over(version, b"1"))
        (process,) = idle(bench)
        bench.do(asyncio.sleep(0.4))
        assert idle(bench) == []
        wait_until(lambda: not is_alive(process))


def test_runs_at_once_have_a_process_each(bench: Bench) -> None:
    version = a_claimed(COUNT)

    async def several() -> set[object]:
        runs = [bench.sandbox.run(over(version, b"%d" % number)) for number in range(20)]
        return {bench_text(run.unwrap().outcome) for run in await asyncio.gather(*runs)}

    assert bench.do(several()) == {b"[%d,1]" % number for number in range(20)}


def bench_text(outcome: object) -> bytes:
    assert isinstance(outcome, Produced)
    return outcome.result.data


def test_every_process_ends_with_the_sandbox() -> None:
    before = set(processes_under(os.getpid()))
    with a_bench(reuse=ReusePolicy(), analyses=False) as bench:
        for _ in range(5):
            done(bench, a_claimed(COUNT))
        made = set(processes_under(os.getpid())) - before
        assert len(idle(bench)) == 5
    wait_until(lambda: not any(map(is_alive, made)))


def test_a_run_says_which_isolation_applied(bench: Bench) -> None:
    version = a_claimed(COUNT)
    runs = [bench.do(bench.sandbox.run(version)).unwrap() for _ in range(2)]
    assert [run.provenance.isolation for run in runs] == [Isolation.VERSION] * 2
    with a_bench(analyses=False) as single:
        assert single.run(COUNT).provenance.isolation is Isolation.EXECUTION


def test_a_process_whose_account_cannot_be_read_serves_one_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def hidden(pid: int) -> PeakMemory:
        raise FileNotFoundError(pid)

    monkeypatch.setattr(confined_process, "PeakMemory", hidden)
    version = a_claimed(COUNT)
    for _ in range(3):
        run = bench.do(bench.sandbox.run(version)).unwrap()
        assert isinstance(run.outcome, Produced)
        assert run.provenance.measures.peak_memory_bytes > MIB
        assert idle(bench) == []


def test_a_sample_is_repeated_in_a_fresh_process(bench: Bench) -> None:
    told: list[bool] = []
    with a_bench(reuse=ReusePolicy(), analyses=False, sampled=told.append, sample_every=2) as sampling:
        version = a_claimed(
            "const process = d => { console.log(Math.random()); return [d, Date.now(), Math.random()]; };"
        )
        for number in range(7):
            done(sampling, over(version, b"%d" % number))
            repetition = sampling.sandbox._sampler._repetition
            if repetition is not None:
                sampling.do(asyncio.wait([repetition]))
    assert told == [True] * 3


TAKEN_OVER = {
    "it writes before it is asked": "send(wire.Frame.RESULT_READY, b'666')",
    "it writes nonsense": "os.write(1, b'nonsense')",
    "it hangs up": "os._exit(0)",
    "it keeps memory": "kept.append(bytearray(100 << 20))",
    "it spends time": "spend(0.2)",
    "it defies the filter": "os.getppid()",
    "it answers without a run": "answer_falsely()",
    "it answers twice": "answer_falsely(b'1', b'2')",
    "it never answers": "spend(1e9)",
}
"""Python that a confined process executes after its first run of a script that attacks."""
TAKEN_OVER_CHILD = """
import time
from adapters.javascript import wire
from adapters.javascript.confined.child import ScriptRun, confine
from adapters.javascript.confined.stream import read_exactly, send

def spend(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass

def answer_falsely(*answers):
    while True:
        header = wire.HEADER.unpack(read_exactly(wire.HEADER.size))
        read_exactly(header[5] + header[6])
        for answer in answers or (b"666",):
            send(wire.Frame.RESULT_READY, answer)

def main(engine, analyser, stream, zygote_pid, seccomp):
    confine(stream, zygote_pid, seccomp)
    kept, sources, load = [], [], engine.load
    engine.load = lambda source: (sources.append(source), load(source))[1]
    while ScriptRun(engine, analyser).handle_request():
        engine.restore()
        if b"attack" in sources[-1]:
            DEED
    os._exit(0)

child.main = main
really = zygote.Zygote.serve

def serve(zygote):
    return really(zygote)
"""


@pytest.mark.parametrize("deed", TAKEN_OVER.values(), ids=TAKEN_OVER)
def test_a_process_that_was_taken_over_affects_no_other_affinity(
    deed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_PROGRAM", an_impostor(tmp_path, TAKEN_OVER_CHILD.replace("DEED", deed)))
    tight = evolve(TIGHT, wall_ms=500)
    attacker, victims = a_claimed(COUNT + "// attack", limits=tight), [a_claimed(COUNT, limits=tight) for _ in range(2)]
    with a_bench(reuse=ReusePolicy(), analyses=False) as bench:
        for number in range(4):
            bench.do(bench.sandbox.run(over(attacker, b"%d" % number)))
            for version in victims:
                assert done(bench, over(version, b"%d" % number)) == b"[%d,1]" % number
