"""The rest of a body after an early answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from attrs import define, field
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.server.lingering_close import LingeringClose

CHUNK = b"x" * 1000


@define
class Exchange:
    """One request as the server sees it: its reads and its messages, in order."""

    chunks: int | None
    events: list[str] = field(factory=list)
    sent: list[Any] = field(factory=list)

    async def receive(self) -> Any:
        self.events.append("read")
        if self.chunks is None:
            await asyncio.Event().wait()
        assert self.chunks is not None
        self.chunks -= 1
        return {"type": "http.request", "body": CHUNK, "more_body": self.chunks > 0}

    async def send(self, message: Any) -> None:
        self.events.append(message["type"].removeprefix("http.response."))
        self.sent.append(message)


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    await Response("no", 415)(scope, receive, send)


async def read_one_and_refuse(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await Response("no", 413)(scope, receive, send)


async def read_all(scope: Any, receive: Any, send: Any) -> None:
    await Request(scope, receive).body()
    await Response("yes")(scope, receive, send)


def serve(
    app: Callable[[Any, Any, Any], Awaitable[None]],
    chunks: int | None,
    bounds: tuple[int, float] = (10**6, 5),
    **headers: str,
) -> Exchange:
    exchange = Exchange(chunks)
    lines = [(name.encode(), value.encode()) for name, value in ({"transfer-encoding": "chunked"} | headers).items()]
    scope = {"type": "http", "method": "POST", "headers": lines}
    asyncio.run(passed_on(LingeringClose(app, *bounds), scope, exchange))
    return exchange


async def passed_on(middleware: LingeringClose, scope: dict[str, Any], exchange: Exchange) -> None:
    await middleware(scope, exchange.receive, exchange.send)


def closes(exchange: Exchange) -> bool:
    return (b"connection", b"close") in exchange.sent[0]["headers"]


@pytest.mark.parametrize("app", [refuse, read_one_and_refuse])
def test_the_answer_goes_out_before_the_rest_is_read_and_ends_after_it(app: Any) -> None:
    exchange = serve(app, 4)
    assert [event for event in exchange.events if event != "read"] == ["start", "body", "body"]
    assert exchange.events.count("read") == 4
    assert exchange.events[-1] == "body"
    assert exchange.events.index("body") < len(exchange.events) - 1 - exchange.events[::-1].index("read")
    assert (exchange.sent[1]["body"], exchange.sent[1]["more_body"]) == (b"no", True)
    assert (exchange.sent[2]["body"], exchange.sent[2]["more_body"]) == (b"", False)
    assert closes(exchange)


def test_no_more_is_discarded_than_the_bound() -> None:
    exchange = serve(refuse, 10**9, bounds=(10_000, 5))
    assert exchange.events.count("read") == 11
    assert exchange.sent[-1]["more_body"] is False


def test_a_silent_body_is_waited_for_no_longer_than_the_bound() -> None:
    assert serve(refuse, None, bounds=(10_000, 0.01)).sent[-1]["more_body"] is False


def test_a_body_that_was_read_leaves_the_connection_open() -> None:
    exchange = serve(read_all, 4)
    assert (exchange.events, closes(exchange)) == (["read"] * 4 + ["start", "body"], False)


def test_a_refused_client_gets_no_100_continue() -> None:
    exchange = serve(refuse, 4, expect="100-continue")
    assert (exchange.events, closes(exchange)) == (["start", "body"], True)


def test_a_client_that_got_100_continue_is_read_to_its_end() -> None:
    assert serve(read_one_and_refuse, 4, expect="100-continue").events.count("read") == 4


def test_a_request_without_a_body_is_passed_on() -> None:
    exchange = Exchange(None)
    scope = {"type": "http", "method": "GET", "headers": [(b"content-length", b"0")]}
    asyncio.run(passed_on(LingeringClose(refuse), scope, exchange))
    assert (exchange.events, closes(exchange)) == (["start", "body"], False)
