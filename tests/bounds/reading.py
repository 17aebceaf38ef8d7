"""Calls of readers with a text: as the service calls them, with the same chunks, requests and limits."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from mmap import mmap
from typing import Any, Final, cast
from urllib.parse import unquote
from uuid import UUID

from starlette.datastructures import Headers
from starlette.requests import Request

from adapters.comparison.messages import reply_message
from adapters.comparison.work import Task, compare_texts
from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.http.language import Language
from adapters.http.problems.mapping import problem_of
from adapters.http.problems.messages import hint_text, message_of
from adapters.http.problems.rendering import Audience, problem_bytes
from adapters.http.requests.cursors import path_after, path_cursor
from adapters.http.requests.documents import check_document, read_document
from adapters.http.requests.jobs import job_request
from adapters.http.requests.parameters import (
    batch_id,
    delivery_id,
    execution_id,
    job_id,
    parse_script_ref,
    path_alias,
    read_query,
    replay_id,
    reproduction_id,
    script_ref,
    version_ref,
    webhook_id,
)
from adapters.http.requests.raw_members import split_document
from adapters.http.requests.script_tests import path_test_name
from adapters.http.requests.stores import folder_of, path_url, upload_offset, upload_ref
from adapters.http.requests.stores import store_name as path_store_name
from adapters.http.responses.batch_lines import line_pieces, whole_line
from adapters.http.responses.executions import execution
from adapters.http.responses.version_replays import difference_lines
from adapters.http.server.framing import Framing
from adapters.http.server.request_heads import read_head
from adapters.http.transport.authorities import Authority, authority, is_loopback_literal
from adapters.http.transport.codings.coding import Coding
from adapters.http.transport.codings.decoders import Decoder
from adapters.http.transport.codings.encoding import cut, encoded
from adapters.http.transport.own_hosts import OwnHosts, own_name
from adapters.http.transport.path_segments import decoded as decoded_path
from adapters.http.transport.path_segments import segment
from adapters.http.transport.request_host import read_host
from adapters.http.transport.root_path import local_path, parse_root_path
from adapters.http.wire.converter import structure_query
from adapters.http.wire.schemas.jobs import NewJob
from adapters.http.wire.schemas.queries import AuditQuery, ExecutionsQuery
from adapters.http.wire.schemas.scripts import NewScript
from adapters.http.wire.timestamps import moment
from adapters.javascript import wire
from adapters.javascript.child_output import longest, transcribe
from adapters.javascript.findings import read_findings
from adapters.javascript.stack_traces import line_count
from adapters.javascript.verdict import ExitStatus, judge
from adapters.json.batch_lines import batch_lines
from adapters.json.bodies import JsonBodies
from adapters.json.from_lines import array_of
from adapters.json.pointers import pointer_to
from adapters.json.positions import excerpt, first_from, is_in_string, last_before, line_and_column, visible
from adapters.json.syntax import fault_of
from adapters.postgres.execution_rows import logs_from, logs_json
from adapters.webhooks.exchange import Bounds, exchange, request_to
from adapters.webhooks.target import target_of
from application.ports.batches import BatchLine
from application.ports.encryption import ContentPart
from application.ports.executions import ExecutionDetails
from application.ports.stored_bodies import PartBuffer, stored
from domain.advice import advise, missing_name
from domain.batch_lines import MAX_BATCH_LINES
from domain.body import Body
from domain.checks import check
from domain.comparison.json_text import json_text, parse_json
from domain.comparison.values import EXACTLY
from domain.dsse import parse_envelope, signed_bytes
from domain.execution import State
from domain.job_requests import compression_of, format_of
from domain.jobs import JobErrorKind, job_error
from domain.limits import CEILINGS, DEFAULTS, MIB
from domain.outcome import ErrorKind, LogLevel, LogLine, Logs, Measures, script_error
from domain.partition_list import partitions_root
from domain.partitions import InputFault, partition_error
from domain.replayed_executions import ReplayedExecution
from domain.script_tests import ResultExpectation
from domain.statement import parse_statement
from domain.stores import ObjectPath, StoreName, folder, matches, object_path, object_pattern, object_url, store_name
from domain.text_limits import sanitize
from domain.warnings import (
    NumberWarningKind,
    RunWarningKind,
    SourceWarningKind,
    number_warning,
    run_warning,
    source_warning,
)
from domain.webhooks import WebhookUrl, webhook_url
from tests.adapters.http.api import Api
from tests.support.values import a_pending, a_script

BODIES: Final = JsonBodies()
API: Final = Api()
SEALS: Final = AesKeyring(MasterKeys("a", {"a": bytes(32)}))
A_PENDING: Final = a_pending(a_script()[1])
IN_A_BATCH: Final = BatchLine(1, "a", UUID(int=0), State.SUCCEEDED)


ENDED_WELL: Final = ExitStatus(0, False, False, Measures(1.0, 1.0, 10**9))


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def line_of(data: bytes) -> str:
    """Decode as a header's value, which has no line breaks."""
    return data.translate(None, b"\r\n\0").decode("latin-1")


def headers_of(name: str, data: bytes) -> Headers:
    return Headers(raw=[(name.encode(), line_of(data).encode("latin-1"))])


def request_of(name: str, data: bytes, **scope: Any) -> Request:
    raw = [(name.encode(), line_of(data).encode("latin-1"))]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw} | scope)


def query(data: bytes) -> object:
    return [read_query(request_of("x", b"", query_string=data), one) for one in (ExecutionsQuery, AuditQuery)]


_PATH_PARAMETERS: Final = (
    "script",
    "n",
    "alias",
    "id",
    "reproduction",
    "replay",
    "test",
    "batch",
    "job",
    "webhook",
    "delivery",
)


def path(data: bytes) -> object:
    text = unquote(data)
    request = request_of("x", b"", path_params=dict.fromkeys(_PATH_PARAMETERS, text))
    readers = (
        path_test_name,
        script_ref,
        version_ref,
        path_alias,
        execution_id,
        reproduction_id,
        replay_id,
        batch_id,
        job_id,
        webhook_id,
        delivery_id,
        lambda one: parse_script_ref(text),
    )
    return [read(request) for read in readers]


def encoded_path(data: bytes) -> object:
    """Read a path as it is sent, of which slashes may be encoded, and prefixes that a proxy may name."""
    text = decoded_path(data)
    return segment(text), local_path(text, "/bateia"), local_path(text, text[:100]), parse_root_path(line_of(data))


def host(data: bytes) -> object:
    """Read a host, in each of its places."""
    text = line_of(data)
    named, hosts = authority(text), OwnHosts(port=80, listens_on="::1", added=(Authority("bateia", None),))
    judged = None if named is None else (hosts.has(named), hosts.has_origin("https", named), named.port_for("http"))
    return judged, is_loopback_literal(text), own_name(text), read_host([text.encode("latin-1")])


def requests_ahead(data: bytes) -> object:
    """Cut the input of a connection into pieces."""
    framing, at, ends = Framing(), 0, []
    while at < len(data):
        ends.append(at := framing.piece_end(data, at))
    return ends


def head(data: bytes) -> object:
    """Read a head: its line, and headers that decide on its host and its body."""
    value = line_of(data).encode("latin-1")
    names = (b"host", b"content-length", b"transfer-encoding", b"expect")
    heads = [read_head(b"GET " + value + b" HTTP/1.1", [(b"host", b"bateia")]), read_head(value, [])]
    return [*heads, *(read_head(b"POST / HTTP/1.1", [(b"host", b"x"), (one, value), (one, value)]) for one in names)]


def whole_request(data: bytes) -> object:
    """Read a head that is full of headers: many, and long ones that are read by name."""
    values = [line_of(data[at : at + 20]).encode("latin-1") for at in range(0, len(data) // 2, 24)]
    names = ("accept", "accept-encoding", "if-none-match", "prefer", "traceparent", "x-request-id", "content-type")
    named = [(one.encode(), line_of(data[: len(data) // 20]).encode("latin-1")) for one in names]
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
        "headers": [(b"host", b"bateia"), *named, *((b"a", one) for one in values)],
        "state": {},
    }
    asyncio.run(API.app(scope, receive, send))
    assert messages[0]["status"] != 421, "the request is not for this service, so little of it is read"
    return messages


def document(data: bytes) -> object:
    async def read() -> object:
        few = await check_document(BODIES, data)
        return few.bind(lambda text: read_document(text, NewScript))

    return asyncio.run(read())


def job_document(data: bytes) -> object:
    """Read a job: the text itself, and as the types and the selection of columns of one that is right but for that."""
    csv = b'{"url":"files://a.csv","columns":[%b],"csv":{"types":{%b}}}' % (data, data)
    whole = b'{"input":%b,"output":{"url":"files://out","format":"json"},"merge":"script"}' % csv

    async def read(text: bytes) -> object:
        few = await check_document(BODIES, text)
        return few.bind(lambda one: read_document(one, NewJob)).bind(job_request)

    return [asyncio.run(read(text)) for text in (data, whole)]


def job_texts(data: bytes) -> object:
    """Build what a job stores of its input: errors that quote it, and a path's format."""
    text = text_of(data)
    errors = job_error(JobErrorKind.INPUT_MALFORMED, text), partition_error(InputFault.INPUT_MALFORMED, text, 1, text)
    return errors, format_of(text), compression_of(text)


def partition_lists(data: bytes) -> object:
    """Compute the root of as many partitions as fill the text."""
    digest_text = "ab" * 32
    span = {"unit": "bytes", "start": 0, "end": 1}
    facts = {"object_number": 0, "range": span, "rows": 1, "input_sha256": digest_text, "result_sha256": digest_text}
    return partitions_root({"number": number, **facts} for number in range(len(data) // 250))


def split(data: bytes) -> object:
    async def read() -> object:
        texts = (data, b'{"a":"b","dataset":%b,"c":1}' % data)
        return [await split_document(BODIES, text, frozenset({"dataset"}), MIB) for text in texts]

    return asyncio.run(read())


def differences(data: bytes) -> object:
    """Split as many differences as fill the text."""
    one = ReplayedExecution(0, UUID(int=0), UUID(int=0))
    return difference_lines(one, b"[%b]" % b",".join([b'{"a":[1]}'] * (len(data) // 10)))


def decoded(decoder: Callable[[], Decoder], data: bytes) -> int:
    """Decode as a body is read: in chunks, up to a limit of the output."""
    made, decoding = 0, decoder()
    for start in range(0, len(data), 64 * 1024):
        for piece in decoding.decode(data[start : start + 64 * 1024]):
            if not isinstance(piece, bytes) or (made := made + len(piece)) > 4 * len(data):
                return made
    decoding.end()
    return made


def kept(data: bytes) -> object:
    """Encode, check, and decode again in every coding, and as lines in one."""
    sealed = asyncio.run(BODIES.encode(data))
    return sealed.map(lambda body: [_read_again(body, data), asyncio.run(BODIES.encode_dataset(data))])


def _read_again(body: Body, data: bytes) -> object:
    assert asyncio.run(BODIES.decode(body)) == data
    for coding in Coding:
        _consumed(encoded(_fed(body, BODIES.pieces), coding))
    if data.lstrip().startswith(b"["):
        _consumed(encoded(_fed(body, BODIES.lines), Coding.GZIP))
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


def results_line(data: bytes) -> object:
    """Write the text as the result of a line of a batch: at once, and in pieces."""

    async def in_pieces() -> None:
        async for _ in line_pieces(IN_A_BATCH, _pieces(data), Language.ENGLISH):
            pass

    asyncio.run(in_pieces())
    return whole_line(IN_A_BATCH, data, Language.ENGLISH)


def pointed(data: bytes) -> object:
    """Build the pointer of the last value, where the text is JSON."""
    return pointer_to(data, data.rindex(b"1")) if fault_of(data) is None and b"1" in data else None


def batch(data: bytes) -> object:
    """Read lines of a batch: the text itself, as the dataset of one line, of one that is read closely, and as a
    reference."""
    around = (b"%b", b'{"data":%b}', b'{"data":"\\ud800","data":%b,"ref":"a"}', b'{"data":[{}],"ref":%b}')
    return [batch_lines(one % data, MAX_BATCH_LINES) for one in around]


def diagnosed(data: bytes) -> object:
    """Read lines, and build the message of the refusal."""
    return array_of(data).alt(lambda fault: problem_bytes(problem_of(fault), "/", Audience(Language.PORTUGUESE)))


def enveloped(data: bytes) -> object:
    """Read an envelope: the text itself, and as the payload and the signatures of one."""
    payload = b'{"payload":"%b","payloadType":"x","signatures":[{"sig":""}]}' % base64.b64encode(data[: len(data) // 2])
    signatures = b'{"payload":"","payloadType":"x","signatures":[%b]}' % data
    read = [parse_envelope(text) for text in (data, payload, signatures)]
    inner = read[1].unwrap().payload
    return read, parse_statement(inner), signed_bytes(text_of(inner), inner)


def positions(data: bytes) -> object:
    """Locate the end and a place in the middle, and look for text from both over white space."""
    end, white = len(data), b" " * len(data)
    places = [line_and_column(data, at) for at in (end // 2, end)]
    return [
        places,
        visible(excerpt(data, end).text),
        is_in_string(data, end),
        last_before(white, end),
        first_from(white, 0),
    ]


def sealed(data: bytes) -> bytes:
    seal = SEALS.generate(A_PENDING.submission.id)
    assert seal is not None
    return seal.decrypt(ContentPart.DATASET, seal.encrypt(ContentPart.DATASET, data))


def logged(data: bytes) -> object:
    """Convert lines as a script printed them, through the record, to an answer."""
    room, printed = CEILINGS.log_bytes, []
    for line in text_of(data).split("\n"):
        room -= len(line.encode()) + wire.LINE_COST_BYTES
        if room < 0:
            break
        printed.append(LogLine(LogLevel.LOG, sanitize(line)))
    kept = logs_json(Logs(tuple(printed)))
    return execution(ExecutionDetails(A_PENDING, logs_from(kept, False), None), None, "", Language.ENGLISH)


def framed(kind: wire.Frame) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        return transcribe(wire.FRAME.pack(kind, len(data)) + data, CEILINGS)

    return read


def findings(data: bytes) -> object:
    """Read frames of an analysis as it sends them, with the text in them, and the text in place of frames."""
    lines, words = line_count(data), data[: wire.MAX_SUBJECT_BYTES]
    payload = wire.FINDING.pack(0, 1, 1, len(words)) + words
    found = wire.FRAME.pack(wire.Frame.FINDING, len(payload)) + payload
    end = wire.FRAME.pack(wire.Frame.RESULT, 0)
    sent = (found * wire.MOST_FINDINGS + end, data, wire.FRAME.pack(wire.Frame.FINDING, len(data)) + data + end)
    read = [read_findings(ENDED_WELL, one, lines) for one in sent]
    assert read[0] is not None
    return read, missing_name(line_of(data))


def in_frames(data: bytes) -> object:
    """Frame each three bytes as a printed line, up to the maximum."""
    frames = b"".join(wire.FRAME.pack(wire.Frame.LOG, 3) + b"\1" + data[at : at + 2] for at in range(0, len(data), 2))
    return transcribe(frames[: longest(CEILINGS)], CEILINGS)


def judged(data: bytes) -> object:
    half = len(data) // 2
    payload = wire.FAULT.pack(wire.Phase.CALL, next(iter(wire.Cause)), half // 2, half // 2) + data
    transcript = transcribe(wire.FRAME.pack(wire.Frame.ERROR, len(payload)) + payload, DEFAULTS)
    return judge(ENDED_WELL, transcript, DEFAULTS, data, "dukpy")


def advised(data: bytes) -> object:
    """Advise on messages that begin as those with hints do, and show the hints."""
    text = text_of(data)
    starts = ("", "ReferenceError: ", "SyntaxError: ", "(data is an object: ")
    errors = [script_error(ErrorKind.SCRIPT_ERROR, start + text, 1, 1) for start in starts]
    shown = [hint_text(advise(one), Language.ENGLISH) for one in errors]
    return shown, message_of("script-undefined-name", {"name": text}, Language.PORTUGUESE), missing_name(text)


def error_texts(data: bytes) -> object:
    return script_error(ErrorKind.SCRIPT_ERROR, text_of(data), 1, 1, text_of(data))


_ANY_ROWS: Final = object_pattern("files://*a*b*c*/**/*a*a*.x").unwrap()


def urls(data: bytes) -> object:
    """Parse a text as a URL, and as each part of one."""
    text = text_of(data)
    return [webhook_url(one) for one in (text, f"https://{text}/", f"https://a:{text}", f"https://a/{text}")]


def store_places(data: bytes) -> object:
    """Parse a text as a path in a store, as a URL, as a pattern and as a folder, and as each parameter of a request."""
    text = unquote(data)
    request = request_of("upload-offset", data, path_params={"store": text, "path": text, "upload": text})
    readers = (path_url, upload_ref, upload_offset, path_store_name)
    of_text = (object_path, object_url, object_pattern, folder, store_name, path_after)
    parsed = [read(f"files://{text}") for read in of_text]
    return [*parsed, *(read(request) for read in readers), *(read(text) for read in of_text), *_folders(text)]


def _folders(text: str) -> list[object]:
    store = StoreName("files")
    return [folder_of(store, text), path_cursor(text), matches(_ANY_ROWS, ObjectPath(text))]


def warnings(data: bytes) -> object:
    text = text_of(data)
    return (
        number_warning(NumberWarningKind.INTEGER_PRECISION, text, text),
        source_warning(SourceWarningKind.NO_MODULES, text, 1),
        run_warning(RunWarningKind.INTL_DIFFERENCES, text),
    )


def compared(data: bytes) -> object:
    """Compare a table, and another value, with a similar one."""
    return [_compared(one % data, one % (data + b",0")) for one in (b"[%b]", b'{"a":[%b]}')]


def _compared(before: bytes, after: bytes) -> object:
    texts = []
    for text in (before, after):
        texts.append(mmap(-1, len(text)))
        texts[-1].write(text)
    try:
        return reply_message(compare_texts(texts[0], texts[1], Task(None, EXACTLY)))
    except ValueError:
        return None


def parsed_exactly(data: bytes) -> object:
    """Parse, and parse again what is nested too deeply for the first parser."""
    found: list[object] = []
    for text in (text_of(data), "[" * 2_000 + text_of(data) + "]" * 2_000):
        with suppress(ValueError):
            found.append(json_text(parse_json(text)))
    return found


def moments(data: bytes) -> object:
    return moment(text_of(data)), structure_query({"cursor": text_of(data), text_of(data): ""}, ExecutionsQuery)


def checked(text: bytes) -> object:
    """Compare a result with itself, once wrapped, as a test does: whole, and as a subset."""
    if fault_of(text) is not None:
        return None
    return [
        check(ResultExpectation(is_subset=is_subset), text, b"%b %b %b" % behind)
        for is_subset in (False, True)
        for behind in ((b"", text, b""), (b"[0,", text, b",1]"))
    ]


class _Sent:
    """The other half of a receiver's connection, which takes whatever it is sent."""

    transport = property(lambda self: self)

    def write(self, data: bytes) -> None: ...

    async def drain(self) -> None: ...

    def abort(self) -> None: ...


def received(data: bytes) -> object:
    """Read responses of a receiver: the text alone, as a head, and as a body of known length, and one in pieces."""
    beginning = b"HTTP/1.1 200 OK\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(data)
    responses = (data, beginning + data, beginning + length + data, beginning + _PIECES + data)
    return [asyncio.run(_outcome(one)) for one in responses]


_PIECES: Final = b"Transfer-Encoding: chunked\r\n\r\n"
_MESSAGE: Final = request_to(target_of(WebhookUrl("https://receiver.example/")), (), b"{}")


async def _outcome(response: bytes) -> object:
    reader, sent = asyncio.StreamReader(), cast("asyncio.StreamWriter", _Sent())
    reader.feed_data(response)
    reader.feed_eof()
    bounds = Bounds(began=asyncio.get_running_loop().time(), seconds=60, bytes=64 * 1024)
    return await exchange((reader, sent), _MESSAGE, bounds, datetime(2030, 1, 1, tzinfo=UTC))
