"""Requests that RFC 9112 and RFC 9110 forbid, sent to the real server byte for byte."""

import asyncio
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.problems.types import ProblemType
from adapters.http.server.request_heads import read_head
from tests.adapters.http.served import served
from tests.adapters.http.test_pipelining import echo

OPEN = b"GET / HTTP/1.1\r\n"
HEAD = OPEN + b"Host: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

REFUSED = {
    "no host": (400, OPEN + b"\r\n"),
    "two hosts": (400, HEAD + b"Host: x\r\n\r\n"),
    "two hosts in 1.0": (400, b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"),
    "empty host": (400, OPEN + b"Host:\r\n\r\n"),
    "host with user": (400, OPEN + b"Host: a@x\r\n\r\n"),
    "host with space": (400, OPEN + b"Host: x y\r\n\r\n"),
    "host with path": (400, OPEN + b"Host: x/\r\n\r\n"),
    "host that is a list": (400, OPEN + b"Host: x, y\r\n\r\n"),
    "host with a scheme": (400, OPEN + b"Host: http://x\r\n\r\n"),
    "host beyond ASCII": (400, OPEN + b"Host: \xc3\xa9\r\n\r\n"),
    "host with a bare IPv6 address": (400, OPEN + b"Host: ::1\r\n\r\n"),
    "host with a false IPv6 address": (400, OPEN + b"Host: [::1::]\r\n\r\n"),
    "host with a zone": (400, OPEN + b"Host: [fe80::1%25eth0]\r\n\r\n"),
    "host with a port that is none": (400, OPEN + b"Host: x:80a\r\n\r\n"),
    "host with a port too high": (400, OPEN + b"Host: x:65536\r\n\r\n"),
    "host of a dot": (400, OPEN + b"Host: .\r\n\r\n"),
    "host with a percent sign": (400, OPEN + b"Host: x%zz\r\n\r\n"),
    "gzip and chunked": (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "gzip and chunked in two lines": (
        501,
        POST + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    "gzip alone": (400, POST + b"Transfer-Encoding: gzip\r\n\r\n"),
    "identity": (400, POST + b"Transfer-Encoding: identity\r\n\r\n"),
    "chunked and gzip": (400, POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    "chunked twice": (400, POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "chunked in two lines": (400, POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "chunked with a parameter": (400, POST + b"Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n"),
    "chunked with something behind it": (400, POST + b"Transfer-Encoding: chunked x\r\n\r\n0\r\n\r\n"),
    "not quite chunked": (400, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "chunked and an empty item": (400, POST + b"Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n"),
    "an empty coding": (400, POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
    "chunked in 1.0": (400, b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "a coding and a length": (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
    "a length and a coding": (400, POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "two lengths": (400, POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
    "two lengths that differ": (400, POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "a list of lengths": (400, POST + b"Content-Length: 1, 1\r\n\r\na"),
    "a length with a sign": (400, POST + b"Content-Length: +1\r\n\r\na"),
    "a negative length": (400, POST + b"Content-Length: -1\r\n\r\na"),
    "a length in hexadecimal": (400, POST + b"Content-Length: 0x1\r\n\r\na"),
    "a length of two numbers": (400, POST + b"Content-Length: 1 1\r\n\r\na"),
    "no length": (400, POST + b"Content-Length:\r\n\r\n"),
    "a length beyond 64 bits": (400, POST + b"Content-Length: 99999999999999999999\r\n\r\na"),
    "a chunk without a size": (400, CHUNKED + b"\r\n\r\n"),
    "a chunk size that is none": (400, CHUNKED + b"zz\r\n\r\n"),
    "a chunk size with a prefix": (400, CHUNKED + b"0x1\r\na\r\n0\r\n\r\n"),
    "a negative chunk size": (400, CHUNKED + b"-1\r\na\r\n0\r\n\r\n"),
    "a chunk size with a space": (400, CHUNKED + b"1 \r\na\r\n0\r\n\r\n"),
    "a chunk size beyond 64 bits": (400, CHUNKED + b"10000000000000001\r\na\r\n0\r\n\r\n"),
    "a chunk longer than its size": (400, CHUNKED + b"1\r\nab\r\n0\r\n\r\n"),
    "a chunk line with a bare LF": (400, CHUNKED + b"1\na\r\n0\r\n\r\n"),
    "a chunk with a bare LF behind it": (400, CHUNKED + b"1\r\na\n0\r\n\r\n"),
    "a trailer that is folded": (400, CHUNKED + b"0\r\nA: b\r\n c\r\n\r\n"),
    "a line that is folded": (400, HEAD + b"A: b\r\n c\r\n\r\n"),
    "white space before the first field": (400, OPEN + b" Host: x\r\n\r\n"),
    "white space before the colon": (400, HEAD + b"A : b\r\n\r\n"),
    "a tab before the colon": (400, HEAD + b"A\t: b\r\n\r\n"),
    "a field without a name": (400, HEAD + b": b\r\n\r\n"),
    "a field without a colon": (400, HEAD + b"A\r\n\r\n"),
    "a field name that is none": (400, HEAD + b"A(: b\r\n\r\n"),
    "a NUL in a value": (400, HEAD + b"A: \0\r\n\r\n"),
    "a control character in a value": (400, HEAD + b"A: \x01\r\n\r\n"),
    "a bare CR in a value": (400, HEAD + b"A: b\rc\r\n\r\n"),
    "a bare LF behind a field": (400, OPEN + b"Host: x\n\r\n"),
    "a bare LF behind the head": (400, HEAD + b"\n"),
    "a bare LF behind the request line": (400, b"GET / HTTP/1.1\nHost: x\r\n\r\n"),
    "a bare LF before the request line": (400, b"\n" + HEAD + b"\r\n"),
    "a bare CR before the request line": (400, b"\r" + HEAD + b"\r\n"),
    "a space before the request line": (400, b" " + HEAD + b"\r\n"),
    "a method in lower case": (400, b"get / HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a method that is none": (400, b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
    "CONNECT": (400, b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"),
    "CONNECT with a path": (400, b"CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n"),
    "two spaces before the target": (400, b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a tab before the target": (400, b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    "two spaces behind the target": (400, b"GET /  HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a target beyond ASCII": (400, b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a target that is no path": (400, b"GET a HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a target with a fragment": (400, b"GET /#a HTTP/1.1\r\nHost: x\r\n\r\n"),
    "an asterisk": (400, b"GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
    "another scheme": (400, b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a target with a user": (400, b"GET http://a@x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a target without an authority": (400, b"GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n"),
    "an absolute target without Host": (400, b"GET http://x/ HTTP/1.1\r\n\r\n"),
    "no version": (400, b"GET /\r\nHost: x\r\n\r\n"),
    "a version with two digits": (400, b"GET / HTTP/1.10\r\nHost: x\r\n\r\n"),
    "a version in lower case": (400, b"GET / http/1.1\r\nHost: x\r\n\r\n"),
    "another protocol": (400, b"GET / RTSP/1.0\r\n\r\n"),
    "yet another protocol": (400, b"SOURCE / ICE/1.0\r\n\r\n"),
    "a space behind the version": (400, b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
    "the preface of HTTP/2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "HTTP/0.9": (505, b"GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
    "HTTP/1.2": (505, b"GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
    "HTTP/2.0": (505, b"GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
    "HTTP/3.0": (505, b"GET / HTTP/3.0\r\n\r\n"),
    "another expectation": (417, POST + b"Expect: wonders\r\nContent-Length: 1\r\n\r\n"),
    "one expectation too many": (417, POST + b"Expect: 100-continue\r\nExpect: b\r\nContent-Length: 1\r\n\r\n"),
    "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
}

SLUGS = {
    400: "malformed-request",
    417: "expectation-failed",
    501: "transfer-coding-not-supported",
    505: "http-version-not-supported",
}

SERVED = {
    "a host with a port": OPEN + b"Host: x:80\r\n\r\n",
    "a host with an empty port": OPEN + b"Host: x:\r\n\r\n",
    "a host with a dot": OPEN + b"Host: EXAMPLE.org.\r\n\r\n",
    "an IPv6 address": OPEN + b"Host: [::1]:8000\r\n\r\n",
    "an encoded host": OPEN + b"Host: x%20y\r\n\r\n",
    "white space around a host": OPEN + b"Host: \t x \t\r\n\r\n",
    "no host in 1.0": b"GET / HTTP/1.0\r\n\r\n",
    "chunked in capitals": POST + b"Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
    "chunked with white space": POST + b"Transfer-Encoding: \tchunked \r\n\r\n0\r\n\r\n",
    "a length with zeros": POST + b"Content-Length: 0001\r\n\r\na",
    "an absolute target": b"GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS of everything": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "an empty line before": b"\r\n" + HEAD + b"\r\n",
    "an expectation in 1.0": b"POST / HTTP/1.0\r\nExpect: wonders\r\nContent-Length: 1\r\n\r\na",
    "an upgrade": HEAD + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "a value beyond ASCII": HEAD + b"A: \xc3\xa9\xff\t\r\n\r\n",
}


async def answered(sent: bytes) -> tuple[int, dict[str, str], bytes, bytes]:
    async with served(echo) as server:
        client = await server.connect()
        await client.send(sent)
        status, headers, content = await client.answer()
        return status, headers, content, await client.ended() if headers.get("connection") == "close" else b""


@pytest.mark.parametrize("case", REFUSED)
def test_heads_that_the_standards_forbid_are_refused_and_the_connection_closed(case: str) -> None:
    expected, sent = REFUSED[case]
    status, headers, content, rest = asyncio.run(answered(sent))
    problem: dict[str, Any] = json.loads(content)
    assert (status, problem["status"], headers["connection"], rest) == (expected, expected, "close", b"")
    assert problem["type"] == f"/problems/{SLUGS[expected]}"


@pytest.mark.parametrize("case", SERVED)
def test_heads_that_the_standards_allow_are_served(case: str) -> None:
    assert asyncio.run(answered(SERVED[case]))[0] == 200


def test_a_refused_head_never_reaches_the_application() -> None:
    begun: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        begun.append(scope["method"])
        await echo(scope, receive, send)

    async def smuggle() -> None:
        hidden = b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"
        for case in ("gzip and chunked", "a coding and a length", "chunked in 1.0", "two lengths that differ"):
            async with served(app) as server:
                client = await server.connect()
                await client.send(REFUSED[case][1] + hidden)
                await client.answer()
                assert await client.ended() == b""

    asyncio.run(smuggle())
    assert begun == []


def test_an_authority_in_the_target_takes_the_place_of_the_host() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["raw_path"], scope["query_string"], [one for one in scope["headers"] if one[0] == b"host"]))
        await echo(scope, receive, send)

    async def ask() -> None:
        async with served(app) as server:
            client = await server.connect()
            for target in (b"http://y:1/a%2Fb?c", b"HTTP://y:1", b"http://y:1?c"):
                await client.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                await client.answer()

    asyncio.run(ask())
    host = [(b"host", b"y:1")]
    assert seen == [(b"/a%2Fb", b"c", host), (b"/", b"", host), (b"/", b"c", host)]


def test_a_trailer_is_no_header() -> None:
    content = asyncio.run(answered(CHUNKED + b"1\r\na\r\n0\r\nOrigin: b\r\nHost: y\r\n\r\n"))[2]
    assert content == b"POST / host,transfer-encoding a"


@pytest.mark.parametrize("sent", [REFUSED["no host"][1], REFUSED["a line that is folded"][1], SERVED["an upgrade"]])
def test_a_request_is_worth_a_line_in_the_log_at_most(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asyncio.run(answered(sent))
    about = [one for one in caplog.records if one.name != "uvicorn.error" or one.levelno > logging.INFO]
    assert len(about) <= 1


NAMES = [b"host", b"content-length", b"transfer-encoding", b"expect", b"x"]
VALUES = [b"", b"a", b"chunked", b"gzip", b"5", b"5,5", b"100-continue", b"127.0.0.1:8000", b" chunked , gzip", b"\xff"]


@given(
    st.sampled_from([b"GET", b"POST", b"CONNECT", b"OPTIONS"]),
    st.sampled_from([b"/", b"*", b"http://a/", b"x:1", b"http://@/"]) | st.binary(min_size=1, max_size=9),
    st.sampled_from([b"1.1", b"1.0", b"2.0"]),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.binary(max_size=9)), max_size=5),
)
def test_a_head_that_is_read_can_be_understood_in_one_way_only(
    method: bytes, target: bytes, version: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    head = read_head(b"%s %s HTTP/%s\r\n" % (method, target, version), headers)
    if isinstance(head, ProblemType):
        return
    values = {name: [value.strip(b" \t") for one, value in headers if one == name] for name in NAMES}
    assert version != b"2.0"
    assert method != b"CONNECT"
    assert head.target.startswith((b"/", b"*"))
    assert len(values[b"host"]) == 1 or (version == b"1.0" and not values[b"host"])
    assert not (values[b"content-length"] and values[b"transfer-encoding"])
    if head.body_bytes is None:
        assert [one.lower() for one in values[b"transfer-encoding"]] == [b"chunked"]
        assert version == b"1.1"
    elif values[b"content-length"]:
        assert values[b"content-length"] == [values[b"content-length"][0]]
        assert int(values[b"content-length"][0]) == head.body_bytes
    else:
        assert head.body_bytes == 0
