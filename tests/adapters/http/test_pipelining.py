"""Requests that follow one another on a connection, without a wait for the answers between them."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.http.server.framing import Framing
from adapters.http.server.pipelining import SequentialProtocol
from adapters.http.server.read_ahead import ReadAhead
from tests.adapters.http.served import Connection, Served, connections, served
from tests.support.waiting import eventually_sees

GET = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n"
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    return body


async def answer(send: Send, content: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(content))]})
    await send({"type": "http.response.body", "body": content})


async def echo(scope: Any, receive: Receive, send: Send) -> None:
    """Answer with the request: method, path, names of the headers, body."""
    names = b",".join(name for name, _ in scope["headers"])
    await answer(send, b"%s %s %s " % (scope["method"].encode(), scope["raw_path"], names) + await read(receive))


@frozen
class Sent:
    """A request in bytes, and the content of echo's answer to it."""

    data: bytes
    echoed: bytes


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    path = draw(st.sampled_from([b"/", b"/a", b"/" + b"b" * 100]))
    before = draw(st.sampled_from([b"", b"\r\n", b"\r\n\r\n"]))
    body = draw(
        st.binary(max_size=40) | st.sampled_from([b"\r\n\r\n", b"0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
    )
    kind = draw(st.sampled_from(["none", "length", "chunked", "upgrade"]))
    if kind == "none":
        return Sent(before + b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path, b"GET %s host " % path)
    if kind == "length":
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        return Sent(before + head + body, b"POST %s host,content-length " % path + body)
    names = b"host,transfer-encoding" + (b",connection,upgrade" if kind == "upgrade" else b"")
    more = b"Connection: Upgrade\r\nUpgrade: h2c\r\n" if kind == "upgrade" else b""
    head = b"POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n%s\r\n" % (path, more)
    return Sent(before + head + draw(chunked(body)), b"POST %s %s " % (path, names) + body)


@st.composite
def chunked(draw: st.DrawFn, body: bytes) -> bytes:
    sizes = draw(st.lists(st.integers(1, 20), max_size=5))
    chunks, rest = b"", body
    for size in [*sizes, len(body) + 1]:
        piece, rest = rest[:size], rest[size:]
        if piece:
            chunks += b"%x%s\r\n%s\r\n" % (len(piece), draw(st.sampled_from([b"", b";a=b", b';a="b"'])), piece)
    return chunks + b"0\r\n" + draw(st.sampled_from([b"", b"Trailer: x\r\n", b"Host: y\r\nExpect: z\r\n"])) + b"\r\n"


def cuts(data: bytes, at: list[float]) -> list[bytes]:
    places = sorted({round(one * len(data)) for one in at} | {0, len(data)})
    return [data[begin:end] for begin, end in pairwise(places)]


@settings(max_examples=60, deadline=None)
@given(st.lists(requests(), min_size=1, max_size=6), st.lists(st.floats(0, 1), max_size=12))
def test_however_a_stream_of_requests_is_cut_each_gets_its_answer_in_order(sent: list[Sent], at: list[float]) -> None:
    async def ask() -> list[bytes]:
        async with served(echo) as server:
            client = await server.connect()
            for piece in cuts(b"".join(one.data for one in sent), at):
                await client.send(piece)
                await asyncio.sleep(0)
            return [(await client.answer())[2] for _ in sent]

    assert asyncio.run(ask()) == [one.echoed for one in sent]


@given(st.lists(requests(), min_size=1, max_size=5), st.lists(st.floats(0, 1), max_size=12))
def test_no_piece_reaches_into_the_next_request(sent: list[Sent], at: list[float]) -> None:
    framing, data = Framing(), b"".join(one.data for one in sent)
    ends, passed = [], 0
    for read_at_once in cuts(data, at):
        begin = 0
        while begin < len(read_at_once):
            end = framing.piece_end(read_at_once, begin)
            assert begin < end <= len(read_at_once)
            begin, passed = end, passed + end - begin
            if (
                framing.in_head
                and bytes(framing.request_line).endswith(b"\r\n")
                and data[:passed].endswith(b"\r\n\r\n")
            ):
                framing.expect_body(body_of(bytes(framing.request_line), data[:passed]))
            if framing.in_head and not framing.request_line:
                ends.append(passed)
    boundaries = [sum(len(one.data) for one in sent[: count + 1]) for count in range(len(sent))]
    assert set(boundaries) <= set(ends)


def body_of(line: bytes, until_now: bytes) -> int | None:
    head = until_now[until_now.rindex(line) :]
    if b"chunked" in head:
        return None
    return int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]) if b"Content-Length" in head else 0


class Gate:
    """An application whose answers wait until they are let go. It counts the requests that it has been given."""

    def __init__(self) -> None:
        self.begun, self.opened = 0, asyncio.Semaphore(0)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        self.begun += 1
        await self.opened.acquire()
        await answer(send, scope["raw_path"])

    async def has_begun_two(self) -> bool:
        return self.begun == 2


def only_connection(server: Served) -> SequentialProtocol:
    (protocol,) = server.server.server_state.connections
    assert isinstance(protocol, SequentialProtocol)
    return protocol


async def settled(server: Served) -> None:
    """Wait until the server reads nothing more."""

    async def paused() -> bool:
        return only_connection(server).flow.read_paused

    await eventually_sees(paused)


def test_only_the_request_that_is_being_answered_has_been_parsed() -> None:
    async def flood() -> None:
        gate = Gate()
        async with served(gate) as server:
            client = await server.connect()
            client.writer.write(b"".join(GET % number for number in range(200_000)))
            await settled(server)
            protocol = only_connection(server)
            for number in range(1000):
                gate.opened.release()
                assert (await client.answer())[2] == b"/%d" % number
                assert gate.begun <= number + 2
                assert len(protocol.pipeline) == 0
                assert len(protocol._backlog) <= 512 * 1024

    asyncio.run(flood())


def test_thousands_of_requests_in_one_read_are_answered_in_order_and_others_between_them() -> None:
    count = 3_000

    async def flood() -> int:
        async with served(echo) as server:
            greedy, other = await server.connect(), await server.connect()
            greedy.writer.write(b"".join(GET % number for number in range(count)))
            answered = asyncio.create_task(all_of(greedy))
            between = 0
            while not answered.done():
                await other.send(GET % 0)
                await other.answer()
                between += 1
            await answered
            return between

    async def all_of(client: Connection) -> None:
        for number in range(count):
            assert (await client.answer())[2] == b"GET /%d host " % number

    assert asyncio.run(flood()) > count / 20


@pytest.mark.parametrize("last", [b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"])
def test_input_after_the_last_request_is_dropped_without_a_reset(last: bytes) -> None:
    async def ask() -> list[bytes]:
        gate = Gate()
        async with served(gate) as server:
            client = await server.connect()
            await client.send(GET % 1 + last + (GET % 2) * 1000)
            gate.opened.release()
            first = (await client.answer())[2]
            await client.send((GET % 3) * 1000)
            for _ in range(10):
                gate.opened.release()
            second = (await client.answer())[2]
            await client.send((GET % 4) * 1000)
            assert await asyncio.wait_for(client.reader.read(), 10) == b""
            assert gate.begun == 2
            return [first, second]

    assert asyncio.run(ask()) == [b"/1", b"/"]


def test_a_request_that_is_malformed_is_refused_after_the_answers_before_it() -> None:
    async def ask() -> list[int]:
        async with served(echo) as server:
            client = await server.connect()
            await client.send(GET % 1 + GET % 2 + b"nonsense\r\n\r\n" + GET % 3)
            statuses = [(await client.answer())[0] for _ in range(3)]
            assert await client.ended() == b""
            return statuses

    assert asyncio.run(ask()) == [200, 200, 400]


def test_an_answer_that_comes_before_the_end_of_its_body_is_followed_by_the_next() -> None:
    async def early(scope: Any, receive: Receive, send: Send) -> None:
        await answer(send, scope["raw_path"])

    async def ask() -> list[bytes]:
        async with served(early) as server:
            client = await server.connect()
            await client.send(b"POST /0 HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
            first = (await client.answer())[2]
            await client.send(b"def" + GET % 1)
            return [first, (await client.answer())[2]]

    assert asyncio.run(ask()) == [b"/0", b"/1"]


def test_waiting_input_beyond_the_limit_of_all_connections_is_dropped() -> None:
    async def flood() -> None:
        gate = Gate()
        async with served(gate, read_ahead_bytes=100_000) as server:
            first, second = await server.connect(), await server.connect()
            await first.send((GET % 1) * 2000)
            await holding(server)
            await second.send((GET % 2) * 2000)
            await eventually_sees(gate.has_begun_two)
            for _ in range(3000):
                gate.opened.release()
            status, headers, _ = await second.answer()
            assert (status, headers["connection"]) == (200, "close")
            assert await second.ended() == b""
            for _ in range(2000):
                assert (await first.answer())[2] == b"/1"
            first.writer.close()
            await connections(server, 0)

    asyncio.run(flood())


async def holding(server: Served) -> None:
    """Wait until requests wait."""

    async def holds() -> bool:
        return any(held_bytes(one) for one in server.server.server_state.connections)

    await eventually_sees(holds)


def held_bytes(protocol: object) -> int:
    assert isinstance(protocol, SequentialProtocol)
    return protocol.read_ahead.held_bytes


def test_waiting_input_is_released_with_its_connection() -> None:
    async def leave() -> int:
        gate = Gate()
        async with served(gate) as server:
            client = await server.connect()
            await client.send((GET % 1) * 1000)
            await holding(server)
            protocol = only_connection(server)
            protocol.transport.abort()
            await connections(server, 0)
            gate.opened.release()
            return held_bytes(protocol)

    assert asyncio.run(leave()) == 0


def test_reading_on_while_requests_wait_is_not_up_to_the_application() -> None:
    async def curious(scope: Any, receive: Receive, send: Send) -> None:
        await receive()
        watched.append(asyncio.ensure_future(receive()))  # as an answer that is streamed watches for its client
        await opened.wait()
        await answer(send, b"")

    watched: list[Any] = []
    opened = asyncio.Event()

    async def flood() -> None:
        async with served(curious) as server:
            client = await server.connect()
            client.writer.write((GET % 1) * 400_000)
            await holding(server)
            protocol = only_connection(server)

            async def is_paused() -> bool:
                return protocol.flow.read_paused

            await eventually_sees(is_paused)
            assert len(protocol._backlog) <= 512 * 1024
            client.writer.transport.abort()
            protocol.transport.abort()
            opened.set()
            await connections(server, 0)

    asyncio.run(flood())


def test_the_waiting_input_is_bounded() -> None:
    ahead = ReadAhead(10)
    assert [ahead.hold(6), ahead.hold(5), ahead.hold(4), ahead.hold(1)] == [True, False, True, False]
    assert ahead.held_bytes == 10
