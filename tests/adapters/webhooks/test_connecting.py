"""A name is resolved once, all of its addresses are checked, and what is connected to is one of these."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.webhooks.addresses import Address
from adapters.webhooks.certificates import CertificatesRefused, tls_context
from adapters.webhooks.connecting import OpenConnection, Streams, open_connection
from adapters.webhooks.resolver import SystemResolver
from adapters.webhooks.sender import MessageSender, SenderConfig
from adapters.webhooks.target import Target, target_of
from application.ports.webhooks import Secrets
from domain.deliveries import NoResponse, Responded, SendFault, SendOutcome
from domain.webhooks import WebhookUrl, webhook_url
from tests.support.receivers import Authority, a_receiver, an_authority, in_pieces

LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
PUBLIC: Final = ip_address("93.184.215.14")
OTHER_PUBLIC: Final = ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
LOOPED: Final = ip_address("127.0.0.1")


class Resolver:
    """Answers the first question about a name with the first list of addresses, and so on."""

    def __init__(self, *answers: Sequence[Address]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    async def __call__(self, host: str) -> Sequence[Address]:
        self.asked.append(host)
        return self._answers.pop(0)


class Network:
    """A network in which every address leads to one port of this machine, unless it refuses or hangs."""

    def __init__(self, refusing: Sequence[Address] = (), hanging: Sequence[Address] = ()) -> None:
        self.connected: list[tuple[Address, int]] = []
        self._refusing, self._hanging = refusing, hanging

    async def __call__(self, address: Address, target: Target, tls: ssl.SSLContext | None) -> Streams:
        self.connected.append((address, target.port))
        if address in self._refusing:
            raise ConnectionRefusedError
        if address in self._hanging:
            await asyncio.Event().wait()
        return await open_connection(LOOPED, target, tls)


async def send(url: str, resolve: Any = None, network: OpenConnection = open_connection, **config: Any) -> SendOutcome:
    by = MessageSender(
        SenderConfig(**{"allow_http": True} | config),
        lambda: datetime.now(UTC),
        resolve=resolve,
        open_connection=network,
    )
    return await by(WebhookUrl(url), "1", b"{}", Secrets(b"secret"))


def fault(outcome: SendOutcome) -> SendFault:
    assert isinstance(outcome, NoResponse)
    return outcome.fault


async def test_a_name_that_is_rebound_is_resolved_once_and_what_was_checked_is_connected_to() -> None:
    resolver, network = Resolver([PUBLIC], [LOOPED]), Network()
    async with a_receiver() as receiver:
        url = f"http://rebound.example:{receiver.port}/"
        assert await send(url, resolver, network) == Responded(200, "ok")
        assert (resolver.asked, network.connected) == (["rebound.example"], [(PUBLIC, receiver.port)])
        assert receiver.requests[0].headers["host"] == f"rebound.example:{receiver.port}"
        assert fault(await send(url, resolver, network)) is SendFault.ADDRESS_FORBIDDEN
    assert len(network.connected) == 1


async def test_a_rebound_name_with_real_connections() -> None:
    """The system's resolver would find no such name, so a second lookup on the way would fail."""
    resolver = Resolver([ip_address("127.0.0.2")], [LOOPED])
    networks = [ip_network("127.0.0.2/32")]
    async with a_receiver(host="127.0.0.2") as receiver:
        url = f"http://rebound.invalid:{receiver.port}/"
        assert await send(url, resolver, networks=networks) == Responded(200, "ok")
        assert fault(await send(url, resolver, networks=networks)) is SendFault.ADDRESS_FORBIDDEN


@pytest.mark.parametrize("position", [0, 1, 2])
async def test_one_forbidden_address_of_a_name_forbids_all(position: int) -> None:
    addresses: list[Address] = [PUBLIC, OTHER_PUBLIC]
    addresses.insert(position, ip_address("169.254.169.254"))
    network = Network()
    outcome = await send("http://mixed.example/", Resolver(addresses), network)
    assert fault(outcome) is SendFault.ADDRESS_FORBIDDEN
    assert network.connected == []
    assert "169" not in str(outcome)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0", "0.0.0.0"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
        *("[2002:7f00:1::]", "169.254.169.254", "0xa9fea9fe", "[fd00:ec2::254]", "[fe80::1]", "10.1", "192.168.257"),
    ],
)
async def test_spellings_of_forbidden_addresses_in_a_url_are_refused_by_the_system_s_resolver(host: str) -> None:
    network = Network()
    assert fault(await send(f"http://{host}:80/", None, network)) is SendFault.ADDRESS_FORBIDDEN
    assert network.connected == []


@pytest.mark.parametrize("host", ["%31%32%37.0.0.1", "a..b", "a" * 64 + ".example", "a." * 200, "[fe80::1%25lo]", "-"])
async def test_a_host_that_is_no_name_is_not_found(host: str) -> None:
    assert fault(await send(f"http://{host}/", SystemResolver())) is SendFault.NAME_NOT_FOUND


async def test_a_name_without_addresses_is_not_found() -> None:
    assert fault(await send("http://empty.example/", Resolver([]))) is SendFault.NAME_NOT_FOUND


async def test_the_next_address_is_tried_if_one_refuses_or_hangs() -> None:
    first, second = PUBLIC, ip_address("1.1.1.1")
    async with a_receiver() as receiver:
        url = f"http://several.example:{receiver.port}/"
        for network in (Network(refusing=[first]), Network(hanging=[first])):
            resolver = Resolver([first, first, second])
            assert await send(url, resolver, network, connect_seconds=0.9) == Responded(200, "ok")
            assert [address for address, _ in network.connected] == [first, second]


async def test_a_connection_has_a_time_in_which_the_lookup_of_the_name_counts() -> None:
    hanging = Network(hanging=[PUBLIC, OTHER_PUBLIC])
    late = NoResponse(SendFault.TIMED_OUT, "no connection within 0.1 s")
    assert await send("http://a.example/", Resolver([PUBLIC, OTHER_PUBLIC]), hanging, connect_seconds=0.1) == late
    assert len(hanging.connected) == 2

    async def never(host: str) -> Sequence[Address]:
        await asyncio.Event().wait()
        return ()

    assert await send("http://a.example/", never, connect_seconds=0.1) == late


async def test_a_server_that_does_not_shake_hands_is_left_in_time(tmp_path: Path) -> None:
    hold = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hold.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        outcome = await send(url, networks=LOOPBACK, connect_seconds=0.1)
        hold.set()
    assert outcome == NoResponse(SendFault.TIMED_OUT, "no connection within 0.1 s")


async def test_lookups_have_threads_of_their_own_which_are_bounded() -> None:
    go_on, running, most = threading.Event(), 0, 0
    lock = threading.Lock()

    def look_up(host: str) -> Sequence[Address]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go_on.wait(20)
        with lock:
            running -= 1
        return (PUBLIC,)

    resolver = SystemResolver(look_up, max_lookups=2)
    given_up = asyncio.ensure_future(resolver("first.example"))
    await asyncio.sleep(0)
    given_up.cancel()
    rest = [asyncio.ensure_future(resolver(f"{n}.example")) for n in range(4)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*rest) == [(PUBLIC,)] * 4
    assert most <= 2
    assert given_up.cancelled()


async def test_an_error_of_a_lookup_is_that_of_its_caller() -> None:
    def look_up(host: str) -> Sequence[Address]:
        raise OSError(-2, "Name or service not known")

    assert await send("http://a.example/", SystemResolver(look_up)) == NoResponse(
        SendFault.NAME_NOT_FOUND, "name or service not known"
    )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return an_authority(tmp_path)


@pytest.fixture
def trusting(authority: Authority) -> dict[str, Any]:
    return {"ca_file": authority.file, "networks": LOOPBACK}


@pytest.mark.parametrize("host", ["receiver.example", "RECEIVER.example", "receiver.example."])
async def test_with_tls_the_name_is_that_of_the_url_in_sni_host_and_certificate(
    authority: Authority, trusting: dict[str, Any], host: str
) -> None:
    async with a_receiver(tls=authority.server("receiver.example")) as receiver:
        url = f"https://{host}:{receiver.port}/x"
        assert await send(url, Resolver([LOOPED]), **trusting) == Responded(200, "ok")
    assert receiver.names == ["receiver.example"]
    assert receiver.requests[0].headers["host"].rpartition(":")[0] == host.lower()


async def test_an_address_is_verified_as_such(authority: Authority, trusting: dict[str, Any]) -> None:
    async with a_receiver(tls=authority.server("127.0.0.1")) as receiver:
        assert await send(f"https://127.0.0.1:{receiver.port}/", **trusting) == Responded(200, "ok")
    assert receiver.names == [None]


@pytest.mark.parametrize("days", [1, 0])
@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["other.example"], "receiver.example"),
        (["*.example"], "a.receiver.example"),
        (["receiver.example"], "127.0.0.1"),
    ],
)
async def test_a_wrong_name_or_an_expired_certificate_is_refused_before_anything_is_sent(
    authority: Authority, trusting: dict[str, Any], names: list[str], host: str, days: int
) -> None:
    async with a_receiver(tls=authority.server(*names, days=days)) as receiver:
        outcome = await send(f"https://{host}:{receiver.port}/", Resolver([LOOPED]), **trusting)
    assert isinstance(outcome, NoResponse)
    assert outcome.fault is SendFault.TLS_FAILED
    assert outcome.detail.startswith("the certificate was refused: ")
    assert receiver.requests == []


async def test_an_unknown_authority_is_refused(authority: Authority) -> None:
    async with a_receiver(tls=authority.server("receiver.example")) as receiver:
        url = f"https://receiver.example:{receiver.port}/"
        outcome = await send(url, Resolver([LOOPED]), networks=LOOPBACK)
    assert outcome == NoResponse(
        SendFault.TLS_FAILED, "the certificate was refused: unable to get local issuer certificate"
    )
    assert receiver.requests == []


async def test_a_server_without_tls_is_a_failure_of_tls(trusting: dict[str, Any]) -> None:
    async with await asyncio.start_server(_in_the_clear, "127.0.0.1", 0) as server:
        url = f"https://receiver.example:{server.sockets[0].getsockname()[1]}/"
        outcome = await send(url, Resolver([LOOPED]), **trusting)
    assert fault(outcome) is SendFault.TLS_FAILED


async def test_a_receiver_that_wants_a_certificate_of_the_client_is_a_failure_of_tls(
    authority: Authority, trusting: dict[str, Any]
) -> None:
    """With TLS 1.3, the client learns it after its handshake, when it reads."""
    strict = authority.server("receiver.example")
    strict.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:
        refusing = asyncio.create_task(asyncio.to_thread(_refuse, server, strict))
        url = f"https://receiver.example:{server.getsockname()[1]}/"
        outcome = await send(url, Resolver([LOOPED]), **trusting)
        await refusing
    assert outcome == NoResponse(SendFault.TLS_FAILED, "tlsv13 alert certificate required")


def _refuse(server: socket.socket, tls: ssl.SSLContext) -> None:
    """Shake hands in vain, and read on, so that the alert reaches the client before the end of the connection."""
    connection, _ = server.accept()
    with connection:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        handshake = tls.wrap_bio(incoming, outgoing, server_side=True)
        while data := connection.recv(65_536):
            incoming.write(data)
            try:
                handshake.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                connection.sendall(outgoing.read())
                break
            connection.sendall(outgoing.read())
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


async def _in_the_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_a_tls_receiver_that_closes_early_or_hangs_has_an_outcome(
    authority: Authority, trusting: dict[str, Any]
) -> None:
    context = authority.server("receiver.example")
    for respond, seconds, expected in (
        (in_pieces(), 10, SendFault.CONNECTION_FAILED),
        (in_pieces(then_hang=True), 0.3, SendFault.TIMED_OUT),
    ):
        async with a_receiver(respond, tls=context) as receiver:
            url = f"https://receiver.example:{receiver.port}/"
            outcome = await send(url, Resolver([LOOPED]), total_seconds=seconds, **trusting)
        assert fault(outcome) is expected


def test_the_operator_s_certificates_are_read_when_the_sender_is_made(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    for file, words in ((empty, "has no certificates in PEM format"), (tmp_path / "missing.pem", "FileNotFoundError")):
        with pytest.raises(CertificatesRefused, match=words):
            MessageSender(SenderConfig(ca_file=file), lambda: datetime.now(UTC))


def test_usual_authorities_are_trusted_and_names_checked() -> None:
    context = tls_context(None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) > 100


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://a.example", "a.example", "/"),
        ("https://A.example:443/x/?y=%20&z", "a.example", "/x/?y=%20&z"),
        ("https://a.example:8443?x", "a.example:8443", "/?x"),
        ("https://a.example:/", "a.example", "/"),
        ("https://[2001:db8::1]:443/", "[2001:db8::1]", "/"),
        ("http://[::1]:8080//x", "[::1]:8080", "//x"),
    ],
)
def test_the_parts_of_a_url(url: str, authority: str, path: str) -> None:
    target = target_of(webhook_url(url, allow_http=True).unwrap())
    assert (target.authority, target.path) == (authority, path)
