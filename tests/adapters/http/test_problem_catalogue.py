"""Codes of errors: each has texts in both languages, a page, and a refusal or a request that triggers it."""

import asyncio
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.language import Language
from adapters.http.problems import refusals
from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.documentation import errors_document
from adapters.http.problems.mapping import problem_of
from adapters.http.problems.messages import CATALOGUE, Entry, Message, codes_of, example_of
from adapters.http.problems.rendering import Audience, localised
from adapters.http.problems.retrying import store_unavailable, unavailable
from adapters.http.problems.sizes import size_text
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.transport.byte_ranges import RangeNotSatisfiable
from adapters.http.transport.codings.gzip_decoder import GzipDecoder
from adapters.http.transport.codings.zstd_decoder import ZstdDecoder
from adapters.http.transport.minimum_rate import MinimumRate, TooSlow
from adapters.http.wire.validation_errors import suggested_name
from adapters.json.bodies import JsonBodies
from adapters.system import utc_now
from application.access.manage_api_keys import UnknownKey
from application.batches.read import UnknownBatch
from application.batches.results import BatchContentRemoved
from application.executions.compare import Compare, NotComparable
from application.executions.read import ContentRemoved, ExecutionOfAnotherScript, HasFailed, UnknownExecution
from application.executions.read_reproduction import UnknownReproduction
from application.executions.receipts import ReceiptsNotConfigured
from application.executions.reproduce import ContentMissing, RecordedEngineNotInstalled
from application.executions.stored_datasets import DatasetAltered
from application.jobs.read import UnknownJob
from application.ports.bodies import NoLines, TooManyLines
from application.ports.comparison import ComparisonChoices
from application.ports.errors import QueueFull
from application.ports.sandbox import SandboxBusy
from application.ports.scripts import NameTaken
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong
from application.replays.read import UnknownReplay
from application.script_tests.write import ScriptTestTooLarge
from application.scripts.aliases import AliasNotFound, Blocked
from application.scripts.gates import NoGate
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from application.stores.uploads import NotResumable
from application.stores.use import UnknownObject
from application.webhooks.read import UnknownDelivery, UnknownWebhook
from domain.access import InsufficientScope, LastManagingKey, Scope, ScopesNotHeld, new_key
from domain.aliases import LIVE
from domain.batches import Batch, BatchAlreadyFinished, BatchNotFinished
from domain.checks import CheckedTest, CheckReport, ChecksFailed, not_run
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    StopReason,
)
from domain.engine import EngineName
from domain.execution import AlreadyFinished, NotFinished
from domain.gate import NOTHING_KNOWN, Gate, unmet_requirements
from domain.hint import hint
from domain.idempotency import IdempotencyKey, KeyReused, idempotency_key
from domain.job_receipts import NoOutput
from domain.jobs import JobAlreadyFinished, JobErrorKind, JobNotFinished, JobNotRetryable, fail, job_error
from domain.preconditions import PreconditionFailed
from domain.promotion import GuardedAlias, NothingToRollBack, PromotionBlocked, TooManyAliases
from domain.receipts import DigestNotRetained, NoRun
from domain.reproduction import NothingToReproduce
from domain.script import ScriptArchived, script_name
from domain.script_tests import ScriptTestName, TooManyTests, UnknownTest
from domain.stores import (
    NotForKey,
    NotForScript,
    Operation,
    OperationNotAllowed,
    StoreName,
    UnknownStore,
    object_url,
)
from domain.stores import UrlFault as StoreFault
from domain.transitions import cancel
from domain.version_replays import LatestExecutions, ReplayNotFinished, ReplayRequest, VersionReplay
from domain.versions import EmptySource, SourceTooLarge, VersionEngineMissing
from domain.webhooks import (
    DisabledReason,
    EventType,
    TooManyWebhooks,
    UrlFault,
    Webhook,
    WebhookDisabled,
    WebhookUrl,
    disable,
)
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api
from tests.adapters.http.codings import zstd_streamed
from tests.support.script_tests import a_script_test
from tests.support.stored_jobs import a_job
from tests.support.values import NOON, a_pending, a_script

ROOT: Final = Path(__file__).parents[3]
ID: Final = UUID(int=7)
NAME: Final = script_name("corporate-cards").unwrap()
JSON, NDJSON, JAVASCRIPT = "application/json", "application/x-ndjson", "text/javascript"

HOSTILE: Final = "`\x7f" * 1_000
SCRIPT, VERSION = a_script()
PENDING: Final = a_pending(VERSION)
KEY: Final = new_key(ID, "a key", [Scope.EXECUTIONS_WRITE], NOON, None).unwrap()
CANCELLED: Final = cancel(PENDING, utc_now())
GATE: Final = Gate(aliases=frozenset({LIVE}), tests=True, replay_last=50)


def media(sent: str, accepted: tuple[str, ...] = (JSON, NDJSON)) -> refusals.UnsupportedMediaType:
    return refusals.UnsupportedMediaType(accepted, sent)


def fault_of(decoder: Any, data: bytes) -> Any:
    return next(one for one in decoder.decode(data) if not isinstance(one, bytes))


def incomparable(reason: ComparisonRefused) -> NotComparable:
    return NotComparable(Compare(ID, ID, ComparisonChoices()), reason)


def key(text: str) -> refusals.MalformedIdempotencyKey:
    return refusals.MalformedIdempotencyKey(idempotency_key(text).failure().reason)


def invalid_line(text: bytes) -> Any:
    """Read lines of a batch that are not valid, as a request with them is refused."""
    return asyncio.run(JsonBodies().batch_lines(text, 10)).failure()


BATCH: Final = Batch(id=ID, script=PENDING.submission.script, lines=2, submitted_at=NOON)
REPLAY: Final = VersionReplay(
    id=ID,
    script_id=ID,
    version=1,
    created_at=NOON,
    created_by=None,
    request=ReplayRequest(selection=LatestExecutions(1)),
)
JOB: Final = a_job(VERSION)
FAILED_JOB: Final = fail(JOB, job_error(JobErrorKind.VERIFICATION_FAILED, "they differ"), NOON).unwrap()
WEBHOOK: Final = Webhook(
    id=ID,
    url=WebhookUrl("https://hooks.example.com/"),
    events=frozenset({EventType.ALIAS_MOVED}),
    scripts=None,
    description="",
    created_at=NOON,
)
LAKE: Final = StoreName("lake")
OBJECT: Final = object_url("lake://in/rows.ndjson").unwrap()
UPLOAD: Final = Upload(id=ID, path=OBJECT.path, size_bytes=10, offset=4, created_at=NOON)
STORE_URLS: Final = {
    StoreFault.NOT_A_STORE_URL: "rows.ndjson",
    StoreFault.NO_PATH: "files://",
    StoreFault.TOO_LONG: f"files://{'x' * 1_001}",
    StoreFault.SEGMENT_TOO_LONG: f"files://in/{'x' * 256}",
    StoreFault.CHARACTER: "files://in\\rows",
    StoreFault.SEGMENT: "files://../rows",
    StoreFault.RESERVED: "files://.bateia/x",
    StoreFault.PATTERN: "files://in/*",
}
"""A URL of a store with each fault."""
REFUSALS: Final[dict[str, Any]] = {
    "not-found": refusals.UnknownPath("/v1/{id}`"),
    "method-not-allowed": refusals.MethodNotAllowed("PUT", ("GET", "HEAD")),
    "no-api-key": refusals.Unauthenticated(given=False),
    "invalid-api-key": refusals.Unauthenticated(given=True),
    "forbidden": InsufficientScope(KEY, Scope.READ),
    "malformed-api-key-id": refusals.MalformedId("malformed-api-key-id", "x"),
    "unknown-api-key": UnknownKey(ID),
    "last-managing-api-key": LastManagingKey(KEY),
    "api-key-scopes-not-held": ScopesNotHeld(frozenset({Scope.READ, Scope.ADMIN})),
    "malformed-script-reference": refusals.MalformedId("malformed-script-reference", "Corporate Cards"),
    "malformed-version-number": refusals.MalformedId("malformed-version-number", "v2"),
    "malformed-test-name": refusals.MalformedId("malformed-test-name", "No rows"),
    "unknown-test": UnknownTest(NAME, ScriptTestName("no-rows")),
    "too-many-tests": TooManyTests(NAME),
    "test-dataset-too-large": ScriptTestTooLarge("dataset", 2 << 20),
    "test-result-too-large": ScriptTestTooLarge("result", 2 << 20),
    "execution-of-another-script": ExecutionOfAnotherScript(ID),
    "tests-failed": ChecksFailed(CheckReport(2, (CheckedTest(a_script_test(), not_run("busy")),))),
    "precondition-failed": PreconditionFailed(7),
    "precondition-failed-absent": PreconditionFailed(None),
    "malformed-execution-id": refusals.MalformedId("malformed-execution-id", "{id}"),
    "malformed-cursor": refusals.MalformedCursor(),
    "invalid-query": refusals.InvalidQuery(()),
    "invalid-document": refusals.InvalidDocument(()),
    "unacceptable-media-types": refusals.NotAcceptable("Accept", (JSON,)),
    "unacceptable-codings": refusals.NotAcceptable("Accept-Encoding", ("gzip",)),
    "no-content-type": media(""),
    "form-body": media("application/x-www-form-urlencoded"),
    "multipart-body": media("multipart/form-data"),
    "csv-body": media("text/csv"),
    "unsupported-charset": refusals.UnsupportedCharset((JSON, NDJSON), JSON, "latin1"),
    "unsupported-media-type": media("text/csv", accepted=(JSON, JAVASCRIPT)),
    "unsupported-encoding": refusals.UnsupportedEncoding(("gzip",), "br"),
    "malformed-encoding": fault_of(GzipDecoder(), b"[1]"),
    "incomplete-encoding": GzipDecoder().end(),
    "encoding-window-too-large": fault_of(ZstdDecoder(), zstd_streamed(b"[1]", window_log=24)),
    "body-too-slow": TooSlow(MinimumRate()),
    "misdirected-request": refusals.MisdirectedRequest("a.example", ("127.0.0.1:8000",)),
    "invalid-host": refusals.MisdirectedRequest("", ("127.0.0.1:8000",)),
    "cross-origin-refused": refusals.CrossOriginRefused(),
    "repeated-idempotency-key": refusals.MalformedIdempotencyKey(hint("repeated-idempotency-key")),
    "malformed-idempotency-key": refusals.MalformedIdempotencyKey(hint("malformed-idempotency-key")),
    "empty-idempotency-key": key(""),
    "long-idempotency-key": key("k" * 256),
    "unprintable-idempotency-key": key("\n"),
    "idempotency-key-reused": KeyReused(IdempotencyKey("k")),
    "dataset-too-large": refusals.DatasetTooLarge(64 << 20),
    "preview-dataset-too-large": refusals.PreviewDatasetTooLarge(1 << 20, 2 << 20),
    "dataset-of-known-size-too-large": refusals.DatasetTooLarge(64 << 20, 76_965_478),
    "source-too-large": SourceTooLarge(size_bytes=2 << 20, limit_bytes=1 << 20),
    "source-body-too-large": refusals.DocumentTooLarge(1 << 20),
    "document-too-large": refusals.ShortDocumentTooLarge(1024),
    "invalid-script": EmptySource(),
    "name-taken": NameTaken(NAME),
    "script-archived": ScriptArchived(NAME),
    "version-engine-not-installed": VersionEngineMissing(VERSION, (EngineName.QUICKJS_NG,)),
    "unknown-script-name": UnknownScript(NAME),
    "unknown-script-id": UnknownScript(ID),
    "unknown-version": UnknownVersion(SCRIPT, 9),
    "no-version-of-alias": NoVersionOfAlias(SCRIPT, LIVE),
    "unknown-alias": AliasNotFound(SCRIPT, LIVE),
    "unknown-gate": NoGate(SCRIPT),
    "guarded-alias": GuardedAlias(LIVE),
    "promotion-blocked": Blocked(SCRIPT, PromotionBlocked(3, unmet_requirements(GATE, NOTHING_KNOWN))),
    "nothing-to-roll-back": NothingToRollBack(LIVE),
    "too-many-aliases": TooManyAliases(),
    "latest-as-version": refusals.MalformedId("latest-as-version", "latest"),
    "malformed-alias": refusals.MalformedId("malformed-alias", "_live"),
    "alias-in-upper-case": refusals.MalformedId("alias-in-upper-case", "Live", "live"),
    "alias-is-a-number": refusals.MalformedId("alias-is-a-number", "3"),
    "alias-is-reserved": refusals.MalformedId("alias-is-reserved", "latest"),
    "unknown-execution": UnknownExecution(ID),
    "unknown-reproduction": UnknownReproduction(ID, ID),
    "nothing-to-reproduce": NothingToReproduce(CANCELLED),
    "dataset-removed": ContentMissing(ID),
    "dataset-altered": DatasetAltered(ID),
    "recorded-engine-not-installed": RecordedEngineNotInstalled("dukpy 0.5.1 (QuickJS-NG 0.11.0)", None),
    "recorded-engine-replaced": RecordedEngineNotInstalled(
        "quickjs-ng 0.16.2 (QuickJS-NG 0.16.2)", "quickjs-ng 0.17.0"
    ),
    "key-not-unique": incomparable(KeyNotUnique(("q",), True, (3, 17), ("2024Q1",))),
    "key-not-usable": incomparable(KeyNotUsable("q", False, 3)),
    "not-a-table": incomparable(NotTables(True)),
    "comparison-too-long": incomparable(ComparisonStopped(StopReason.TIME)),
    "comparison-too-large": incomparable(ComparisonStopped(StopReason.MEMORY)),
    "number-not-comparable": incomparable(ComparisonStopped(StopReason.NUMBER_RANGE)),
    "result-unreadable": incomparable(ComparisonStopped(StopReason.UNREADABLE)),
    "comparison-unavailable": incomparable(ComparisonStopped(StopReason.DISK)),
    "unknown-replay": UnknownReplay(ID),
    "replay-not-finished": ReplayNotFinished(REPLAY),
    "malformed-replay-id": refusals.MalformedId("malformed-replay-id", "x"),
    "malformed-batch-id": refusals.MalformedId("malformed-batch-id", "x"),
    "batch-too-large": refusals.BatchTooLarge(64 << 20),
    "too-many-lines": TooManyLines(10_000),
    "empty-batch": NoLines(),
    "unknown-batch": UnknownBatch(ID),
    "batch-not-finished": BatchNotFinished(BATCH),
    "batch-already-finished": BatchAlreadyFinished(BATCH),
    "batch-content-removed": BatchContentRemoved(ID),
    "batch-line-no-object": invalid_line(b"[1]"),
    "batch-line-no-data": invalid_line(b"{}"),
    "batch-line-unknown-member": invalid_line(b'{"data": 1, "`": 2}'),
    "batch-line-reference": invalid_line(b'{"data": 1, "ref": ""}'),
    "malformed-job-id": refusals.MalformedId("malformed-job-id", "x"),
    "unknown-job": UnknownJob(ID),
    "job-already-finished": JobAlreadyFinished(FAILED_JOB),
    "job-not-finished": JobNotFinished(JOB),
    "job-without-output": NoOutput(FAILED_JOB),
    "job-not-retryable": JobNotRetryable(FAILED_JOB),
    "malformed-webhook-id": refusals.MalformedId("malformed-webhook-id", "x"),
    "malformed-delivery-id": refusals.MalformedId("malformed-delivery-id", "x"),
    "unknown-webhook": UnknownWebhook(ID),
    "unknown-delivery": UnknownDelivery(ID),
    "webhook-disabled": WebhookDisabled(disable(WEBHOOK, DisabledReason.GONE, NOON)),
    "too-many-webhooks": TooManyWebhooks(),
    "already-finished": AlreadyFinished(CANCELLED),
    "not-finished": NotFinished(PENDING),
    "execution-failed": HasFailed(CANCELLED),
    "content-removed": ContentRemoved(ID),
    "no-run": NoRun(CANCELLED),
    "digest-not-retained": DigestNotRetained(CANCELLED),
    "receipts-not-configured": ReceiptsNotConfigured(),
    "queue-full": QueueFull(5),
    "sandbox-busy": SandboxBusy(),
    "too-much-in-flight": refusals.TooMuchInFlight(),
    "unknown-store": UnknownStore(LAKE),
    "unknown-object": UnknownObject(OBJECT),
    "store-does-not-read": OperationNotAllowed(LAKE, Operation.READ),
    "store-does-not-write": OperationNotAllowed(LAKE, Operation.WRITE),
    "store-not-for-script": NotForScript(LAKE, "corporate-cards"),
    "store-not-for-key": NotForKey(LAKE, "reports"),
    "store-needs-key": NotForKey(LAKE, None),
    "store-not-resumable": NotResumable(LAKE),
    "invalid-store-path": refusals.InvalidStorePath(StoreFault.SEGMENT),
    "malformed-upload-id": refusals.MalformedId("malformed-upload-id", "x"),
    "malformed-upload-offset": refusals.MalformedUploadOffset(),
    "unknown-upload": UploadMissing(ID),
    "upload-offset": OffsetMismatch(UPLOAD),
    "upload-too-long": UploadTooLong(UPLOAD),
    "range-not-satisfiable": RangeNotSatisfiable(10),
    "too-many-connections": refusals.TooManyConnections(5),
}
"""A refusal for each code."""
OUTSIDE: Final = {
    "internal-error",
    "unavailable",
    "store-unavailable",
    "store-full",
    "request-timeout",
    "head-too-large",
    "malformed-request",
    "expectation-failed",
    "transfer-coding-not-supported",
    "http-version-not-supported",
}
"""Codes of problems without a refusal: of exceptions, and of connections, which make theirs of the type's slug."""

SCRIPTS, VERSIONS, LIST = "/v1/scripts", "/v1/scripts/corporate-cards/versions", "/v1/executions"
REPLAYS: Final = f"{VERSIONS}/1/replays"
COMPARISON: Final = f"/v1/executions/{ID}/comparison?against={ID}"
TEST: Final = "/v1/scripts/corporate-cards/tests/no-rows"
GATE_PATH, ALIAS_PATH = "/v1/scripts/corporate-cards/gate", "/v1/scripts/corporate-cards/aliases/live"
RUN: Final = "/v1/scripts/corporate-cards/executions"
WEBHOOKS: Final = "/v1/webhooks"
KEYS: Final = "/v1/keys"
URLS: Final[dict[UrlFault, str]] = {
    UrlFault.TOO_LONG: f"https://hooks.example.com/{'x' * 2_000}",
    UrlFault.NOT_PRINTABLE: "https://hooks.example.com/é",
    UrlFault.SCHEME: "http://hooks.example.com/",
    UrlFault.NO_HOST: "https:///bateia",
    UrlFault.CREDENTIALS: "https://me:secret@hooks.example.com/",
    UrlFault.FRAGMENT: "https://hooks.example.com/#top",
    UrlFault.PORT: "https://hooks.example.com:0/",
}
"""A URL with each fault."""
JOBS: Final = "/v1/scripts/corporate-cards/jobs"
JOB_REQUEST: Final[dict[str, Any]] = {
    "input": {"url": "files://in/a.csv"},
    "output": {"url": "files://out", "format": "json"},
    "merge": "script",
}
DATASET: Final[dict[str, Any]] = {"content": b"[]", "headers": JSON_TYPE}
NEW: Final = {"name": "a", "source": SOURCE}
NEW_WEBHOOK: Final = {"url": "https://hooks.example.com/", "events": ["alias.moved"]}


def job_of_csv(**dialect: str) -> tuple[str, dict[str, Any]]:
    """Request a job over CSV of that dialect."""
    return JOBS, {"json": JOB_REQUEST | {"input": {"url": "files://in/a.csv", "csv": dialect}}}


REQUESTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "required": (SCRIPTS, {"json": {"name": "a"}}),
    "unknown": (SCRIPTS, {"json": NEW | {"surce": ""}}),
    "not-a-boolean": (GATE_PATH, {"json": {"aliases": ["live"], "tests": 1}}),
    "not-a-list": (GATE_PATH, {"json": {"aliases": "live", "tests": True}}),
    "not-an-alias": (GATE_PATH, {"json": {"aliases": ["Live"], "tests": True}}),
    "requires-nothing": (GATE_PATH, {"json": {"aliases": ["live"], "tests": False}}),
    "force-needs-note": (ALIAS_PATH, {"json": {"version": 1, "force": True}}),
    "repeated": (f"{LIST}?limit=1&limit=2", {}),
    "not-an-object": (SCRIPTS, {"json": []}),
    "not-an-integer": (f"{LIST}?limit=x", {}),
    "executions-or-last": (REPLAYS, {"json": {}}),
    "only-with-last": (REPLAYS, {"json": {"executions": [str(ID)], "of_version": 1}}),
    "repeated-items": (REPLAYS, {"json": {"executions": [str(ID), str(ID)]}}),
    "invalid-key-list": (REPLAYS, {"json": {"last": 1, "key": ["a", "a"]}}),
    "blank": (f"{REPLAYS}/{ID}/acceptance", {"json": {"note": " "}}),
    "not-a-string": (SCRIPTS, {"json": {"name": 1, "source": SOURCE}}),
    "not-a-number": (f"{COMPARISON}&absolute=NaN", {}),
    "invalid-key-columns": (f"{COMPARISON}&key=a,,b", {}),
    "not-with-from-execution": (TEST, {"json": {"from_execution": str(ID), "dataset": 1}}),
    "only-with-from-execution": (TEST, {"json": {"dataset": 1, "expected": {"result": 1}, "subset": True}}),
    "either-result-or-error": (TEST, {"json": {"dataset": 1, "expected": {}}}),
    "only-with-result": (TEST, {"json": {"dataset": 1, "expected": {"error": {"kind": "timeout"}, "subset": True}}}),
    "not-a-uuid": ("/v1/audit?key=x", {}),
    "not-a-time": (f"{LIST}?submitted_from=yesterday", {}),
    "clock-out-of-range": (f"{RUN}?clock=1969-12-31T23:59:59.999Z", DATASET),
    "malformed-log-position": (f"/v1/executions/{UUID(int=1)}/log?after=1", {}),
    "invalid-seed": (f"{RUN}?seed={'0' * 31}", DATASET),
    "not-one-of": (f"{LIST}?status=success", {}),
    "below-minimum": (f"{LIST}?limit=0", {}),
    "above-maximum": (f"{LIST}?limit=1000", {}),
    "out-of-range": (SCRIPTS, {"json": NEW | {"limits": {"wall_ms": 10**9}}}),
    "size-out-of-range": (SCRIPTS, {"json": NEW | {"limits": {"memory_bytes": 10**12}}}),
    "too-short": (SCRIPTS, {"json": {"name": "a", "source": ""}}),
    "too-long": (SCRIPTS, {"json": NEW | {"description": "x" * 3000}}),
    "too-few-items": (REPLAYS, {"json": {"executions": []}}),
    "too-many-items": (REPLAYS, {"json": {"executions": [str(UUID(int=n)) for n in range(1001)]}}),
    "invalid-name": (SCRIPTS, {"json": {"name": "Corporate Cards", "source": SOURCE}}),
    "uuid-shaped-name": (SCRIPTS, {"json": {"name": str(ID), "source": SOURCE}}),
    "invalid-character": (SCRIPTS, {"json": NEW | {"description": "a\0"}}),
    "only-for-files": (f"{SCRIPTS}?name=a", {"json": NEW}),
    "required-for-files": (SCRIPTS, {"content": SOURCE, "headers": {"Content-Type": JAVASCRIPT}}),
    "engine-not-installed": (SCRIPTS, {"json": NEW | {"engine": "dukpy"}}),
    "api-key-without-scope": (KEYS, {"json": {"name": "a key"}}),
    "invalid-api-key-name": (KEYS, {"json": {"name": "a\nkey", "role": "admin"}}),
    "first-api-key-cannot-manage": (KEYS, {"json": {"name": "a key", "role": "author"}}),
    "not-a-script-reference": (WEBHOOKS, {"json": NEW_WEBHOOK | {"scripts": ["Corporate Cards"]}}),
    "no-such-script": (WEBHOOKS, {"json": NEW_WEBHOOK | {"scripts": ["corporate-cards"]}}),
    "csv-delimiter": job_of_csv(delimiter="ab"),
    "csv-decimal": job_of_csv(decimal=";"),
    "csv-encoding": job_of_csv(encoding="utf-7"),
    "unknown-format": (JOBS, {"json": JOB_REQUEST | {"input": {"url": "files://rows"}}}),
    "merge-of-one-object": (JOBS, {"json": JOB_REQUEST | {"merge": "none"}}),
    **{fault.value: ("/v1/uploads", {"json": {"url": url, "size_bytes": 1}}) for fault, url in STORE_URLS.items()},
    **{fault.value: (WEBHOOKS, {"json": NEW_WEBHOOK | {"url": url}}) for fault, url in URLS.items()},
    "too-many-values": (SCRIPTS, {"content": b"[" + b"1," * 2000 + b"1]", "headers": JSON_TYPE}),
    "script-error": (SCRIPTS, {"json": {"name": "a", "source": "{{{"}}),
    "empty-source": (f"{SCRIPTS}?name=a", {"content": b" ", "headers": {"Content-Type": JAVASCRIPT}}),
    "source-not-utf8": (f"{SCRIPTS}?name=a", {"content": b"a\xff", "headers": {"Content-Type": JAVASCRIPT}}),
}
"""A request for each code of an individual error: a PUT to a test, an alias or a gate, a POST if it has a body, else a
GET."""
ADVICE: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Did you mean `status`? Known here: batch, cursor, input_of, limit": (f"{LIST}?state=failed", {}),
    "Omit it: none is known here.": ("/health/live?x=1", {}),
    "Did you mean `seed`? Known here: clock, seed.": (f"{RUN}?sed=1", DATASET),
    "Did you mean `succeeded`?": (f"{LIST}?status=success", {}),
    "Allowed here: pending, running, succeeded, failed": (f"{LIST}?status=zzz", {}),
    "Try `cartoes-corporativos`.": (SCRIPTS, {"json": {"name": "Cartões Corporativos", "source": SOURCE}}),
}
"""Advice that depends on the value, by its text, with a request."""
_OWN: Final = (
    "problems.toml",
    "errors.toml",
    "tests.toml",
    "webhooks.toml",
    "jobs.toml",
    "stores.toml",
    "access.toml",
)


CHECKS: Final = {code for code in CATALOGUE if code.startswith("check-")}
"""Codes of tests that have not passed, which are no errors of a request."""


def own_codes() -> Iterator[tuple[str, Entry]]:
    """Yield the entries of the files whose codes are triggered here."""
    texts = [(ROOT / "adapters/http/problems/catalogue" / name).read_text("utf-8") for name in _OWN]
    return ((code, CATALOGUE[code]) for text in texts for code in tomllib.loads(text))


def placeholders(message: Message) -> set[str]:
    texts = f"{message.detail or ''} {message.hint or ''}"
    return {name for _, name, _, _ in Formatter().parse(texts) if name}


def shown(details: ProblemDetails, language: Language) -> str:
    """Return all texts of a problem."""
    problem = localised(details, "/", Audience(language, "", "/bateia"))
    errors = [f"{one.detail} {one.hint}" for one in problem.errors or ()]
    return " ".join((problem.title, problem.detail or "", problem.hint or "", *errors))


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_has_the_same_parts_in_both_languages(code: str) -> None:
    entry = CATALOGUE[code]
    assert (entry.en.detail is None, entry.en.hint is None) == (entry.pt.detail is None, entry.pt.hint is None)
    assert placeholders(entry.en) == placeholders(entry.pt)
    assert not entry.example or entry.example.keys() == placeholders(entry.en) - {"root"}
    assert entry.en.detail or entry.en.hint
    assert entry.type is None or PROBLEM_TYPES[entry.type].status >= 500 or entry.en.hint
    for language in Language:
        assert example_of(code, language) != Message()
        assert (ROOT / "docs" / ("errors.md" if language is Language.ENGLISH else "erros.md")).read_text().count(
            f"| `{code}` |"
        ) == 1


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values(), ids=lambda kind: kind.slug)
def test_a_type_has_codes_and_the_same_texts_in_both_languages(kind: Any) -> None:
    english, portuguese = (text_of(kind, language) for language in Language)
    assert codes_of(kind.slug)
    assert len(english.causes) == len(portuguese.causes)
    assert english.title != portuguese.title
    for one, other in zip((english.meaning, english.remedy), (portuguese.meaning, portuguese.remedy), strict=True):
        assert one != other


def test_every_code_of_a_problem_has_a_refusal_that_triggers_it() -> None:
    named = {code for code, entry in own_codes() if entry.type is not None}
    assert named == REFUSALS.keys() | OUTSIDE


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("language", Language)
def test_a_refusal_fills_all_placeholders_of_its_code(code: str, language: Language) -> None:
    details = problem_of(REFUSALS[code])
    assert details.message.code == code
    given = {name for name, _ in details.message.parameters}
    assert placeholders(CATALOGUE[code].message(language)) - {"root"} <= given
    assert not re.search(r"\{\w+\}", shown(details, language).replace("{id}", ""))


@pytest.mark.parametrize(
    "refusal",
    [
        refusals.UnknownPath(HOSTILE),
        refusals.MethodNotAllowed(HOSTILE, ("GET",)),
        refusals.MalformedId("malformed-execution-id", HOSTILE),
        media(HOSTILE),
        refusals.UnsupportedCharset((JSON,), JSON, HOSTILE),
        refusals.UnsupportedEncoding(("gzip",), HOSTILE),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_text_of_the_request_is_quoted_cut_off_and_harmless(refusal: Any) -> None:
    quoted = shown(problem_of(refusal), Language.ENGLISH)
    assert HOSTILE[:2] not in quoted
    assert ("\ufffd" * 79 + "…" in quoted, "\ufffd" * 80 in quoted) == (True, False)


@pytest.mark.parametrize("code", sorted(OUTSIDE))
@pytest.mark.parametrize("language", Language)
def test_a_problem_without_a_refusal_has_texts(code: str, language: Language) -> None:
    outages = {"unavailable": unavailable, "store-unavailable": store_unavailable}
    details = outages[code]() if code in outages else ProblemDetails(hint(code))
    assert "{" not in shown(details, language)


def sent(api: Api, path: str, how: dict[str, Any], language: str) -> Any:
    """Send a request in a language, and return the problem."""
    headers = how.get("headers", {}) | {"Accept-Language": language}
    method = "PUT" if path in (TEST, GATE_PATH, ALIAS_PATH) else "POST" if how else "GET"
    return api(method, path, **(how | {"headers": headers})).json()


def test_every_code_of_an_individual_error_has_a_request_that_triggers_it() -> None:
    named = {code for code, entry in own_codes() if entry.type is None and entry.en.detail and code not in CHECKS}
    assert named == REQUESTS.keys()


@pytest.mark.parametrize("code", REQUESTS)
def test_an_individual_error_has_its_code_and_texts_in_both_languages(code: str) -> None:
    api = Api(engines=(EngineName.QUICKJS_NG,))
    path, how = REQUESTS[code]
    english, portuguese = (sent(api, path, how, language) for language in ("en", "pt-BR"))
    error, other = english["errors"][0], portuguese["errors"][0]
    assert (error["code"], other["code"]) == (code, code)
    assert (error["detail"] == other["detail"]) == (code == "script-error")
    name = error.get("parameter", error.get("pointer"))
    assert english["detail"] == (f"`{name}` {error['detail']}" if name else error["detail"])
    assert "^" not in error["detail"]
    assert not re.search(r"\{\w+\}", f"{error} {other}")


def test_a_problem_with_several_errors_refers_to_them(api: Api) -> None:
    assert sent(api, f"{LIST}?limit=x&status=x", {}, "en")["detail"] == CATALOGUE["invalid-query"].en.detail
    assert sent(api, SCRIPTS, {"json": {}}, "pt")["detail"] == CATALOGUE["invalid-document"].pt.detail


def test_a_name_in_a_detail_is_cut_off_and_harmless(api: Api) -> None:
    detail = sent(api, SCRIPTS, {"json": NEW | {"a`\n" + "x" * 300: 1}}, "en")["detail"]
    assert detail == f"`/a\ufffd\ufffd{'x' * 75}…` is unknown"


@pytest.mark.parametrize("text", ADVICE)
def test_advice_names_what_may_have_been_meant(api: Api, text: str) -> None:
    path, how = ADVICE[text]
    problem = sent(api, path, how, "en")
    assert problem["errors"][0]["hint"].startswith(text)
    assert problem["hint"] == problem["errors"][0]["hint"]


@given(st.text(max_size=300))
def test_a_suggested_name_is_a_valid_one(text: str) -> None:
    suggestion = suggested_name(text)
    assert suggestion == "" or script_name(suggestion).unwrap().value == suggestion


@pytest.mark.parametrize(
    ("size", "english", "portuguese"),
    [
        (1, "1 byte", "1 byte"),
        (3, "3 bytes", "3 bytes"),
        (1024, "1 KiB (1,024 bytes)", "1 KiB (1.024 bytes)"),
        (76_965_478, "73.4 MiB (76,965,478 bytes)", "73,4 MiB (76.965.478 bytes)"),
        (64 << 20, "64 MiB (67,108,864 bytes)", "64 MiB (67.108.864 bytes)"),
    ],
)
def test_a_size_is_written_as_the_language_writes_numbers(size: int, english: str, portuguese: str) -> None:
    assert (size_text(size, Language.ENGLISH), size_text(size, Language.PORTUGUESE)) == (english, portuguese)


@pytest.mark.parametrize(("language", "page"), [(Language.ENGLISH, "errors.md"), (Language.PORTUGUESE, "erros.md")])
def test_the_documents_of_errors_are_the_generated_ones(language: Language, page: str) -> None:
    assert (ROOT / "docs" / page).read_text("utf-8") == errors_document(language), "see the page's first line"
