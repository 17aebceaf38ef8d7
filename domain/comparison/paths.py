"""The comparison of two JSON values that are no tables, path by path, and its form as a JSON Patch (RFC 6902).

Objects are compared by the names of their members, arrays by position. No function recurses.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from attrs import frozen

from domain.comparison.places import ROOT, Place, pointer
from domain.comparison.values import ABSENT, EXACTLY, Absent, Cell, Tolerance, are_equal, is_array

Operation: TypeAlias = Mapping[str, object]


@frozen
class PathChange:
    """The values at a JSON Pointer (RFC 6901) in the first and in the second value; at most one is absent."""

    pointer: str
    before: Cell
    after: Cell


def compare_values(before: Cell, after: Cell, within: Tolerance = EXACTLY) -> Iterator[PathChange]:
    """Yield the changes that turn the first value into the second, in an order in which they can be applied.

    Elements beyond the end of the shorter array are removed from the last one on, and added from the first one on.
    """
    pairs: list[tuple[Place, Cell, Cell]] = [(ROOT, before, after)]
    while pairs:
        place, left, right = pairs.pop()
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            names = left if left.keys() == right.keys() else {**left, **right}
            inner = [((place, name), left.get(name, ABSENT), right.get(name, ABSENT)) for name in names]
            pairs += reversed(inner)
        elif is_array(left) and is_array(right):
            common = min(len(left), len(right))
            pairs += [((place, at), ABSENT, right[at]) for at in reversed(range(common, len(right)))]
            pairs += [((place, at), left[at], ABSENT) for at in range(common, len(left))]
            pairs += [((place, at), left[at], right[at]) for at in reversed(range(common))]
        elif not are_equal(left, right, within):
            yield PathChange(pointer(place), left, right)


def operation(change: PathChange) -> Operation:
    """Express a change as an operation of a JSON Patch."""
    if isinstance(change.after, Absent):
        return {"op": "remove", "path": change.pointer}
    op = "add" if isinstance(change.before, Absent) else "replace"
    return {"op": op, "path": change.pointer, "value": change.after}
