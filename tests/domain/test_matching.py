"""Matching: whole values and subsets, held against a definition that recurses and tries every choice."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from domain.comparison.places import ROOT, Place
from domain.comparison.values import EXACTLY, Cell, JsonValue, Tolerance, are_equal, is_array
from domain.matching import MOST_POINTER_CHARACTERS, Mismatch, contains, mismatches
from tests.domain.comparison.values import values

TOLERANCES = st.builds(Tolerance, st.decimals(0, 3, places=1), st.decimals(0, 1, places=1))
few: st.SearchStrategy[JsonValue] = st.recursive(
    st.integers(0, 3) | st.sampled_from([None, "a", Decimal("1.5")]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)
"""Values that are often subsets of one another."""
arrays: st.SearchStrategy[JsonValue] = st.lists(st.integers(0, 2) | st.lists(st.integers(0, 1), max_size=3), max_size=5)
pairs = st.tuples(few, few) | st.tuples(arrays, arrays)


DEPTH = 4_000


def deep(value: JsonValue, name: str = "") -> JsonValue:
    """Wrap a value in very many arrays, or in objects with a member of that name."""
    for _ in range(DEPTH):
        value = {name: value} if name else [value]
    return value


def is_subset(expected: Cell, actual: Cell, within: Tolerance) -> bool:
    """Define a subset: of an array, any choice of elements in their order may match."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return all(name in actual and is_subset(one, actual[name], within) for name, one in expected.items())
    if is_array(expected) and is_array(actual):
        return any(
            all(is_subset(one, other, within) for one, other in zip(expected, chosen, strict=True))
            for chosen in combinations(actual, len(expected))
        )
    return are_equal(expected, actual, within)


@given(pairs, TOLERANCES)
def test_a_subset_is_found_if_any_choice_of_elements_matches(
    pair: tuple[JsonValue, JsonValue], within: Tolerance
) -> None:
    expected, actual = pair
    wanted = is_subset(expected, actual, within)
    assert contains(actual, expected, within) == wanted
    assert (next(mismatches(expected, actual, within, is_subset=True), None) is None) == wanted


@st.composite
def thinned(draw: st.DrawFn, value: JsonValue) -> JsonValue:
    """Draw a subset of a value: without some members and elements."""
    if isinstance(value, Mapping):
        return {name: draw(thinned(one)) for name, one in value.items() if draw(st.booleans())}
    if is_array(value):
        return [draw(thinned(one)) for one in value if draw(st.booleans())]
    return value


@given(values.flatmap(lambda value: st.tuples(thinned(value), st.just(value))))
def test_a_value_without_some_of_its_parts_is_a_subset_of_it(pair: tuple[JsonValue, JsonValue]) -> None:
    part, whole = pair
    assert contains(whole, part, EXACTLY)
    assert list(mismatches(part, whole, EXACTLY, is_subset=True)) == []


@given(values, values, TOLERANCES)
def test_whole_values_match_if_they_are_equal(expected: JsonValue, actual: JsonValue, within: Tolerance) -> None:
    found = list(mismatches(expected, actual, within, is_subset=False))
    assert (found == []) == are_equal(expected, actual, within)
    for one in found:
        assert not are_equal(one.expected, one.actual, within)


@given(few, few, TOLERANCES, TOLERANCES, st.booleans())
def test_a_greater_tolerance_matches_no_less(
    expected: JsonValue, actual: JsonValue, one: Tolerance, other: Tolerance, subset: bool
) -> None:
    greater = Tolerance(max(one.absolute, other.absolute), max(one.relative, other.relative))
    if not list(mismatches(expected, actual, one, is_subset=subset)):
        assert not list(mismatches(expected, actual, greater, is_subset=subset))


def test_an_element_that_matches_two_leaves_the_better_one_to_the_next() -> None:
    assert contains([{"a": 1}, {"a": 1, "b": 2}], [{}, {"b": 2}], EXACTLY)
    assert not contains([{"a": 1, "b": 2}, {"a": 1}], [{}, {"b": 2}], EXACTLY)
    assert contains([[3], [1, 2], [2, 1]], [[1], [1]], EXACTLY)


def test_mismatches_have_their_places() -> None:
    def places(expected: JsonValue, actual: JsonValue, *, subset: bool) -> list[str]:
        return [one.pointer for one in mismatches(expected, actual, EXACTLY, is_subset=subset)]

    assert places({"a/b": [1, {"~": 2}]}, {"a/b": [1, {"~": 3}]}, subset=False) == ["/a~1b/1/~0"]
    assert places([1, 2], [1], subset=False) == ["/1"]
    assert places({"a": 1}, {"b": 1}, subset=False) == ["/a", "/b"]
    assert places({"a": 1}, {"b": 1}, subset=True) == ["/a"]
    assert places([[1, 9], 2], [[1, 2], 2], subset=True) == ["/0/1"]
    assert places([4, 5], [4, 3, 6], subset=True) == ["/1"]
    assert places([2, 1], [1, 2, 3], subset=True) == ["/1"]
    assert places([1, 1], [1, 2, 3], subset=True) == ["/1"]
    assert places(1, "1", subset=True) == [""]


def test_a_place_costs_the_same_however_deep_it_is() -> None:
    place: Place = ROOT
    for _ in range(1_000):
        place = (place, "n" * 1_000)
    assert Mismatch(place, 1, 2).pointer == "n" * MOST_POINTER_CHARACTERS


def test_nothing_recurses() -> None:
    for subset in (False, True):
        assert not list(mismatches(deep(1), deep(1), EXACTLY, is_subset=subset))
        assert list(mismatches(deep(1), deep(2), EXACTLY, is_subset=subset))
        assert list(mismatches(deep(1, "a"), deep(2, "a"), EXACTLY, is_subset=subset))
    longer: JsonValue = 1
    for _ in range(DEPTH):
        longer = [0, longer]
    assert contains(longer, deep(1), EXACTLY)
    assert not contains(longer, deep(2), EXACTLY)


def test_an_array_is_matched_in_one_pass() -> None:
    """Each level has an array whose elements match only at its end, which would take ages if it were tried anew."""
    expected: JsonValue = 1
    actual: JsonValue = 1
    for _ in range(300):
        expected, actual = [expected], [2, actual, 3]
    assert contains(actual, expected, EXACTLY)
    assert contains([actual, actual], [expected, expected], EXACTLY)
    assert not contains(actual, [expected, expected], EXACTLY)
