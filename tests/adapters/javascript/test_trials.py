"""Trials: the same outcome as that of an execution, in few slots, which a trial that does not end holds alone."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.trials import TrialPolicy, TrialSandbox
from application.ports.sandbox import (
    MERGE_CALL,
    WHOLE_CALL,
    Call,
    EngineMissing,
    NotRunnable,
    PartCall,
    RunFailure,
    SandboxBusy,
    Trial,
)
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import circumstances_of
from domain.limits import Limits
from domain.outcome import Measures, Produced, Rejected, Run
from tests.adapters.javascript.sandboxes import BODIES, TIGHT, Bench, a_bench, a_claimed, is_alive, processes_under
from tests.adapters.javascript.test_pool import leaders
from tests.adapters.javascript.test_processes import ENDLESS, HONEST, PATIENT, is_running
from tests.support.values import a_source
from tests.support.waiting import eventually_sees

NO_TIME = Measures(0, 0, 0)


def a_trial(text: str, dataset: bytes = b"1", limits: Limits = TIGHT, engine: str = DEFAULT_ENGINE) -> Trial:
    claimed = a_claimed(text, dataset, limits)
    return Trial(
        source=claimed.source,
        engine=engine,
        limits=limits,
        dataset=claimed.dataset,
        circumstances=circumstances_of(claimed.running.submission),
    )


@asynccontextmanager
async def the_trials(policy: TrialPolicy) -> AsyncIterator[TrialSandbox]:
    async with JavaScriptSandbox(BODIES, slots=policy.slots, warm=False) as sandbox:
        yield TrialSandbox(sandbox, policy)


@pytest.fixture(scope="module")
def executions() -> Iterator[Bench]:
    with a_bench(engine=DEFAULT_ENGINE) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("const process = d => ({d, at: Date.now(), drawn: Math.random()})", TIGHT),
        ("function process(d) { console.log('a', d); console.warn('b'); throw new TypeError('no') }", TIGHT),
        ("const process = () => [NaN, 1 / 0, RegExp.$1]", TIGHT),
        (ENDLESS, evolve(TIGHT, wall_ms=50)),
        ("const process = () => 'x'.repeat(4096)", evolve(TIGHT, result_bytes=64)),
        ("const process = () => { for (let i = 0; i < 99; i++) console.log(i) }", evolve(TIGHT, log_bytes=64)),
        ("const process = d => d.map(x => new Array(1e6).fill(x))", evolve(TIGHT, memory_bytes=8 << 20)),
    ],
)
def test_a_trial_ends_as_an_execution_of_the_same_does(executions: Bench, text: str, limits: Limits) -> None:
    tried = executions.do(executions.sandbox.run_trial(a_trial(text, b"[1.5]", limits))).unwrap()
    assert _timeless(tried) == _timeless(executions.run(text, b"[1.5]", limits))


def _timeless(run: Run) -> Run:
    return evolve(run, provenance=evolve(run.provenance, measures=NO_TIME))


ALL_ARGUMENTS = (
    "function f(...all) { return all } function process(...a) { return f(...a) } const merge = (...a) => [a]"
)


@pytest.mark.parametrize(
    ("call", "returned"),
    [
        (WHOLE_CALL, b"[[1,2]]"),
        (PartCall(3, 7), b'[[1,2],{"index":3,"count":7}]'),
        (PartCall(0, None), b'[[1,2],{"index":0,"count":null}]'),
        (MERGE_CALL, b"[[[1,2]]]"),
    ],
)
@pytest.mark.parametrize("engine", EngineName)
def test_a_call_has_its_arguments_and_no_others(
    executions: Bench, call: Call, returned: bytes, engine: EngineName
) -> None:
    trial = evolve(a_trial(ALL_ARGUMENTS, b"[1,2]", engine=engine), call=call)
    run = executions.do(executions.sandbox.run_trial(trial)).unwrap()
    assert isinstance(run.outcome, Produced)
    assert run.outcome.result.data == returned


@pytest.mark.parametrize("text", ["const process = d => d", "const process = d => d, merge = 1"])
def test_a_merge_without_a_function_of_that_name_is_a_failure(executions: Bench, text: str) -> None:
    run = executions.do(executions.sandbox.run_trial(evolve(a_trial(text), call=MERGE_CALL))).unwrap()
    assert isinstance(run.outcome, Rejected)
    assert run.outcome.error.message == "TypeError: the script defines no function named merge"


def test_a_trial_takes_the_warnings_of_its_source_along(executions: Bench) -> None:
    async def tried() -> tuple[Run, object]:
        text = "const process = d => d.toLocaleString('xx')"
        warnings = (await executions.sandbox.check(a_source(text), TIGHT)).unwrap()
        run = await executions.sandbox.run_trial(evolve(a_trial(text), source_warnings=warnings))
        return run.unwrap(), warnings

    run, _ = executions.do(tried())
    assert run.provenance.warnings


def test_a_sandbox_of_trials_has_no_process_before_it_is_needed() -> None:
    async def work() -> None:
        before = leaders()
        async with the_trials(TrialPolicy()) as trials:
            assert leaders() == before
            assert isinstance((await trials.run(a_trial(HONEST))).unwrap().outcome, Produced)
            assert (await trials.check(a_source(HONEST), TIGHT, DEFAULT_ENGINE)) == Success(())
            assert leaders() > before
        assert leaders() == before

    asyncio.run(work())


def test_trials_that_do_not_end_leave_the_others_waiting_for_a_bounded_time_and_go_when_cancelled() -> None:
    async def work() -> None:
        async with the_trials(TrialPolicy(slots=2, wait_seconds=0.3)) as trials:
            endless = await _computing(trials)
            assert isinstance((await trials.run(a_trial(HONEST))).unwrap().outcome, Produced)  # one slot is left
            endless += await _computing(trials)
            assert await trials.run(a_trial(HONEST)) == Failure(SandboxBusy())
            assert await trials.check(a_source(HONEST), TIGHT, DEFAULT_ENGINE) == Failure(SandboxBusy())
            busy = _busy()
            assert len(busy) == 2
            for task in endless:
                task.cancel()
            await asyncio.wait(endless)
            await eventually_sees(_all_gone(busy))
            runs = await asyncio.gather(*(trials.run(a_trial(HONEST)) for _ in range(4)))
            assert all(isinstance(run.unwrap().outcome, Produced) for run in runs)

    asyncio.run(work())


async def _computing(trials: TrialSandbox) -> list["asyncio.Task[Result[Run, RunFailure | SandboxBusy]]"]:
    before = len(_busy())
    task = asyncio.ensure_future(trials.run(a_trial(ENDLESS, limits=PATIENT)))

    async def computes() -> bool:
        return len(_busy()) > before

    await eventually_sees(computes)
    return [task]


def _busy() -> list[int]:
    return [pid for pid, line in processes_under(os.getpid()).items() if "zygote.py" in line and is_running(pid)]


def _all_gone(pids: list[int]) -> Callable[[], Awaitable[bool]]:
    async def gone() -> bool:
        return not any(map(is_alive, pids))

    return gone


def test_a_trial_that_was_cancelled_while_it_waited_takes_no_slot() -> None:
    async def work() -> None:
        async with the_trials(TrialPolicy(slots=1, wait_seconds=30)) as trials:
            (endless,) = await _computing(trials)
            waiting = asyncio.ensure_future(trials.run(a_trial(HONEST)))
            await asyncio.sleep(0)
            waiting.cancel()
            endless.cancel()
            await asyncio.wait([waiting, endless])
            assert isinstance((await trials.run(a_trial(HONEST))).unwrap().outcome, Produced)

    asyncio.run(work())


def test_a_trial_on_an_unknown_engine_is_refused() -> None:
    async def work() -> None:
        async with the_trials(TrialPolicy()) as trials:
            assert await trials.run(a_trial(HONEST, engine="hal")) == Failure(EngineMissing())

    asyncio.run(work())


def test_a_source_is_checked_in_a_slot_as_an_upload_is() -> None:
    async def work() -> None:
        async with the_trials(TrialPolicy()) as trials:
            for engine in EngineName:
                refused = await trials.check(a_source("function process( {"), TIGHT, engine)
                assert isinstance(refused.failure(), NotRunnable)

    asyncio.run(work())
