"""The slots of a worker: never more claims than slots, each in its turn, and none lost, whatever claims do."""

import asyncio
from collections.abc import Sequence

from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from application.worker.slots import Slots
from tests.support import virtual_time


@frozen
class Claim:
    """A claim that comes, waits with patience, may be cancelled while it waits or runs, and runs, in seconds."""

    comes: int
    patience: int
    runs: int
    cancelled_after: int


claims = st.lists(st.builds(Claim, *[st.integers(0, 6)] * 3, st.integers(0, 12)), max_size=12)


@given(claims, st.integers(1, 3))
@example([Claim(0, 0, 6, 12), Claim(0, 3, 0, 3)], 1)  # cancelled at the moment at which its patience ends
def test_slots_are_taken_in_turn_by_as_many_claims_as_there_are_and_all_come_back(
    wanted: Sequence[Claim], count: int
) -> None:
    slots, running, began = Slots(count), set[int](), dict[int, float]()
    asked = list[int]()

    async def live(number: int, claim: Claim) -> None:
        await asyncio.sleep(claim.comes)
        asked.append(number)
        if not await slots.take(claim.patience):
            return
        running.add(number)
        began[number] = asyncio.get_running_loop().time()
        assert len(running) <= count
        try:
            await asyncio.sleep(claim.runs)
        finally:
            running.remove(number)
            slots.release()

    async def work() -> None:
        tasks = [asyncio.create_task(live(number, claim)) for number, claim in enumerate(wanted)]
        for task, claim in zip(tasks, wanted, strict=True):
            asyncio.get_running_loop().call_later(claim.cancelled_after, task.cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
        failed = [task.exception() for task in tasks if not task.cancelled()]
        assert not any(failed)
        assert [await slots.take(0) for _ in range(count)] == [True] * count
        assert not await slots.take(1)

    virtual_time.run(work())
    in_turn = [began[number] for number in asked if number in began]
    assert in_turn == sorted(in_turn)


async def test_a_claim_that_is_cancelled_as_it_gets_its_slot_passes_it_on() -> None:
    slots = Slots(1)
    assert await slots.take(0)
    waiting = asyncio.create_task(slots.take(5))
    await asyncio.sleep(0)
    slots.release()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert (waiting.cancelled(), await slots.take(0)) == (True, True)


async def test_a_slot_that_comes_as_the_wait_ends_is_taken() -> None:
    slots = Slots(1)
    assert await slots.take(0)
    asyncio.get_running_loop().call_later(5, slots.release)
    assert await slots.take(5)
    assert not await slots.take(0)
