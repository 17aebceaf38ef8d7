"""Proposals of keys."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.comparison.order import order_key
from domain.comparison.proposal import MOST_KEY_COLUMNS, MOST_PROPOSED, proposed_keys
from domain.comparison.rows import Row, sort_key
from tests.domain.comparison.values import scalars

SMALL = st.integers(0, 3) | st.sampled_from(["a", "b", None])
ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.fixed_dictionaries({"a": SMALL, "b": SMALL}, optional={"c": scalars | st.just([])}), max_size=8
)


@given(ROWS, ROWS)
def test_a_proposed_key_is_usable_unique_and_has_no_part_that_is(before: list[Row], after: list[Row]) -> None:
    proposed = proposed_keys(before, after)
    assert len(proposed) <= MOST_PROPOSED
    for key in proposed:
        assert 1 <= len(key) <= MOST_KEY_COLUMNS
        assert all(column in row for row in (*before, *after) for column in key)
        assert is_unique(before, key)
        assert is_unique(after, key)
        for column in key if len(key) > 1 else ():
            rest = tuple(one for one in key if one != column)
            assert not (is_unique(before, rest) and is_unique(after, rest))
    assert proposed == proposed_keys(before, after)


def is_unique(rows: list[Row], key: tuple[str, ...]) -> bool:
    return len({sort_key(row, key) for row in rows}) == len(rows)


@given(ROWS.filter(bool), ROWS.filter(bool))
def test_the_smallest_set_that_matches_most_rows_comes_first(before: list[Row], after: list[Row]) -> None:
    def matched(key: tuple[str, ...]) -> int:
        lefts, rights = ({tuple(order_key(row[one]) for one in key) for row in rows} for rows in (before, after))
        return len(lefts & rights)

    most = 0.9 * min(len(before), len(after))
    ranks = [(matched(key) < most, len(key), -matched(key)) for key in proposed_keys(before, after)]
    assert ranks == sorted(ranks)


def test_a_measure_is_no_key_although_it_is_unique() -> None:
    before: list[Row] = [{"q": at // 3, "brand": at % 3, "sum": 10 * at, "share": Decimal(at) / 7} for at in range(30)]
    after: list[Row] = [{**row, "sum": 10 * at + at % 2} for at, row in enumerate(before)]
    assert proposed_keys(before, after)[0] == ("q", "brand")
    assert all("share" not in key for key in proposed_keys(before, after))
    assert proposed_keys(before, before)[0] == ("sum",)
    assert proposed_keys([{"id": Decimal("1e2")}, {"id": 1}], []) == (("id",),)


def test_tables_without_rows_or_without_a_shared_column_have_no_key() -> None:
    assert proposed_keys([], []) == ()
    assert proposed_keys([{"a": 1}], [{"b": 1}]) == ()
    assert proposed_keys([{"a": 1}, {"a": 1}], [{"a": 1}]) == ()
    assert proposed_keys([{"x" * 300: 1}], [{"x" * 300: 1}]) == ()


def test_the_work_on_many_columns_is_bounded() -> None:
    """No set of four is unique, and there are 10,626 of them."""
    rows: list[Row] = [{f"c{column}": (at >> column) % 2 for column in range(24)} for at in range(2**8)]
    assert proposed_keys(rows, rows * 2) == ()
