"""Strategies of JSON values and of tables."""

from decimal import Decimal

from hypothesis import strategies as st

from domain.comparison.rows import Row, sort_key
from domain.comparison.values import JsonValue

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: Decimal(repr(number)))
scalars = st.none() | st.booleans() | numbers | st.text(max_size=4)
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab~/", max_size=2), inner, max_size=4)
)
KEY = ("id", "of")
rows: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {"id": st.integers(0, 5) | st.sampled_from([True, False, None, "1", Decimal("1.0")])},
    optional={"of": st.sampled_from(["a", "b", None, 1, 2]), "value": values, "total": numbers, "more": scalars},
)


def _table(made: list[Row]) -> list[Row]:
    """Sort rows, and keep one of each key."""
    return [row for _, row in sorted({sort_key(row, KEY): row for row in made}.items(), key=lambda pair: pair[0])]


tables = st.lists(rows, max_size=12).map(_table)
