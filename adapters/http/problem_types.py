"""Every kind of problem that an answer can name: its slug, its status, its title, and the text of its page."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class ProblemType:
    """A kind of problem. The slug is part of the contract; `meaning` and `remedy` are for the reader of its page."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def href(self) -> str:
        """The `type` member of a problem of this kind."""
        return f"/problems/{self.slug}"


NOT_FOUND: Final = ProblemType(
    "not-found",
    404,
    "Nothing is here",
    "No resource has this path.",
    "Compare the path with those in /openapi.json; a slash at its end makes it another path.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed",
    405,
    "The method is not allowed",
    "The resource exists and does not have this method.",
    "Use one of the methods in the answer's Allow header.",
)
UNAUTHENTICATED: Final = ProblemType(
    "unauthenticated",
    401,
    "The request needs an API key",
    "No key came with the request, or none that holds: a key holds until it expires or is revoked.",
    "Send a key as `Authorization: Bearer <key>`, once. Whoever operates the service makes keys.",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    403,
    "The API key is not for this",
    "The key holds, and lacks the scope that the detail names. Each scope stands for itself alone.",
    "Use a key that has the scope, or have one made.",
)
MALFORMED_ID: Final = ProblemType(
    "malformed-id",
    422,
    "The path holds no valid identifier",
    "A part of the path that names a resource has a form that no id, script name or version number has.",
    "Take ids and paths from earlier answers as they are. The detail says which part it is and what it has to be.",
)
MALFORMED_CURSOR: Final = ProblemType(
    "malformed-cursor",
    400,
    "The cursor is not valid",
    "The cursor is none that this list has given.",
    "Send the next_cursor of an earlier page of the same list, unchanged, or none to begin at the newest item.",
)
INVALID_QUERY: Final = ProblemType(
    "invalid-query",
    422,
    "The query is not valid",
    "A parameter is unknown, given twice, or has a value that it cannot have.",
    "Correct the parameters that the errors member lists.",
)
INVALID_DOCUMENT: Final = ProblemType(
    "invalid-document",
    422,
    "The document is not valid",
    "The body is JSON, but members are missing, unknown or of a wrong kind.",
    "Correct what the errors member points to: each pointer is a JSON Pointer (RFC 6901) into the body.",
)
MALFORMED_JSON: Final = ProblemType(
    "malformed-json",
    400,
    "The body is not JSON",
    "The body has to be one JSON value (RFC 8259) in UTF-8, and is not.",
    "Look at the byte that the detail names, counted from 0: there it stops being JSON.",
)
NOT_ACCEPTABLE: Final = ProblemType(
    "not-acceptable",
    406,
    "There is no acceptable representation",
    "What is asked for has no form that the request's Accept and Accept-Encoding headers allow. Only arrays have the "
    "form of lines (application/x-ndjson).",
    "Allow one of the forms that the detail names.",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    "unsupported-media-type",
    415,
    "The media type is not supported",
    "The operation does not read bodies of this Content-Type, or not in this charset.",
    "Send one of the types in the answer's Accept header, in UTF-8.",
)
UNSUPPORTED_ENCODING: Final = ProblemType(
    "unsupported-encoding",
    415,
    "The content coding is not supported",
    "The body has a Content-Encoding that is not read here.",
    "Send the body in one of the codings in the answer's Accept-Encoding header.",
)
MALFORMED_ENCODING: Final = ProblemType(
    "malformed-encoding",
    400,
    "The body is not encoded as it says",
    "The body has to be what its Content-Encoding names, whole and with nothing behind it: gzip members, or zstd "
    "frames with windows of at most 8 MiB.",
    "Look at the byte of the sent body that the detail names, from 0: there it stops being that.",
)
REQUEST_TIMEOUT: Final = ProblemType(
    "request-timeout",
    408,
    "The request came too slowly",
    "A client may fall silent only for a while, and has to send a body at 1 KiB a second or more.",
    "Send the request again, without pauses: compressed if the line is slow.",
)
HEAD_TOO_LARGE: Final = ProblemType(
    "head-too-large",
    431,
    "Request line and headers are too long",
    "The service takes only so many bytes before a body.",
    "Leave out headers, cookies above all: nothing that the service reads there is long.",
)
MALFORMED_REQUEST: Final = ProblemType(
    "malformed-request",
    400,
    "The request is not HTTP",
    "What was sent is no request of HTTP/1.1 (RFC 9112).",
    "Send it with an HTTP client: one Host header, one Content-Length or chunks, no line that is folded. For TLS or "
    "HTTP/2, put a proxy before the service.",
)
MISDIRECTED_REQUEST: Final = ProblemType(
    "misdirected-request",
    421,
    "The request is for another host",
    "The Host header names a host that is not this service's. While no API key exists, the service accepts its own "
    "addresses alone, since a page of any site could have its own name resolve to this machine.",
    "Use a host that the detail names. The operator adds others with the setting BATEIA_ALLOWED_HOSTS.",
)
CROSS_ORIGIN_REFUSED: Final = ProblemType(
    "cross-origin-refused",
    403,
    "The request comes from another origin",
    "A browser sent the request for a page of another origin (Origin, Sec-Fetch-Site). Pages of other origins may "
    "neither read nor change anything here.",
    "Use the service's own console, or a program that is no browser. Behind a proxy that changes Host, the operator "
    "lists the public host in the setting BATEIA_ALLOWED_HOSTS.",
)
EXPECTATION_FAILED: Final = ProblemType(
    "expectation-failed",
    417,
    "The expectation cannot be met",
    "The Expect header asks for something else than 100-continue.",
    "Leave the header out, or send `Expect: 100-continue`.",
)
TRANSFER_CODING_NOT_SUPPORTED: Final = ProblemType(
    "transfer-coding-not-supported",
    501,
    "The transfer coding is not supported",
    "The Transfer-Encoding header names another coding than chunked.",
    "Send the body with `Transfer-Encoding: chunked` or a Content-Length, and name a compression in Content-Encoding.",
)
VERSION_NOT_SUPPORTED: Final = ProblemType(
    "http-version-not-supported",
    505,
    "The HTTP version is not supported",
    "The request line names another version than HTTP/1.1 and HTTP/1.0.",
    "Send the request with HTTP/1.1. For other versions, put a proxy before the service.",
)
MALFORMED_IDEMPOTENCY_KEY: Final = ProblemType(
    "malformed-idempotency-key",
    400,
    "The idempotency key is not valid",
    "Idempotency-Key is given once: 1 to 255 printable ASCII characters in double quotes, where a double quote and a "
    "backslash have a backslash before them; or as it is, if it has no space, quote, backslash, comma or semicolon.",
    "Send a key such as a fresh UUID. Keep it for repetitions of this very request.",
)
IDEMPOTENCY_KEY_REUSED: Final = ProblemType(
    "idempotency-key-reused",
    422,
    "The idempotency key belongs to another request",
    "A request under this key has been accepted before, with another dataset or for another script or version.",
    "Send that one again, or this one under a key of its own.",
)
DATASET_TOO_LARGE: Final = ProblemType(
    "dataset-too-large",
    413,
    "The dataset is too large",
    "The dataset has more bytes, once decoded, than this service takes.",
    "Split it into several executions, or ask the operator for a higher limit. The detail names the limit.",
)
SOURCE_TOO_LARGE: Final = ProblemType(
    "source-too-large",
    413,
    "The source is too large",
    "The script's source has more bytes than this service takes.",
    "Leave out what the script does not need, such as bundled libraries. The detail names the limit.",
)
DOCUMENT_TOO_LARGE: Final = ProblemType(
    "document-too-large",
    413,
    "The document is too large",
    "The operation takes a short document, and the body is longer than any that it could take.",
    "Send the members that the operation has and nothing else. The detail names the limit.",
)
INVALID_SCRIPT: Final = ProblemType(
    "invalid-script",
    422,
    "The script cannot be hosted",
    "A source has to be UTF-8, to parse, to run to its end within its limits, and to define a function "
    "process. This one was tried, and does not.",
    "Correct the places that the errors member lists, by line and column where they are known.",
)
NAME_TAKEN: Final = ProblemType(
    "name-taken",
    409,
    "The name is taken",
    "Another script has this name. Archived scripts keep theirs.",
    "Choose another name, or send the source as a new version of the script that has it.",
)
SCRIPT_ARCHIVED: Final = ProblemType(
    "script-archived",
    409,
    "The script is archived",
    "An archived script takes no new versions and no new executions.",
    "Unarchive it to open it again, or use another script.",
)
UNKNOWN_SCRIPT: Final = ProblemType(
    "unknown-script",
    404,
    "There is no such script",
    "No script has this id or name.",
    "Look for it in the list of scripts. Names are compared exactly.",
)
UNKNOWN_VERSION: Final = ProblemType(
    "unknown-version",
    404,
    "There is no such version",
    "The script has no version of this number.",
    "Look at the script's latest_version: the numbers go from 1 to it.",
)
UNKNOWN_EXECUTION: Final = ProblemType(
    "unknown-execution",
    404,
    "There is no such execution",
    "No execution has this id.",
    "Take the id from the answer to the submission, or look for it in the list of executions.",
)
ALREADY_FINISHED: Final = ProblemType(
    "already-finished",
    409,
    "The execution has ended",
    "What has ended cannot be cancelled, and keeps its ending.",
    "Nothing need be done: read the execution to see how it ended.",
)
NOT_FINISHED: Final = ProblemType(
    "not-finished",
    409,
    "The execution has not ended",
    "There is a result only after the end, and content is removed only then.",
    "Read the execution with Prefer: wait=60 to be answered when it ends, or cancel it.",
)
EXECUTION_FAILED: Final = ProblemType(
    "execution-failed",
    409,
    "The execution failed",
    "A failed execution has no result.",
    "Read the execution: its error member says why, with the place in the script.",
)
CONTENT_REMOVED: Final = ProblemType(
    "content-removed",
    410,
    "The content was removed",
    "The execution's dataset, result and logs are gone for good.",
    "The execution itself can still be read. Whoever has the dataset can submit it again.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal-error",
    500,
    "Something went wrong here",
    "The fault is the service's, not the request's.",
    "Give the answer's X-Request-Id to the operator: the service's log has the details under it.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    503,
    "The service is not available",
    "Something that the service needs does not answer.",
    "Repeat the request after the seconds in Retry-After.",
)
QUEUE_FULL: Final = ProblemType(
    "queue-full",
    503,
    "Too many executions wait",
    "The service takes no more until some have run. What it has accepted will run.",
    "Repeat the request after the seconds in Retry-After.",
)
TOO_MUCH_IN_FLIGHT: Final = ProblemType(
    "too-much-in-flight",
    503,
    "Too many bytes of bodies are in flight",
    "The bodies of all requests and responses together fill the memory that there is for them.",
    "Repeat the request after the seconds in Retry-After.",
)
TOO_MANY_CONNECTIONS: Final = ProblemType(
    "too-many-connections",
    503,
    "Too many connections are open",
    "The service has as many clients as it serves at once.",
    "Repeat the request after the seconds in Retry-After, over a connection that is used again.",
)

PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    one.slug: one for one in list(globals().values()) if isinstance(one, ProblemType)
}
"""All of the above by slug."""
