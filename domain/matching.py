"""The match of an actual JSON value with an expected one: whole, or as a subset.

As a subset, an object matches if each of its expected members does; it may have others. An array matches if its
expected elements match some of the actual ones in the same order: each the first one behind the match of the element
before it. No other choice would find more, since two elements match or do not, whatever is chosen for the rest. All
other elements are ignored. Numbers are compared within the tolerance, everywhere.

Each actual value is visited at most twice, and nothing recurses.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import field, frozen

from domain.comparison.places import ROOT, Place, pointer
from domain.comparison.values import ABSENT, Cell, JsonValue, Tolerance, are_equal, is_array

MOST_POINTER_CHARACTERS: Final = 1_000

_Pair: TypeAlias = tuple[Cell, Cell]
_Placed: TypeAlias = tuple[Place, Cell, Cell]


@frozen
class Mismatch:
    """The expected and the actual value at a place; at most one is absent."""

    place: Place
    expected: Cell = field(repr=False)
    actual: Cell = field(repr=False)

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the place; if it is long, its end, without its beginning."""
        return pointer(self.place, MOST_POINTER_CHARACTERS)


def mismatches(expected: JsonValue, actual: JsonValue, within: Tolerance, *, is_subset: bool) -> Iterator[Mismatch]:
    """Yield the mismatches of two values; none if they match.

    Of an array with more elements than are expected of its subset, the first element without a match is the only one,
    at its place in the expected array.
    """
    waiting: list[Iterator[_Placed]] = [iter([(ROOT, expected, actual)])]
    while waiting:
        placed = next(waiting[-1], None)
        if placed is None:
            waiting.pop()
            continue
        place, left, right = placed
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            waiting.append(_members(place, left, right, is_subset))
        elif is_array(left) and is_array(right) and is_subset and len(left) != len(right):
            unmatched = _first_unmatched(left, right, within)
            if unmatched is not None:
                yield Mismatch((place, unmatched), left[unmatched], ABSENT)
        elif is_array(left) and is_array(right):
            waiting.append(_elements(place, left, right))
        elif not are_equal(left, right, within):
            yield Mismatch(place, left, right)


def contains(actual: Cell, expected: Cell, within: Tolerance) -> bool:
    """Tell whether the expected value is a subset of the actual one."""
    open_values: list[_Object | _Array] = []
    step: _Pair | bool = (expected, actual)
    while True:
        if isinstance(step, tuple):
            opened = _open(*step)
            if opened is None:
                step = are_equal(*step, within)
                continue
            open_values.append(opened)
            step = opened.first()
        elif not open_values:
            return step
        else:
            step = open_values[-1].after(matched=step)
        if isinstance(step, bool):
            open_values.pop()


def _members(
    place: Place, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], is_subset: bool
) -> Iterator[_Placed]:
    for name, value in expected.items():
        yield (place, name), value, actual.get(name, ABSENT)
    if not is_subset:
        for name, value in actual.items():
            if name not in expected:
                yield (place, name), ABSENT, value


def _elements(place: Place, expected: Sequence[JsonValue], actual: Sequence[JsonValue]) -> Iterator[_Placed]:
    for at in range(max(len(expected), len(actual))):
        yield (place, at), _element(expected, at), _element(actual, at)


def _element(values: Sequence[JsonValue], at: int) -> Cell:
    return values[at] if at < len(values) else ABSENT


def _first_unmatched(expected: Sequence[JsonValue], actual: Sequence[JsonValue], within: Tolerance) -> int | None:
    rest = iter(actual)
    for at, wanted in enumerate(expected):
        if not any(contains(one, wanted, within) for one in rest):
            return at
    return None


class _Object:
    """An object of which all expected members have to match."""

    def __init__(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue]) -> None:
        self._pairs = iter([(value, actual.get(name, ABSENT)) for name, value in expected.items()])

    def first(self) -> _Pair | bool:
        return next(self._pairs, True)

    def after(self, *, matched: bool) -> _Pair | bool:
        return next(self._pairs, True) if matched else False


class _Array:
    """An array, of which each expected element has to match an actual one behind the former match."""

    def __init__(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue]) -> None:
        self._expected, self._actual = expected, actual
        self._wanted, self._at = 0, 0

    def first(self) -> _Pair | bool:
        if self._wanted == len(self._expected):
            return True
        if len(self._expected) - self._wanted > len(self._actual) - self._at:
            return False
        return self._expected[self._wanted], self._actual[self._at]

    def after(self, *, matched: bool) -> _Pair | bool:
        self._wanted += matched
        self._at += 1
        return self.first()


def _open(expected: Cell, actual: Cell) -> _Object | _Array | None:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return _Object(expected, actual)
    return _Array(expected, actual) if is_array(expected) and is_array(actual) else None
