"""Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a quoted string, or the key as it is.

The draft gives the string no parameters, so one that has any is malformed here.
"""

import re
from typing import Final
from uuid import UUID

from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.problems.refusals import MalformedIdempotencyKey
from domain.hint import hint
from domain.idempotency import IdempotencyKey, idempotency_key

_STRING: Final = re.compile(r'"((?:[ !#-\[\]-~]++|\\["\\])*+)"')
"""An sf-string (RFC 9651, section 3.3.3)."""
_BARE: Final = re.compile(r"[!#-+\--:<-\[\]-~]+")
"""Visible characters without those that delimit strings and lists: quote, backslash, comma, semicolon."""
_ESCAPE: Final = re.compile(r'\\(["\\])')


def read_idempotency_key(
    request: Request, caller: UUID | None
) -> Result[IdempotencyKey | None, MalformedIdempotencyKey]:
    """Read the idempotency key of the caller's request, if it has one."""
    lines = request.headers.getlist("idempotency-key")
    if not lines:
        return Success(None)
    if len(lines) > 1:
        return Failure(MalformedIdempotencyKey(hint("repeated-idempotency-key")))
    return parse_idempotency_key(lines[0], caller)


def parse_idempotency_key(
    line: str, caller: UUID | None = None
) -> Result[IdempotencyKey | None, MalformedIdempotencyKey]:
    """Parse the header's value. A quoted and a bare key with the same characters are the same key."""
    value = line.strip(" \t")
    quoted = _STRING.fullmatch(value)
    if quoted is None and not _BARE.fullmatch(value):
        return Failure(MalformedIdempotencyKey(hint("malformed-idempotency-key")))
    key: Result[IdempotencyKey | None, MalformedIdempotencyKey] = idempotency_key(
        value if quoted is None else _ESCAPE.sub(r"\1", quoted[1]), caller
    ).alt(lambda invalid: MalformedIdempotencyKey(invalid.reason))
    return key
