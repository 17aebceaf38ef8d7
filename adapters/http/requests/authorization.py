"""Reads `Authorization: Bearer <token>` (RFC 6750, section 2.1), and checks access to an operation.

Every wrong credential gets the same answer: whether a key never existed, has expired or was revoked is shown by `python
-m entrypoints.keys list`, not to the client that sends it.
"""

import re
from typing import Final
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from adapters.http.problems.refusals import Unauthenticated
from application.access.authorise import Authorizer, MissingCredentials, NotAuthorised, UnknownToken
from domain.access import AnyScope, InsufficientScope, KeyExpired, KeyRevoked, Scope, Token, token

KEY_ID: Final = "bateia.key_id"
"""The member of a request's ASGI scope that has the id of the key it came with, once that is known."""

_BEARER: Final = re.compile(r"bearer +([!-~]+)", re.IGNORECASE | re.ASCII)


async def authorised(
    access: Authorizer, request: Request, scope: Scope | AnyScope | None
) -> Result[UUID | None, Unauthenticated | NotAuthorised]:
    """Return the id of the caller's key, if it may use an operation with that scope. Public operations check no key."""
    if scope is None:
        return Success(None)
    read = read_token(request.headers.getlist("authorization"))
    if not is_successful(read):
        return Failure(read.failure())
    allowed = await access.authorise(read.unwrap(), scope)
    request.scope[KEY_ID] = allowed.unwrap() if is_successful(allowed) else _known_key(allowed.failure())
    return allowed


def read_token(lines: list[str]) -> Result[Token | None, Unauthenticated]:
    """Parse the token in the header's lines, or return None if there are no lines."""
    if not lines:
        return Success(None)
    bearer = _BEARER.fullmatch(lines[0].strip(" \t")) if len(lines) == 1 else None
    read = None if bearer is None else token(bearer[1])
    return Failure(Unauthenticated(given=True)) if read is None else Success(read)


def key_id(scope: AsgiScope) -> str:
    """Return the id of the request's API key for its log line."""
    return str(scope.get(KEY_ID) or "-")


def _known_key(why: NotAuthorised) -> UUID | None:
    match why:
        case MissingCredentials() | UnknownToken():
            return None
        case KeyExpired(key=key) | KeyRevoked(key=key) | InsufficientScope(key=key):
            return key.id
