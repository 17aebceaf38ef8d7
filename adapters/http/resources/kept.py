"""Answers that are bytes which the service keeps: in the form that the client wants, under a strong tag, in pieces.

A client that has them already gets no bytes, and for it, as for HEAD, none are read; lines are the exception, for
only the text says whether it is an array's. What is large is made and sent a piece at a time, on a thread.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response, StreamingResponse

from adapters.http.codings.coding import Coding
from adapters.http.codings.encoding import cut, encoded
from adapters.http.negotiation import acceptable_coding, acceptable_types
from adapters.http.operations import NDJSON, Answer, Answered, Call, Content
from adapters.http.preconditions import REVALIDATED, has_already, not_modified
from adapters.http.refusals import NotAcceptable, Refusal
from adapters.http.results import then
from application.ports import Bodies
from domain.body import Body, Digest, Encoding

_WORTHWHILE_BYTES: Final = 512
"""Less is not compressed; nor does the store compress it, so what it has compressed can be sent as it is."""
_AT_ONCE_BYTES: Final = 16 * 1024
"""Up to here the work is shorter than the way to a thread and back."""

CHOSEN_BY: Final = ("Accept-Encoding", "If-None-Match")
"""Headers of requests for what is kept, beside Accept, which an OpenAPI document does not name."""
_HEADERS: Final = ("ETag", "Cache-Control", "Vary")
KEPT_ALREADY: Final = Answer(304, "What the client has is what it would get.", None, _HEADERS)


def kept_as(description: str, content: Content, *alternatives: Content) -> Answer:
    """What `kept_answer` answers, described."""
    return Answer(200, description, content, (*_HEADERS, "Content-Encoding"), alternatives)


@frozen
class Kept:
    """Bytes as a resource offers them. `media_types`: the first is that of the bytes; `NDJSON` is made of them."""

    digest: Digest
    media_types: tuple[str, ...]
    fetch: Callable[[], Awaitable[Result[Body, Refusal]]] = field(repr=False)
    cache_control: str = REVALIDATED
    vary: str = "Accept, Accept-Encoding"


@frozen
class _Form:
    """A representation, and the body if it had to be read to choose it."""

    media_type: str
    coding: Coding
    body: Body | None

    @property
    def suffix(self) -> str:
        lines = "-ndjson" if self.media_type == NDJSON else ""
        return lines if self.coding is Coding.IDENTITY else f"{lines}-{self.coding}"


async def kept_answer(call: Call[Any], kept: Kept) -> Answered:
    """The answer that the client wants."""
    return await then(await _form(call, kept), lambda form: _answer(call, kept, form))


async def _form(call: Call[Any], kept: Kept) -> Result[_Form, Refusal]:
    coding = acceptable_coding(call.request.headers, kept.digest.size_bytes >= _WORTHWHILE_BYTES)
    if coding is None:
        return Failure(NotAcceptable("Accept-Encoding", tuple(Coding)))
    offered = kept.media_types
    for media_type in acceptable_types(call.request.headers, offered):
        if media_type != NDJSON:
            return Success(_Form(media_type, coding, None))
        fetched = await kept.fetch()
        if not is_successful(fetched):
            return Failure(fetched.failure())
        if await call.deps.bodies.is_array(body := fetched.unwrap()):
            return Success(_Form(media_type, coding, body))
        offered = tuple(one for one in offered if one != NDJSON)
    return Failure(NotAcceptable("Accept", offered))


async def _answer(call: Call[Any], kept: Kept, form: _Form) -> Answered:
    tag = f'"{kept.digest.sha256}{form.suffix}"'
    lasting = {"ETag": tag, "Vary": kept.vary, "Cache-Control": kept.cache_control}
    if has_already(call.request.headers, tag):
        return Success(not_modified(lasting))
    headers = lasting | {"X-Content-Type-Options": "nosniff"}
    if form.coding is not Coding.IDENTITY:
        headers["Content-Encoding"] = form.coding
    if call.request.method == "HEAD":
        return Success(_head(kept, form, headers))
    fetched = Success(form.body) if form.body is not None else await kept.fetch()
    return await then(fetched, lambda body: _content(call.deps.bodies, body, form, headers))


def _head(kept: Kept, form: _Form, headers: Mapping[str, str]) -> Response:
    """The headers alone. The length of what would have to be made is not known."""
    response = Response(None, 200, headers, form.media_type)
    if form.suffix:
        del response.headers["Content-Length"]
    else:
        response.headers["Content-Length"] = str(kept.digest.size_bytes)
    return response


async def _content(bodies: Bodies, body: Body, form: _Form, headers: Mapping[str, str]) -> Answered:
    pieces = _pieces(bodies, body, form)
    if body.digest.size_bytes < _AT_ONCE_BYTES:
        return Success(Response(b"".join(pieces), 200, headers, form.media_type))
    response = StreamingResponse(_off_the_loop(pieces), 200, headers, form.media_type)
    if not form.suffix:
        response.headers["Content-Length"] = str(body.digest.size_bytes)
    return Success(response)


def _pieces(bodies: Bodies, body: Body, form: _Form) -> Iterator[bytes]:
    if form.media_type == NDJSON:
        return encoded(bodies.lines(body), form.coding)
    if form.coding is Coding.ZSTD and body.encoding is Encoding.ZSTD:
        return cut(body.data)
    return encoded(bodies.pieces(body), form.coding)


async def _off_the_loop(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
