"""Every function of the API and the worker that reads what clients and scripts wrote, each with its largest input.

`READERS` is the register. A function that takes text and stands in neither it nor `EXEMPT` fails a test, so a new
reader is measured from its first day.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import unquote

from attrs import field, frozen

from adapters.http.language import preferred_language
from adapters.http.operations import JSON, NDJSON
from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.nearest_path import nearest_path
from adapters.http.problems.quoting import quotable
from adapters.http.problems.refusals import InvalidDocument
from adapters.http.problems.rendering import Audience, problem_bytes
from adapters.http.requests.authorization import read_token
from adapters.http.requests.byte_order_mark import ByteOrderMark
from adapters.http.requests.content_encoding import content_coding
from adapters.http.requests.cursors import audit_before, first_line, id_before, number_before
from adapters.http.requests.idempotency_key import read_idempotency_key
from adapters.http.requests.parameters import media_type, preferred_wait, sent_trace
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.short_texts import parse_description, parse_note
from adapters.http.resources.comparisons import key_columns
from adapters.http.responses.conditional import if_none_match
from adapters.http.responses.csv_rows import csv_field
from adapters.http.responses.negotiation import acceptable_coding, acceptable_types
from adapters.http.transport.byte_ranges import byte_range
from adapters.http.transport.codings.coding import registered
from adapters.http.transport.codings.decoders import IdentityDecoder
from adapters.http.transport.codings.gzip_decoder import GzipDecoder
from adapters.http.transport.codings.zstd_decoder import ZstdDecoder
from adapters.http.transport.entity_tags import entity_tags
from adapters.http.transport.instrumentation import known_method
from adapters.http.transport.media_types import canonical
from adapters.http.wire.validation_errors import name_of, nearest, pointer_to, suggested_name
from adapters.javascript import wire
from adapters.javascript.child_output import transcribe
from adapters.javascript.kinds import kind_for
from adapters.javascript.stack_traces import parse, with_details
from adapters.javascript.stream_exchange import FrameScanner
from adapters.json.floats import is_kept
from adapters.json.line_digest import LineDigest
from adapters.json.numbers import number_warnings
from adapters.json.strings import whole, without_escapes
from adapters.json.syntax import encoding_fault, fault_of, with_whole_characters
from adapters.json.values import count_values
from adapters.signing.ed25519 import is_public_key
from adapters.webhooks.retry_after import retry_after
from domain.access import token
from domain.batch_lines import line_reference
from domain.body import digest
from domain.circumstances import EARLIEST_CLOCK, circumstances
from domain.dsse import MAX_ENVELOPE_BYTES
from domain.engine import EngineName
from domain.error_document import MAX_ERROR_DOCUMENT_BYTES, parse_error
from domain.hint import hint
from domain.idempotency import idempotency_key
from domain.limits import CEILINGS, MIB
from domain.live_log import parse_position
from domain.public_keys import MAX_KEYS_BYTES, parse_public_keys
from domain.script import description, script_name
from domain.script_tests import expected_message
from domain.source_diff import unified_diff
from domain.strict_json import parsed_time
from domain.text_limits import sanitize, truncate
from domain.trace import trace_context
from domain.version_replays import acceptance_note
from domain.versions import source
from tests.bounds.reading import (
    advised,
    batch,
    checked,
    compared,
    decoded,
    diagnosed,
    differences,
    document,
    encoded_path,
    enveloped,
    error_texts,
    findings,
    framed,
    head,
    headers_of,
    host,
    in_frames,
    job_document,
    job_texts,
    judged,
    kept,
    line_of,
    logged,
    moments,
    parsed_exactly,
    partition_lists,
    path,
    pointed,
    positions,
    query,
    received,
    request_of,
    requests_ahead,
    results_line,
    sealed,
    split,
    store_places,
    text_of,
    urls,
    warnings,
    whole_request,
)
from tests.bounds.texts import OF_HEADERS, OF_JSON, OF_SCRIPTS, Make, encodings, items, lines_to_compare, plain, texts
from tests.support.limited_process import SPARE_SECONDS, Measured

HEAD: Final = 32 * 1024
MOST_RECEIVED: Final = 64 * 1024
SOME_PATHS: Final = ("/v1/scripts/{script}", "/v1/scripts", "/health/live")
SOURCE: Final = MIB
DOCUMENT: Final = 6 * MIB + 64 * 1024
JOB_DOCUMENT: Final = 256 * 1024
DATASET: Final = 64 * MIB
ERROR_TEXT: Final = 128 * 1024
"""More than a child may write of a message and a stack: its output has that much slack beside result and logs."""
LOGS: Final = MIB
COMPARED: Final = 32 * 1024
"""A length at which a reader that takes microseconds a byte shows what it would show of longer texts."""
LONGEST: Final = int(os.environ.get("BOUNDS_BYTES", 192 * 1024))
"""The longest text that is measured, for every reader: more takes longer, and shows more."""


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
    memory: float = 6.0
    nanoseconds: float = 500.0
    texts: Callable[[], Iterator[tuple[str, Make]]] | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """A length, and twice that."""
        longest = min(self.largest, LONGEST)
        return longest // 2, longest


@frozen
class Case:
    """A reader with a text."""

    reader: Reader
    text: str
    make: Make = field(repr=False)

    @property
    def name(self) -> str:
        return f"{READERS.index(self.reader)} {self.reader.covers[0]}: {self.text}"

    @property
    def sizes(self) -> tuple[int, int]:
        return self.reader.sizes

    @property
    def spare_half_bytes(self) -> float:
        """The allocations of a half that need no explanation; of more, the growth to the whole is bounded."""
        return HALF_SPARE_BYTES + self.reader.memory * self.sizes[0]

    def is_bounded(self, one: Measured) -> bool:
        """Tell whether the text is read within the reader's bounds, and took no more than its share beyond its half."""
        memory = SPARE_BYTES + self.reader.memory * one.size
        seconds = SPARE_SECONDS + self.reader.nanoseconds * one.size / 1e9
        steep = one.half_cpu_seconds is not None and one.cpu_seconds > MOST_GROWTH * one.half_cpu_seconds
        within = one.resident_bytes <= memory and one.cpu_seconds <= seconds
        return one.error is None and within and not steep and not self._grows(one)

    def _grows(self, one: Measured) -> bool:
        if one.whole_allocated_bytes is None:
            return False
        more = one.whole_allocated_bytes - one.half_allocated_bytes
        return more > HALF_SPARE_BYTES + self.reader.memory * (one.size - self.sizes[0])


_FAMILIES: Final = {"headers": OF_HEADERS, "documents": OF_JSON, "json": OF_JSON, "scripts": OF_SCRIPTS}
SPARE_BYTES: Final = 6 * MIB
"""The memory of a reader's first call, independent of its input: a thread's stack, tables of a codec."""
HALF_SPARE_BYTES: Final = 128 * 1024
"""The same of what Python allocates."""
MOST_GROWTH: Final = 3.5
"""Twice the length may take so much more time: linear work takes 2, quadratic 4."""


def _texts_of(reader: Reader) -> Iterator[tuple[str, Make]]:
    return texts(_FAMILIES[reader.group]) if reader.texts is None else reader.texts()


def cases(group: str) -> list[Case]:
    """List the cases of a group of readers."""
    readers = [one for one in READERS if one.group == group]
    return [Case(one, *text) for one in readers for text in _texts_of(one)]


_TAG: Final = '"' + "0" * 64 + '"'


def _of_headers(covers: str, read: Callable[[bytes], object]) -> Reader:
    return Reader("headers", (covers,), read, HEAD, memory=40)


READERS: Final[Sequence[Reader]] = (
    _of_headers("http.requests.preconditions.precondition", lambda one: precondition(headers_of("if-match", one))),
    _of_headers(
        "http.responses.negotiation.acceptable_types",
        lambda one: acceptable_types(headers_of("accept", one), (JSON, NDJSON)),
    ),
    _of_headers(
        "http.responses.negotiation.acceptable_coding",
        lambda one: acceptable_coding(headers_of("accept-encoding", one), True),
    ),
    _of_headers(
        "http.responses.conditional.if_none_match", lambda one: if_none_match(headers_of("if-none-match", one), _TAG)
    ),
    _of_headers(
        "http.transport.entity_tags.entity_tags",
        lambda one: entity_tags(headers_of("if-none-match", one), "if-none-match"),
    ),
    _of_headers("http.language.preferred_language", lambda one: preferred_language(headers_of("accept-language", one))),
    _of_headers("http.requests.authorization.read_token", lambda one: read_token([line_of(one)])),
    _of_headers("domain.access.token", lambda one: token(text_of(one))),
    _of_headers(
        "http.requests.parameters.media_type", lambda one: media_type(request_of("content-type", one), (JSON,))
    ),
    _of_headers("http.transport.media_types.canonical", lambda one: canonical(text_of(one) + "+json")),
    _of_headers("http.requests.parameters.preferred_wait", lambda one: preferred_wait(request_of("prefer", one))),
    _of_headers("http.requests.parameters.sent_trace", lambda one: sent_trace(request_of("traceparent", one))),
    _of_headers("domain.trace.trace_context", lambda one: trace_context(text_of(one))),
    _of_headers(
        "http.requests.content_encoding.content_coding", lambda one: content_coding(request_of("content-encoding", one))
    ),
    _of_headers("http.transport.codings.coding.registered", lambda one: registered(line_of(one))),
    _of_headers("http.transport.instrumentation.known_method", lambda one: known_method(line_of(one))),
    _of_headers("http.requests.cursors.id_before", lambda one: id_before(text_of(one))),
    _of_headers("http.requests.cursors.number_before", lambda one: number_before(text_of(one))),
    _of_headers("http.requests.cursors.first_line", lambda one: first_line(text_of(one))),
    _of_headers("http.requests.cursors.audit_before", lambda one: audit_before(text_of(one))),
    _of_headers("domain.live_log.parse_position", lambda one: parse_position(text_of(one))),
    _of_headers("http.wire.timestamps.moment", moments),
    _of_headers("http.wire.validation_errors.name_of", lambda one: name_of("/" + text_of(one))),
    _of_headers("http.wire.validation_errors.pointer_to", lambda one: pointer_to(text_of(one))),
    Reader(
        "headers",
        (
            "domain.circumstances.valid_seed",
            "domain.circumstances.circumstances",
            "domain.circumstances.requested_circumstances",
        ),
        lambda one: circumstances(EARLIEST_CLOCK, text_of(one)),
        HEAD,
        memory=40,
    ),
    _of_headers("domain.batch_lines.line_reference", lambda one: line_reference(text_of(one))),
    _of_headers("domain.script.script_name", lambda one: script_name(text_of(one))),
    Reader(
        "headers",
        ("http.requests.idempotency_key.read_idempotency_key", "http.requests.idempotency_key.parse_idempotency_key"),
        lambda one: read_idempotency_key(request_of("idempotency-key", one), None),
        HEAD,
        memory=40,
    ),
    Reader(
        "headers",
        ("domain.idempotency.idempotency_key",),
        lambda one: idempotency_key(text_of(one), None),
        HEAD,
        memory=40,
    ),
    Reader(
        "headers",
        ("http.responses.csv_rows.csv_field", "http.responses.csv_rows.harmless"),
        lambda one: csv_field(text_of(one)),
        HEAD,
        memory=250,
    ),
    Reader(
        "headers",
        ("http.requests.parameters.read_query", "http.wire.converter.structure_query"),
        query,
        HEAD,
        memory=250,
        nanoseconds=10_000,
    ),
    Reader(
        "headers",
        (
            "http.requests.parameters.script_ref",
            "http.requests.parameters.version_ref",
            "http.requests.parameters.path_alias",
            "domain.aliases.alias_name",
            "http.requests.parameters.execution_id",
            "http.requests.parameters.reproduction_id",
            "http.requests.parameters.replay_id",
            "http.requests.parameters.api_key_id",
            "http.requests.parameters.batch_id",
            "http.requests.parameters.job_id",
            "http.requests.parameters.webhook_id",
            "http.requests.parameters.delivery_id",
            "http.requests.parameters.parse_script_ref",
            "http.requests.script_tests.path_test_name",
            "domain.script_tests.script_test_name",
        ),
        path,
        HEAD,
        memory=250,
    ),
    _of_headers(
        "http.transport.byte_ranges.byte_range",
        lambda one: (byte_range(headers_of("range", one), 9, _TAG), byte_range(headers_of("if-range", one), 9, _TAG)),
    ),
    Reader(
        "headers",
        (
            "http.requests.stores.store_name",
            "http.requests.stores.path_url",
            "http.requests.stores.folder_of",
            "http.requests.stores.upload_ref",
            "http.requests.stores.upload_offset",
            "http.requests.cursors.path_after",
            "http.requests.cursors.path_cursor",
            "domain.stores.store_name",
            "domain.stores.object_path",
            "domain.stores.object_url",
            "domain.stores.object_pattern",
            "domain.stores.folder",
        ),
        store_places,
        HEAD,
        memory=250,
    ),
    Reader(
        "headers",
        (
            "http.transport.path_segments.decoded",
            "http.transport.path_segments.segment",
            "http.transport.root_path.local_path",
            "http.transport.root_path.parse_root_path",
        ),
        encoded_path,
        HEAD,
        memory=250,
    ),
    Reader(
        "headers",
        (
            "http.transport.authorities.authority",
            "http.transport.authorities.Authority.port_for",
            "http.transport.authorities.is_loopback_literal",
            "http.transport.own_hosts.OwnHosts.has_origin",
            "http.transport.own_hosts.own_name",
            "http.transport.request_host.read_host",
        ),
        host,
        HEAD,
        memory=40,
    ),
    Reader(
        "headers",
        ("http.server.framing.Framing.piece_end",),
        requests_ahead,
        HEAD,
        memory=250,
        nanoseconds=2_000,
    ),
    Reader("headers", ("http.server.request_heads.read_head",), head, HEAD, memory=250, nanoseconds=5_000),
    _of_headers("http.problems.quoting.quotable", lambda one: quotable(text_of(one))),
    _of_headers("http.problems.nearest_path.nearest_path", lambda one: nearest_path("/" + text_of(one), SOME_PATHS)),
    _of_headers("http.wire.validation_errors.nearest", lambda one: nearest(text_of(one), ("limit", "status"))),
    Reader(
        "documents",
        ("http.wire.validation_errors.suggested_name",),
        lambda one: suggested_name(text_of(one)),
        DOCUMENT,
    ),
    Reader(
        "headers",
        (
            "http.problems.rendering.problem_bytes",
            "http.problems.rendering.localised",
            "http.problems.messages.message_of",
            "http.problems.quoting.shortened",
        ),
        lambda one: problem_bytes(ProblemDetails(hint("not-found", path=unquote(one))), unquote(one), Audience()),
        HEAD,
        memory=250,
    ),
    Reader(
        "headers",
        ("a whole request", "http.requests.authorization.authorised", "http.requests.parameters.header_tokens"),
        whole_request,
        HEAD,
        memory=250,
        nanoseconds=10_000,
    ),
    _of_headers("webhooks.retry_after.retry_after", lambda one: retry_after(one, EARLIEST_CLOCK)),
    Reader(
        "headers",
        ("the response of a receiver",),
        received,
        MOST_RECEIVED,
        memory=40,
        nanoseconds=5_000,
    ),
    Reader(
        "documents",
        ("http.requests.documents.read_document", "http.requests.documents.check_document"),
        document,
        DOCUMENT,
    ),
    Reader(
        "documents",
        (
            "http.requests.raw_members.split_document",
            "http.requests.raw_members.members",
            "http.requests.raw_members.value_end",
        ),
        split,
        DOCUMENT,
        memory=12,
    ),
    Reader("documents", ("http.requests.jobs.job_request",), job_document, JOB_DOCUMENT, memory=60, nanoseconds=5_000),
    Reader(
        "documents",
        (
            "domain.jobs.job_error",
            "domain.partitions.partition_error",
            "domain.job_requests.format_of",
            "domain.job_requests.compression_of",
        ),
        job_texts,
        DOCUMENT,
        memory=20,
    ),
    Reader(
        "documents",
        ("domain.partition_list.partitions_root", "domain.merkle.root"),
        partition_lists,
        DOCUMENT,
        texts=plain,
    ),
    Reader("documents", ("domain.versions.source",), source, SOURCE),
    Reader(
        "documents",
        ("domain.script.description", "domain.text_limits.invalid_at"),
        lambda one: description(text_of(one)),
        DOCUMENT,
    ),
    Reader(
        "documents",
        (
            "http.requests.short_texts.parse_description",
            "http.requests.short_texts.parse_note",
            "domain.notes.valid_note",
        ),
        lambda one: [parse_description(text_of(one)), parse_note(text_of(one), InvalidDocument)],
        DOCUMENT,
    ),
    Reader(
        "documents",
        (
            "domain.source_diff.unified_diff",
            "domain.source_diff.split_lines",
            "domain.line_matching.matching_blocks",
        ),
        lambda one: unified_diff(one, one[::-1], ("a", "b")),
        2 * SOURCE,
        memory=80,
        nanoseconds=2_500,
        texts=lines_to_compare,
    ),
    Reader(
        "documents",
        ("http.transport.codings.gzip_decoder.GzipDecoder.decode",),
        partial(decoded, GzipDecoder),
        DATASET,
        texts=encodings,
    ),
    Reader(
        "documents",
        ("http.transport.codings.zstd_decoder.ZstdDecoder.decode", "http.transport.codings.zstd_header.window_bytes"),
        partial(decoded, ZstdDecoder),
        DATASET,
        memory=20,
        nanoseconds=2_000,  # each frame takes a decompressor of its own, some 10 µs, and may be 8 bytes long
        texts=encodings,
    ),
    Reader(
        "documents",
        ("http.transport.codings.decoders.IdentityDecoder.decode", "http.transport.codings.decoders.Decoder.decode"),
        partial(decoded, IdentityDecoder),
        DATASET,
    ),
    Reader("documents", ("domain.body.digest", "json.bodies.JsonBodies.digest"), digest, DATASET),
    Reader(
        "documents",
        ("http.requests.byte_order_mark.ByteOrderMark.without",),
        lambda one: b"".join(map(ByteOrderMark().without, (one[:2], one[2:]))),
        DATASET,
    ),
    Reader(
        "documents",
        (
            "encryption.aes_gcm.AesDataKey.decrypt",
            "encryption.aes_gcm.AesDataKey.encrypt",
            "encryption.stream_framing.encrypt",
            "encryption.stream_framing.decrypt",
            "encryption.stream_framing.StreamDecryption.feed",
        ),
        sealed,
        DATASET,
    ),
    Reader(
        "json",
        (
            "json.bodies.JsonBodies.encode",
            "json.bodies.JsonBodies.encode_dataset",
            "json.bodies.JsonBodies.is_array",
            "json.to_lines.lines",
            "http.transport.codings.encoding.encoded",
            "http.transport.codings.encoding.cut",
        ),
        kept,
        DATASET,
        nanoseconds=2_000,
    ),
    Reader(
        "json",
        (
            "json.from_lines.array_of",
            "json.bodies.JsonBodies.from_lines",
            "json.diagnosis.diagnose",
            "json.formats.binary_format",
            "json.formats.text_format",
            "json.encodings.wide_encoding",
            "json.encodings.invalid_byte",
            "json.grammar.grammar_fault",
            "json.words.word_at",
            "json.finding.finding",
            "http.problems.messages.message_of",
        ),
        diagnosed,
        DATASET,
    ),
    Reader(
        "json",
        (
            "json.positions.line_and_column",
            "json.positions.excerpt",
            "json.positions.visible",
            "json.positions.decoded",
            "json.positions.last_before",
            "json.positions.first_from",
            "json.positions.is_in_string",
        ),
        positions,
        DATASET,
    ),
    Reader(
        "json",
        ("json.syntax.fault_of", "json.steps.is_valid_in_steps", "json.bodies.JsonBodies.check"),
        fault_of,
        DATASET,
    ),
    Reader(
        "json",
        (
            "json.batch_lines.batch_lines",
            "json.bodies.JsonBodies.batch_lines",
            "json.members.members",
            "json.stored_form.stored_form",
        ),
        batch,
        DATASET,
        memory=8,
        nanoseconds=2_000,
    ),
    Reader("json", ("json.syntax.encoding_fault",), encoding_fault, DATASET),
    Reader("json", ("json.syntax.with_whole_characters",), with_whole_characters, DATASET),
    Reader(
        "json",
        ("json.numbers.number_warnings",),
        lambda one: number_warnings(one) if fault_of(one) is None else None,
        DATASET,
        nanoseconds=2_000,
    ),
    Reader(
        "json",
        (
            "http.responses.batch_lines.whole_line",
            "http.responses.batch_lines.line_pieces",
            "http.responses.batch_lines.on_one_line",
        ),
        results_line,
        DATASET,
    ),
    Reader("json", ("json.pointers.pointer_to",), pointed, DATASET, nanoseconds=2_000),
    Reader(
        "json",
        ("json.floats.is_kept",),
        lambda one: [is_kept(b"1" * len(one)), is_kept(b"0." + b"0" * len(one) + b"1e5")],
        DATASET,
    ),
    Reader(
        "documents",
        (
            "domain.dsse.parse_envelope",
            "domain.dsse.signed_bytes",
            "domain.strict_json.read_object",
            "domain.statement.parse_statement",
            "domain.job_statement.read_job_statement",
        ),
        enveloped,
        MAX_ENVELOPE_BYTES,
        memory=60,
        nanoseconds=2_000,
    ),
    Reader(
        "documents",
        ("domain.public_keys.parse_public_keys",),
        lambda one: parse_public_keys(b'{"keys":[%b]}' % one, is_public_key),
        MAX_KEYS_BYTES,
        memory=60,
        nanoseconds=2_000,
        texts=items,  # other texts of JSON are measured above
    ),
    Reader(
        "documents",
        ("domain.error_document.parse_error",),
        lambda one: parse_error(b'{"kind":"timeout","message":"","stack":null,"more":[%b]}' % one),
        MAX_ERROR_DOCUMENT_BYTES,
        memory=60,
        nanoseconds=2_000,
        texts=items,  # other texts of JSON are measured above
    ),
    _of_headers("domain.strict_json.parsed_time", lambda one: parsed_time(text_of(one))),
    Reader(
        "json", ("json.line_digest.LineDigest.update",), lambda one: LineDigest().update(one), 128 * 1024, memory=60
    ),
    Reader(
        "json", ("json.strings.without_escapes", "json.strings.whole"), lambda one: whole(without_escapes(one)), DATASET
    ),
    Reader(
        "json",
        (
            "comparison.row_texts.parse_row",
            "comparison.row_texts.parse_columns",
            "comparison.row_texts.parse_value",
            "comparison.messages.framed",
        ),
        compared,
        COMPARED,
        memory=250,
        nanoseconds=20_000,
        texts=items,
    ),
    Reader(
        "json",
        (
            "domain.comparison.json_text.parse_json",
            "domain.comparison.json_text.decimal_of",
            "domain.comparison.json_text.integer_of",
            "domain.comparison.deep_json.parse_deep",
        ),
        parsed_exactly,
        COMPARED,
        memory=150,
        nanoseconds=10_000,
        texts=items,
    ),
    _of_headers("http.resources.comparisons.key_columns", lambda one: key_columns(text_of(one))),
    Reader(
        "json",
        ("json.values.count_values", "json.bodies.JsonBodies.count_values"),
        lambda one: count_values(one, 10**9),
        DOCUMENT,
    ),
    Reader(
        "scripts",
        ("javascript.child_output.transcribe", "javascript.child_output.TranscriptReader.take"),
        framed(wire.Frame.RESULT),
        DATASET,
    ),
    Reader("scripts", ("javascript.child_output.transcribe",), framed(wire.Frame.LOG), LOGS, memory=20),
    Reader("scripts", ("javascript.child_output.transcribe",), framed(wire.Frame.ERROR), ERROR_TEXT, memory=20),
    Reader("scripts", ("javascript.child_output.transcribe",), framed(wire.Frame.NON_FINITE), ERROR_TEXT, memory=20),
    Reader(
        "scripts",
        ("javascript.child_output.transcribe",),
        in_frames,
        LOGS // 2,
        memory=80,
        nanoseconds=3_000,
        texts=plain,
    ),
    Reader("scripts", ("javascript.child_output.transcribe",), lambda one: transcribe(one, CEILINGS), DATASET),
    Reader(
        "scripts",
        ("javascript.stream_exchange.FrameScanner.is_ready",),
        lambda one: FrameScanner().is_ready(bytearray(one)),
        LOGS,
    ),
    Reader(
        "scripts",
        (
            "javascript.findings.read_findings",
            "javascript.child_output.frames",
            "javascript.stack_traces.line_count",
        ),
        findings,
        SOURCE,
        memory=20,
    ),
    Reader("scripts", ("javascript.kinds.kind_for",), lambda one: kind_for(EngineName.DUKPY, one), SOURCE),
    Reader("scripts", ("javascript.verdict.judge",), judged, ERROR_TEXT, memory=20),
    Reader(
        "scripts",
        ("javascript.stack_traces.with_details",),
        lambda one: with_details(text_of(one), text_of(one)),
        ERROR_TEXT,
        memory=20,
    ),
    Reader("scripts", ("javascript.stack_traces.parse",), lambda one: parse(text_of(one), one), ERROR_TEXT, memory=20),
    Reader(
        "scripts",
        ("domain.advice.missing_name", "http.problems.messages.message_of"),
        advised,
        ERROR_TEXT,
    ),
    Reader(
        "scripts",
        ("postgres.execution_rows.logs_from", "http.responses.executions.execution"),
        logged,
        LOGS,
        memory=80,
        nanoseconds=3_000,
    ),
    Reader(
        "scripts",
        ("domain.text_limits.sanitize", "domain.text_limits.truncate"),
        lambda one: [sanitize(text_of(one)), truncate(text_of(one))],
        DATASET,
        memory=20,
    ),
    Reader(
        "scripts", ("domain.script_tests.expected_message",), lambda one: expected_message(text_of(one)), DATASET, 20
    ),
    Reader(
        "json",
        ("domain.checks.check",),
        checked,
        COMPARED,
        memory=200,
        nanoseconds=6_000,
    ),
    Reader("scripts", ("http.responses.version_replays.difference_lines",), differences, MIB, memory=40),
    Reader("scripts", ("domain.version_replays.acceptance_note",), lambda one: acceptance_note(text_of(one)), DATASET),
    Reader("documents", ("domain.webhooks.webhook_url",), urls, DOCUMENT, memory=20),
    Reader("scripts", ("domain.outcome.script_error",), error_texts, ERROR_TEXT, memory=20),
    Reader(
        "scripts",
        ("domain.warnings.number_warning", "domain.warnings.source_warning", "domain.warnings.run_warning"),
        warnings,
        ERROR_TEXT,
        memory=20,
    ),
)

EXEMPT: Final = {
    "the service's own words": (
        "http.responses.documents.document", "http.responses.documents.page_of",
        "http.responses.documents.page_response", "http.transport.instrumentation.ignore_request",
        "http.requests.short_documents.read_short_document",
        "http.responses.conditional.not_modified", "http.responses.conditional.validated",
        "http.responses.conditional.revised", "http.responses.conditional.with_revision",
        "domain.checks.not_run", "domain.script_tests.check_room",
        "http.responses.script_tests.script_test",
        "http.responses.stored_bodies.kept_as", "http.responses.stored_content.held_bytes",
        "http.responses.stored_content.content_pieces", "javascript.breaker.CircuitBreaker.record_failure",
        "javascript.engines.engine_named", "javascript.engines.installed_release",
        "domain.reproduction.engine_release", "http.responses.reproductions.reproduction", "json.pieces.decompressed",
        "domain.access.new_token", "domain.access.new_key", "domain.hint.hint",
        "domain.circumstances.circumstances_of_earlier_releases",
        "http.problems.messages.codes_of", "http.problems.messages.example_of", "http.problems.retrying.retrying",
        "http.transport.codings.decoders.invalid",
        "comparison.messages.read_task", "comparison.messages.read_reply", "domain.comparison.document.read_comparison",
        "http.responses.comparisons.column_comparison",
        "http.responses.scripts.script_href", "http.responses.executions.execution_href",
        "http.responses.scripts.version_href", "http.responses.scripts.version",
        "http.responses.executions.summary", "http.responses.previews.preview", "http.responses.documents.next_link",
        "http.responses.batches.batch", "http.responses.batches.batch_href",
        "http.responses.version_replays.replay_href", "http.responses.version_replays.version_replay",
        "domain.replayed_executions.skipped", "domain.replayed_executions.incomplete", "domain.replay_sums.counts_of",
        "domain.replay_columns.columns_text", "domain.replay_columns.add_columns_texts",
        "domain.replay_columns.add_columns",
        "http.responses.stores.object_href", "http.responses.stores.object_response",
        "http.responses.stores.upload_href", "http.responses.stores.upload_response",
        "http.responses.stores.written_response", "domain.stores.check_use", "domain.preconditions.Precondition.holds",
        "http.responses.jobs.job_href", "http.responses.jobs.job",
        "domain.job_plans.resolve_format", "domain.job_plans.is_read_as_stream", "domain.job_plans.needs_inspection",
        "domain.job_outputs.manifest_of", "domain.job_outputs.listed_objects",
        "domain.receipts.compact_json", "domain.receipts.timestamp",
        "http.responses.webhooks.webhook_href", "http.responses.webhooks.delivery_href",
        "http.responses.api_keys.api_key_href", "http.responses.audit.entry_line",
        "domain.webhook_messages.secret_text", "domain.webhook_messages.message",
        "domain.limits.resolve_limits", "domain.engine.has_exact_positions", "javascript.differences.warnings_of_run",
        "encryption.master_keys.master_keys", "domain.receipts.receipt", "domain.receipts.message_of",
        "webhooks.exchange.request_to", "webhooks.signatures.signed_headers",
    ),
    "passed on and not looked at": (
        "javascript.stream_exchange.ChildStream.exchange", "javascript.run_request.run_request",
        "javascript.run_request.check_request", "http.requests.script_upload.unhosted_version",
        "http.transport.connected.while_connected",
        "javascript.run_request.analysis_request", "javascript.run_request.trial_request",
        "javascript.launch.reap", "comparison.process.ComparingProcess.compare",
        "http.server.joined_writes.JoinedWrites.write", "webhooks.resolver.system_addresses",
    ),
    "tested with a real server, in tests/adapters/http/test_connections.py": (
        "http.server.connections.BoundedProtocol.parse", "http.server.connections.BoundedProtocol.on_url",
        "http.server.connections.BoundedProtocol.on_header", "http.server.connections.BoundedProtocol.on_body",
        "http.server.pipelining.SequentialProtocol.data_received", "http.server.pipelining.SequentialProtocol.parse",
        "http.server.pipelining.SequentialProtocol.on_header", "http.server.lingering.LingeringProtocol.drop",
        "http.server.ignored_upgrades.parser_of_body",
    ),
    "names that the code gives to members": (
        "domain.json_members.Members.object", "domain.json_members.Members.objects",
        "domain.json_members.Members.text", "domain.json_members.Members.matching",
        "domain.json_members.Members.number", "domain.json_members.Members.time",
        "domain.json_members.Members.only", "domain.json_members.Members.wrong",
    ),
}  # fmt: skip
"""Functions that take text and are not measured here, by the reason."""
