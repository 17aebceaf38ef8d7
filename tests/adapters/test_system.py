"""Ids that sort by their time."""

import time
from datetime import UTC
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.system import Uuid7, utc_now


def test_an_id_is_a_uuid_of_version_7_that_carries_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = Uuid7()()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


@given(clock=st.lists(st.integers(0, 2**60), min_size=2))
def test_ids_grow_whatever_the_clock_does(clock: list[int]) -> None:
    readings = iter(clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: next(readings))
        new_id = Uuid7()
        made = [new_id() for _ in clock]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_now_is_aware_and_in_utc() -> None:
    assert utc_now().tzinfo is UTC
