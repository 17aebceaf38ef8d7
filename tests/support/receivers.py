"""Receivers of messages on this machine, well-behaved and hostile ones, and certificates for them."""

import asyncio
import datetime
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

from attrs import define, field
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Respond = Callable[[StreamWriter], Awaitable[None]]


@define
class Received:
    """A request as a receiver got it, byte by byte, and the name that the client sent in the clear."""

    line: str
    headers: dict[str, str]
    body: bytes


@define
class Receiver:
    """A receiver, its port, the requests that it has got, and the names of SNI."""

    port: int
    requests: list[Received] = field(factory=list)
    names: list[str | None] = field(factory=list)
    connections: int = 0


@asynccontextmanager
async def a_receiver(
    respond: Respond | bytes = OK, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Receiver]:
    """Serve on a port of its own, and respond to each request with those bytes, or as the function does."""
    tasks: set[asyncio.Task[None] | None] = set()
    receiver = Receiver(0)

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        receiver.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            receiver.requests.append(await _read(reader))
            if isinstance(respond, bytes):
                writer.write(respond)
                await writer.drain()
            else:
                await respond(writer)
        writer.transport.abort() if writer.transport.is_closing() else writer.close()

    if tls is not None:
        tls.sni_callback = lambda _, name, __: receiver.names.append(name)
    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await server.wait_closed()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


async def _read(reader: StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    return Received(line, headers, await reader.readexactly(int(headers.get("content-length", 0))))


@define
class Authority:
    """A certificate authority of a test, with its certificate in a file."""

    file: Path
    _certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey

    def server(self, *names: str, days: int = 1) -> ssl.SSLContext:
        """Create the TLS of a server whose certificate has these names, valid for so many days from yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.SubjectAlternativeName([_general_name(one) for one in names])
        certificate = (
            _builder("a receiver", self._certificate.subject, key, days).add_extension(subject, critical=False)
        ).sign(self._key, hashes.SHA256())
        file = self.file.with_name(f"{'-'.join(names).replace('*', 'any')}-{days}.pem")
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + _pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def an_authority(folder: Path) -> Authority:
    """Create an authority, with its certificate in that folder."""
    key, file = ec.generate_private_key(ec.SECP256R1()), folder / "authority.pem"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
    certificate = (
        _builder("an authority", name, key, 2).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
    ).sign(key, hashes.SHA256())
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(file, certificate, key)


def _builder(name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + datetime.timedelta(days=days, seconds=3_600))
    )


def _general_name(text: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ip_address(text))
    return x509.DNSName(text)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def in_pieces(*pieces: bytes, then_hang: bool = False) -> Respond:
    """Respond with these bytes, one write after another; then leave the connection open, or close it."""

    async def respond(writer: StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if then_hang:
            await asyncio.Event().wait()

    return respond


def endless(beginning: bytes, piece: bytes) -> Respond:
    """Respond without end, as fast as the other side reads."""

    async def respond(writer: StreamWriter) -> None:
        writer.write(beginning)
        while True:
            writer.write(piece)
            await writer.drain()

    return respond


def dripping(pieces: Sequence[bytes], seconds: float) -> Respond:
    """Respond with a piece in so many seconds, over and over."""

    async def respond(writer: StreamWriter) -> None:
        while True:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(seconds)

    return respond
