"""The count of bytes in flight is the sum of what is held, never above its limit, and zero when all have left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.in_flight import InFlight, Share


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=30))
def test_what_is_held_is_the_sum_of_what_was_granted(wishes: list[tuple[int, int]]) -> None:
    in_flight = InFlight(100)
    shares, held = [Share(in_flight) for _ in range(3)], [0, 0, 0]
    for one, size in wishes:
        granted = shares[one].hold(size)
        assert granted == (size <= held[one] or sum(held) - held[one] + size <= 100)
        held[one] = size if granted else held[one]
        assert in_flight.held_bytes == sum(held)


def test_a_share_is_given_back_whatever_ends_it() -> None:
    in_flight = InFlight(10)
    with in_flight.share() as share:
        assert share.hold(10)
        assert not share.hold(11)
        assert in_flight.held_bytes == 10
    assert in_flight.held_bytes == 0
    with pytest.raises(ZeroDivisionError), in_flight.share() as share:
        assert 1 / (share.hold(10) - 1)
    assert in_flight.held_bytes == 0
