"""Reading of the lines of a batch: an object in each, of a dataset and perhaps a reference.

Absent on purpose: Python objects of datasets. A line is skipped through once, by a decoder that returns its dataset's
bytes; only what that refuses is looked at closely: to find the fault, or because it is JSON all the same.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec
from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.json import STEP_BYTES
from adapters.json.diagnosis import diagnose
from adapters.json.members import members
from adapters.json.numbers import number_warnings
from adapters.json.positions import first_from, last_before, line_and_column, visible
from adapters.json.stored_form import stored_form
from adapters.json.syntax import encoding_fault, fault_of
from application.ports.bodies import (
    BatchEntry,
    EncodedDataset,
    InvalidLine,
    LinesRefused,
    MalformedJson,
    NoLines,
    TooManyLines,
)
from domain.batch_lines import MAX_REFERENCE_CHARACTERS, line_reference
from domain.hint import Hint, hint

NO_OBJECT: Final = "batch-line-no-object"
NO_DATA: Final = "batch-line-no-data"
UNKNOWN_MEMBER: Final = "batch-line-unknown-member"
INVALID_REFERENCE: Final = "batch-line-reference"

_DATA, _REFERENCE = "data", "ref"
_MOST_CHARACTERS: Final = 40
"""The most that a message quotes of a member's name."""
_NOT_WHITE: Final = re.compile(rb"[^ \t\r\n]")
_SPACE: Final = rb"[ \t\r]*+"
_SHORT_REFERENCE: Final = rb'"ref"' + _SPACE + b":" + _SPACE + rb'"[^"\\]{0,1020}+"' + _SPACE
_BEFORE_DATA: Final = re.compile(
    rb"\{" + _SPACE + b"(?:" + _SHORT_REFERENCE + b"," + _SPACE + rb')?+"data"' + _SPACE + b":"
)
_BEHIND_DATA: Final = re.compile(_SPACE + b"(?:," + _SPACE + _SHORT_REFERENCE + rb")?+\}" + _SPACE + rb"\Z")
_AROUND_BYTES: Final = 2048
"""More than a reference has, with the name before it and some white space."""


class _Line(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    data: msgspec.Raw
    ref: str | msgspec.UnsetType = msgspec.UNSET


_LINES: Final = msgspec.json.Decoder(_Line)


def batch_lines(text: bytes, most: int) -> Result[Sequence[BatchEntry], LinesRefused]:
    """Read at most so many lines. They are counted before anything else is done."""
    places = list(islice(_places(text), most + 1))
    if not places:
        return Failure(NoLines())
    if len(places) > most:
        return Failure(TooManyLines(most))
    entries: list[BatchEntry] = []
    for start, end in places:
        entry = (_long_entry(text, start, end) if end - start > STEP_BYTES else None) or _entry(text[start:end])
        if entry is None:
            examined = _examined(text, start, end)
            if not is_successful(examined):
                return Failure(examined.failure())
            entry = examined.unwrap()
        entries.append(entry)
    return Success(entries)


def _places(text: bytes) -> Iterator[tuple[int, int]]:
    """Find the lines that are not blank, from their first character that is not white space to their ends."""
    at = 0
    while at < len(text):
        found = _NOT_WHITE.search(text, at, at + STEP_BYTES)
        if found is None:
            at += STEP_BYTES
            continue
        end = text.find(b"\n", found.start())
        at = len(text) if end < 0 else end
        yield found.start(), at


def _entry(line: bytes) -> BatchEntry | None:
    """Read a line in one pass; None if it is no entry, or JSON that the decoder refuses."""
    read = _decoded(line)
    if read is None or encoding_fault(line) is not None:
        return None
    return _built(read.ref, bytes(read.data))


def _long_entry(text: bytes, start: int, end: int) -> BatchEntry | None:
    """Read a long line whose dataset is between what is usual: its decoder would hold the interpreter for all of it.

    If the line is an entry with a number in the place of its dataset, it is one with any JSON value there.
    """
    before = _BEFORE_DATA.match(text, start, start + _AROUND_BYTES)
    behind = _BEHIND_DATA.search(text, end - _AROUND_BYTES, end)
    if before is None or behind is None:
        return None
    around = _decoded(before[0] + b"0" + behind[0])
    data = memoryview(text)[first_from(text, before.end()) : last_before(text, behind.start()) + 1]
    return None if around is None or fault_of(data) is not None else _built(around.ref, bytes(data))


def _decoded(line: bytes) -> _Line | None:
    try:
        return _LINES.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _built(reference: str | msgspec.UnsetType, data: bytes) -> BatchEntry | None:
    """Build an entry of a valid dataset, if the reference is valid too."""
    client_id = None if isinstance(reference, msgspec.UnsetType) else reference
    if client_id is not None and not is_successful(line_reference(client_id)):
        return None
    return BatchEntry(client_id, EncodedDataset(stored_form(data), number_warnings(data)))


def _examined(text: bytes, start: int, end: int) -> Result[BatchEntry, MalformedJson | InvalidLine]:
    """Read a line that was refused, and say what is wrong with it. Escapes of half surrogate pairs are JSON."""
    line = text[start:end]
    fault = fault_of(line)
    if fault is None:
        return _read_closely(line).alt(lambda reason: InvalidLine(_number(text, start), reason))
    at = None if fault.at is None else start + fault.at
    return Failure(diagnose(text, evolve(fault, line=_number(text, start), at=at), in_lines=True))


def _number(text: bytes, start: int) -> int:
    """Count the lines up to the one that begins there: once for a text, for its first fault."""
    return line_and_column(text, start)[0]


def _read_closely(line: bytes) -> Result[BatchEntry, Hint]:
    if not line.startswith(b"{"):
        return Failure(hint(NO_OBJECT))
    values: dict[str, bytes] = {}
    for name, start, end in members(line):
        read = json.loads(name)
        if read not in (_DATA, _REFERENCE):
            return Failure(hint(UNKNOWN_MEMBER, member=visible(read[:_MOST_CHARACTERS])))
        values[read] = line[start:end]
    if _DATA not in values:
        return Failure(hint(NO_DATA))
    entry = _with_reference(values.get(_REFERENCE), values[_DATA])
    return Failure(hint(INVALID_REFERENCE, limit=MAX_REFERENCE_CHARACTERS)) if entry is None else Success(entry)


def _with_reference(sent: bytes | None, data: bytes) -> BatchEntry | None:
    if sent is None:
        return _built(msgspec.UNSET, data)
    return _built(json.loads(sent), data) if sent.startswith(b'"') else None
