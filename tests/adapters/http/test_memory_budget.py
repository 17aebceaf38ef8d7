"""The budget's count is the sum of all reservations, never above its limit, and zero when all have been given back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.transport.memory_budget import MemoryBudget, Reservation, Use

USES = (Use.REQUEST, Use.RESPONSE, Use.RESPONSE)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=30))
def test_the_held_bytes_are_the_sum_of_the_reservations(wishes: list[tuple[int, int]]) -> None:
    budget = MemoryBudget(100)
    reservations, held = [Reservation(budget, use) for use in USES], [0, 0, 0]
    for one, size in wishes:
        granted = reservations[one].resize(size)
        assert granted == (size <= held[one] or sum(held) - held[one] + size <= 100)
        held[one] = size if granted else held[one]
        assert (budget.held_bytes, budget.response_bytes) == (sum(held), sum(held[1:]))


@pytest.mark.parametrize("use", Use)
def test_a_reservation_is_released_however_it_ends(use: Use) -> None:
    budget = MemoryBudget(10)
    with budget.reserve(use) as reservation:
        assert reservation.resize(10)
        assert not reservation.resize(11)
        assert budget.held_bytes == 10
    assert budget.held_bytes == 0
    with pytest.raises(ZeroDivisionError), budget.reserve(use) as reservation:
        assert 1 / (reservation.resize(10) - 1)
    assert budget.held_bytes == 0
