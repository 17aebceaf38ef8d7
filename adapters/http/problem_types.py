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
DATASET_TOO_LARGE: Final = ProblemType(
    "dataset-too-large",
    413,
    "The dataset is too large",
    "The dataset has more bytes than this service takes.",
    "Split it into several executions, or ask the operator for a higher limit. The detail names the limit.",
)
SOURCE_TOO_LARGE: Final = ProblemType(
    "source-too-large",
    413,
    "The source is too large",
    "The script's source has more bytes than this service takes.",
    "Leave out what the script does not need, such as bundled libraries. The detail names the limit.",
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
    "There is a result only after the end.",
    "Read the execution with Prefer: wait=60 to be answered when it ends.",
)
EXECUTION_FAILED: Final = ProblemType(
    "execution-failed",
    409,
    "The execution failed",
    "A failed execution has no result.",
    "Read the execution: its error member says why, with the place in the script.",
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

PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    one.slug: one for one in list(globals().values()) if isinstance(one, ProblemType)
}
"""All of the above by slug."""
