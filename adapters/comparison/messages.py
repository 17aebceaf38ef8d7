"""The messages between a process and its comparing child: frames of a length and so many bytes."""

from decimal import Decimal
from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.comparison.work import Task
from domain.comparison.document import comparison_document, read_comparison
from domain.comparison.json_text import json_text, parse_json
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    ResultComparison,
    StopReason,
)
from domain.comparison.values import Cell, Tolerance

LENGTH_BYTES: Final = 4
MOST_PIECE_BYTES: Final = 1024 * 1024
_COMPARED: Final = b"="
_REFUSED: Final = b"!"
_MOST_QUOTED: Final = 200


def framed(content: bytes) -> bytes:
    """Put the length before the content. An empty frame ends a text."""
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def task_message(task: Task) -> bytes:
    """Write the first frame of a request."""
    return json_text([task.key, task.within.absolute, task.within.relative]).encode()


def read_task(message: bytes) -> Task:
    """Read the first frame of a request."""
    key, absolute, relative = parse_json(message.decode())
    return Task(None if key is None else tuple(key), Tolerance(Decimal(absolute), Decimal(relative)))


def reply_message(reply: ResultComparison | ComparisonRefused) -> bytes:
    """Write a reply."""
    match reply:
        case KeyNotUnique(key=key, is_before=is_before, rows=rows, values=values):
            return _refusal("key-not-unique", [key, is_before, rows, [_short(one) for one in values]])
        case KeyNotUsable(column=column, is_before=is_before, row=row):
            return _refusal("key-not-usable", [column, is_before, row])
        case NotTables(is_before=is_before):
            return _refusal("not-tables", [is_before])
        case ComparisonStopped(reason=reason):
            return _refusal("stopped", [str(reason)])
        case _:
            return _COMPARED + comparison_document(reply)


def read_reply(message: bytes) -> Result[ResultComparison, ComparisonRefused]:
    """Read a reply."""
    if message[:1] == _COMPARED:
        return Success(read_comparison(message[1:]))
    kind, *facts = parse_json(message[1:].decode())
    return Failure(_read_refusal(kind, *facts))


def _refusal(kind: str, facts: list[Any]) -> bytes:
    return _REFUSED + json_text([kind, *facts]).encode()


def _read_refusal(kind: str, *facts: Any) -> ComparisonRefused:
    match kind, facts:
        case "key-not-unique", (key, is_before, rows, values):
            return KeyNotUnique(tuple(key), is_before, (rows[0], rows[1]), tuple(values))
        case "key-not-usable", (column, is_before, row):
            return KeyNotUsable(column, is_before, row)
        case "not-tables", (is_before,):
            return NotTables(is_before)
        case _:
            return ComparisonStopped(StopReason(facts[0]))


def _short(value: Cell) -> Cell:
    """Shorten a long value, which a message would not quote in full."""
    text = json_text(value)
    return value if len(text) <= _MOST_QUOTED else text[:_MOST_QUOTED]
