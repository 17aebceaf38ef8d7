"""The bytes that a read asks for: `Range` (RFC 9110, section 14.2) and `If-Range` (section 13.1.5).

One range is served. A list of several, another unit or a malformed header is ignored, as the RFC permits: the response
has the whole object then.
"""

import re
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success
from starlette.datastructures import Headers

_RANGE: Final = re.compile(r"bytes[ \t]*=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE | re.ASCII)


@frozen
class ByteRange:
    """The bytes in [start, end) of an object."""

    start: int
    end: int


@frozen
class RangeNotSatisfiable:
    """The range begins behind the end of the object."""

    size_bytes: int


def byte_range(headers: Headers, size_bytes: int, tag: str) -> Result[ByteRange | None, RangeNotSatisfiable]:
    """Read the range of an object of that size and strong entity tag; None stands for the whole object."""
    lines = headers.getlist("range")
    found = _RANGE.fullmatch(lines[0].strip(" \t")) if len(lines) == 1 else None
    if found is None or headers.get("if-range", tag).strip(" \t") != tag:
        return Success(None)
    first, last = found.groups()
    if first:
        return _from(int(first), last, size_bytes)
    return _suffix(last, size_bytes)


def _from(first: int, last: str, size_bytes: int) -> Result[ByteRange | None, RangeNotSatisfiable]:
    if last and int(last) < first:
        return Success(None)
    if first >= size_bytes:
        return Failure(RangeNotSatisfiable(size_bytes))
    return Success(ByteRange(first, min(int(last) + 1, size_bytes) if last else size_bytes))


def _suffix(length: str, size_bytes: int) -> Result[ByteRange | None, RangeNotSatisfiable]:
    """Read the last bytes. An object without bytes has no range of them, and is sent as it is."""
    if not length or (size_bytes == 0 and int(length)):
        return Success(None)
    if int(length) == 0:
        return Failure(RangeNotSatisfiable(size_bytes))
    return Success(ByteRange(max(size_bytes - int(length), 0), size_bytes))
