"""The command's verdicts on tests are the service's: both decide the same about any two values."""

import json
from decimal import Decimal
from typing import Any

import pytest
from bateia.matching import Tolerance, exact_json, exact_text, mismatches
from hypothesis import given
from hypothesis import strategies as st

from domain.comparison.json_text import parse_json
from domain.comparison.values import Tolerance as ServiceTolerance
from domain.matching import mismatches as service_mismatches

NUMBERS = st.sampled_from(["0", "-0", "1", "1.0", "10e-1", "0.1", "0.10000000000000001", "1e400", "9007199254740993"])
SCALARS = st.sampled_from(["null", "true", "false", '"a"', '""', '"1"'])


def objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.dictionaries(st.sampled_from(["a", "b", "~/"]), inner, max_size=3)
    return members.map(lambda of: f"{{{','.join(f'{json.dumps(name)}:{value}' for name, value in of.items())}}}")


def arrays(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=4).map(lambda values: f"[{','.join(values)}]")


VALUES = st.recursive(NUMBERS | SCALARS, lambda inner: arrays(inner) | objects(inner), max_leaves=8)
BOUNDS = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("1e-17"), Decimal(1)])


@given(VALUES, VALUES, BOUNDS, BOUNDS, st.booleans())
def test_two_values_mismatch_where_they_do_for_the_service(
    expected: str, actual: str, absolute: Decimal, relative: Decimal, is_subset: bool
) -> None:
    found = mismatches(exact_json(expected), exact_json(actual), Tolerance(absolute, relative), is_subset)
    theirs = service_mismatches(
        parse_json(expected), parse_json(actual), ServiceTolerance(absolute, relative), is_subset=is_subset
    )
    assert [one.pointer for one in found] == [one.pointer for one in theirs]


@given(VALUES)
def test_each_value_matches_itself_and_is_written_with_all_digits(text: str) -> None:
    value = exact_json(text)
    assert list(mismatches(value, value, Tolerance(), is_subset=False)) == []
    assert str(exact_json(exact_text(value))) == str(value)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "{", b"\xff"])
def test_other_texts_are_refused(text: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expecting|codec"):
        exact_json(text)
