"""Catalogue of problem types (RFC 9457): slug, status, title, and the text of the page that explains each one."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class ProblemType:
    """A problem type. The slug is part of the API contract; `meaning` and `remedy` are the text of its page."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def href(self) -> str:
        """The `type` member of problems of this type."""
        return f"/problems/{self.slug}"


NOT_FOUND: Final = ProblemType(
    "not-found",
    404,
    "Not found",
    "No resource has this path.",
    "Compare the path with those in /openapi.json. A trailing slash makes it a different path.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed",
    405,
    "Method not allowed",
    "The resource exists but does not support this method.",
    "Use one of the methods in the response's Allow header.",
)
UNAUTHENTICATED: Final = ProblemType(
    "unauthenticated",
    401,
    "An API key is required",
    "The request has no API key, or its key is not valid. A key is valid until it expires or is revoked.",
    "Send the key in a single header: `Authorization: Bearer <key>`. Ask the operator for an API key.",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    403,
    "The API key lacks a scope",
    "The key is valid but lacks the scope given in the detail. Scopes do not include one another.",
    "Use a key that has the scope, or ask the operator to create one.",
)
MALFORMED_ID: Final = ProblemType(
    "malformed-id",
    422,
    "Invalid identifier",
    "A segment of the path is not a valid id, script name or version number.",
    "Copy ids and paths unchanged from earlier responses. The detail names the segment and the expected form.",
)
MALFORMED_CURSOR: Final = ProblemType(
    "malformed-cursor",
    400,
    "Invalid cursor",
    "This cursor is not from this list.",
    "Send the next_cursor of an earlier page of the same list, unchanged, or omit the cursor to start at the newest "
    "item.",
)
INVALID_QUERY: Final = ProblemType(
    "invalid-query",
    422,
    "Invalid query parameters",
    "A query parameter is unknown, repeated, or has an invalid value.",
    "Correct the parameters listed in the errors member.",
)
INVALID_DOCUMENT: Final = ProblemType(
    "invalid-document",
    422,
    "Invalid document",
    "The body is JSON, but members are missing, unknown, or have an invalid value.",
    "Correct the members listed in the errors member: each pointer is a JSON Pointer (RFC 6901) into the body.",
)
MALFORMED_JSON: Final = ProblemType(
    "malformed-json",
    400,
    "Malformed JSON",
    "The body must be a single JSON value (RFC 8259) in UTF-8.",
    "The detail names the mistake, its line and column, and how to correct it. Lines and columns count from 1, columns "
    "in characters.",
)
NOT_ACCEPTABLE: Final = ProblemType(
    "not-acceptable",
    406,
    "No acceptable representation",
    "The resource has no representation that the request's Accept and Accept-Encoding headers allow. Only arrays are "
    "available as lines (application/x-ndjson).",
    "Accept one of the representations listed in the detail.",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "The operation does not accept bodies of this Content-Type or charset.",
    "Send one of the media types in the response's Accept header, in UTF-8.",
)
UNSUPPORTED_ENCODING: Final = ProblemType(
    "unsupported-encoding",
    415,
    "Unsupported content coding",
    "The service cannot decode this Content-Encoding.",
    "Send the body in one of the content codings in the response's Accept-Encoding header.",
)
MALFORMED_ENCODING: Final = ProblemType(
    "malformed-encoding",
    400,
    "Content-Encoding does not match the body",
    "The body must be complete gzip members, or zstd frames with windows of at most 8 MiB, as its Content-Encoding "
    "says, with nothing after them.",
    "Check the byte offset given in the detail (counted from 0, in the body as sent): the encoding is invalid there.",
)
REQUEST_TIMEOUT: Final = ProblemType(
    "request-timeout",
    408,
    "The request arrived too slowly",
    "A client must send a body at 1 KiB/s or faster, without long pauses.",
    "Send the request again without pausing. Compress the body if the connection is slow.",
)
HEAD_TOO_LARGE: Final = ProblemType(
    "head-too-large",
    431,
    "Request headers are too large",
    "The request line and headers together exceed the size limit.",
    "Send fewer or shorter headers, especially cookies: the service needs no long header.",
)
MALFORMED_REQUEST: Final = ProblemType(
    "malformed-request",
    400,
    "Malformed HTTP request",
    "The message is not a valid HTTP/1.1 request (RFC 9112).",
    "Use an HTTP client: one Host header, either one Content-Length or chunked framing, no folded header lines. For "
    "TLS or HTTP/2, put a proxy in front of the service.",
)
MISDIRECTED_REQUEST: Final = ProblemType(
    "misdirected-request",
    421,
    "Wrong host",
    "The Host header names a host that is not this service's. While no API key exists, the service accepts only its "
    "own addresses, because any website could make its own name resolve to this machine (DNS rebinding).",
    "Use one of the hosts listed in the detail. The operator can add more with the setting BATEIA_ALLOWED_HOSTS.",
)
CROSS_ORIGIN_REFUSED: Final = ProblemType(
    "cross-origin-refused",
    403,
    "Cross-origin request refused",
    "A browser sent the request on behalf of a page from another origin (Origin, Sec-Fetch-Site). Pages from other "
    "origins cannot read or change anything here.",
    "Use the service's own console, or a client that is not a browser. Behind a proxy that changes Host, ask the "
    "operator to list the public host in the setting BATEIA_ALLOWED_HOSTS.",
)
EXPECTATION_FAILED: Final = ProblemType(
    "expectation-failed",
    417,
    "Expectation failed",
    "The only supported expectation is 100-continue.",
    "Omit the Expect header, or send `Expect: 100-continue`.",
)
TRANSFER_CODING_NOT_SUPPORTED: Final = ProblemType(
    "transfer-coding-not-supported",
    501,
    "Unsupported transfer coding",
    "The only supported Transfer-Encoding is chunked.",
    "Send the body with `Transfer-Encoding: chunked` or a Content-Length. Declare compression in Content-Encoding.",
)
VERSION_NOT_SUPPORTED: Final = ProblemType(
    "http-version-not-supported",
    505,
    "Unsupported HTTP version",
    "The service supports HTTP/1.1 and HTTP/1.0.",
    "Send the request with HTTP/1.1. For other versions, put a proxy in front of the service.",
)
MALFORMED_IDEMPOTENCY_KEY: Final = ProblemType(
    "malformed-idempotency-key",
    400,
    "Invalid idempotency key",
    "Idempotency-Key must occur once and hold 1 to 255 printable ASCII characters: in double quotes, with a backslash "
    "before each double quote and backslash; or without quotes, if it has no space, quote, backslash, comma or "
    "semicolon.",
    "Send a unique key, such as a new UUID, and reuse it only to retry the same request.",
)
IDEMPOTENCY_KEY_REUSED: Final = ProblemType(
    "idempotency-key-reused",
    422,
    "The idempotency key was used for a different request",
    "An earlier request with this key was accepted with a different dataset, script or version.",
    "Retry the original request, or send this one with a new key.",
)
DATASET_TOO_LARGE: Final = ProblemType(
    "dataset-too-large",
    413,
    "Dataset too large",
    "The dataset, once decompressed, exceeds this service's size limit.",
    "Split it into several executions, or ask the operator to raise the limit. The detail gives the limit.",
)
SOURCE_TOO_LARGE: Final = ProblemType(
    "source-too-large",
    413,
    "Source too large",
    "The script's source exceeds this service's size limit.",
    "Remove code the script does not need, such as bundled libraries. The detail gives the limit.",
)
DOCUMENT_TOO_LARGE: Final = ProblemType(
    "document-too-large",
    413,
    "Document too large",
    "The body is longer than any valid document of this operation.",
    "Send only the members that the operation documents. The detail gives the limit.",
)
INVALID_SCRIPT: Final = ProblemType(
    "invalid-script",
    422,
    "Invalid script",
    "A source must be UTF-8, parse, finish within its limits when it is evaluated, and define a function process. "
    "This script does not.",
    "Correct the errors listed in the errors member, with line and column where they are known.",
)
NAME_TAKEN: Final = ProblemType(
    "name-taken",
    409,
    "The name is already in use",
    "Another script has this name. Archived scripts keep their names.",
    "Choose another name, or send the source as a new version of that script.",
)
SCRIPT_ARCHIVED: Final = ProblemType(
    "script-archived",
    409,
    "The script is archived",
    "An archived script accepts no new versions and no new executions.",
    "Unarchive the script, or use another one.",
)
UNKNOWN_SCRIPT: Final = ProblemType(
    "unknown-script",
    404,
    "Script not found",
    "No script has this id or name.",
    "Look it up in the list of scripts. Names are case-sensitive and must match exactly.",
)
UNKNOWN_VERSION: Final = ProblemType(
    "unknown-version",
    404,
    "Version not found",
    "The script has no version with this number.",
    "Versions are numbered from 1 to the script's latest_version.",
)
UNKNOWN_EXECUTION: Final = ProblemType(
    "unknown-execution",
    404,
    "Execution not found",
    "No execution has this id.",
    "Take the id from the response to the submission, or look it up in the list of executions.",
)
ALREADY_FINISHED: Final = ProblemType(
    "already-finished",
    409,
    "The execution has already finished",
    "The execution has already finished, so there is nothing to cancel. Its outcome does not change.",
    "No action is needed. Read the execution to see its outcome.",
)
NOT_FINISHED: Final = ProblemType(
    "not-finished",
    409,
    "The execution has not finished",
    "The result is available, and content can be removed, only after the execution has finished.",
    "Read the execution with `Prefer: wait=60` to wait until it finishes, or cancel it.",
)
EXECUTION_FAILED: Final = ProblemType(
    "execution-failed",
    409,
    "The execution failed",
    "A failed execution has no result.",
    "Read the execution: its error member gives the reason and the position in the script.",
)
CONTENT_REMOVED: Final = ProblemType(
    "content-removed",
    410,
    "The content was removed",
    "The execution's dataset, result and logs were permanently deleted.",
    "The execution record can still be read. To get a result again, submit the dataset again.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal-error",
    500,
    "Internal error",
    "The service failed; the request is not at fault.",
    "Report the response's X-Request-Id to the operator: the service logs the details under this id.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    503,
    "Service unavailable",
    "A dependency of the service (database, sandbox) is unavailable. Retrying later may succeed.",
    "Retry after the number of seconds in Retry-After.",
)
QUEUE_FULL: Final = ProblemType(
    "queue-full",
    503,
    "Queue is full",
    "The service accepts no more executions until some have run. Executions already accepted will run.",
    "Retry after the number of seconds in Retry-After.",
)
TOO_MUCH_IN_FLIGHT: Final = ProblemType(
    "too-much-in-flight",
    503,
    "Server is busy transferring data",
    "The memory budget for request and response bodies is exhausted.",
    "Retry after the number of seconds in Retry-After.",
)
TOO_MANY_CONNECTIONS: Final = ProblemType(
    "too-many-connections",
    503,
    "Too many connections",
    "The service has reached its connection limit.",
    "Retry after the number of seconds in Retry-After, and reuse connections (keep-alive).",
)

PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    one.slug: one for one in list(globals().values()) if isinstance(one, ProblemType)
}
"""All problem types above, by slug."""
