"""Heads of answers leave together with what follows them, and never later than they have to."""

import asyncio
import gc
import logging
import socket
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from adapters.http.server.connections import protocol_within
from tests.adapters.http.served import BOUNDS, served

END = {"type": "http.response.body", "body": b"", "more_body": False}


class Recorder:
    """A transport that records the writes, and whether it was closed."""

    def __init__(self) -> None:
        self._ends = socket.socketpair()
        self.writes: list[bytes] = []
        self.closed = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return {"socket": self._ends[0], "peername": ("127.0.0.1", 1)}.get(name, default)

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def set_write_buffer_limits(self, high: int, low: int) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def dispose(self) -> None:
        for end in self._ends:
            end.close()


async def exchanged(request: bytes, *messages: dict[str, Any], reads: bool = False, fails: bool = False) -> Recorder:
    """Record how an application's messages are written."""
    done = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if reads:
                await receive()
            for message in messages:
                await send(message)
            if fails:
                raise ValueError("a bug")
        finally:
            done.set()

    config = uvicorn.Config(app, http=protocol_within(BOUNDS), ws="none", lifespan="off", log_config=None)
    config.load()
    protocol: Any = config.http_protocol_class(config=config, server_state=ServerState(), app_state={})  # type: ignore[call-arg]
    recorder = Recorder()
    protocol.connection_made(recorder)
    protocol.data_received(request)
    async with asyncio.timeout(10):
        await done.wait()
        await asyncio.gather(*protocol.tasks)
    protocol.connection_lost(None)
    recorder.dispose()
    return recorder


def start(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": 200, "headers": list(headers)}


def body(data: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def asked(method: bytes = b"GET", *fields: bytes) -> bytes:
    return b"\r\n".join([method + b" / HTTP/1.1", b"host: x", *fields, b"", b""])


async def test_a_short_answer_is_one_write() -> None:
    (write,) = (await exchanged(asked(), start((b"content-length", b"2")), body(b"ab"))).writes
    assert write.startswith(b"HTTP/1.1 200 ")
    assert write.endswith(b"\r\n\r\nab")


async def test_a_head_leaves_with_the_first_of_several_pieces() -> None:
    pieces = (body(b"ab", more=True), body(b"cd"))
    first, second = (await exchanged(asked(), start((b"content-length", b"4")), *pieces)).writes
    assert (first.endswith(b"\r\n\r\nab"), second) == (True, b"cd")


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
async def test_an_answer_without_content_leaves_too(method: bytes) -> None:
    writes = (await exchanged(asked(method), start((b"content-length", b"0")), END)).writes
    assert b"".join(writes).endswith(b"content-length: 0\r\n\r\n")


async def test_the_last_answer_of_a_connection_leaves_before_it_is_closed() -> None:
    recorder = await exchanged(asked(b"HEAD", b"connection: close"), start((b"content-length", b"5")), END)
    assert (b"".join(recorder.writes)[-4:], recorder.closed) == (b"\r\n\r\n", True)


async def test_a_client_that_waits_for_100_continue_gets_it_before_the_answer() -> None:
    request = asked(b"POST", b"content-length: 2", b"expect: 100-continue")
    recorder = await exchanged(request + b"ab", start((b"content-length", b"2")), body(b"ok"), reads=True)
    assert recorder.writes[0] == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert recorder.writes[1].endswith(b"\r\n\r\nok")


async def test_the_head_of_an_answer_that_breaks_off_leaves_before_the_connection_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.CRITICAL, "uvicorn.error"):
        recorder = await exchanged(asked(), start((b"content-length", b"2")), fails=True)
    assert (b"".join(recorder.writes)[-4:], recorder.closed) == (b"\r\n\r\n", True)


async def test_answered_requests_are_freed_without_a_search_for_cycles() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start((b"content-length", b"2")))
        await send(body(b"ab"))

    async with served(app) as running:
        client = await running.connect()
        gc.collect()
        gc.disable()
        try:
            for _ in range(3):
                await client.send(asked())
                await client.answer()
            held = [one for one in gc.get_objects() if isinstance(one, RequestResponseCycle)]
        finally:
            gc.enable()
    assert len(held) <= 1, "a connection refers to its last request"
