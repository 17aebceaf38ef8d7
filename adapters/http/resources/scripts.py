"""The resources of scripts: `/v1/scripts` and `/v1/scripts/{script}`."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from returns.result import Result, Success
from starlette.responses import Response

from adapters.http.operations import (
    JAVASCRIPT,
    JAVASCRIPT_OLD,
    JSON,
    TEXT,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.body import BODY_REFUSALS
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.parameters import parse_script_ref, script_ref
from adapters.http.requests.script_upload import read_script_upload
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.requests.short_texts import read_script_changes
from adapters.http.responses.activity import activity
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.scripts import script, script_href
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery, ScriptsQuery, UploadQuery
from adapters.http.wire.schemas.scripts import NewScript, Script, ScriptChanges, ScriptList
from application.ports.scripts import ScriptRef
from application.scripts.register import Register, RegistrationRefused
from domain.access import Scope

TAG: Final = "scripts"
MERGE_PATCH: Final = "application/merge-patch+json"
SOURCE_REFUSALS: Final = (
    types.MALFORMED_JSON,
    types.SOURCE_TOO_LARGE,
    types.UNSUPPORTED_MEDIA_TYPE,
    *BODY_REFUSALS,
    types.INVALID_DOCUMENT,
    types.INVALID_SCRIPT,
)
SCRIPT_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_SCRIPT)
SOURCE_FILES: Final = (MediaType(JAVASCRIPT, TEXT), MediaType(JAVASCRIPT_OLD, TEXT))
_SHOWN: Final = ResponseSpec(200, "The script.", MediaType(JSON, Script))


async def register(call: RequestContext[UploadQuery]) -> HandlerResult:
    """Create a script."""
    return await then(await read_script_upload(call), lambda command: _registered(call, command))


async def _registered(call: RequestContext[UploadQuery], command: Register) -> Result[Response, RegistrationRefused]:
    done = await call.deps.scripts.register(command)
    return done.map(lambda kept: document(script(kept[0]), 201, {"Location": script_href(call.root_path, kept[0].id)}))


async def script_filtered(call: RequestContext[Any], wanted: str | None) -> Result[UUID | None, Refusal]:
    """Find the id of the script to which a list is restricted, by its id or name; None for an unrestricted list."""
    if wanted is None:
        return Success(None)
    found = await then(parse_script_ref(wanted), call.deps.scripts.read)
    return found.map(lambda one: one.id)


async def list_scripts(call: RequestContext[ScriptsQuery]) -> HandlerResult:
    """List a page of the scripts."""
    return await then(id_before(call.query.cursor), lambda before: _page(call, before))


async def _page(call: RequestContext[ScriptsQuery], before: UUID | None) -> HandlerResult:
    limit = call.query.limit
    page = page_of(await _listed(call, before, limit + 1), limit, lambda last: id_cursor(last.id))
    shown = ScriptList(items=tuple(page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shown, page.next_cursor))


async def _listed(call: RequestContext[ScriptsQuery], before: UUID | None, limit: int) -> Sequence[Script]:
    """List scripts, with their activity if the request names a period."""
    if call.query.activity is None:
        return [script(one) for one in await call.deps.scripts.page(before, limit)]
    found = await call.deps.activity.page(call.query.activity, before, limit)
    return [script(one, activity(own, found.window)) for one, own in found.items]


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with one script."""
    found = await then(script_ref(call.request), call.deps.scripts.read)
    return found.map(lambda one: document(script(one)))


async def describe(call: RequestContext[NoQuery]) -> HandlerResult:
    """Change a script's description. The path is validated before the body is read."""
    return await then(script_ref(call.request), lambda key: _described(call, key))


async def _described(call: RequestContext[NoQuery], key: ScriptRef) -> HandlerResult:
    changes = await read_script_changes(call)
    changed = await then(changes, lambda text: call.deps.scripts.describe(key, text, call.actor))
    return changed.map(lambda one: document(script(one)))


async def archive(call: RequestContext[NoQuery]) -> HandlerResult:
    """Archive a script."""
    closed = await then(script_ref(call.request), lambda key: call.deps.scripts.archive(key, call.actor))
    return closed.map(lambda one: document(script(one)))


async def unarchive(call: RequestContext[NoQuery]) -> HandlerResult:
    """Unarchive a script."""
    opened = await then(script_ref(call.request), lambda key: call.deps.scripts.unarchive(key, call.actor))
    return opened.map(lambda one: document(script(one)))


RESOURCES: Final = (
    Resource(
        "/v1/scripts",
        TAG,
        {
            "GET": Operation(
                handler=list_scripts,
                scope=Scope.READ,
                name="listScripts",
                summary="List scripts",
                description=(
                    "Newest first, including archived scripts. With `activity`, each has the counts of its executions "
                    "in that period, which outlast the executions themselves, and the latest of them."
                ),
                query=ScriptsQuery,
                answers=(ResponseSpec(200, "A page of the scripts.", MediaType(JSON, ScriptList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR,),
            ),
            "POST": Operation(
                handler=register,
                scope=Scope.SCRIPTS_WRITE,
                name="registerScript",
                summary="Create a script",
                description=(
                    "Send a JSON document, or the source file itself with the script's name and optionally its engine "
                    "in the query. The source is evaluated in the sandbox, on its engine, before it is saved: one "
                    "that does not parse, throws, or defines no function `process` is refused with line and column."
                ),
                query=UploadQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewScript), *SOURCE_FILES),
                answers=(ResponseSpec(201, "The script, with version 1.", MediaType(JSON, Script), ("Location",)),),
                refusals=(*SOURCE_REFUSALS, types.NAME_TAKEN),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getScript",
                summary="Get a script",
                description="Accepts the script's id or name.",
                query=NoQuery,
                answers=(_SHOWN,),
                refusals=SCRIPT_REFUSALS,
            ),
            "PATCH": Operation(
                handler=describe,
                scope=Scope.SCRIPTS_WRITE,
                name="describeScript",
                summary="Change the description",
                description="Also works for archived scripts. Idempotent.",
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(MERGE_PATCH, ScriptChanges), MediaType(JSON, ScriptChanges)),
                answers=(_SHOWN,),
                refusals=(*SCRIPT_REFUSALS, *SHORT_DOCUMENT_REFUSALS),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}/archive",
        TAG,
        {
            "POST": Operation(
                handler=archive,
                scope=Scope.SCRIPTS_WRITE,
                name="archiveScript",
                summary="Archive a script",
                description=(
                    "The script accepts no new versions or executions. Its history stays readable, and queued and "
                    "running executions continue. Idempotent."
                ),
                query=NoQuery,
                answers=(_SHOWN,),
                refusals=SCRIPT_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/unarchive",
        TAG,
        {
            "POST": Operation(
                handler=unarchive,
                scope=Scope.SCRIPTS_WRITE,
                name="unarchiveScript",
                summary="Unarchive a script",
                description="The script accepts versions and executions again. Idempotent.",
                query=NoQuery,
                answers=(_SHOWN,),
                refusals=SCRIPT_REFUSALS,
            )
        },
    ),
)
