"""Resources: a path and its operations, each a handler with its description beside it.

Routing, the checks of the query string and the OpenAPI document all come from these values.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Generic, TypeAlias, TypeVar

from attrs import field, frozen
from returns.result import Result
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.dependencies import Dependencies
from adapters.http.language import Language, preferred_language
from adapters.http.problems.refusals import Refusal
from adapters.http.problems.types import ProblemType
from adapters.http.transport.media_types import JSON as JSON
from adapters.http.transport.media_types import NDJSON as NDJSON
from adapters.http.transport.media_types import NDJSON_ALIASES
from adapters.http.transport.media_types import REFERENCE as REFERENCE
from adapters.http.transport.memory_budget import Reservation
from adapters.http.transport.root_path import root_path_of
from domain.access import AnyScope, Scope
from domain.audit import Actor
from domain.batch_lines import MAX_BATCH_LINES, MAX_REFERENCE_CHARACTERS

OCTETS: Final = "application/octet-stream"
JAVASCRIPT: Final = "text/javascript"
JAVASCRIPT_OLD: Final = "application/javascript"
DIFF: Final = "text/x-diff"
CSV: Final = "text/csv"

ANY_JSON: Final[Mapping[str, Any]] = {
    "description": "Any JSON value. Media types with the suffix `+json` are also accepted, and so is a byte order mark."
}
ANY_NDJSON: Final[Mapping[str, Any]] = {
    "type": "string",
    "description": (
        "One JSON value per line; blank lines are ignored. The dataset is the array of these values. Other names of "
        f"this media type are also accepted: {', '.join(f'`{one}`' for one in NDJSON_ALIASES)}."
    ),
}
BATCH_LINES: Final[Mapping[str, Any]] = {
    "type": "string",
    "description": (
        "One JSON object per line, with the member `data`, a dataset (any JSON value), and optionally `ref`, the "
        f"client's own id of the line (1 to {MAX_REFERENCE_CHARACTERS} characters without control characters; it is "
        "shown even after the content has been removed, so it must not quote the dataset). Other members are refused. "
        f"1 to {MAX_BATCH_LINES:,} objects; blank lines are ignored. Other names of this media type are also accepted: "
        f"{', '.join(f'`{one}`' for one in NDJSON_ALIASES)}."
    ),
}
BATCH_RESULTS: Final[Mapping[str, Any]] = {
    "type": "string",
    "description": (
        "One JSON object per line, in the order in which the datasets were sent: `line`, the number of the dataset, "
        "from 1; `ref`, if the client sent one; `execution`, the id of the execution; and its `status`. If it is "
        "`succeeded`, `result` is the result, any JSON value, of any size; if it is `failed`, `error` is the reason, "
        "with the same members as that of an execution. A line whose content was removed has `content_removed_at`, "
        "and no `result`."
    ),
}
TEXT: Final[Mapping[str, Any]] = {"type": "string"}
LINES: Final[Mapping[str, Any]] = {"type": "string", "description": "One JSON value per line."}

PUBLIC: Final = None

_Q = TypeVar("_Q")

Shape: TypeAlias = type[Any] | Mapping[str, Any]
"""A class of `schemas`, or a JSON Schema where no class fits."""

HandlerResult: TypeAlias = Result[Response, Refusal]


@frozen
class RequestContext(Generic[_Q]):
    """A request to an operation, with its query already checked and the memory that it and its response reserve.

    `actor` is the client as the audit trail records it.
    """

    deps: Dependencies
    request: Request
    query: _Q
    request_memory: Reservation
    response_memory: Reservation
    actor: Actor

    @property
    def root_path(self) -> str:
        """The path prefix under which the service is published, for links."""
        return root_path_of(self.request.scope)

    @property
    def language(self) -> Language:
        """The language of messages."""
        return preferred_language(self.request.headers)


@frozen
class MediaType:
    """A representation: its media type and its shape.

    The OpenAPI document leaves a schema out that is not `described`, and has the example alone.
    """

    media_type: str
    shape: Shape
    described: bool = True


@frozen
class ResponseSpec:
    """A status of an operation's successful answers. `headers` names some of `openapi.words.HEADERS`.

    `alternatives` are other representations of the same content, chosen by the client's preferences.
    """

    status: int
    description: str
    content: MediaType | None = None
    headers: tuple[str, ...] = ()
    alternatives: tuple[MediaType, ...] = ()


@frozen(kw_only=True)
class Operation(Generic[_Q]):
    """One method of a resource. `refusals` are its own; those common to every operation are added to them.

    `scope` is the scope that an API key needs for it, which may be any; `PUBLIC` operations check no key.
    """

    handler: Callable[[RequestContext[_Q]], Awaitable[HandlerResult]]
    scope: Scope | AnyScope | None
    name: str
    summary: str
    description: str
    answers: tuple[ResponseSpec, ...]
    query: type[_Q]
    refusals: tuple[ProblemType, ...] = ()
    bodies: tuple[MediaType, ...] = ()
    may_lack_body: bool = False
    headers: tuple[str, ...] = ()


@frozen
class Resource:
    """A path, whose parameters are in `openapi.words.PATH_PARAMETERS`, and its operations by method.

    A routine resource is one that programs poll, so only its failures are worth a log line.
    """

    path: str
    tag: str
    operations: Mapping[str, Operation[Any]] = field(repr=False)
    is_routine: bool = False

    @property
    def template(self) -> str:
        """The path with its parameters as URI templates name them."""
        return self.path.replace(":path}", "}")

    @property
    def allow(self) -> tuple[str, ...]:
        """The methods that the resource has, those that every resource has included."""
        head = ("HEAD",) if "GET" in self.operations else ()
        return (*self.operations, *head, "OPTIONS")
