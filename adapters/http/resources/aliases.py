"""The resources of a script's aliases: `/v1/scripts/{script}/aliases` and the paths below it.

A forced promotion, and the removal of an alias that the gate guards, need the scope `admin` besides that of the
operation: they do without the checks that the operator requires. `requests.promotions` checks the former.
"""

from typing import Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import MalformedId, Refusal
from adapters.http.requests.authorization import authorised
from adapters.http.requests.cursors import audit_before, audit_cursor
from adapters.http.requests.parameters import path_alias, script_ref
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.promotions import read_promotion, read_rollback
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.responses.aliases import alias, move, revised_gate
from adapters.http.responses.conditional import revised, with_revision
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.results import then
from adapters.http.wire.schemas.aliases import Alias, AliasList, MoveList, NewPromotion, NewRollback
from adapters.http.wire.schemas.gates import RevisedGate
from adapters.http.wire.schemas.queries import AliasesQuery, NoQuery, PageQuery
from application.ports.aliases import Moved
from application.ports.scripts import ScriptRef
from application.scripts.gates import NoGate
from domain.access import Scope
from domain.aliases import AliasName
from domain.promotion import Removal

TAG: Final = "aliases"
_REFUSALS: Final = (*SCRIPT_REFUSALS, types.UNKNOWN_ALIAS)
_SHOWN: Final = MediaType(JSON, Alias)


def _alias_key(request: Request) -> Result[tuple[ScriptRef, AliasName], MalformedId]:
    return Result.do((script, name) for script in script_ref(request) for name in path_alias(request))


async def list_aliases(call: RequestContext[AliasesQuery]) -> HandlerResult:
    """List a script's aliases, with its gate if the request asks for it."""
    found = await then(script_ref(call.request), call.deps.aliases.all)
    gate = await then(script_ref(call.request), lambda script: _gate(call, script))
    return Result.do(
        document(AliasList(items=tuple(map(alias, aliases)), gate=known)) for aliases in found for known in gate
    )


async def _gate(call: RequestContext[AliasesQuery], script: ScriptRef) -> Result[RevisedGate | None, Refusal]:
    if not call.query.gate:
        return Success(None)
    found = await call.deps.gates.find(script)
    if is_successful(found):
        return Success(revised_gate(found.unwrap()))
    refusal = found.failure()
    return Success(None) if isinstance(refusal, NoGate) else Failure(refusal)


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with one alias."""
    found = await then(_alias_key(call.request), lambda key: call.deps.aliases.find(*key))
    return found.map(lambda one: revised(call.request.headers, document(alias(one)), one.revision))


async def list_moves(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of an alias's history."""
    before = audit_before(call.query.cursor)
    wanted = Result.do((key, number) for key in _alias_key(call.request) for number in before)
    return await then(wanted, lambda one: _page(call, *one))


async def _page(call: RequestContext[PageQuery], key: tuple[ScriptRef, AliasName], before: int | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.aliases.history(*key, before, limit + 1)
    if not is_successful(found):
        return Failure(found.failure())
    page = page_of(found.unwrap(), limit, lambda last: audit_cursor(last.number))
    shown = MoveList(items=tuple(map(move, page.items)), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shown, page.next_cursor))


async def promote(call: RequestContext[NoQuery]) -> HandlerResult:
    """Point an alias to a version."""
    return await then(_alias_key(call.request), lambda key: _promote(call, *key))


async def _promote(call: RequestContext[NoQuery], script: ScriptRef, name: AliasName) -> HandlerResult:
    wanted = await read_promotion(call, name)
    moved = await then(wanted, lambda promotion: call.deps.aliases.promote(script, promotion, call.actor))
    return moved.map(_moved)


def _moved(moved: Moved) -> Response:
    assert moved.alias is not None, "only a removal leaves no alias"
    status = 201 if moved.move is not None and moved.move.from_version is None else 200
    return with_revision(document(alias(moved.alias), status), moved.alias.revision)


async def roll_back(call: RequestContext[NoQuery]) -> HandlerResult:
    """Undo the latest promotion of an alias."""
    return await then(_alias_key(call.request), lambda key: _roll_back(call, *key))


async def _roll_back(call: RequestContext[NoQuery], script: ScriptRef, name: AliasName) -> HandlerResult:
    wanted = await read_rollback(call, name)
    moved = await then(wanted, lambda rollback: call.deps.aliases.roll_back(script, rollback, call.actor))
    return moved.map(_moved)


async def remove(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove an alias."""
    return await then(_alias_key(call.request), lambda key: _remove(call, *key))


async def _remove(call: RequestContext[NoQuery], script: ScriptRef, name: AliasName) -> HandlerResult:
    is_admin = is_successful(await authorised(call.deps.access, call.request, Scope.ADMIN))
    wanted = Removal(alias=name, may_unguard=is_admin, precondition=precondition(call.request.headers))
    removed = await call.deps.aliases.remove(script, wanted, call.actor)
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/aliases",
        TAG,
        {
            "GET": Operation(
                handler=list_aliases,
                scope=Scope.READ,
                name="listAliases",
                summary="List aliases",
                description=(
                    "All aliases of the script, by name. A script can have 100. With `gate`, also the script's gate, "
                    "which is absent if it has none."
                ),
                query=AliasesQuery,
                answers=(ResponseSpec(200, "The aliases.", MediaType(JSON, AliasList)),),
                refusals=SCRIPT_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/aliases/{alias}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getAlias",
                summary="Get an alias",
                description="Its `ETag` is the revision, for `If-Match`.",
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The alias.", _SHOWN, ("ETag", "Cache-Control")),
                    ResponseSpec(304, "The client has this revision.", None, ("ETag", "Cache-Control")),
                ),
                refusals=_REFUSALS,
            ),
            "PUT": Operation(
                handler=promote,
                scope=Scope.SCRIPTS_WRITE,
                name="promoteVersion",
                summary="Promote a version",
                description=(
                    "Leads the alias to a version, and creates the alias if it does not exist. Once the response has "
                    "been sent, no later submission runs the former version by this alias. Submissions without a "
                    "version run that of the alias `live`. If the script's gate guards the alias, the version must "
                    "pass it, or the promotion be forced, with the scope `admin` and a note. An archived script's "
                    "aliases can be moved. Promoting the version to which the alias leads changes nothing."
                ),
                query=NoQuery,
                headers=("Content-Encoding", "If-Match", "If-None-Match"),
                bodies=(MediaType(JSON, NewPromotion),),
                answers=(
                    ResponseSpec(201, "The alias, created.", _SHOWN, ("ETag", "Cache-Control")),
                    ResponseSpec(200, "The alias.", _SHOWN, ("ETag", "Cache-Control")),
                ),
                refusals=(
                    *SCRIPT_REFUSALS,
                    *SHORT_DOCUMENT_REFUSALS,
                    types.UNKNOWN_VERSION,
                    types.PRECONDITION_FAILED,
                    types.PROMOTION_BLOCKED,
                    types.TOO_MANY_ALIASES,
                ),
            ),
            "DELETE": Operation(
                handler=remove,
                scope=Scope.SCRIPTS_WRITE,
                name="removeAlias",
                summary="Remove an alias",
                description=(
                    "Its history remains. Without the alias `live`, submissions without a version run the latest one. "
                    "Removing an alias that the script's gate guards needs the scope `admin`."
                ),
                query=NoQuery,
                headers=("If-Match",),
                answers=(ResponseSpec(204, "The alias was removed."),),
                refusals=(*_REFUSALS, types.PRECONDITION_FAILED),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}/aliases/{alias}/rollback",
        TAG,
        {
            "POST": Operation(
                handler=roll_back,
                scope=Scope.SCRIPTS_WRITE,
                name="rollBack",
                summary="Roll back an alias",
                description=(
                    "Undoes the latest promotion that is still in force: the alias leads to the version from which it "
                    "was moved. Repeating it undoes the promotion before. No gate blocks it. The body, with a note, is "
                    "optional."
                ),
                query=NoQuery,
                headers=("Content-Encoding", "If-Match"),
                bodies=(MediaType(JSON, NewRollback),),
                may_lack_body=True,
                answers=(ResponseSpec(200, "The alias.", _SHOWN, ("ETag", "Cache-Control")),),
                refusals=(
                    *_REFUSALS,
                    *SHORT_DOCUMENT_REFUSALS,
                    types.PRECONDITION_FAILED,
                    types.NOTHING_TO_ROLL_BACK,
                ),
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/aliases/{alias}/history",
        TAG,
        {
            "GET": Operation(
                handler=list_moves,
                scope=Scope.READ,
                name="listMoves",
                summary="List an alias's moves",
                description="Newest first, also of an alias that was removed.",
                query=PageQuery,
                answers=(ResponseSpec(200, "A page of the history.", MediaType(JSON, MoveList), ("Link",)),),
                refusals=(*_REFUSALS, types.MALFORMED_CURSOR),
            )
        },
    ),
)
