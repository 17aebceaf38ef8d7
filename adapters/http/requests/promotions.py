"""Reads the body of a request that moves an alias: a promotion or a rollback.

A forced promotion needs the scope `admin` besides that of the operation, whatever the gate says.
"""

from functools import partial
from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import InvalidDocument, Refusal
from adapters.http.requests.authorization import authorised
from adapters.http.requests.parameters import has_body
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.short_documents import read_short_document
from adapters.http.requests.short_texts import parse_note
from adapters.http.results import then
from adapters.http.wire.schemas.aliases import NewPromotion, NewRollback
from adapters.http.wire.validation_errors import Fault
from domain.access import Scope
from domain.aliases import AliasName
from domain.hint import hint
from domain.promotion import Promotion, Rollback

_MOST_BYTES: Final = 8_192


async def read_promotion(call: RequestContext[Any], alias: AliasName) -> Result[Promotion, Refusal]:
    """Read the promotion of an alias."""
    new = await read_short_document(call, NewPromotion, _MOST_BYTES)
    allowed = await then(new.bind(_checked), partial(_may_force, call))
    return allowed.map(
        lambda one: Promotion(
            alias=alias,
            version=one.version,
            note=one.note,
            force=one.force,
            precondition=precondition(call.request.headers),
        )
    )


async def _may_force(call: RequestContext[Any], new: NewPromotion) -> Result[NewPromotion, Refusal]:
    if not new.force:
        return Success(new)
    allowed = await authorised(call.deps.access, call.request, Scope.ADMIN)
    return allowed.map(lambda _: new)


def _checked(new: NewPromotion) -> Result[NewPromotion, Refusal]:
    if new.force and not new.note.strip():
        return Failure(InvalidDocument((Fault("/note", hint("force-needs-note")),)))
    return parse_note(new.note, InvalidDocument).map(lambda _: new)


async def read_rollback(call: RequestContext[Any], alias: AliasName) -> Result[Rollback, Refusal]:
    """Read the rollback of an alias, which may have no body."""
    is_noted = has_body(call.request.headers)
    new = await read_short_document(call, NewRollback, _MOST_BYTES) if is_noted else Success(NewRollback())
    return new.bind(lambda one: parse_note(one.note, InvalidDocument)).map(
        lambda note: Rollback(alias=alias, note=note.value, precondition=precondition(call.request.headers))
    )
