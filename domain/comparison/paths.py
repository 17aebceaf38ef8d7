"""The comparison of two JSON values that are no tables, path by path, and its form as a JSON Patch (RFC 6902).

Objects are compared by the names of their members, arrays by position. No function recurses.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from attrs import frozen

from domain.comparison.values import ABSENT, EXACTLY, Absent, Cell, Tolerance, are_equal, is_array

Operation: TypeAlias = Mapping[str, object]
_Path: TypeAlias = "tuple[()] | tuple[_Path, str | int]"
"""The path to the parent, and the name or the position below it. Most paths are never written as a pointer."""
_ROOT: Final[_Path] = ()


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
    pairs: list[tuple[_Path, Cell, Cell]] = [(_ROOT, before, after)]
    while pairs:
        path, left, right = pairs.pop()
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            names = left if left.keys() == right.keys() else {**left, **right}
            inner = [((path, name), left.get(name, ABSENT), right.get(name, ABSENT)) for name in names]
            pairs += reversed(inner)
        elif is_array(left) and is_array(right):
            common = min(len(left), len(right))
            pairs += [((path, at), ABSENT, right[at]) for at in reversed(range(common, len(right)))]
            pairs += [((path, at), left[at], ABSENT) for at in range(common, len(left))]
            pairs += [((path, at), left[at], right[at]) for at in reversed(range(common))]
        elif not are_equal(left, right, within):
            yield PathChange(_pointer(path), left, right)


def operation(change: PathChange) -> Operation:
    """Express a change as an operation of a JSON Patch."""
    if isinstance(change.after, Absent):
        return {"op": "remove", "path": change.pointer}
    op = "add" if isinstance(change.before, Absent) else "replace"
    return {"op": op, "path": change.pointer, "value": change.after}


def _pointer(path: _Path) -> str:
    tokens: list[str] = []
    while path:
        path, name = path
        tokens.append(str(name).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{token}" for token in reversed(tokens))
