"""A client is let go when it has taken too little over a window of waiting, however the waiting is spread."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from adapters.http.server.response_rate import ResponseRate
from adapters.http.transport.minimum_rate import BYTES_A_SECOND
from tests.support.virtual_time import run

WINDOW = 10

waits = st.lists(st.integers(1, WINDOW - 1), min_size=20, max_size=30)


class Client:
    """A connection whose client takes bytes while there is no room for more, and has room for a while in between."""

    def __init__(self) -> None:
        self.taken, self.let_go = 0, 0
        self.rate = ResponseRate(lambda: self.taken, WINDOW, self.give_up)

    def give_up(self) -> None:
        self.let_go += 1

    async def wait(self, seconds: int, taken_a_second: int, with_room: float) -> None:
        self.rate.pause()
        for _ in range(seconds):
            await asyncio.sleep(0.999)
            self.taken += taken_a_second
            await asyncio.sleep(0.001)
        self.rate.resume()
        await asyncio.sleep(with_room)


async def let_go(waited: list[int], taken_a_second: int, with_room: float) -> bool:
    client = Client()
    for seconds in waited:
        await client.wait(seconds, taken_a_second, with_room)
    return client.let_go > 0


@given(waits, st.integers(0, BYTES_A_SECOND - 1), st.sampled_from([0.0, 0.5, 100.0]))
def test_a_client_below_the_minimum_rate_is_disconnected_despite_occasional_room(
    waited: list[int], taken_a_second: int, with_room: float
) -> None:
    assert run(let_go(waited, taken_a_second, with_room))


@given(waits, st.integers(BYTES_A_SECOND + 1, 10**6), st.sampled_from([0.0, 0.5, 100.0]))
def test_a_client_at_the_minimum_rate_stays_connected(waited: list[int], taken_a_second: int, with_room: float) -> None:
    assert not run(let_go(waited, taken_a_second + BYTES_A_SECOND // WINDOW, with_room))


def test_the_judgement_ends_with_the_connection() -> None:
    async def ended() -> int:
        client = Client()
        client.rate.pause()
        client.rate.resume()
        client.rate.resume()  # as at the end of a connection that waits for nothing
        await asyncio.sleep(10 * WINDOW)
        return client.let_go

    assert run(ended()) == 0
