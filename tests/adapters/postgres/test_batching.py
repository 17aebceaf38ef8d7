"""Askers who come together share a statement, each gets its own answer, and one's fault is not another's."""

import asyncio
import gc
import weakref
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres.batching import BatchLoader
from application.ports.errors import Unavailable
from tests.support.waiting import eventually_sees


class Statement:
    """Answers each with its double; it can be held up, and 13 is a fault of its own."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def was_asked(self) -> bool:
        return bool(self.rounds)

    async def __call__(self, asked: Sequence[int]) -> Sequence[int]:
        self.rounds.append(list(asked))
        await self.open.wait()
        if 13 in asked:
            raise ValueError(13)
        if 0 in asked:
            raise Unavailable("down")
        return [one * 2 for one in asked]


async def test_a_single_question_is_answered_at_once() -> None:
    statement = Statement()
    rounds = BatchLoader(statement, most=4)
    assert [await rounds.load(1), await rounds.load(2)] == [2, 4]
    assert statement.rounds == [[1], [2]]


async def test_a_question_of_the_turn_in_which_a_batch_would_begin_shares_it() -> None:
    statement = Statement()
    rounds = BatchLoader(statement, most=4)
    first = asyncio.create_task(rounds.load(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [await rounds.load(2), await first] == [4, 2]
    assert statement.rounds == [[1, 2]]


async def test_questions_during_a_batch_share_the_next_ones() -> None:
    statement = Statement()
    statement.open.clear()
    rounds = BatchLoader(statement, most=4)
    askers = [asyncio.create_task(rounds.load(number)) for number in range(1, 8)]
    await eventually_sees(statement.was_asked)
    statement.open.set()
    assert await asyncio.gather(*askers) == [2, 4, 6, 8, 10, 12, 14]
    assert [len(one) for one in statement.rounds] == [4, 3]


async def test_equal_questions_share_an_answer_and_leave_room_for_others() -> None:
    statement = Statement()
    rounds = BatchLoader(statement, most=2, same=lambda asked: asked)
    asked = [1] * 1000 + [2] + [1] * 1000
    assert await asyncio.gather(*(rounds.load(number) for number in asked)) == [number * 2 for number in asked]
    assert statement.rounds == [[1, 2]]


async def test_a_question_during_a_batch_gets_a_later_answer() -> None:
    statement = Statement()
    statement.open.clear()
    rounds = BatchLoader(statement, most=2, same=lambda asked: asked)
    early = asyncio.create_task(rounds.load(1))
    while not statement.rounds:
        await asyncio.sleep(0)
    late = asyncio.create_task(rounds.load(1))
    await asyncio.sleep(0)
    statement.open.set()
    assert [await early, await late] == [2, 2]
    assert statement.rounds == [[1], [1]]


async def test_a_cancelled_question_takes_no_answer_from_the_others() -> None:
    statement = Statement()
    statement.open.clear()
    rounds = BatchLoader(statement, most=4)
    first, second = (asyncio.create_task(rounds.load(number)) for number in (1, 2))
    while not statement.rounds:
        await asyncio.sleep(0)
    first.cancel()
    statement.open.set()
    assert await second == 4
    assert first.cancelled()
    assert await rounds.load(3) == 6


async def outcome(rounds: BatchLoader[int, int], asked: int) -> int | str:
    try:
        return await rounds.load(asked)
    except (ValueError, Unavailable) as error:
        return type(error).__name__


@given(st.lists(st.sampled_from([1, 2, 3, 13]), max_size=12), st.integers(1, 5))
def test_a_fault_is_the_fault_of_its_asker_alone(asked: list[int], most: int) -> None:
    async def ask_all() -> list[int | str]:
        rounds = BatchLoader(Statement(), most, same=lambda number: number)
        return list(await asyncio.gather(*(outcome(rounds, one) for one in asked)))

    assert asyncio.run(ask_all()) == ["ValueError" if one == 13 else one * 2 for one in asked]


async def test_an_outage_fails_its_whole_batch_and_the_next_begins_anew() -> None:
    rounds = BatchLoader(Statement(), most=2)
    told = await asyncio.gather(*(outcome(rounds, one) for one in (0, 1, 2)))
    assert told == ["Unavailable", "Unavailable", 4]


@pytest.mark.parametrize("many", [1, 1_000])
async def test_every_question_is_answered(many: int) -> None:
    statement = Statement()
    rounds = BatchLoader(statement, most=64)
    assert await asyncio.gather(*(rounds.load(number) for number in range(20, many + 20))) == [
        number * 2 for number in range(20, many + 20)
    ]
    assert len(statement.rounds) <= many / 64 + 1


@pytest.mark.parametrize("error", [Unavailable("gone"), ValueError("a fault")])
async def test_a_failed_question_is_freed_at_once(error: Exception) -> None:
    class Dataset:
        pass

    async def fail(asked: Sequence[Dataset]) -> Sequence[None]:
        raise type(error)(*error.args)

    async def ask() -> "weakref.ref[Dataset]":
        dataset = Dataset()
        with pytest.raises(type(error)):
            await rounds.load(dataset)
        return weakref.ref(dataset)

    rounds = BatchLoader(fail, 2)
    gc.disable()  # which would free it sooner or later
    try:
        asked = await asyncio.gather(ask(), ask(), ask())
        await asyncio.sleep(0)
        assert [one() for one in asked] == [None, None, None]
    finally:
        gc.enable()
