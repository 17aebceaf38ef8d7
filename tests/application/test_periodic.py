"""A periodic task takes its steps whatever they raise; each failure is logged and counted, and many are reported."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.maintenance.periodic import KEEPS_FAILING, BackgroundTask, TaskMonitor, periodic, with_background
from application.ports.errors import Unavailable
from application.ports.operations import Readiness
from tests.support.virtual_time import run

TASK = BackgroundTask.ENFORCE_RETENTION
RAISED: tuple[Callable[[], BaseException] | None, ...] = (
    None,
    lambda: Unavailable("no database"),
    lambda: ZeroDivisionError("a bug"),
    TimeoutError,
    lambda: ExceptionGroup("two", [OSError(), OSError()]),
    asyncio.CancelledError,  # of something that the step waited for
)
outcomes = st.lists(st.sampled_from(RAISED), max_size=20)


class Steps:
    """Steps that end one after the other as given, at the times in `taken`; the first beyond them is never over."""

    def __init__(self, given: Sequence[Callable[[], BaseException] | None]) -> None:
        self._given, self.taken, self.over = list(given), list[float](), asyncio.Event()

    async def __call__(self) -> None:
        self.taken.append(asyncio.get_running_loop().time())
        if not self._given:
            self.over.set()
            await asyncio.Event().wait()
        if (make := self._given.pop(0)) is not None:
            raise make()


async def take_all(steps: Steps, seconds: float | Callable[[], float], monitor: TaskMonitor) -> None:
    task = asyncio.create_task(periodic(TASK, seconds, steps, monitor))
    await steps.over.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@given(outcomes, st.floats(0, 3600))
def test_no_exception_ends_a_task_or_changes_its_pace_and_every_failure_is_counted(
    given: list[Callable[[], BaseException] | None], seconds: float
) -> None:
    counted: Counter[BackgroundTask] = Counter()
    monitor, steps = TaskMonitor(lambda task: counted.update([task])), Steps(given)
    run(take_all(steps, seconds, monitor))
    assert steps.taken == pytest.approx([n * seconds for n in range(len(given) + 1)])
    assert counted[TASK] == sum(one is not None for one in given)
    in_a_row = next((n for n, one in enumerate(reversed(given)) if one is None), len(given))
    assert (TASK in monitor.trouble, bool(monitor.trouble)) == (in_a_row >= KEEPS_FAILING,) * 2


def test_a_pause_may_be_chosen_anew_after_each_step() -> None:
    pauses = iter([1.0, 2.0, 4.0])
    steps = Steps([None] * 3)
    run(take_all(steps, lambda: next(pauses), TaskMonitor()))
    assert steps.taken == [0, 1, 3, 7]


def test_an_outage_is_a_warning_and_a_bug_an_error_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    run(take_all(Steps([*RAISED[1:3], RAISED[-1], None]), 0, TaskMonitor()))
    lines = [(one.levelno, TASK in one.getMessage(), one.exc_info and one.exc_info[0]) for one in caplog.records]
    assert lines == [
        (logging.WARNING, True, None),
        (logging.ERROR, True, ZeroDivisionError),
        (logging.ERROR, True, asyncio.CancelledError),
    ]
    assert ("no database" in caplog.records[0].getMessage(), "a bug" in caplog.text) == (True, True)
    assert all(one.getMessage().startswith(f"background task {TASK} failed and will be") for one in caplog.records)


async def swallow() -> None:
    """Take a step that does not pass a cancellation on."""
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


async def convert() -> None:
    """Take a step that makes another error of a cancellation, as clients of databases do."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError as error:
        raise Unavailable("the connection was lost") from error


async def pause() -> None:
    """Take a step that is over at once, so that the task is cancelled in its pause."""


@pytest.mark.parametrize("step", [swallow, convert, pause])
def test_a_cancellation_ends_a_task_at_once_whatever_its_step_makes_of_it(step: Callable[[], Awaitable[None]]) -> None:
    async def cancel() -> float:
        task = asyncio.create_task(periodic(TASK, 3600, step, TaskMonitor()))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return asyncio.get_running_loop().time()

    assert run(cancel()) == 1


async def test_tasks_that_keep_failing_are_a_warning_of_readiness_until_they_succeed() -> None:
    monitor, found = TaskMonitor(), Readiness(workers=2)

    async def check() -> Readiness:
        return found

    both = with_background(check, monitor)
    for _ in range(KEEPS_FAILING):
        assert await both() == found
        monitor.failed(TASK, Unavailable("gone"))
    monitor.failed(BackgroundTask.LISTEN, Unavailable("gone"))
    seen = await both()
    assert (TASK in str(seen.background), BackgroundTask.LISTEN in str(seen.background)) == (True, False)
    assert seen.trouble is None
    monitor.succeeded(TASK)
    assert await both() == found
