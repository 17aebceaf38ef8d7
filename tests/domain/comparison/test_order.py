"""The order of scalars as bytes."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from domain.comparison.order import order_key
from domain.comparison.values import ABSENT, Cell, are_equal
from tests.domain.comparison.values import numbers, scalars

CELLS = st.just(ABSENT) | scalars | st.text("ab\0\x01", max_size=3)


@given(CELLS, CELLS)
def test_equal_values_and_no_others_have_equal_keys_and_none_begins_another(one: Cell, other: Cell) -> None:
    keys = order_key(one), order_key(other)
    assert (keys[0] == keys[1]) == (one is other or are_equal(one, other))
    assert keys[0] == keys[1] or not (keys[0].startswith(keys[1]) or keys[1].startswith(keys[0]))


@given(numbers, numbers)
@example(10**25, 10**25 + 1)
@example(Decimal("1e400"), 5)
@example(100, Decimal("1e2"))
def test_numbers_are_in_their_order(one: int | Decimal, other: int | Decimal) -> None:
    assert (order_key(one) < order_key(other)) == (one < other)


@given(st.text(max_size=5), st.text(max_size=5))
@example("a" * 300 + "b", "a" * 300 + "c")
def test_short_texts_are_in_the_order_of_their_characters_and_long_ones_differ(one: str, other: str) -> None:
    assert order_key(one) != order_key(other) or one == other
    if len(one) < 100:
        assert (order_key(one) < order_key(other)) == (one < other)


def test_kinds_have_an_order_and_long_keys_are_short() -> None:
    kinds: list[Cell] = [ABSENT, None, False, True, -1, 0, 1, "", "a"]
    assert all(order_key(one) < order_key(other) for one, other in pairwise(kinds))
    assert len(order_key("\0" * 10**6)) < 1_000
    assert len(order_key(Decimal("1" * 10**6))) < 1_000
