"""Reads the short texts of a script: its description, and the notes of its versions and of the moves of its aliases."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from returns.result import Result, Success

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import InvalidDocument, InvalidQuery, Refusal
from adapters.http.requests.parameters import has_body
from adapters.http.requests.short_documents import read_short_document
from adapters.http.wire.schemas.scripts import NewRestoration, ScriptChanges
from adapters.http.wire.validation_errors import Fault
from domain.hint import hint
from domain.notes import NO_NOTE, Note, valid_note
from domain.script import Description, description

_MOST_BYTES: Final = 32 * 1024
"""Room for the longest text when each of its characters is escaped, twice six characters beyond the basic plane."""

_Invalid = TypeVar("_Invalid", InvalidDocument, InvalidQuery)


def parse_description(text: str) -> Result[Description, InvalidDocument]:
    """Parse the member `description` of a document."""
    return description(text).alt(lambda invalid: InvalidDocument((_fault("/description", invalid.at),)))


def parse_note(text: str, refused: Callable[[tuple[Fault, ...]], _Invalid]) -> Result[Note, _Invalid]:
    """Parse the member `note` of a document or of a query. Its length has been checked."""
    return valid_note(text).alt(lambda invalid: refused((_fault("/note", invalid.at),)))


def _fault(pointer: str, at: int) -> Fault:
    return Fault(pointer, hint("invalid-character", at=at))


async def read_script_changes(call: RequestContext[Any]) -> Result[Description, Refusal]:
    """Read the description from a JSON merge patch (RFC 7396)."""
    changes = await read_short_document(call, ScriptChanges, _MOST_BYTES)
    return changes.bind(lambda one: parse_description(one.description))


async def read_restoration(call: RequestContext[Any]) -> Result[Note, Refusal]:
    """Read the note of a restoration, which may have no body."""
    if not has_body(call.request.headers):
        return Success(NO_NOTE)
    new = await read_short_document(call, NewRestoration, _MOST_BYTES)
    return new.bind(lambda one: parse_note(one.note, InvalidDocument))
