"""A cheap client, since it shares the machine with the service it measures: HTTP/1.1, Content-Length, kept alive.

Of an answer it reads the status and the length, and takes the rest as the body. One request at a time a connection.
"""

import asyncio
from typing import Final, NamedTuple, cast
from urllib.parse import urlsplit

import msgspec

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_WAIT: Final = {"Prefer": "wait=30"}
_DATASET: Final = {"Content-Type": "application/json"}
POLL_SECONDS: Final = 0.005
"""The pause of a polling client before each look."""
_SOURCE: Final = {"Content-Type": "text/javascript"}


class Answer(NamedTuple):
    """The answer to a request."""

    status: int
    body: bytes


class Execution(msgspec.Struct):
    """The fields of an execution that the benchmarks read."""

    id: str
    status: str
    result: object = None
    error: object = None


_DECODER: Final = msgspec.json.Decoder(Execution)


def execution_of(answer: Answer) -> Execution:
    """Parse the execution in an answer."""
    return _DECODER.decode(answer.body)


class Connection(asyncio.Protocol):
    """One connection. `call` sends a request made by `request` and gives its answer."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._body_at, self._ends_at = 0, -1
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not instances of it

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._ends_at < 0:
            self._read_head()
        if 0 <= self._ends_at <= len(self._received):
            assert self._answer is not None
            received = self._received
            answer = Answer(int(received[9:12]), bytes(received[self._body_at : self._ends_at]))
            self._received, self._ends_at = bytearray(), -1
            self._answer.set_result(answer)

    def _read_head(self) -> None:
        end = self._received.find(_END)
        if end < 0:
            return
        head = bytes(self._received[: end + 2]).lower()
        at = head.index(_LENGTH) + len(_LENGTH)
        self._body_at = end + len(_END)
        self._ends_at = self._body_at + int(head[at : head.index(b"\r", at)])

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the connection was closed before the answer"))

    async def call(self, request: bytes) -> Answer:
        """Send, and wait for the whole answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close it; the last answer has been read."""
        assert self._transport is not None
        self._transport.close()


class Service:
    """The address of a service, and its repeated requests."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self.live = self.request("GET", "/health/live")

    def request(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        """Encode a request."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + _END + body

    def submission(self, script: str, dataset: bytes, waits: bool = True) -> bytes:
        """Encode the request that submits a dataset, and waits for the end unless told not to."""
        headers = _DATASET | _WAIT if waits else _DATASET
        return self.request("POST", f"/v1/scripts/{script}/executions", dataset, headers)

    async def connect(self) -> Connection:
        """Open a connection."""
        _, connection = await asyncio.get_running_loop().create_connection(Connection, self._host, self._port)
        return connection

    async def host(self, connection: Connection, name: str, source: bytes) -> None:
        """Create a script."""
        answer = await connection.call(self.request("POST", f"/v1/scripts?name={name}", source, _SOURCE))
        assert answer.status == 201, answer

    async def execute(self, connection: Connection, submission: bytes, waits: bool = True) -> Execution:
        """Submit, and read on until it has ended: by requests that wait, or at short intervals."""
        answer = await connection.call(submission)
        while True:
            assert answer.status in {200, 202}, answer
            execution = execution_of(answer)
            if execution.status in {"succeeded", "failed"}:
                return execution
            if not waits:
                await asyncio.sleep(POLL_SECONDS)
            headers = _WAIT if waits else None
            answer = await connection.call(self.request("GET", f"/v1/executions/{execution.id}", headers=headers))
