"""Answers with stored bytes, in the form that the client prefers, under a strong tag, in pieces.

If the client already has them, and for HEAD, no bytes are read. Lines are the exception, since only the text shows
whether it is an array. A large body is read from the store, converted and sent a piece at a time, the conversion on a
thread: a client that does not read holds a few parts, which are accounted for before they are read.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response, StreamingResponse

from adapters.http.operations import NDJSON, HandlerResult, MediaType, RequestContext, ResponseSpec
from adapters.http.problems.refusals import NotAcceptable, Refusal, TooMuchInFlight
from adapters.http.responses.conditional import REVALIDATED, if_none_match, not_modified
from adapters.http.responses.delivery import SMALL_BYTES
from adapters.http.responses.negotiation import acceptable_coding, acceptable_types
from adapters.http.responses.stored_content import content_pieces, held_bytes
from adapters.http.results import then
from adapters.http.transport.codings.coding import Coding
from application.executions.body_text import is_short, text_pieces
from application.ports.stored_bodies import PART_BYTES, StoredBody
from domain.body import Digest

_WORTHWHILE_BYTES: Final = 512
"""Shorter bodies are not compressed; nor by the store, so that its compressed bodies can be sent as they are."""
_FIRST_PART_BYTES: Final = 2 * PART_BYTES
"""The memory for fetching the first part, after which the memory for reading the others is known."""

CHOSEN_BY: Final = ("Accept-Encoding", "If-None-Match")
"""Request headers that choose a representation, beside Accept, which an OpenAPI document does not name."""
_HEADERS: Final = ("ETag", "Cache-Control", "Vary")
KEPT_ALREADY: Final = ResponseSpec(304, "The client's copy is current.", None, _HEADERS)


def kept_as(description: str, content: MediaType, *alternatives: MediaType) -> ResponseSpec:
    """Describe the responses of `respond_with`."""
    return ResponseSpec(200, description, content, (*_HEADERS, "Content-Encoding"), alternatives)


@frozen
class StoredRepresentation:
    """Bytes as a resource offers them. `media_types`: the first is that of the bytes; `NDJSON` is made of them."""

    digest: Digest
    media_types: tuple[str, ...]
    fetch: Callable[[], Awaitable[Result[StoredBody, Refusal]]] = field(repr=False)
    cache_control: str = REVALIDATED
    vary: str = "Accept, Accept-Encoding"


@frozen
class _Form:
    """A representation, and the body if it had to be read to choose it."""

    media_type: str
    coding: Coding
    body: StoredBody | None

    @property
    def suffix(self) -> str:
        lines = "-ndjson" if self.media_type == NDJSON else ""
        return lines if self.coding is Coding.IDENTITY else f"{lines}-{self.coding}"


async def respond_with(call: RequestContext[Any], kept: StoredRepresentation) -> HandlerResult:
    """Answer in the form that the client prefers."""
    return await then(await _form(call, kept), lambda form: _answer(call, kept, form))


async def _form(call: RequestContext[Any], kept: StoredRepresentation) -> Result[_Form, Refusal]:
    coding = acceptable_coding(call.request.headers, kept.digest.size_bytes >= _WORTHWHILE_BYTES)
    if coding is None:
        return Failure(NotAcceptable("Accept-Encoding", tuple(Coding)))
    offered = kept.media_types
    for media_type in acceptable_types(call.request.headers, offered):
        if media_type != NDJSON:
            return Success(_Form(media_type, coding, None))
        fetched = await _fetched(call, kept)
        if not is_successful(fetched):
            return Failure(fetched.failure())
        if await call.deps.bodies.is_array(text_pieces(call.deps.bodies, body := fetched.unwrap())):
            return Success(_Form(media_type, coding, body))
        offered = tuple(one for one in offered if one != NDJSON)
    return Failure(NotAcceptable("Accept", offered))


async def _answer(call: RequestContext[Any], kept: StoredRepresentation, form: _Form) -> HandlerResult:
    tag = f'"{kept.digest.sha256}{form.suffix}"'
    lasting = {"ETag": tag, "Vary": kept.vary, "Cache-Control": kept.cache_control}
    if if_none_match(call.request.headers, tag):
        return Success(not_modified(lasting))
    headers = lasting | {"X-Content-Type-Options": "nosniff"}
    if form.coding is not Coding.IDENTITY:
        headers["Content-Encoding"] = form.coding
    if call.request.method == "HEAD":
        return Success(_head(kept, form, headers))
    fetched = Success(form.body) if form.body is not None else await _fetched(call, kept)
    return await then(fetched, lambda body: _content(call, body, form, headers))


async def _fetched(call: RequestContext[Any], kept: StoredRepresentation) -> Result[StoredBody, Refusal]:
    """Fetch the body, once the memory budget has room for reading it."""
    size = kept.digest.size_bytes
    if not call.response_memory.resize(min(_FIRST_PART_BYTES, 2 * size) if size > SMALL_BYTES else 0):
        return Failure(TooMuchInFlight())
    fetched = await kept.fetch()
    if is_successful(fetched) and not call.response_memory.resize(held_bytes(fetched.unwrap())):
        return Failure(TooMuchInFlight())
    return fetched


def _head(kept: StoredRepresentation, form: _Form, headers: Mapping[str, str]) -> Response:
    """Answer with the headers alone. The length of a form that would have to be produced is not known."""
    response = Response(None, 200, headers, form.media_type)
    if form.suffix:
        del response.headers["Content-Length"]
    else:
        response.headers["Content-Length"] = str(kept.digest.size_bytes)
    return response


async def _content(
    call: RequestContext[Any], body: StoredBody, form: _Form, headers: Mapping[str, str]
) -> HandlerResult:
    if not call.response_memory.resize(held_bytes(body, form.media_type, form.coding)):
        return Failure(TooMuchInFlight())
    pieces = content_pieces(call.deps.bodies, body, form.media_type, form.coding)
    if is_short(body):
        return Success(Response(b"".join([piece async for piece in pieces]), 200, headers, form.media_type))
    response = StreamingResponse(pieces, 200, headers, form.media_type)
    if not form.suffix:
        response.headers["Content-Length"] = str(body.digest.size_bytes)
    return Success(response)
