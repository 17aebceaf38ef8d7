"""A client that sends too slowly is let go at the moment at which that is certain, and not before."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from attrs import define
from hypothesis import assume, given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from starlette.requests import ClientDisconnect

from adapters.http.transport.minimum_rate import BYTES_A_SECOND, MinimumRate, PacedBody
from tests.support.virtual_time import run

PACE = MinimumRate(idle_timeout=10, window=30)
ENOUGH = 30 * BYTES_A_SECOND


@define
class Sender:
    """Sends so many bytes after so many seconds each, counted from when the last were taken, and then the end."""

    sends: list[tuple[float, int]]
    due: float | None = None

    async def receive(self) -> Any:
        if not self.sends:
            return {"type": "http.request", "body": b"", "more_body": False}
        now = asyncio.get_running_loop().time()
        self.due = now + self.sends[0][0] if self.due is None else self.due
        await asyncio.sleep(self.due - now)
        self.due = None
        return {"type": "http.request", "body": bytes(self.sends.pop(0)[1]), "more_body": True}


def let_go_at(sends: Sequence[tuple[float, int]], pace: MinimumRate = PACE, work: float = 0) -> float | None:
    """Return the time when the client is disconnected, if ever. `work` is the service's time per chunk in seconds."""

    async def read() -> float | None:
        body = PacedBody(Sender([*sends]).receive, pace)
        while is_successful(chunk := await body.next_chunk()):
            if not chunk.unwrap().more:
                return None
            await asyncio.sleep(work)
        return asyncio.get_running_loop().time()

    return run(read())


def expected(sends: list[tuple[float, int]]) -> float | None:
    """Compute the same from the whole schedule."""
    now, judged_at, came = 0.0, 30.0, 0
    for seconds, count in sends:
        until = min(now + seconds, now + 10)
        while judged_at <= until:
            if now + 10 <= judged_at or came < ENOUGH:
                return min(judged_at, now + 10)
            judged_at, came = judged_at + 30, 0
        if seconds >= 10:
            return now + 10
        now, came = now + seconds, came + count
    return None


eighths = st.integers(0, 88).map(lambda number: number / 8)


@given(st.lists(st.tuples(eighths, st.sampled_from([1, 100, 5_000, ENOUGH // 4, ENOUGH])), max_size=40))
def test_the_moment_is_the_first_at_which_the_pace_is_broken(sends: list[tuple[float, int]]) -> None:
    boundary = any(abs(sum(seconds for seconds, _ in sends[:end]) % 30) < 1e-9 for end in range(1, len(sends) + 1))
    assume(not boundary)  # what comes at the very moment of judgement may be in time or not
    assert let_go_at(sends) == expected(sends)


def test_a_byte_a_second_is_refused_after_the_window() -> None:
    assert let_go_at([(1, 1)] * 100) == 30


def test_silence_is_refused_after_the_idle_timeout() -> None:
    assert let_go_at([(1, 10**7), (10.5, 1)]) == 11
    assert let_go_at([(28, 0), (1, 1)]) == 10
    assert let_go_at([(9, ENOUGH), (9, 1), (9, 1), (9.5, 1), (11, 1)]) == 46.5


def test_a_client_at_the_minimum_rate_may_take_any_time() -> None:
    assert let_go_at([(0.75, BYTES_A_SECOND)] * 1_000) is None


def test_a_fast_window_excuses_no_slow_one() -> None:
    assert let_go_at([(5, 10**6)] * 5 + [(6, 1)] * 20) == 60


def test_the_time_that_the_service_works_is_not_the_clients() -> None:
    assert let_go_at([(1, 2_000)] * 40, work=60) is None


def test_a_client_that_leaves_is_distinguished_from_a_slow_one() -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        run(PacedBody(gone, PACE).next_chunk())
