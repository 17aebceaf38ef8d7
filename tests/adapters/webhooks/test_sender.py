"""Messages to receivers that behave, and to those that do not: each has an outcome, within bounds."""

import asyncio
import base64
import gzip
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.webhooks import exchange
from adapters.webhooks.sender import MessageSender, SenderConfig
from application.ports.webhooks import Secrets
from domain.deliveries import MAX_RESPONSE_CHARACTERS, NoResponse, Responded, SendFault, SendOutcome
from domain.webhooks import WebhookUrl, webhook_url
from tests.support.receivers import OK, Receiver, Respond, a_receiver, dripping, endless, in_pieces

LOOPBACK: Final = (ip_network("127.0.0.0/8"),)
CURRENT, FORMER = b"c" * 32, b"f" * 32
ONE_SECRET: Final = Secrets(CURRENT)
BODY: Final = '{"type":"execution.succeeded","data":{"name":"relatório"}}'.encode()
MESSAGE_ID: Final = "0190a1b2-0000-7000-8000-000000000001"
NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    return datetime.now(UTC)


def sender(clock: Any = utc_now, **config: Any) -> MessageSender:
    bounds: dict[str, Any] = {"connect_seconds": 5, "total_seconds": 5, "networks": LOOPBACK, "allow_http": True}
    return MessageSender(SenderConfig(**bounds | config), clock)


def url_of(receiver: Receiver, path: str = "/hook") -> WebhookUrl:
    return webhook_url(f"http://127.0.0.1:{receiver.port}{path}", allow_http=True).unwrap()


async def send(to: WebhookUrl, by: MessageSender | None = None, secrets: Secrets = ONE_SECRET) -> SendOutcome:
    return await (by or sender())(to, MESSAGE_ID, BODY, secrets)


async def outcome_of(respond: Respond | bytes, **config: Any) -> SendOutcome:
    async with a_receiver(respond) as receiver:
        return await send(url_of(receiver), sender(**config))


def verify(secret: bytes, receiver: Receiver) -> Any:
    (request,) = receiver.requests
    return Webhook(secret).verify(request.body, request.headers)


async def test_a_message_is_a_signed_request_that_the_reference_library_verifies() -> None:
    async with a_receiver() as receiver:
        assert await send(url_of(receiver, "/hook/é".replace("é", "%C3%A9") + "?token=a%20b&x=")) == Responded(
            200, "ok"
        )
    (request,) = receiver.requests
    assert request.line == "POST /hook/%C3%A9?token=a%20b&x= HTTP/1.1"
    assert request.body == BODY
    assert verify(CURRENT, receiver) == json.loads(BODY)
    assert request.headers.keys() == {
        *("host", "content-type", "content-length", "accept-encoding", "connection", "user-agent"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"].startswith("Bateia/")
    assert request.headers["webhook-id"] == MESSAGE_ID
    with pytest.raises(WebhookVerificationError):
        verify(FORMER, receiver)


async def test_while_a_secret_is_replaced_either_verifies() -> None:
    async with a_receiver() as receiver:
        await send(url_of(receiver), secrets=Secrets(CURRENT, FORMER))
    assert verify(CURRENT, receiver) == verify(FORMER, receiver) == json.loads(BODY)
    assert len(receiver.requests[0].headers["webhook-signature"].split()) == 2
    with pytest.raises(WebhookVerificationError):
        verify(b"other", receiver)


@pytest.mark.parametrize("status", [200, 204, 299, 301, 302, 307, 400, 410, 429, 500, 999])
async def test_the_outcome_has_the_status_and_redirects_are_not_followed(status: int) -> None:
    async with a_receiver() as other:
        location = f"Location: http://127.0.0.1:{other.port}/\r\n"
        head = f"HTTP/1.1 {status} \r\n{location}Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        async with a_receiver(head.encode()) as receiver:
            by = sender()
            assert [await send(url_of(receiver), by) for _ in range(2)] == [Responded(status)] * 2
        assert other.connections == 0
    assert all("cookie" not in request.headers for request in receiver.requests)
    assert receiver.connections == 2


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("9" * 60, 86_400),
        ("9" * 5_000, None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=9), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), 86_400),
        ("Tuesday, 01-Jan-30 00:01:00 GMT", 60),
        ("Tue Jan  1 00:01:00 2030", 60),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Tue, 32 Jan 2030 00:00:00 GMT", None),
        ("Tue, 01 Jan 99999 00:00:00 GMT", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [200, 429, 503])
async def test_retry_after_is_read_of_any_response_and_bounded(value: str, seconds: int | None, status: int) -> None:
    head = f"HTTP/1.1 {status} x\r\nRETRY-AFTER: {value}\r\nContent-Length: 0\r\n\r\n"
    assert await outcome_of(head.encode(), clock=lambda: NOW) == Responded(status, "", seconds)


LONG: Final = b"HTTP/1.1 200 OK\r\n\r\n"
HEAD: Final = b"HTTP/1.1 200 OK\r\na:"
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("respond", "text"),
    [
        (LONG + "né\0\ud800".encode("utf-8", "surrogatepass") + b"\xff", "né\ufffd" + "\ufffd" * 4),
        (LONG + b"x" * 5_000, "x" * MAX_RESPONSE_CHARACTERS),
        (CHUNKED + b"2\r\nab\r\n1;name=value\r\nc\r\n0\r\nX-Trailer: x\r\n\r\n", "abc"),
        (in_pieces(CHUNKED, *[b"1\r\nx\r\n"] * 3, b"no chunk"), "xxx"),
        (in_pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"early"), "early"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", "old"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, "ok"),
        (endless(LONG, b"y" * 10_000), "y" * MAX_RESPONSE_CHARACTERS),
        (endless(CHUNKED, b"1\r\nz\r\n" * 200), "z" * MAX_RESPONSE_CHARACTERS),
        (endless(CHUNKED + b"0\r\n", b"Trailer: x\r\n" * 100), ""),
        (endless(CHUNKED + b"1;", b"a" * 1_000), ""),
        (LONG.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(b"0" * 10**6), ""),
    ],
)
async def test_a_status_is_an_answer_however_its_body_ends(respond: Respond | bytes, text: str) -> None:
    outcome = await outcome_of(respond)
    assert outcome == Responded(200, text)
    assert text not in repr(outcome) or not text


@pytest.mark.parametrize("beginning", [LONG, CHUNKED + b"1;", HEAD])
async def test_bytes_that_come_one_by_one_as_fast_as_they_can_are_not_all_read(
    beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read takes processor time, which the number of bytes alone would not bound."""
    monkeypatch.setattr(exchange, "MAX_READS", 20)
    outcome = await outcome_of(dripping([beginning, *[b"x"] * 10_000], 0.001))
    if beginning is HEAD:
        assert isinstance(outcome, NoResponse)
        assert outcome.fault is SendFault.NO_HTTP
    else:
        assert isinstance(outcome, Responded)
        assert len(outcome.text) < 20


async def test_a_body_that_drips_without_end_is_cut_at_the_end_of_the_time() -> None:
    respond = dripping([LONG, *[b"."] * 1_000], 0.01)
    outcome = await outcome_of(respond, total_seconds=0.5)
    assert isinstance(outcome, Responded)
    assert outcome.status == 200
    assert set(outcome.text) == {"."}


@pytest.mark.parametrize(
    "respond",
    [
        in_pieces(then_hang=True),
        in_pieces(b"HTTP/1.1 200 OK\r\n", then_hang=True),
        dripping([b"HTTP/1.1 200 OK\r\n", *[b"a: b\r\n"] * 1_000], 0.01),
        dripping([b"HTTP/1.1 100 Continue\r\n\r\n"], 0.01),
    ],
)
async def test_a_head_that_does_not_end_times_out(respond: Respond) -> None:
    assert await outcome_of(respond, total_seconds=0.1) == NoResponse(SendFault.TIMED_OUT, "no response within 0.1 s")


@pytest.mark.parametrize(
    "respond",
    [
        endless(b"", b"a" * 1_000),
        endless(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 200),
        endless(HEAD, b"b" * 1_000),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 000 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\na: \0\r\n\r\n",
        b"\x16\x03\x01 TLS",
        b"HTTP/1.1 200 O",
    ],
)
async def test_bytes_that_are_no_response_are_a_fault_that_does_not_quote_them(respond: Respond | bytes) -> None:
    outcome = await outcome_of(respond)
    assert isinstance(outcome, NoResponse)
    assert outcome.fault is SendFault.NO_HTTP
    assert "OK" not in outcome.detail


@pytest.mark.parametrize("size", [0, 200_000])
async def test_a_connection_closed_without_a_response_is_a_failed_connection(size: int) -> None:
    """Also one that is closed while a large message is being sent, which is no concern of the sender's."""

    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    async with server:
        url = webhook_url(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", allow_http=True).unwrap()
        outcome = await sender()(url, MESSAGE_ID, b"x" * size, Secrets(CURRENT))
    assert isinstance(outcome, NoResponse)
    assert outcome.fault is SendFault.CONNECTION_FAILED


async def test_a_response_before_the_end_of_the_message_counts() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        url = webhook_url(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", allow_http=True).unwrap()
        assert await send(url) == Responded(413)


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"HTTP/1.1 200 OK", b"\r\n", b"\n", b"a: b", b"\r\n\r\n"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_have_an_outcome(pieces: Sequence[bytes]) -> None:
    outcome = asyncio.run(outcome_of(in_pieces(*pieces)))
    assert isinstance(outcome, Responded | NoResponse)


async def test_a_port_without_a_receiver_is_a_failed_connection() -> None:
    async with a_receiver() as receiver:
        pass
    assert await send(url_of(receiver)) == NoResponse(SendFault.CONNECTION_FAILED, "connection refused")


async def test_plain_http_is_sent_only_where_the_operator_allows_it() -> None:
    async with a_receiver() as receiver:
        outcome = await send(url_of(receiver), sender(allow_http=False))
    assert isinstance(outcome, NoResponse)
    assert (outcome.fault, receiver.connections) == (SendFault.ADDRESS_FORBIDDEN, 0)


async def test_the_environment_s_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_receiver(b"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n") as proxy, a_receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await send(url_of(receiver)) == Responded(200, "ok")
        assert proxy.connections == 0


async def test_secrets_bodies_and_what_receivers_send_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    private = b"HTTP/1.1 200 private-reason\r\nX-Private: private-header\r\nContent-Length: 12\r\n\r\nprivate-body"
    await outcome_of(private)
    await outcome_of(b"private-garbage\r\n\r\n")
    logged = caplog.text
    for word in ("private", "relat", "/hook", CURRENT.decode(), base64.b64encode(CURRENT).decode(), "v1,"):
        assert word not in logged
    assert "ccc" not in repr(Secrets(CURRENT))


async def test_a_connection_is_closed_after_its_message() -> None:
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    async with a_receiver(endless(LONG, b"x" * 1_000)) as receiver:
        by = sender()
        assert [await send(url_of(receiver), by) for _ in range(3)] == [Responded(200, "x" * 1_024)] * 3
    await asyncio.sleep(0)
    assert len(list(Path("/proc/self/fd").iterdir())) <= open_files + 1
