"""The JSON text of differences, as it is stored with a replay's execution and sent to clients: an array of objects.

Numbers keep all their digits.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, assert_never

from attrs import field, frozen

from domain.comparison.json_text import json_text
from domain.comparison.paths import PathChange
from domain.comparison.report import Change, ResultComparison, RowDifference, TableComparison, ValueComparison
from domain.comparison.rows import CellChange, Key
from domain.comparison.values import ABSENT, Absent, Cell, JsonValue
from domain.execution import Failed, Finished, state_of
from domain.limits import MIB
from domain.replayed_executions import OutcomeChange, Quoted

MAX_DIFFERENCES_BYTES: Final = MIB
"""The longest text of the differences of one execution. Those that do not fit are left out."""

_Members: TypeAlias = Mapping[str, JsonValue]


@frozen
class DifferenceText:
    """The differences of one execution, and the number of those that did not fit."""

    text: bytes = field(repr=False)
    left_out: int = 0


def difference_text(source: Quoted, limit_bytes: int = MAX_DIFFERENCES_BYTES) -> DifferenceText:
    """Encode the differences of an execution, in their order, up to so many bytes."""
    pieces, size, left_out = [], 2, 0
    for one in _differences(source):
        piece = json_text(one).encode()
        if size + len(piece) + 1 > limit_bytes:
            left_out += 1
        else:
            pieces.append(piece)
            size += len(piece) + 1
    return DifferenceText(b"[%b]" % b",".join(pieces), left_out)


def _differences(source: Quoted) -> Iterator[_Members]:
    match source:
        case OutcomeChange(before=before, after=after):
            yield _difference("outcome", before=_outcome(before), after=_outcome(after))
        case TableComparison() | ValueComparison():
            yield from _of_results(source)
        case _:
            assert_never(source)


def _of_results(comparison: ResultComparison) -> Iterator[_Members]:
    match comparison:
        case TableComparison(key=key, differences=rows):
            return (_row(key, one) for one in rows)
        case ValueComparison(differences=paths):
            return map(_path, paths)
        case _:
            assert_never(comparison)


def _row(key: Key | None, row: RowDifference) -> _Members:
    values = [None if isinstance(one, Absent) else one for one in row.key]  # the values of a key are never absent
    return _difference(
        row.change,
        key=None if key is None else dict(zip(key, values, strict=True)),
        position=values[0] if key is None else None,
        cells=[_cell(one) for one in row.cells] if row.change is Change.CHANGED else None,
        row=row.row,
    )


def _cell(cell: CellChange) -> _Members:
    return {"column": cell.column, **_present(cell.before, cell.after)}


def _path(path: PathChange) -> _Members:
    change = Change.CHANGED
    if path.before is ABSENT or path.after is ABSENT:
        change = Change.ADDED if path.before is ABSENT else Change.REMOVED
    return _difference(change, pointer=path.pointer, **_present(path.before, path.after))


def _outcome(finished: Finished) -> _Members:
    state = {"state": state_of(finished).value}
    if not isinstance(finished, Failed):
        return state
    return state | {"error": {"kind": finished.error.kind.value, "message": finished.error.message}}


def _present(before: Cell, after: Cell) -> dict[str, JsonValue]:
    both = (("before", before), ("after", after))
    return {name: value for name, value in both if not isinstance(value, Absent)}


def _difference(change: str, **members: JsonValue) -> _Members:
    always: dict[str, JsonValue] = dict.fromkeys(("key", "position", "cells", "row", "pointer"))
    return {"change": str(change), **always, **members}
