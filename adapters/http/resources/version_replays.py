"""The resources of replays of past executions on a version: `/v1/scripts/{script}/versions/{n}/replays` and below."""

from typing import Any, Final
from uuid import UUID

from returns.result import Result, Success
from starlette.requests import Request

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import MalformedId, Refusal
from adapters.http.requests.authorization import authorised
from adapters.http.requests.cursors import id_before, id_cursor, number_before, number_cursor
from adapters.http.requests.new_replay import read_acceptance, read_replay
from adapters.http.requests.parameters import preferred_wait, replay_id
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.resources.executions import preference_applied
from adapters.http.resources.versions import TAG, VERSION_REFUSALS, version_key
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.version_replays import replay_href, replayed_execution, version_replay
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery, PageQuery
from adapters.http.wire.schemas.version_replays import (
    NewAcceptance,
    NewReplay,
    ReplayedExecutionList,
    VersionReplay,
    VersionReplayList,
)
from application.ports.scripts import ScriptRef
from application.ports.version_replays import ReplayRecord
from application.replays.read import ReplayRef
from application.replays.start import StartReplay
from domain.access import Scope
from domain.aliases import VersionRef
from domain.version_replays import AcceptanceNote, ReplayRequest

_NO_STORE: Final = {"Cache-Control": "no-store"}


def replay_key(request: Request) -> Result[ReplayRef, MalformedId]:
    """Read `{script}`, `{n}` and `{replay}`."""
    return Result.do(
        ReplayRef(script=script, version=number, id=one)
        for script, number in version_key(request)
        for one in replay_id(request)
    )


async def start(call: RequestContext[NoQuery]) -> HandlerResult:
    """Start a replay. Its caller may read too, since the outcomes tell what the results are."""
    return await then(version_key(call.request), lambda named: _start(call, *named))


async def _start(call: RequestContext[NoQuery], script: ScriptRef, version: VersionRef) -> HandlerResult:
    new = await read_replay(call)
    may_read = await authorised(call.deps.access, call.request, Scope.READ)
    both = Result.do(request for request in new for _ in may_read)
    return await then(both, lambda request: _started(call, script, version, request))


async def _started(
    call: RequestContext[NoQuery], script: ScriptRef, version: VersionRef, request: ReplayRequest
) -> HandlerResult:
    command = StartReplay(script=script, version=version, request=request, actor=call.actor)
    started = await call.deps.replays.start(command)
    return started.map(
        lambda one: document(
            version_replay(one, call.root_path),
            202,
            {"Location": replay_href(call.root_path, one.replay), **_NO_STORE},
        )
    )


async def list_replays(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of the replays on a version."""
    wanted = Result.do((*key, last) for key in version_key(call.request) for last in id_before(call.query.cursor))
    return await then(wanted, lambda one: _page(call, *one))


async def _page(
    call: RequestContext[PageQuery], script: ScriptRef, version: VersionRef, before: UUID | None
) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.replays.page(script, version, before, limit + 1)
    pages = found.map(lambda records: page_of(records, limit, lambda last: id_cursor(last.replay.id)))
    return pages.map(
        lambda page: page_response(
            call.request,
            VersionReplayList(
                items=tuple(version_replay(one, call.root_path) for one in page.items), next_cursor=page.next_cursor
            ),
            page.next_cursor,
        )
    )


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a replay, at once or when it has finished."""
    wait = preferred_wait(call.request)
    found = await then(replay_key(call.request), lambda wanted: call.deps.replays.read(wanted, wait or 0))
    headers = _NO_STORE if wait is None else {**preference_applied(wait), **_NO_STORE}
    return found.map(lambda one: document(version_replay(one, call.root_path), headers=headers))


async def found_replay(call: RequestContext[Any]) -> Result[ReplayRecord, Refusal]:
    """Find the replay of a request."""
    return await then(replay_key(call.request), call.deps.replays.find)


async def list_executions(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of the executions of a replay."""
    found, first = await found_replay(call), number_before(call.query.cursor)
    both = Result.do((one, number or 0) for one in found for number in first)
    return await then(both, lambda known: _executions(call, *known))


async def _executions(call: RequestContext[PageQuery], record: ReplayRecord, first: int) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.replays.executions(record.replay.id, first, limit + 1)
    page = page_of(found, limit, lambda last: number_cursor(last.number + 1))
    shape = ReplayedExecutionList(items=tuple(map(replayed_execution, page.items)), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def accept(call: RequestContext[NoQuery]) -> HandlerResult:
    """Accept the differences of a replay."""
    return await then(replay_key(call.request), lambda wanted: _accept(call, wanted))


async def _accept(call: RequestContext[NoQuery], wanted: ReplayRef) -> HandlerResult:
    return await then(await read_acceptance(call), lambda note: _accepted(call, wanted, note))


async def _accepted(call: RequestContext[NoQuery], wanted: ReplayRef, note: AcceptanceNote) -> HandlerResult:
    accepted = await call.deps.replays.accept(wanted, note, call.actor)
    return accepted.map(lambda one: document(version_replay(one, call.root_path), headers=_NO_STORE))


_SHAPE: Final = MediaType(JSON, VersionReplay)
_REPLAY_REFUSALS: Final = (*VERSION_REFUSALS, types.UNKNOWN_REPLAY)

RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/versions/{n}/replays",
        TAG,
        {
            "GET": Operation(
                handler=list_replays,
                scope=Scope.READ,
                name="listReplays",
                summary="List replays on a version",
                description="Newest first. Also works for archived scripts.",
                query=PageQuery,
                answers=(ResponseSpec(200, "A page of the replays.", MediaType(JSON, VersionReplayList), ("Link",)),),
                refusals=(*VERSION_REFUSALS, types.MALFORMED_CURSOR),
            ),
            "POST": Operation(
                handler=start,
                scope=Scope.EXECUTIONS_WRITE,
                name="startReplay",
                summary="Replay past executions on a version",
                description=(
                    "Runs the stored datasets of past executions on this version, with their clocks and seeds, behind "
                    "all other work, and compares each outcome with the original's. Each run is an execution with "
                    "`replay_of`. Executions without content, without a run, or deleted are skipped and reported. "
                    "Needs the scope `read` too."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewReplay),),
                answers=(ResponseSpec(202, "The replay, which is pending.", _SHAPE, ("Location", "Cache-Control")),),
                refusals=(
                    *VERSION_REFUSALS,
                    *SHORT_DOCUMENT_REFUSALS,
                    types.SCRIPT_ARCHIVED,
                    types.EXECUTION_OF_ANOTHER_SCRIPT,
                ),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/replays/{replay}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getReplay",
                summary="Get a replay",
                description=("Progress and sums. With `Prefer: wait`, the response waits until the replay finishes."),
                query=NoQuery,
                headers=("Prefer",),
                answers=(ResponseSpec(200, "The replay.", _SHAPE, ("Preference-Applied", "Cache-Control")),),
                refusals=_REPLAY_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/replays/{replay}/executions",
        TAG,
        {
            "GET": Operation(
                handler=list_executions,
                scope=Scope.READ,
                name="listReplayedExecutions",
                summary="List the executions of a replay",
                description="In the order in which they were named, or the newest first.",
                query=PageQuery,
                answers=(ResponseSpec(200, "A page of them.", MediaType(JSON, ReplayedExecutionList), ("Link",)),),
                refusals=(*_REPLAY_REFUSALS, types.MALFORMED_CURSOR),
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/replays/{replay}/acceptance",
        TAG,
        {
            "POST": Operation(
                handler=accept,
                scope=Scope.SCRIPTS_WRITE,
                name="acceptReplay",
                summary="Accept the differences of a replay",
                description="The first acceptance of a finished replay is kept; later ones have no effect.",
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewAcceptance),),
                answers=(ResponseSpec(200, "The replay, accepted.", _SHAPE, ("Cache-Control",)),),
                refusals=(*_REPLAY_REFUSALS, *SHORT_DOCUMENT_REFUSALS, types.REPLAY_NOT_FINISHED),
            )
        },
    ),
)
