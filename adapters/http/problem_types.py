"""Every kind of problem that an answer can name: its slug, its status, its title, and the text of its page."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class ProblemType:
    """A kind of problem. The slug is part of the contract; `text` is for the reader of `/problems/{slug}`."""

    slug: str
    status: int
    title: str
    text: str

    @property
    def href(self) -> str:
        """The `type` member of a problem of this kind."""
        return f"/problems/{self.slug}"


NOT_FOUND: Final = ProblemType(
    "not-found", 404, "Nothing is here", "No resource has this path. The paths are listed in /openapi.json."
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed", 405, "The method is not allowed", "The resource has other methods: see the Allow header."
)
UNAUTHENTICATED: Final = ProblemType(
    "unauthenticated",
    401,
    "The request needs an API key",
    "Send a key that holds as `Authorization: Bearer <key>`, once. A key holds until it expires or is revoked; whoever "
    "operates the service makes keys.",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    403,
    "The API key is not for this",
    "The key holds, and lacks the scope that the detail names. Each scope stands for itself alone.",
)
MALFORMED_ID: Final = ProblemType(
    "malformed-id",
    422,
    "The path holds no valid identifier",
    "A part of the path that names a resource has a form that no id, script name or version number has.",
)
MALFORMED_CURSOR: Final = ProblemType(
    "malformed-cursor",
    400,
    "The cursor is not valid",
    "A cursor is only ever the next_cursor of an earlier page of the same list, unchanged.",
)
INVALID_QUERY: Final = ProblemType(
    "invalid-query",
    422,
    "The query is not valid",
    "A parameter is unknown, given twice, or has a value that it cannot have. The errors member says which.",
)
INVALID_DOCUMENT: Final = ProblemType(
    "invalid-document",
    422,
    "The document is not valid",
    "The body is JSON, but members are missing, unknown or of a wrong kind. The errors member points to each.",
)
MALFORMED_JSON: Final = ProblemType(
    "malformed-json",
    400,
    "The body is not JSON",
    "The body has to be one JSON value (RFC 8259) in UTF-8. The detail says at which byte, from 0, it stops being one.",
)
NOT_ACCEPTABLE: Final = ProblemType(
    "not-acceptable",
    406,
    "There is no acceptable representation",
    "What is asked for has no form that the request's Accept and Accept-Encoding headers allow. Only arrays have the "
    "form of lines (application/x-ndjson).",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    "unsupported-media-type",
    415,
    "The media type is not supported",
    "The operation does not read bodies of this Content-Type. The answer's Accept header lists those it reads.",
)
UNSUPPORTED_ENCODING: Final = ProblemType(
    "unsupported-encoding",
    415,
    "The content coding is not supported",
    "The body has a Content-Encoding that is not read here. The answer's Accept-Encoding header lists those that are.",
)
MALFORMED_ENCODING: Final = ProblemType(
    "malformed-encoding",
    400,
    "The body is not encoded as it says",
    "The body has to be what its Content-Encoding names, whole and with nothing behind it: gzip members, or zstd frames"
    " with windows of at most 8 MiB. The detail says at which byte of the sent body, from 0, it stops being that.",
)
REQUEST_TIMEOUT: Final = ProblemType(
    "request-timeout",
    408,
    "The request came too slowly",
    "A client may fall silent only for a while, and has to send a body at 1 KiB a second or more.",
)
HEAD_TOO_LARGE: Final = ProblemType(
    "head-too-large",
    431,
    "Request line and headers are too long",
    "The service takes only so many bytes before a body. Nothing that it reads there is long.",
)
MALFORMED_REQUEST: Final = ProblemType(
    "malformed-request", 400, "The request is not HTTP", "What was sent is no request of HTTP/1.1 (RFC 9112)."
)
MALFORMED_IDEMPOTENCY_KEY: Final = ProblemType(
    "malformed-idempotency-key",
    400,
    "The idempotency key is not valid",
    "Idempotency-Key is given once: 1 to 255 printable ASCII characters in double quotes, where a double quote and a "
    "backslash have a backslash before them; or as it is, if it has no space, quote, backslash, comma or semicolon.",
)
IDEMPOTENCY_KEY_REUSED: Final = ProblemType(
    "idempotency-key-reused",
    422,
    "The idempotency key belongs to another request",
    "A request under this key has been accepted before, with another dataset or for another script or version. Send "
    "that one again, or this one under a key of its own.",
)
DATASET_TOO_LARGE: Final = ProblemType(
    "dataset-too-large",
    413,
    "The dataset is too large",
    "The dataset has more bytes, once decoded, than this service takes.",
)
SOURCE_TOO_LARGE: Final = ProblemType(
    "source-too-large", 413, "The source is too large", "The script's source has more bytes than this service takes."
)
INVALID_SCRIPT: Final = ProblemType(
    "invalid-script",
    422,
    "The script cannot be hosted",
    "The source has to be UTF-8, to parse, to run to its end within its limits, and to define a function process.",
)
NAME_TAKEN: Final = ProblemType(
    "name-taken", 409, "The name is taken", "Another script has this name. Archived scripts keep theirs."
)
SCRIPT_ARCHIVED: Final = ProblemType(
    "script-archived",
    409,
    "The script is archived",
    "An archived script takes no new versions and no new executions. Unarchive it to open it again.",
)
UNKNOWN_SCRIPT: Final = ProblemType("unknown-script", 404, "There is no such script", "No script has this id or name.")
UNKNOWN_VERSION: Final = ProblemType(
    "unknown-version", 404, "There is no such version", "The script has no version of this number."
)
UNKNOWN_EXECUTION: Final = ProblemType(
    "unknown-execution", 404, "There is no such execution", "No execution has this id."
)
ALREADY_FINISHED: Final = ProblemType(
    "already-finished", 409, "The execution has ended", "What has ended cannot be cancelled, and keeps its ending."
)
NOT_FINISHED: Final = ProblemType(
    "not-finished",
    409,
    "The execution has not ended",
    "There is a result only after the end, and content is removed only then. Read the execution with Prefer: wait=60 "
    "to be answered when it ends, or cancel it.",
)
EXECUTION_FAILED: Final = ProblemType(
    "execution-failed", 409, "The execution failed", "A failed execution has no result. Its error member says why."
)
CONTENT_REMOVED: Final = ProblemType(
    "content-removed",
    410,
    "The content was removed",
    "The execution's dataset, result and logs are gone for good. The execution itself can still be read.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal-error",
    500,
    "Something went wrong here",
    "The fault is the service's. Its log has the details under the answer's X-Request-Id.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    503,
    "The service is not available",
    "Something that the service needs does not answer. Repeat the request after the time in Retry-After.",
)
QUEUE_FULL: Final = ProblemType(
    "queue-full",
    503,
    "Too many executions wait",
    "The service takes no more until some have run; what it has accepted will. Repeat after the time in Retry-After.",
)
TOO_MUCH_IN_FLIGHT: Final = ProblemType(
    "too-much-in-flight",
    503,
    "Too many bytes of bodies are being received",
    "The bodies of all requests together fill the room that there is for them. Repeat after the time in Retry-After.",
)
TOO_MANY_CONNECTIONS: Final = ProblemType(
    "too-many-connections",
    503,
    "Too many connections are open",
    "The service has as many clients as it serves at once. Repeat after the time in Retry-After.",
)

PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    one.slug: one for one in list(globals().values()) if isinstance(one, ProblemType)
}
"""All of the above by slug."""
