"""Conversion of NDJSON to the JSON array of its values: one JSON text a line, blank lines ignored, faults with line and
place.

Absent on purpose: Python objects that last. The text is processed in steps of some 64 KiB.
"""

import io
from collections.abc import Iterator
from typing import Final

import msgspec
from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from adapters.json import WHITE_SPACE
from adapters.json.diagnosis import diagnose
from adapters.json.finding import EMPTY
from adapters.json.syntax import encoding_fault, fault_of, with_whole_characters
from application.ports.bodies import MalformedJson

_STEP_BYTES: Final = 64 * 1024
_DECODER: Final = msgspec.json.Decoder(msgspec.Raw)


@frozen
class _Step:
    """Some lines. The first has the number `first` and begins at the offset `start`."""

    first: int
    start: int
    lines: list[bytes] = field(repr=False)


def array_of(text: bytes) -> Result[bytes, MalformedJson]:
    """Join the values to an array, without the white space around them.

    Text of no bytes is refused, as it is where one JSON value is expected: it is an accident more often than a dataset
    without items. Such a dataset is a blank line.
    """
    if not text:
        return Failure(diagnose(text, MalformedJson("it is empty", 0, code=EMPTY)))
    array, separator = io.BytesIO(), b"["
    for step in _steps(text):
        values = [value for line in step.lines if (value := line.strip(WHITE_SPACE))]
        joined = b",".join(values)
        if values and not _are_values(joined, step.lines) and (fault := _first_fault(step)) is not None:
            return Failure(diagnose(text, fault, in_lines=True))
        if values:
            array.write(separator)
            array.write(joined)
            separator = b","
    array.write(b"[]" if separator == b"[" else b"]")
    return Success(array.getvalue())


def _steps(text: bytes) -> Iterator[_Step]:
    start, first = 0, 1
    while start < len(text):
        end = _step_end(text, start)
        lines = text[start:end].split(b"\n")
        yield _Step(first, start, lines)
        start, first = end + 1, first + len(lines)


def _step_end(text: bytes, start: int) -> int:
    """Find the end of the line that a step reaches into; a long line is a step by itself."""
    end = text.find(b"\n", start + _STEP_BYTES, start + 2 * _STEP_BYTES)
    if end < 0:
        end = text.rfind(b"\n", start, start + _STEP_BYTES)
    if end < 0:
        end = text.find(b"\n", start + 2 * _STEP_BYTES)
    return len(text) if end < 0 else end


def _are_values(joined: bytes, lines: list[bytes]) -> bool:
    """Tell whether each line that is not blank is one JSON value, without walking through them; false if in doubt.

    Read as values between white space, the lines could still have two values in one or one in two; read as the items of
    an array, they could have a comma between two in one. They cannot be both: a line's end inside a value would put a
    comma into it where there can be none, and two values in a line would have none between them.

    A line by itself is read as one value: it may be long, and have as many values as bytes, each of which would be an
    object.
    """
    if encoding_fault(joined) is not None:
        return False
    if len(lines) == 1:
        return fault_of(joined) is None
    try:
        _DECODER.decode_lines(with_whole_characters(b"\n".join(lines)))
        _DECODER.decode(with_whole_characters(b"[%b]" % joined))
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _first_fault(step: _Step) -> MalformedJson | None:
    """Find the first fault, with its line, and its place in the whole text."""
    start = step.start
    for number, line in enumerate(step.lines, step.first):
        if line.strip(WHITE_SPACE) and (fault := fault_of(line)) is not None:
            return evolve(fault, line=number, at=None if fault.at is None else start + fault.at)
        start += len(line) + 1
    return None
