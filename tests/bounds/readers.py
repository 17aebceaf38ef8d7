"""Every function of the API and the worker that reads what clients and scripts wrote, each with its largest input.

`READERS` is the register. A function that takes text and stands in neither it nor `EXEMPT` fails a test, so a new
reader is measured from its first day.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from attrs import field, frozen
from starlette.datastructures import Headers
from starlette.requests import Request

from adapters.http.codings.coding import Coding, registered
from adapters.http.codings.decoders import Decoder, Verbatim
from adapters.http.codings.encoding import cut, encoded
from adapters.http.codings.gzip_members import GzipMembers
from adapters.http.codings.zstd_frames import ZstdFrames
from adapters.http.converter import structure_query
from adapters.http.credentials import read_token
from adapters.http.cursors import deed_before, id_before, number_before
from adapters.http.decoding import content_coding
from adapters.http.documents import few_values, read_document
from adapters.http.idempotency import read_idempotency_key
from adapters.http.mismatches import name_of
from adapters.http.moments import moment
from adapters.http.negotiation import acceptable_coding, acceptable_types
from adapters.http.observing import known_method
from adapters.http.operations import JSON, NDJSON
from adapters.http.preconditions import has_already
from adapters.http.problem_types import NOT_FOUND
from adapters.http.problems import Refused, problem_bytes
from adapters.http.representations import execution
from adapters.http.requests import (
    execution_id,
    media_type,
    parse_script_key,
    preferred_wait,
    read_query,
    script_key,
    sent_trace,
    version_number,
)
from adapters.http.schemas.queries import AuditQuery, ExecutionsQuery
from adapters.http.schemas.scripts import NewScript
from adapters.javascript import wire
from adapters.javascript.hints import with_hint
from adapters.javascript.traces import trace
from adapters.javascript.transcript import longest, transcribe
from adapters.javascript.verdict import Facts, judge
from adapters.json.bodies import JsonBodies
from adapters.json.floats import is_kept
from adapters.json.from_lines import array_of
from adapters.json.numbers import number_warnings
from adapters.json.pointers import pointer_to
from adapters.json.strings import whole, without_escapes
from adapters.json.syntax import encoding_fault, fault_of, with_whole_characters
from adapters.json.values import count_values
from adapters.postgres.execution_rows import logs_from, logs_json
from adapters.sealing.aes import AesSeals
from adapters.sealing.master_keys import MasterKeys
from application.messages import Report
from application.sealing import Part
from application.stored_bodies import PartBuffer, stored
from domain.access import token
from domain.body import Body, digest
from domain.idempotency import idempotency_key
from domain.limits import CEILINGS, DEFAULTS, MIB
from domain.outcome import ErrorKind, LogLevel, LogLine, Logs, Measures, script_error
from domain.script import description, script_name, source
from domain.texts import kept_text, storable
from domain.trace import trace_context
from domain.warnings import NumberWarningKind, SourceWarningKind, number_warning, source_warning
from tests.adapters.http.api import Api
from tests.bounds.texts import OF_HEADERS, OF_JSON, OF_SCRIPTS, Make, encodings, plain, texts
from tests.support.limited_process import Measured
from tests.values import a_pending, a_script

HEAD: Final = 32 * 1024
SOURCE: Final = MIB
DOCUMENT: Final = 6 * MIB + 64 * 1024
DATASET: Final = 64 * MIB
ERROR_TEXT: Final = 128 * 1024
"""More than a child may write of a message and a stack: its output has that much slack beside result and logs."""
LOGS: Final = MIB
QUICK: Final = 512 * 1024
"""The longest text of an ordinary run, whatever a reader's largest."""
EVERYTHING: Final = "BATEIA_TEST_LARGEST_INPUTS"
"""The variable of the environment with which texts are as long as readers take them."""

BODIES: Final = JsonBodies()


@frozen
class Reader:
    """A function that reads text, as it is called, and the bounds on what that may take.

    `covers` names the functions that it stands for, by their modules' ends. A text of n bytes may raise the peak of
    memory by `memory` times n, and take `nanoseconds` of CPU a byte.
    """

    group: str
    covers: tuple[str, ...]
    read: Callable[[bytes], object] = field(repr=False)
    largest: int
    memory: float = 8.0
    nanoseconds: float = 500.0
    texts: Callable[[], Iterator[tuple[str, Make]]] | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """A length, and twice that."""
        largest = self.largest if os.environ.get(EVERYTHING) else min(self.largest, QUICK)
        return largest // 2, largest


@frozen
class Case:
    """A reader with a text."""

    reader: Reader
    text: str
    make: Make = field(repr=False)
    is_first: bool

    @property
    def name(self) -> str:
        return f"{READERS.index(self.reader)} {self.reader.covers[0]}: {self.text}"

    @property
    def sizes(self) -> tuple[int, int]:
        return self.reader.sizes

    def is_bounded(self, short: Measured, long: Measured) -> bool:
        """Whether both lengths are within the reader's bounds, and the second took no more than its share of time."""
        steep = long.cpu_seconds > SPARE_SECONDS and long.cpu_seconds > MOST_GROWTH * short.cpu_seconds
        return self._is_within(short) and self._is_within(long) and not steep

    def _is_within(self, one: Measured) -> bool:
        memory = SPARE_BYTES + self.reader.memory * one.size
        seconds = SPARE_SECONDS + self.reader.nanoseconds * one.size / 1e9
        return one.error is None and one.grown_bytes <= memory and one.cpu_seconds <= seconds


_FAMILIES: Final = {"headers": OF_HEADERS, "documents": OF_JSON, "json": OF_JSON, "scripts": OF_SCRIPTS}
SPARE_BYTES: Final = 4 * MIB
"""What the first call of something may take whatever it reads: a thread's stack, tables of a codec."""
SPARE_SECONDS: Final = 0.05
MOST_GROWTH: Final = 3.5
"""Twice the length may take so much more time: linear work takes 2, quadratic 4."""


def _texts_of(reader: Reader) -> Iterator[tuple[str, Make]]:
    return texts(_FAMILIES[reader.group]) if reader.texts is None else reader.texts()


def cases(group: str) -> list[Case]:
    """The cases of a group of readers."""
    readers = [one for one in READERS if one.group == group]
    return [Case(one, *text, number == 0) for one in readers for number, text in enumerate(_texts_of(one))]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _line(data: bytes) -> str:
    """As a header's value, which has no line breaks."""
    return data.translate(None, b"\r\n\0").decode("latin-1")


def _headers(name: str, data: bytes) -> Headers:
    return Headers(raw=[(name.encode(), _line(data).encode("latin-1"))])


def _request(name: str, data: bytes, **scope: Any) -> Request:
    raw = [(name.encode(), _line(data).encode("latin-1"))]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw} | scope)


def _query(data: bytes) -> object:
    return [read_query(_request("x", b"", query_string=data), one) for one in (ExecutionsQuery, AuditQuery)]


def _path(data: bytes) -> object:
    text = unquote(data)
    request = _request("x", b"", path_params={"script": text, "n": text, "id": text})
    return [read(request) for read in (script_key, version_number, execution_id, lambda one: parse_script_key(text))]


def _whole_request(data: bytes) -> object:
    """A head that is full of headers: many, and long ones that are read by name."""
    values = [_line(data[at : at + 20]).encode("latin-1") for at in range(0, len(data) // 2, 24)]
    names = ("accept", "accept-encoding", "if-none-match", "prefer", "traceparent", "x-request-id", "content-type")
    named = [(one.encode(), _line(data[: len(data) // 20]).encode("latin-1")) for one in names]
    messages: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/executions",
        "query_string": b"",
        "headers": [*named, *((b"a", one) for one in values)],
        "state": {},
    }
    asyncio.run(API.app(scope, receive, send))
    return messages


def _document(data: bytes) -> object:
    async def read() -> object:
        few = await few_values(BODIES, data)
        return few.bind(lambda text: read_document(text, NewScript))

    return asyncio.run(read())


def _decoded(decoder: Callable[[], Decoder], data: bytes) -> int:
    """As a body is read: in chunks, up to a limit to what comes of it."""
    made, decoding = 0, decoder()
    for start in range(0, len(data), 64 * 1024):
        for piece in decoding.decode(data[start : start + 64 * 1024]):
            if not isinstance(piece, bytes) or (made := made + len(piece)) > 4 * len(data):
                return made
    decoding.end()
    return made


def _kept(data: bytes) -> object:
    """Stored, surveyed, and read again in every form."""
    sealed = asyncio.run(BODIES.seal(data))
    return sealed.map(lambda body: [_read_again(body, data), asyncio.run(BODIES.survey(data))])


def _read_again(body: Body, data: bytes) -> object:
    assert asyncio.run(BODIES.open(body)) == data
    for coding in Coding:
        for text in (BODIES.pieces, BODIES.lines):
            if text == BODIES.pieces or data.lstrip().startswith(b"["):
                _consumed(encoded(_fed(body, text), coding))
    return asyncio.run(BODIES.is_array(_pieces(data)))


def _fed(body: Body, text: Callable[..., Iterator[bytes]]) -> Iterator[bytes]:
    parts, buffer = iter(cut(body.data)), PartBuffer()
    for piece in text(stored(body), buffer):
        if piece:
            yield piece
        else:
            buffer.add(next(parts, None))


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for piece in cut(data):
        yield piece


def _consumed(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


def _pointed(data: bytes) -> object:
    """The pointer of the last value, where the text is JSON."""
    return pointer_to(data, data.rindex(b"1")) if fault_of(data) is None and b"1" in data else None


def _sealed(data: bytes) -> bytes:
    seal = SEALS.fresh(A_PENDING.submission.id)
    assert seal is not None
    return seal.open(Part.DATASET, seal.close(Part.DATASET, data))


def _logged(data: bytes) -> object:
    """Lines as a script printed them, through the record, to an answer."""
    room, printed = CEILINGS.log_bytes, []
    for line in _text(data).split("\n"):
        room -= len(line.encode()) + wire.LINE_COST_BYTES
        if room < 0:
            break
        printed.append(LogLine(LogLevel.LOG, storable(line)))
    kept = logs_json(Logs(tuple(printed)))
    return execution(Report(A_PENDING, logs_from(kept, False), None), None)


def _framed(kind: wire.Frame) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        return transcribe(wire.FRAME.pack(kind, len(data)) + data, CEILINGS)

    return read


def _in_frames(data: bytes) -> object:
    """Each three bytes a printed line, as many as there may be."""
    frames = b"".join(wire.FRAME.pack(wire.Frame.LOG, 3) + b"\1" + data[at : at + 2] for at in range(0, len(data), 2))
    return transcribe(frames[: longest(CEILINGS)], CEILINGS)


def _judged(data: bytes) -> object:
    half = len(data) // 2
    payload = wire.FAULT.pack(wire.Phase.CALL, next(iter(wire.Cause)), half) + data
    transcript = transcribe(wire.FRAME.pack(wire.Frame.ERROR, len(payload)) + payload, DEFAULTS)
    return judge(Facts(0, False, False, Measures(1.0, 1.0, 10**9)), transcript, DEFAULTS, data)


def _error_texts(data: bytes) -> object:
    return script_error(ErrorKind.SCRIPT_ERROR, _text(data), 1, 1, _text(data))


def _warnings(data: bytes) -> object:
    text = _text(data)
    return (
        number_warning(NumberWarningKind.INTEGER_PRECISION, text, text),
        source_warning(SourceWarningKind.NO_MODULES, text, 1),
    )


def _moments(data: bytes) -> object:
    return moment(_text(data)), structure_query({"cursor": _text(data), _text(data): ""}, ExecutionsQuery)


API: Final = Api()
SEALS: Final = AesSeals(MasterKeys("a", {"a": bytes(32)}))
A_PENDING: Final = a_pending(a_script()[1])
_TAG: Final = '"' + "0" * 64 + '"'


def _of_headers(covers: str, read: Callable[[bytes], object]) -> Reader:
    return Reader("headers", (covers,), read, HEAD)


READERS: Final[Sequence[Reader]] = (
    _of_headers(
        "http.negotiation.acceptable_types", lambda one: acceptable_types(_headers("accept", one), (JSON, NDJSON))
    ),
    _of_headers(
        "http.negotiation.acceptable_coding", lambda one: acceptable_coding(_headers("accept-encoding", one), True)
    ),
    _of_headers("http.preconditions.has_already", lambda one: has_already(_headers("if-none-match", one), _TAG)),
    _of_headers("http.credentials.read_token", lambda one: read_token([_line(one)])),
    _of_headers("domain.access.token", lambda one: token(_text(one))),
    _of_headers("http.requests.media_type", lambda one: media_type(_request("content-type", one), (JSON,))),
    _of_headers("http.requests.preferred_wait", lambda one: preferred_wait(_request("prefer", one))),
    _of_headers("http.requests.sent_trace", lambda one: sent_trace(_request("traceparent", one))),
    _of_headers("domain.trace.trace_context", lambda one: trace_context(_text(one))),
    _of_headers("http.decoding.content_coding", lambda one: content_coding(_request("content-encoding", one))),
    _of_headers("http.codings.coding.registered", lambda one: registered(_line(one))),
    _of_headers("http.observing.known_method", lambda one: known_method(_line(one))),
    _of_headers("http.cursors.id_before", lambda one: id_before(_text(one))),
    _of_headers("http.cursors.number_before", lambda one: number_before(_text(one))),
    _of_headers("http.cursors.deed_before", lambda one: deed_before(_text(one))),
    _of_headers("http.moments.moment", _moments),
    _of_headers("http.mismatches.name_of", lambda one: name_of("/" + _text(one))),
    _of_headers("domain.script.script_name", lambda one: script_name(_text(one))),
    Reader(
        "headers",
        ("http.idempotency.read_idempotency_key", "http.idempotency.parse_idempotency_key"),
        lambda one: read_idempotency_key(_request("idempotency-key", one), None),
        HEAD,
    ),
    Reader("headers", ("domain.idempotency.idempotency_key",), lambda one: idempotency_key(_text(one), None), HEAD),
    Reader(
        "headers",
        ("http.requests.read_query", "http.converter.structure_query"),
        _query,
        HEAD,
        memory=60,
        nanoseconds=10_000,
    ),
    Reader(
        "headers",
        (
            "http.requests.script_key",
            "http.requests.version_number",
            "http.requests.execution_id",
            "http.requests.parse_script_key",
        ),
        _path,
        HEAD,
    ),
    Reader(
        "headers", ("http.problems.problem_bytes",), lambda one: problem_bytes(Refused(NOT_FOUND), unquote(one)), HEAD
    ),
    Reader(
        "headers",
        ("a whole request", "http.credentials.authorised", "http.requests.listed"),
        _whole_request,
        HEAD,
        memory=60,
        nanoseconds=10_000,
    ),
    Reader("documents", ("http.documents.read_document", "http.documents.few_values"), _document, DOCUMENT),
    Reader("documents", ("domain.script.source",), source, SOURCE),
    Reader("documents", ("domain.script.description",), lambda one: description(_text(one)), DOCUMENT),
    Reader(
        "documents",
        ("http.codings.gzip_members.GzipMembers.decode",),
        partial(_decoded, GzipMembers),
        DATASET,
        texts=encodings,
    ),
    Reader(
        "documents",
        ("http.codings.zstd_frames.ZstdFrames.decode",),
        partial(_decoded, ZstdFrames),
        DATASET,
        memory=20,
        texts=encodings,
    ),
    Reader(
        "documents",
        ("http.codings.decoders.Verbatim.decode", "http.codings.decoders.Decoder.decode"),
        partial(_decoded, Verbatim),
        DATASET,
    ),
    Reader("documents", ("domain.body.digest",), digest, DATASET),
    Reader(
        "documents",
        (
            "sealing.aes.AesSeal.open",
            "sealing.aes.AesSeal.close",
            "sealing.framing.seal",
            "sealing.framing.opened",
            "sealing.framing.StreamOpening.feed",
        ),
        _sealed,
        DATASET,
    ),
    Reader(
        "json",
        (
            "json.bodies.JsonBodies.seal",
            "json.bodies.JsonBodies.survey",
            "json.bodies.JsonBodies.is_array",
            "json.to_lines.lines",
            "http.codings.encoding.encoded",
            "http.codings.encoding.cut",
        ),
        _kept,
        DATASET,
        nanoseconds=2_000,
    ),
    Reader("json", ("json.from_lines.array_of", "json.bodies.JsonBodies.from_lines"), array_of, DATASET),
    Reader("json", ("json.syntax.fault_of",), fault_of, DATASET),
    Reader("json", ("json.syntax.encoding_fault",), encoding_fault, DATASET),
    Reader("json", ("json.syntax.with_whole_characters",), with_whole_characters, DATASET),
    Reader(
        "json",
        ("json.numbers.number_warnings",),
        lambda one: number_warnings(one) if fault_of(one) is None else None,
        DATASET,
        nanoseconds=2_000,
    ),
    Reader("json", ("json.pointers.pointer_to",), _pointed, DATASET, nanoseconds=2_000),
    Reader(
        "json",
        ("json.floats.is_kept",),
        lambda one: [is_kept(b"1" * len(one)), is_kept(b"0." + b"0" * len(one) + b"1e5")],
        DATASET,
    ),
    Reader(
        "json", ("json.strings.without_escapes", "json.strings.whole"), lambda one: whole(without_escapes(one)), DATASET
    ),
    Reader(
        "json",
        ("json.values.count_values", "json.bodies.JsonBodies.count_values"),
        lambda one: count_values(one, 10**9),
        DOCUMENT,
    ),
    Reader("scripts", ("javascript.transcript.transcribe",), _framed(wire.Frame.RESULT), DATASET),
    Reader("scripts", ("javascript.transcript.transcribe",), _framed(wire.Frame.LOG), LOGS),
    Reader("scripts", ("javascript.transcript.transcribe",), _framed(wire.Frame.ERROR), ERROR_TEXT),
    Reader("scripts", ("javascript.transcript.transcribe",), _framed(wire.Frame.NON_FINITE), ERROR_TEXT),
    Reader(
        "scripts",
        ("javascript.transcript.transcribe",),
        _in_frames,
        LOGS // 2,
        memory=40,
        nanoseconds=3_000,
        texts=plain,
    ),
    Reader("scripts", ("javascript.transcript.transcribe",), lambda one: transcribe(one, CEILINGS), DATASET),
    Reader("scripts", ("javascript.verdict.judge",), _judged, ERROR_TEXT),
    Reader("scripts", ("javascript.traces.trace",), lambda one: trace(_text(one), one), ERROR_TEXT, memory=20),
    Reader(
        "scripts",
        ("javascript.hints.with_hint",),
        lambda one: [with_hint(_text(one), 1, one), with_hint("SyntaxError: " + _text(one), 1, one)],
        SOURCE,
        memory=40,
    ),
    Reader(
        "scripts",
        ("postgres.execution_rows.logs_from", "http.representations.execution"),
        _logged,
        LOGS,
        memory=80,
        nanoseconds=3_000,
    ),
    Reader(
        "scripts",
        ("domain.texts.storable", "domain.texts.kept_text"),
        lambda one: [storable(_text(one)), kept_text(_text(one))],
        DATASET,
    ),
    Reader("scripts", ("domain.outcome.script_error",), _error_texts, ERROR_TEXT),
    Reader("scripts", ("domain.warnings.number_warning", "domain.warnings.source_warning"), _warnings, ERROR_TEXT),
)

EXEMPT: Final = {
    "the service's own words": (
        "http.answers.document", "http.answers.page_of", "http.answers.listed", "http.observing.ignore_request",
        "http.preconditions.not_modified", "http.preconditions.validated", "http.stored_content.held_bytes",
        "http.stored_content.content_pieces", "javascript.engines.label_of", "domain.access.new_token",
        "domain.access.new_key", "domain.limits.choose_limits", "sealing.master_keys.master_keys",
    ),
    "passed on and not looked at": (
        "javascript.conversation.converse", "javascript.orders.run_order", "javascript.orders.check_order",
        "javascript.launch.bury",
    ),
    "tested with a real server, in tests/adapters/http/test_connections.py": (
        "http.server.connections.BoundedProtocol.data_received", "http.server.connections.BoundedProtocol.on_url",
        "http.server.connections.BoundedProtocol.on_header", "http.server.connections.BoundedProtocol.on_body",
        "http.server.connections.BoundedProtocol.send_400_response",
    ),
    "to be run in the confined child alone": ("javascript.advice.advise",),
}  # fmt: skip
"""Functions that take text and are not measured here, by the reason."""
