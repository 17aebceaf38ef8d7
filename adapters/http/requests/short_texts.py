"""Reads the short texts of a script: its description, and the notes of its versions."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from returns.result import Result, Success

from adapters.http.operations import JSON, RequestContext
from adapters.http.problems.refusals import InvalidDocument, InvalidQuery, Refusal, ShortDocumentTooLarge
from adapters.http.requests.body import read_text
from adapters.http.requests.documents import check_document, read_document
from adapters.http.requests.parameters import has_body, media_type
from adapters.http.results import then
from adapters.http.wire.schemas.scripts import NewRestoration, ScriptChanges
from adapters.http.wire.validation_errors import Fault
from domain.hint import hint
from domain.notes import NO_NOTE, Note, valid_note
from domain.script import Description, description

_MOST_BYTES: Final = 32 * 1024
"""Room for the longest text when each of its characters is escaped, twice six characters beyond the basic plane."""

_S = TypeVar("_S")
_T = TypeVar("_T")
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
    return await _read(call, ScriptChanges, lambda changes: parse_description(changes.description))


async def read_restoration(call: RequestContext[Any]) -> Result[Note, Refusal]:
    """Read the note of a restoration, which may have no body."""
    if not has_body(call.request.headers):
        return Success(NO_NOTE)
    return await _read(call, NewRestoration, lambda new: parse_note(new.note, InvalidDocument))


async def _read(
    call: RequestContext[Any], shape: type[_S], parse: Callable[[_S], Result[_T, InvalidDocument]]
) -> Result[_T, Refusal]:
    body = await then(media_type(call.request, (JSON,)), lambda _: read_text(call, ShortDocumentTooLarge(_MOST_BYTES)))
    checked = await then(body, lambda text: check_document(call.deps.bodies, text))
    return Result.do(value for text in checked for new in read_document(text, shape) for value in parse(new))
