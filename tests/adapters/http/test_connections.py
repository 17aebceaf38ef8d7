"""The rules for a connection before, between and beside its requests, over the real server."""

import asyncio
import json
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response

from tests.adapters.http.api import Api
from tests.adapters.http.served import Connection, connections, served

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
UNKNOWN = LIVE.replace(b"/health/live", b"/nothing")
SUBMIT = (
    b"POST /v1/scripts/corporate-cards/executions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


async def problem(connection: Connection) -> tuple[int, str]:
    """Read a problem, and check the headers that every problem has."""
    status, headers, content = await connection.answer()
    assert (headers["content-type"], headers["connection"]) == ("application/problem+json", "close")
    assert headers["x-request-id"]
    shown = json.loads(content)
    assert shown["status"] == status
    return status, shown["type"].removeprefix("/problems/")


def test_a_slow_head_is_refused_and_the_connection_closed(api: Api) -> None:
    async def dawdle() -> tuple[tuple[int, str], bytes]:
        async with served(api.app, head_seconds=0.1) as server:
            client = await server.connect()

            async def trickle() -> None:
                while True:
                    await client.send(b"x")
                    await asyncio.sleep(0.01)

            await client.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            trickling = asyncio.create_task(trickle())
            try:
                return await problem(client), await client.ended()
            finally:
                trickling.cancel()

    assert api.run(dawdle()) == ((408, "request-timeout"), b"")


@pytest.mark.parametrize("first", [b"", b"\r\n\r\n"])
def test_an_idle_connection_is_closed_without_an_answer(api: Api, first: bytes) -> None:
    async def mute() -> bytes:
        async with served(api.app, head_seconds=0.05) as server:
            client = await server.connect()
            await client.send(first)
            return await client.ended()

    assert api.run(mute()) == b""


def test_the_time_of_a_head_begins_anew_with_each_request(api: Api) -> None:
    async def twice() -> tuple[int, int, tuple[int, str]]:
        async with served(api.app, head_seconds=0.2) as server:
            client = await server.connect()
            await client.send(LIVE)
            first, _, _ = await client.answer()
            with pytest.raises(TimeoutError):  # for longer than a head may take, while none is being sent
                await asyncio.wait_for(client.reader.read(1), 0.3)
            await client.send(LIVE)
            second, _, _ = await client.answer()
            await client.send(LIVE[:20])
            return first, second, await problem(client)

    assert api.run(twice()) == (200, 200, (408, "request-timeout"))


def head_of(size: int) -> bytes:
    """Build a request whose path, names and values, each with its separators, are that many bytes."""
    fixed = len("/health/live") + len("Host: x\r\n") + len("X: \r\n")
    return LIVE[:-2] + b"X: " + b"a" * (size - fixed) + b"\r\n\r\n"


@pytest.mark.parametrize("pieces", [1, 7])
def test_a_head_may_be_as_long_as_the_bound_and_no_longer(api: Api, pieces: int) -> None:
    async def ask(head: bytes) -> tuple[int, str]:
        async with served(api.app, head_bytes=4096) as server:
            client = await server.connect()
            step = len(head) // pieces + 1
            for start in range(0, len(head), step):
                await client.send(head[start : start + step])
                await asyncio.sleep(0)
            status, headers, _ = await client.answer()
            return status, headers["content-type"]

    assert api.run(ask(head_of(4096))) == (200, "application/json")
    assert api.run(ask(head_of(4097))) == (431, "application/problem+json")
    assert api.run(ask(LIVE.replace(b"/live", b"/live?" + b"a" * 4096))) == (431, "application/problem+json")


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: ",
        b"GET /health/live?",
        SUBMIT + b"2\r\n[1\r\n0\r\nTrailer: ",
        SUBMIT + b"2;extension=",
    ],
)
def test_the_parser_s_buffers_are_bounded(api: Api, endless: bytes) -> None:
    api.host()

    async def flood() -> int:
        async with served(api.app, head_bytes=4096) as server:
            client = await server.connect()
            sent = 0
            await client.send(endless)
            try:
                while sent < 100_000_000:
                    await client.send(b"a" * 65_536)
                    sent += 65_536
            except ConnectionError:
                pass
            await connections(server, 0)
            return sent

    assert api.run(flood()) < 50_000_000  # the capacity of the two kernels' buffers, and more


def test_trailers_and_extensions_of_chunks_are_fine(api: Api) -> None:
    api.host()

    async def submit() -> int:
        async with served(api.app) as server:
            client = await server.connect()
            await client.send(SUBMIT + b"2;a=b\r\n[1\r\n1\r\n]\r\n0\r\nTrailer: x\r\n\r\n")
            return (await client.answer())[0]

    assert api.run(submit()) == 202


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", SUBMIT + b"zz\r\n"])
def test_malformed_http_is_answered_with_a_problem(api: Api, sent: bytes) -> None:
    async def ask() -> tuple[tuple[int, str], bytes]:
        async with served(api.app) as server:
            client = await server.connect()
            await client.send(sent)
            return await problem(client), await client.ended()

    assert api.run(ask()) == ((400, "malformed-request"), b"")


def test_connections_beyond_the_limit_are_refused_and_the_others_served(api: Api) -> None:
    async def crowd() -> None:
        async with served(api.app, connections=2) as server:
            inside = [await server.connect() for _ in range(2)]
            await connections(server, 2)
            outside = await server.connect()
            await outside.send(UNKNOWN)
            status, headers, content = await outside.answer()
            assert (status, headers["retry-after"], headers["connection"]) == (503, "5", "close")
            assert json.loads(content)["type"] == "http://x/problems/too-many-connections"
            assert await outside.ended() == b""
            probe = await server.connect()
            await probe.send(LIVE)
            assert (await probe.answer())[0] == 200
            for client in inside:
                await client.send(UNKNOWN)
                assert (await client.answer())[0] == 404
            inside[0].writer.close()
            probe.writer.close()
            await connections(server, 1)
            late = await server.connect()
            await late.send(UNKNOWN)
            assert (await late.answer())[0] == 404

    api.run(crowd())


def test_connections_far_beyond_the_bound_are_dropped(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.http.server.connections._SPARE", 1)

    async def crowd() -> bytes:
        async with served(api.app, connections=1) as server:
            kept = [await server.connect() for _ in range(2)]
            await connections(server, 2)
            dropped = await server.connect()
            assert await dropped.ended() == b""
            await kept[0].send(LIVE)
            return (await kept[0].answer())[2]

    assert api.run(crowd()) == b'{"live":true}'


def test_a_client_that_does_not_read_is_disconnected() -> None:
    async def large(scope: Any, receive: Any, send: Any) -> None:
        await Response(bytes(50_000_000))(scope, receive, send)

    async def ignore() -> None:
        async with served(large, unread_seconds=0.05) as server:
            client = await server.connect()
            client.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await client.send(LIVE)
            await connections(server, 1)
            await connections(server, 0)

    asyncio.run(ignore())


def test_a_client_that_reads_a_large_answer_gets_it_all() -> None:
    async def large(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("x" * 20_000_000)(scope, receive, send)

    async def read() -> int:
        async with served(large) as server:
            client = await server.connect()
            await client.send(LIVE)
            return len((await client.answer())[2])

    assert asyncio.run(read()) == 20_000_000
