"""The history of a script's versions: the difference between two of them, and the restoration of a former one."""

import asyncio
from typing import Final

from returns.result import Failure, Result, Success

from adapters.http.operations import (
    DIFF,
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
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.requests.short_texts import read_restoration
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.resources.versions import TAG, VERSION_REFUSALS, caching, create_version, version_key
from adapters.http.responses.stored_bodies import CHOSEN_BY, KEPT_ALREADY, StoredRepresentation, kept_as, respond_with
from adapters.http.results import then
from adapters.http.wire.schemas.queries import DiffQuery, NoQuery
from adapters.http.wire.schemas.scripts import NewRestoration, Version
from application.ports.scripts import ScriptRef
from application.ports.stored_bodies import StoredBody, stored
from application.scripts.compare_versions import Compared
from application.scripts.restore import Restore
from domain.access import Scope
from domain.aliases import VersionRef
from domain.body import Body, Encoding, digest
from domain.notes import Note

_INLINE_BYTES: Final = 16 * 1024
"""Sources up to this size together are compared in less time than a thread takes to start."""
_BYTES_A_SOURCE_BYTE: Final = 40
"""Memory for lines, their numbers, the edit and the diff, by measurement with the shortest lines."""


async def diff(call: RequestContext[DiffQuery]) -> HandlerResult:
    """Respond with the difference between two sources."""
    found = await then(version_key(call.request), lambda key: call.deps.scripts.find_compared(*key, call.query.against))
    return await then(found, lambda compared: _diff(call, compared))


async def _diff(call: RequestContext[DiffQuery], compared: Compared) -> HandlerResult:
    large = compared.size_bytes > _INLINE_BYTES
    if not call.response_memory.resize(_BYTES_A_SOURCE_BYTE * compared.size_bytes if large else 0):
        return Failure(TooMuchInFlight())
    text = await asyncio.to_thread(compared.diff) if large else compared.diff()
    body = Body(digest(text), Encoding.IDENTITY, text)

    async def fetch() -> Result[StoredBody, Refusal]:
        return Success(stored(body))

    return await respond_with(call, StoredRepresentation(body.digest, (DIFF,), fetch, caching(call.request)))


async def restore(call: RequestContext[NoQuery]) -> HandlerResult:
    """Create a version with the source of a former one. The path is validated before the body is read."""
    return await then(version_key(call.request), lambda key: _read(call, *key))


async def _read(call: RequestContext[NoQuery], script: ScriptRef, version: VersionRef) -> HandlerResult:
    return await then(await read_restoration(call), lambda note: _restore(call, script, version, note))


async def _restore(call: RequestContext[NoQuery], script: ScriptRef, version: VersionRef, note: Note) -> HandlerResult:
    engines = call.deps.uploads.engines
    command = Restore(script=script, version=version, engines=engines, note=note, actor=call.actor)
    found = await call.deps.scripts.find_restoration(command)
    return await then(found, lambda revise: create_version(call, revise, required=False))


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/versions/{n}/diff",
        TAG,
        {
            "GET": Operation(
                handler=diff,
                scope=Scope.READ,
                name="getVersionDiff",
                summary="Get the changes of a version",
                description=(
                    "The changes of the source from the version `against` (by default the previous one, or nothing "
                    "for version 1) to this version, as a unified diff that `patch -p1` and `git apply` accept. It is "
                    "empty if both sources are the same. The work per diff is limited: of sources with very many "
                    "changed lines, whole sections are shown as replaced."
                ),
                query=DiffQuery,
                headers=CHOSEN_BY,
                answers=(kept_as("The unified diff.", MediaType(DIFF, TEXT)), KEPT_ALREADY),
                refusals=(*VERSION_REFUSALS, types.NOT_ACCEPTABLE),
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/restoration",
        TAG,
        {
            "POST": Operation(
                handler=restore,
                scope=Scope.SCRIPTS_WRITE,
                name="restoreVersion",
                summary="Restore a version",
                description=(
                    "Creates the script's next version with the source, the engine and the limits of this one. If "
                    "the latest version has the same, no version is created: the response is 200 with the latest "
                    "version. The body may be omitted."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewRestoration),),
                may_lack_body=True,
                answers=(
                    ResponseSpec(201, "The new version.", MediaType(JSON, Version), ("Location",)),
                    ResponseSpec(
                        200, "The latest version, which is identical.", MediaType(JSON, Version), ("Location",)
                    ),
                ),
                refusals=(
                    *SCRIPT_REFUSALS,
                    types.UNKNOWN_VERSION,
                    *SHORT_DOCUMENT_REFUSALS,
                    types.INVALID_SCRIPT,
                    types.SCRIPT_ARCHIVED,
                    types.ENGINE_NOT_INSTALLED,
                ),
            )
        },
    ),
)
