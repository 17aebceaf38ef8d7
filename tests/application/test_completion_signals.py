"""Readers that wait for a completion, however many."""

import asyncio
import itertools
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.executions.completion_signals import WatchedCompletions, wait_for
from tests.support.values import an_id


@given(st.lists(st.integers(0, 3), max_size=200), st.sets(st.integers(0, 3)))
def test_only_the_readers_of_a_finished_execution_are_woken(watched: list[int], ended: set[int]) -> None:
    async def woken() -> list[bool]:
        endings, ids = WatchedCompletions(), [an_id() for _ in range(4)]
        with ExitStack() as stack:
            events = [stack.enter_context(endings.watch(ids[number])) for number in watched]
            assert endings.waiting() == len(watched)
            endings.notify(ids[number] for number in ended)
            for number, event in zip(watched, events, strict=True):
                if number in ended:
                    await wait_for(event, 5)
            return [event.is_set() for event in events]

    assert asyncio.run(woken()) == [number in ended for number in watched]


@pytest.mark.parametrize("stopping", [False, True])
async def test_other_tasks_run_while_thousands_are_woken(stopping: bool) -> None:
    endings, one = WatchedCompletions(), an_id()
    with ExitStack() as stack:
        events = [stack.enter_context(endings.watch(one)) for _ in range(2_000)]
        if stopping:
            endings.shut_down()
        else:
            endings.notify([one])
        woken = [sum(event.is_set() for event in events)]
        while woken[-1] < len(events):
            await asyncio.sleep(0.001)
            woken.append(sum(event.is_set() for event in events))
    steps = [later - earlier for earlier, later in itertools.pairwise(woken)]
    assert 0 < woken[0] <= max(steps) < 100
    assert endings.watched() == frozenset()


async def test_two_concurrent_notifications_wake_each_of_their_readers() -> None:
    endings, first, second = WatchedCompletions(), an_id(), an_id()
    with ExitStack() as stack:
        events = [stack.enter_context(endings.watch(one)) for one in (first, second) for _ in range(100)]
        endings.notify([first])
        endings.notify([second])
        for event in events:
            await wait_for(event, 5)
        assert all(event.is_set() for event in events)
