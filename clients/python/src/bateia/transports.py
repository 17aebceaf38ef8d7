"""The two transports: they perform the effects of flows, one with blocking calls and one with asyncio.

Redirects are not followed: the service sends none, and another server would get the API key.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any, TypeVar

import httpx

from bateia.errors import Unreachable
from bateia.exchange import Effect, Flow, Now, Pause, Request, Response, Retries, RetryPolicy, Send, Work
from bateia.texts import say

T = TypeVar("T")
_MOST_BYTES = 256 * 1024 * 1024
"""The most bytes of a response that is read into memory."""


def perform(http: httpx.Client, retries: RetryPolicy, flow: Flow[T]) -> T:
    """Run a flow to its end with blocking calls."""
    with closing(flow):
        outcome, failure = None, None
        while True:
            try:
                effect = flow.throw(failure) if failure else flow.send(outcome)
            except StopIteration as ended:
                return ended.value  # type: ignore[no-any-return]
            try:
                outcome, failure = _performed(http, retries, effect), None
            except Exception as error:  # the flow decides
                failure = error


async def perform_async(http: httpx.AsyncClient, retries: RetryPolicy, flow: Flow[T]) -> T:
    """Run a flow to its end, and let other tasks run meanwhile."""
    with closing(flow):
        outcome, failure = None, None
        while True:
            try:
                effect = flow.throw(failure) if failure else flow.send(outcome)
            except StopIteration as ended:
                return ended.value  # type: ignore[no-any-return]
            try:
                outcome, failure = await _performed_async(http, retries, effect), None
            except Exception as error:  # the flow decides
                failure = error


def _performed(http: httpx.Client, retries: RetryPolicy, effect: Effect) -> Any:
    match effect:
        case Send(request=request):
            return _sent(http, request)
        case Pause(seconds=seconds):
            time.sleep(seconds)
        case Now():
            return time.monotonic()
        case Work(function=function):
            return function()
        case Retries():
            return retries
    return None


async def _performed_async(http: httpx.AsyncClient, retries: RetryPolicy, effect: Effect) -> Any:
    match effect:
        case Send(request=request):
            return await _sent_async(http, request)
        case Pause(seconds=seconds):
            await asyncio.sleep(seconds)
        case Now():
            return time.monotonic()
        case Work(function=function):
            return await asyncio.to_thread(function)
        case Retries():
            return retries
    return None


def _sent(http: httpx.Client, request: Request) -> Response:
    content = None if request.body is None else _reported(request)
    try:
        with http.stream(**_words(request), content=content) as answer:
            if request.sink is None or answer.status_code >= 300:
                pieces = _Bounded()
                for piece in answer.iter_bytes():
                    pieces.add(piece)
                return _response(answer, bytes(pieces.data))
            request.sink.begin()
            for piece in answer.iter_bytes():
                request.sink.write(piece)
            return _response(answer, b"")
    except httpx.TransportError as error:
        raise _unreachable(http.base_url, error) from None


async def _sent_async(http: httpx.AsyncClient, request: Request) -> Response:
    content = None if request.body is None else _asynchronous(_reported(request))
    try:
        async with http.stream(**_words(request), content=content) as answer:
            if request.sink is None or answer.status_code >= 300:
                pieces = _Bounded()
                async for piece in answer.aiter_bytes():
                    pieces.add(piece)
                return _response(answer, bytes(pieces.data))
            request.sink.begin()
            async for piece in answer.aiter_bytes():
                await asyncio.to_thread(request.sink.write, piece)
            return _response(answer, b"")
    except httpx.TransportError as error:
        raise _unreachable(http.base_url, error) from None


class _Bounded:
    """The body of a response, of which no server can make more than fits."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, piece: bytes) -> None:
        if len(self.data) + len(piece) > _MOST_BYTES:
            raise Unreachable(
                say("the response is longer than {most_bytes} bytes: save it into a file", most_bytes=_MOST_BYTES)
            )
        self.data += piece


def _words(request: Request) -> dict[str, Any]:
    headers = dict(request.headers)
    if request.body is not None and request.body.length is not None:
        headers["Content-Length"] = str(request.body.length)  # without it the body would be sent in chunks
    return {
        "method": request.method,
        "url": request.path.lstrip("/"),  # joined to the base, whose path may not be empty
        "params": request.query or None,
        "headers": headers,
        "timeout": httpx.Timeout(request.seconds, connect=10),
    }


def _reported(request: Request) -> Iterator[bytes]:
    """Yield the pieces of a body, and report how many bytes have been taken."""
    assert request.body is not None
    done, report = 0, request.progress or (lambda _done, _total: None)
    for piece in request.body.chunks():
        yield piece
        done += len(piece)
        report(done, request.body.length)


async def _asynchronous(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _response(answer: httpx.Response, body: bytes) -> Response:
    return Response(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body)


def _unreachable(url: httpx.URL, error: httpx.TransportError) -> Unreachable:
    what = say("no response in time" if isinstance(error, httpx.TimeoutException) else "no response")
    reason = str(error) or type(error).__name__
    return Unreachable(
        say("{what} from {url} ({reason}): is the service running there?", what=what, url=url, reason=reason)
    )
