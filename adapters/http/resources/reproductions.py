"""The reproductions of an execution: their start, and their outcome."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.parameters import execution_id, preferred_wait, reproduction_id
from adapters.http.resources.executions import preference_applied
from adapters.http.responses.delivery import SMALL_BYTES
from adapters.http.responses.documents import document
from adapters.http.responses.executions import execution_href
from adapters.http.responses.reproductions import reproduction
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.reproductions import Reproduction as ReproductionShape
from application.executions.read_reproduction import Examined
from application.executions.reproduce import Reproduce, Reproduction
from domain.access import Scope
from domain.audit import Action, execution_event
from domain.execution import Failed, Finished, Succeeded
from domain.limits import MIB

TAG: Final = "executions"
_EXAMINING_BYTES: Final = 4 * MIB
"""Two results that are read and decoded part by part."""


async def start(call: RequestContext[NoQuery]) -> HandlerResult:
    """Start a reproduction. Its outcome quotes no content here, since the scope does not include reading."""
    call.deps.audit.reads.require_room()
    original = await then(execution_id(call.request), call.deps.reproductions.find_reproducible)
    started = await then(original, lambda one: _start(call, one))
    return await then(started, lambda one: _started(call, one))


async def _start(call: RequestContext[NoQuery], original: Finished) -> Result[Reproduction, Refusal]:
    """Store the replay. The dataset is held in its stored form, and once more while it is sent to the store."""
    size = original.submission.dataset.size_bytes
    if not call.request_memory.resize(2 * size if size > SMALL_BYTES else 0):
        return Failure(TooMuchInFlight())
    started = await call.deps.reproductions.reproduce(Reproduce(original=original, actor=call.actor))
    call.request_memory.resize(0)
    return started


async def _started(call: RequestContext[NoQuery], started: Reproduction) -> HandlerResult:
    wait = preferred_wait(call.request)
    ids = started.original.submission.id, started.replay.submission.id
    found: Result[Reproduction, Refusal] = Success(started)
    if wait:
        found = await call.deps.reproductions.find(*ids, wait)
    headers = {"Location": reproduction_href(call.root_path, *ids), **_preference(wait)}
    return await then(found, lambda one: _answer(call, one, headers))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a reproduction, at once or when it has finished."""
    wait = preferred_wait(call.request)
    both = Result.do((one, other) for one in execution_id(call.request) for other in reproduction_id(call.request))
    found = await then(both, lambda ids: call.deps.reproductions.find(*ids, wait or 0))
    return await then(found, lambda one: _answer(call, one, _preference(wait)))


def reproduction_href(root: str, original_id: UUID, replay_id: UUID) -> str:
    """Build the path of a reproduction."""
    return f"{execution_href(root, original_id)}/reproductions/{replay_id}"


def _preference(wait: int | None) -> Mapping[str, str]:
    return {} if wait is None else preference_applied(wait)


async def _answer(call: RequestContext[NoQuery], found: Reproduction, headers: Mapping[str, str]) -> HandlerResult:
    """Respond with a reproduction, examined if its replay has ended."""
    if not isinstance(found.replay, Succeeded | Failed):
        return Success(_response(call, found, None, headers))
    if not call.response_memory.resize(_EXAMINING_BYTES if _is_large(found.original) else 0):
        return Failure(TooMuchInFlight())
    examined = await call.deps.reproductions.examine(found.original, found.replay)
    call.response_memory.resize(0)
    return Success(_response(call, found, examined, headers))


def _is_large(original: Finished) -> bool:
    return isinstance(original, Succeeded) and original.output.size_bytes > SMALL_BYTES


def _response(
    call: RequestContext[NoQuery], found: Reproduction, examined: Examined | None, headers: Mapping[str, str]
) -> Response:
    is_read = call.request.method != "POST"
    if is_read and examined is not None and examined.place is not None:
        _audit_excerpts(call, found)
    shape = reproduction(found, examined, call.root_path, with_excerpts=is_read)
    status = 200 if is_read or examined is not None else 202
    return document(shape, status, {"Cache-Control": "no-store", **headers})


def _audit_excerpts(call: RequestContext[NoQuery], found: Reproduction) -> None:
    """Record the excerpts of an answer as reads of both results."""
    if call.request.method == "GET":
        for one in (found.original, found.replay):
            event = execution_event(Action.READ_RESULT, one.submission, call.actor)
            call.deps.audit.reads.record(event)


_HEADERS: Final = ("Location", "Preference-Applied", "Cache-Control")
_SHAPE: Final = MediaType(JSON, ReproductionShape)
_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_EXECUTION)

RESOURCES: Final = (
    Resource(
        "/v1/executions/{id}/reproduction",
        TAG,
        {
            "POST": Operation(
                handler=start,
                scope=Scope.EXECUTIONS_WRITE,
                name="reproduceExecution",
                summary="Reproduce an execution",
                description=(
                    "Runs the same script version again over the stored dataset, with the recorded clock, seed, "
                    "limits and engine, behind all other work, and compares the two. The replay is an execution of "
                    "its own. With `Prefer: wait`, the response waits until it finishes."
                ),
                query=NoQuery,
                headers=("Prefer",),
                answers=(
                    ResponseSpec(202, "The reproduction, accepted and not finished.", _SHAPE, _HEADERS),
                    ResponseSpec(200, "The reproduction, already finished.", _SHAPE, _HEADERS),
                ),
                refusals=(*_REFUSALS, types.NOT_FINISHED, types.NOT_REPRODUCIBLE, types.QUEUE_FULL),
            )
        },
    ),
    Resource(
        "/v1/executions/{id}/reproductions/{reproduction}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getReproduction",
                summary="Get a reproduction",
                description=(
                    "The comparison of an execution with its replay. The stored result is compared with its recorded "
                    "digest too. With `Prefer: wait`, the response waits until the replay finishes."
                ),
                query=NoQuery,
                headers=("Prefer",),
                answers=(ResponseSpec(200, "The reproduction.", _SHAPE, ("Preference-Applied", "Cache-Control")),),
                refusals=_REFUSALS,
            )
        },
    ),
)
