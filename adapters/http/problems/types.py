"""Problem types (RFC 9457): slug and status. Their texts, in each language, are in `catalogue/types.toml`."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class ProblemType:
    """A problem type. The slug is part of the API contract."""

    slug: str
    status: int

    @property
    def href(self) -> str:
        """The local path of its page."""
        return f"/problems/{self.slug}"


NOT_FOUND: Final = ProblemType("not-found", 404)
METHOD_NOT_ALLOWED: Final = ProblemType("method-not-allowed", 405)
UNAUTHENTICATED: Final = ProblemType("unauthenticated", 401)
FORBIDDEN: Final = ProblemType("forbidden", 403)
UNKNOWN_API_KEY: Final = ProblemType("unknown-api-key", 404)
LAST_MANAGING_API_KEY: Final = ProblemType("last-managing-api-key", 409)
MALFORMED_ID: Final = ProblemType("malformed-id", 422)
MALFORMED_CURSOR: Final = ProblemType("malformed-cursor", 400)
INVALID_QUERY: Final = ProblemType("invalid-query", 422)
INVALID_DOCUMENT: Final = ProblemType("invalid-document", 422)
MALFORMED_JSON: Final = ProblemType("malformed-json", 400)
NOT_ACCEPTABLE: Final = ProblemType("not-acceptable", 406)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType("unsupported-media-type", 415)
UNSUPPORTED_ENCODING: Final = ProblemType("unsupported-encoding", 415)
MALFORMED_ENCODING: Final = ProblemType("malformed-encoding", 400)
REQUEST_TIMEOUT: Final = ProblemType("request-timeout", 408)
HEAD_TOO_LARGE: Final = ProblemType("head-too-large", 431)
MALFORMED_REQUEST: Final = ProblemType("malformed-request", 400)
MISDIRECTED_REQUEST: Final = ProblemType("misdirected-request", 421)
CROSS_ORIGIN_REFUSED: Final = ProblemType("cross-origin-refused", 403)
EXPECTATION_FAILED: Final = ProblemType("expectation-failed", 417)
TRANSFER_CODING_NOT_SUPPORTED: Final = ProblemType("transfer-coding-not-supported", 501)
VERSION_NOT_SUPPORTED: Final = ProblemType("http-version-not-supported", 505)
MALFORMED_IDEMPOTENCY_KEY: Final = ProblemType("malformed-idempotency-key", 400)
IDEMPOTENCY_KEY_REUSED: Final = ProblemType("idempotency-key-reused", 422)
DATASET_TOO_LARGE: Final = ProblemType("dataset-too-large", 413)
SOURCE_TOO_LARGE: Final = ProblemType("source-too-large", 413)
DOCUMENT_TOO_LARGE: Final = ProblemType("document-too-large", 413)
INVALID_SCRIPT: Final = ProblemType("invalid-script", 422)
NAME_TAKEN: Final = ProblemType("name-taken", 409)
SCRIPT_ARCHIVED: Final = ProblemType("script-archived", 409)
ENGINE_NOT_INSTALLED: Final = ProblemType("engine-not-installed", 409)
UNKNOWN_SCRIPT: Final = ProblemType("unknown-script", 404)
UNKNOWN_VERSION: Final = ProblemType("unknown-version", 404)
UNKNOWN_TEST: Final = ProblemType("unknown-test", 404)
TOO_MANY_TESTS: Final = ProblemType("too-many-tests", 409)
EXECUTION_OF_ANOTHER_SCRIPT: Final = ProblemType("execution-of-another-script", 409)
TEST_TOO_LARGE: Final = ProblemType("test-too-large", 413)
TESTS_FAILED: Final = ProblemType("tests-failed", 422)
UNKNOWN_ALIAS: Final = ProblemType("unknown-alias", 404)
UNKNOWN_GATE: Final = ProblemType("unknown-gate", 404)
PRECONDITION_FAILED: Final = ProblemType("precondition-failed", 412)
PROMOTION_BLOCKED: Final = ProblemType("promotion-blocked", 409)
NOTHING_TO_ROLL_BACK: Final = ProblemType("nothing-to-roll-back", 409)
TOO_MANY_ALIASES: Final = ProblemType("too-many-aliases", 409)
UNKNOWN_EXECUTION: Final = ProblemType("unknown-execution", 404)
UNKNOWN_REPLAY: Final = ProblemType("unknown-replay", 404)
REPLAY_NOT_FINISHED: Final = ProblemType("replay-not-finished", 409)
UNKNOWN_JOB: Final = ProblemType("unknown-job", 404)
JOB_NOT_FINISHED: Final = ProblemType("job-not-finished", 409)
JOB_NOT_RETRYABLE: Final = ProblemType("job-not-retryable", 409)
UNKNOWN_BATCH: Final = ProblemType("unknown-batch", 404)
INVALID_BATCH_LINE: Final = ProblemType("invalid-batch-line", 422)
EMPTY_BATCH: Final = ProblemType("empty-batch", 422)
TOO_MANY_LINES: Final = ProblemType("too-many-lines", 413)
BATCH_NOT_FINISHED: Final = ProblemType("batch-not-finished", 409)
UNKNOWN_WEBHOOK: Final = ProblemType("unknown-webhook", 404)
UNKNOWN_DELIVERY: Final = ProblemType("unknown-delivery", 404)
WEBHOOK_DISABLED: Final = ProblemType("webhook-disabled", 409)
TOO_MANY_WEBHOOKS: Final = ProblemType("too-many-webhooks", 409)
ALREADY_FINISHED: Final = ProblemType("already-finished", 409)
NOT_FINISHED: Final = ProblemType("not-finished", 409)
EXECUTION_FAILED: Final = ProblemType("execution-failed", 409)
NOT_REPRODUCIBLE: Final = ProblemType("not-reproducible", 409)
CONTENT_REMOVED: Final = ProblemType("content-removed", 410)
NOT_COMPARABLE: Final = ProblemType("not-comparable", 422)
NO_RUN: Final = ProblemType("no-run", 409)
DIGEST_NOT_RETAINED: Final = ProblemType("digest-not-retained", 410)
RECEIPTS_NOT_CONFIGURED: Final = ProblemType("receipts-not-configured", 409)
UNKNOWN_STORE: Final = ProblemType("unknown-store", 404)
UNKNOWN_OBJECT: Final = ProblemType("unknown-object", 404)
UNKNOWN_UPLOAD: Final = ProblemType("unknown-upload", 404)
STORE_NOT_ALLOWED: Final = ProblemType("store-not-allowed", 403)
STORE_NOT_RESUMABLE: Final = ProblemType("store-not-resumable", 409)
INVALID_STORE_PATH: Final = ProblemType("invalid-store-path", 422)
MALFORMED_UPLOAD_OFFSET: Final = ProblemType("malformed-upload-offset", 400)
UPLOAD_OFFSET: Final = ProblemType("upload-offset", 409)
UPLOAD_TOO_LONG: Final = ProblemType("upload-too-long", 413)
RANGE_NOT_SATISFIABLE: Final = ProblemType("range-not-satisfiable", 416)
STORE_UNAVAILABLE: Final = ProblemType("store-unavailable", 503)
STORE_FULL: Final = ProblemType("store-full", 507)
INTERNAL_ERROR: Final = ProblemType("internal-error", 500)
UNAVAILABLE: Final = ProblemType("unavailable", 503)
QUEUE_FULL: Final = ProblemType("queue-full", 503)
SANDBOX_BUSY: Final = ProblemType("sandbox-busy", 503)
TOO_MUCH_IN_FLIGHT: Final = ProblemType("too-much-in-flight", 503)
TOO_MANY_CONNECTIONS: Final = ProblemType("too-many-connections", 503)

PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    one.slug: one
    for one in sorted(
        (one for one in list(globals().values()) if isinstance(one, ProblemType)),
        key=lambda one: (one.status, one.slug),
    )
}
"""All problem types above by slug, in the order of their status and slug."""
