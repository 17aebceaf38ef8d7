"""Cursors: where a page ended, as base64url text that means nothing to its reader. One form only is valid."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.http.problems.refusals import MalformedCursor
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]{2,22}", re.ASCII)
_PATH: Final = re.compile(r"[A-Za-z0-9_-]{2,2000}", re.ASCII)
_ID_BYTES: Final = 16
_NUMBER_BYTES: Final = 4
_AUDIT_BYTES: Final = 8


def id_cursor(last: UUID) -> str:
    """Encode the cursor after the item with that id."""
    return _encoded(last.bytes)


def number_cursor(last: int) -> str:
    """Encode the number of a version, which ends a page, or of an execution of a replay, which begins one."""
    return _encoded(last.to_bytes(_NUMBER_BYTES, "big"))


def audit_cursor(last: int) -> str:
    """Encode the cursor after the audit record, the move of an alias or the delivery with that number."""
    return _encoded(last.to_bytes(_AUDIT_BYTES, "big"))


def line_cursor(execution: int, line: int) -> str:
    """Encode the cursor of a line among those of an execution, both counted from 0."""
    return _encoded(execution.to_bytes(_NUMBER_BYTES, "big") + line.to_bytes(_NUMBER_BYTES, "big"))


def first_line(cursor: str | None) -> Result[tuple[int, int], MalformedCursor]:
    """Decode the numbers of an execution and of a line at which the page begins; 0 and 0 for the first page."""
    if cursor is None:
        return Success((0, 0))
    return _decoded(cursor, 2 * _NUMBER_BYTES).bind(_line)


def audit_before(cursor: str | None) -> Result[int | None, MalformedCursor]:
    """Decode the number of an audit record, a move of an alias or a delivery; None for the first page."""
    if cursor is None:
        return Success(None)
    return _decoded(cursor, _AUDIT_BYTES).bind(_audit_number)


def id_before(cursor: str | None) -> Result[UUID | None, MalformedCursor]:
    """Decode the id before which the page ends; None for the first page."""
    if cursor is None:
        return Success(None)
    return _decoded(cursor, _ID_BYTES).map(lambda data: UUID(bytes=data))


def number_before(cursor: str | None) -> Result[int | None, MalformedCursor]:
    """Decode the number of a version or of an execution of a replay; None for the first page."""
    if cursor is None:
        return Success(None)
    return _decoded(cursor, _NUMBER_BYTES).bind(_in_range)


def path_cursor(last: str) -> str:
    """Encode the cursor after the object with that path."""
    return _encoded(last.encode("utf-8", "surrogateescape"))


def path_after(cursor: str | None) -> Result[str, MalformedCursor]:
    """Decode the path after which the page begins, of any length that a path may have; empty for the first page."""
    if cursor is None:
        return Success("")
    if not _PATH.fullmatch(cursor) or len(cursor) % 4 == 1:
        return Failure(MalformedCursor())
    data = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return Success(data.decode("utf-8", "surrogateescape")) if _encoded(data) == cursor else Failure(MalformedCursor())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decoded(cursor: str, size: int) -> Result[bytes, MalformedCursor]:
    if not _BASE64URL.fullmatch(cursor) or len(cursor) != (size * 4 + 2) // 3:
        return Failure(MalformedCursor())
    data = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return Success(data) if _encoded(data) == cursor else Failure(MalformedCursor())


def _in_range(data: bytes) -> Result[int, MalformedCursor]:
    number = int.from_bytes(data, "big")
    return Success(number) if 1 <= number <= MAX_VERSION_NUMBER else Failure(MalformedCursor())


def _line(data: bytes) -> Result[tuple[int, int], MalformedCursor]:
    execution, line = (int.from_bytes(part, "big") for part in (data[:_NUMBER_BYTES], data[_NUMBER_BYTES:]))
    is_valid = max(execution, line) <= MAX_VERSION_NUMBER
    return Success((execution, line)) if is_valid else Failure(MalformedCursor())


def _audit_number(data: bytes) -> Result[int, MalformedCursor]:
    number = int.from_bytes(data, "big", signed=True)
    return Success(number) if number >= 1 else Failure(MalformedCursor())
