"""Proposals of keys."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from domain.comparison.order import order_key
from domain.comparison.proposal import MOST_KEY_COLUMNS, MOST_PROPOSED, best_of, proposed_keys
from domain.comparison.report import TableComparison
from domain.comparison.rows import Key, Row, sort_key
from tests.domain.comparison.values import scalars

SMALL = st.integers(0, 3) | st.sampled_from(["a", "b", None])
ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.fixed_dictionaries({"a": SMALL, "b": SMALL}, optional={"c": scalars | st.just([])}), max_size=8
)


@given(ROWS, ROWS)
@example([{"a": at, "b": at} for at in (1, 1, 2)], [{"a": at, "b": at} for at in (1, 2, 3)])
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

    fewest = min(len(before), len(after))
    poor = [fewest - matched(key) > 0.1 * fewest for key in proposed_keys(before, after)]
    assert poor == sorted(poor)
    good = [len(key) for key, is_poor in zip(proposed_keys(before, after), poor, strict=True) if not is_poor]
    assert good == sorted(good)
    rest = [matched(key) for key, is_poor in zip(proposed_keys(before, after), poor, strict=True) if is_poor]
    assert rest == sorted(rest, reverse=True)


def test_the_first_key_that_matches_most_rows_of_the_tables_is_taken_or_else_the_best_one() -> None:
    by_key: dict[Key, TableComparison | None] = {
        ("a",): None,
        ("b",): TableComparison(("b",), equal=1, changed=0, added=9, removed=9, columns={}, differences=()),
        ("c",): TableComparison(("c",), equal=4, changed=1, added=5, removed=5, columns={}, differences=()),
        ("d",): TableComparison(("d",), equal=9, changed=0, added=9, removed=1, columns={}, differences=()),
        ("e",): TableComparison(("e",), equal=10, changed=0, added=0, removed=0, columns={}, differences=()),
    }
    keys = list(by_key)
    assert best_of(keys, by_key.__getitem__) == by_key["d",]
    assert best_of(keys[:3], by_key.__getitem__) == by_key["c",]
    assert best_of([keys[2], keys[1]], by_key.__getitem__) == by_key["c",]
    assert best_of(keys[:1], by_key.__getitem__) is None
    assert best_of([], by_key.__getitem__) is None


def test_a_measure_is_no_key_although_it_is_unique() -> None:
    before: list[Row] = [{"q": at // 3, "brand": at % 3, "sum": 10 * at, "share": Decimal(at) / 7} for at in range(30)]
    after: list[Row] = [{**row, "sum": 10 * at + at % 2} for at, row in enumerate(before)]
    assert proposed_keys(before, after)[0] == ("q", "brand")
    assert all("share" not in key for key in proposed_keys(before, after))
    assert proposed_keys(before, before)[0] == ("sum",)  # as a number of the row would be
    cards: list[Row] = [{**row, "cards": 1_000 * (at * at % 31) + at} for at, row in enumerate(before)]
    assert proposed_keys([{**one, "sum": 0} for one in cards], [{**one, "sum": 1} for one in cards])[0] == (
        "q",
        "brand",
    )
    assert proposed_keys([{"cards": one["cards"]} for one in cards], [])[0] == ("cards",)
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
