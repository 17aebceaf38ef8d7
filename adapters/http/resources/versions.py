"""The resources of a script's versions: `/v1/scripts/{script}/versions` and the paths below it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Result, Success
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.operations import (
    JAVASCRIPT,
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
from adapters.http.problems.check_reports import check_report
from adapters.http.problems.refusals import MalformedId, Refusal
from adapters.http.requests.authorization import authorised
from adapters.http.requests.cursors import number_before, number_cursor
from adapters.http.requests.parameters import script_ref, version_ref
from adapters.http.requests.script_upload import read_version_upload
from adapters.http.resources.scripts import SCRIPT_REFUSALS, SOURCE_FILES, SOURCE_REFUSALS
from adapters.http.responses.conditional import IMMUTABLE, REVALIDATED
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.script_tests import with_checks
from adapters.http.responses.scripts import version, version_href
from adapters.http.responses.stored_bodies import CHOSEN_BY, KEPT_ALREADY, StoredRepresentation, kept_as, respond_with
from adapters.http.responses.version_list import listed
from adapters.http.results import then
from adapters.http.wire.schemas.checks import CheckedVersion
from adapters.http.wire.schemas.queries import NoQuery, RevisionQuery, TestsPolicy, VersionsQuery
from adapters.http.wire.schemas.scripts import NewVersion, Version
from adapters.http.wire.schemas.version_list import ListedVersion, VersionList
from application.ports.scripts import ScriptRef
from application.ports.stored_bodies import StoredBody, stored
from application.script_tests.revise import CheckedRevision
from application.scripts.revise import Revise
from domain.access import Scope
from domain.aliases import VersionRef
from domain.body import Body, Encoding
from domain.checks import ChecksFailed, redact
from domain.script import Revised, Script
from domain.versions import ScriptVersion, Source, VersionRequest

TAG: Final = "versions"
VERSION_REFUSALS: Final = (*SCRIPT_REFUSALS, types.UNKNOWN_VERSION)


def version_key(request: Request) -> Result[tuple[ScriptRef, VersionRef], MalformedId]:
    """Read `{script}` and `{n}`."""
    return Result.do((key, wanted) for key in script_ref(request) for wanted in version_ref(request))


def caching(request: Request) -> str:
    """Choose how long what belongs to a version may be cached: an alias may lead to another version tomorrow."""
    return (
        IMMUTABLE if version_ref(request).map(lambda wanted: isinstance(wanted, int)).value_or(False) else REVALIDATED
    )


async def revise(call: RequestContext[RevisionQuery]) -> HandlerResult:
    """Create the next version of a script. The path is validated before the body is read."""
    return await then(script_ref(call.request), lambda script: _revise(call, script))


async def _revise(call: RequestContext[Any], script: ScriptRef) -> HandlerResult:
    return await then(await read_version_upload(call), lambda wanted: _revised(call, script, wanted))


async def _revised(call: RequestContext[RevisionQuery], script: ScriptRef, wanted: VersionRequest) -> HandlerResult:
    command = Revise(script=script, wanted=wanted, actor=call.actor)
    return await create_version(call, command, required=call.query.tests is TestsPolicy.REQUIRED)


async def create_version(call: RequestContext[Any], command: Revise, *, required: bool) -> HandlerResult:
    """Give a script a version, and respond with it and the report of its tests."""
    done = await call.deps.script_tests.revise(command, required=required)
    if await may_quote(call):
        return done.map(partial(_revision, call))
    return done.map(lambda one: _revision(call, evolve(one, report=redact(one.report)))).alt(_without_quotes)


async def may_quote(call: RequestContext[Any]) -> bool:
    """Tell whether the caller may read results, which a report of checks quotes."""
    return is_successful(await authorised(call.deps.access, call.request, Scope.READ))


def _without_quotes(refused: Refusal) -> Refusal:
    return ChecksFailed(redact(refused.report)) if isinstance(refused, ChecksFailed) else refused


def _revision(call: RequestContext[Any], done: CheckedRevision) -> Response:
    revision = done.revision
    status = 201 if isinstance(revision, Revised) else 200
    headers = {"Location": version_href(call.root_path, revision.version)}
    report = check_report(done.report, call.language) if done.report.tests else None
    shown = version(revision.version, call.root_path, call.language, revision.script.aliases)
    return document(with_checks(shown, report), status, headers)


async def list_versions(call: RequestContext[VersionsQuery]) -> HandlerResult:
    """List a page of a script's versions."""
    before = number_before(call.query.cursor)
    found = await then(script_ref(call.request), call.deps.scripts.read)
    wanted = Result.do((script, number) for script in found for number in before)
    return await then(wanted, lambda one: _page(call, *one))


async def _page(call: RequestContext[VersionsQuery], script: Script, before: int | None) -> HandlerResult:
    limit = call.query.limit
    page = page_of(await _listed(call, script, before), limit, lambda last: number_cursor(last.number))
    shown = VersionList(items=tuple(page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shown, page.next_cursor))


async def _listed(call: RequestContext[VersionsQuery], script: Script, before: int | None) -> Sequence[ListedVersion]:
    """List one version more than the page has, with their use if the request asks for it."""
    deps, most = call.deps, call.query.limit + 1
    shown = partial(version, root=call.root_path, language=call.language, aliases=script.aliases)
    if call.query.usage:
        return [listed(shown(one), usage) for one, usage in await deps.activity.versions(script.id, before, most)]
    return [listed(shown(one)) for one in await deps.scripts.versions(script.id, before, most)]


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with one version."""
    return (await _found(call)).map(
        lambda both: document(version(both[1], call.root_path, call.language, both[0].aliases))
    )


async def source(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a version's source, byte for byte."""
    return await then(await _found(call), lambda both: _source(call, both[1].source))


async def _source(call: RequestContext[NoQuery], kept: Source) -> HandlerResult:
    async def fetch() -> Result[StoredBody, Refusal]:
        return Success(stored(Body(kept.digest, Encoding.IDENTITY, kept.data)))

    return await respond_with(call, StoredRepresentation(kept.digest, (JAVASCRIPT,), fetch, caching(call.request)))


async def _found(call: RequestContext[NoQuery]) -> Result[tuple[Script, ScriptVersion], Refusal]:
    return await then(version_key(call.request), lambda key: call.deps.scripts.read_version(*key))


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/versions",
        TAG,
        {
            "GET": Operation(
                handler=list_versions,
                scope=Scope.READ,
                name="listVersions",
                summary="List versions",
                description=(
                    "Newest first. Also works for archived scripts. With `usage`, each version has the counts of its "
                    "stored executions, and the standing of the script's tests on it."
                ),
                query=VersionsQuery,
                answers=(ResponseSpec(200, "A page of the versions.", MediaType(JSON, VersionList), ("Link",)),),
                refusals=(*SCRIPT_REFUSALS, types.MALFORMED_CURSOR),
            ),
            "POST": Operation(
                handler=revise,
                scope=Scope.SCRIPTS_WRITE,
                name="reviseScript",
                summary="Create a version",
                description=(
                    "If source and limits equal those of the latest version, no version is created: the response is "
                    "200 with the latest version, unless the request names another engine. A new version without "
                    "`engine` gets the service's default, not the engine of the previous version. The script's tests "
                    "are run on the version: the response has their outcome in `checks`."
                ),
                query=RevisionQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewVersion), *SOURCE_FILES),
                answers=(
                    ResponseSpec(201, "The new version.", MediaType(JSON, CheckedVersion), ("Location",)),
                    ResponseSpec(
                        200, "The latest version, which is identical.", MediaType(JSON, CheckedVersion), ("Location",)
                    ),
                ),
                refusals=(*SCRIPT_REFUSALS, *SOURCE_REFUSALS, types.SCRIPT_ARCHIVED, types.TESTS_FAILED),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getVersion",
                summary="Get a version",
                description="Versions are immutable.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The version.", MediaType(JSON, Version)),),
                refusals=VERSION_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/source",
        TAG,
        {
            "GET": Operation(
                handler=source,
                scope=Scope.READ,
                name="getSource",
                summary="Get a version's source",
                description="Returned byte for byte as it was sent.",
                query=NoQuery,
                headers=CHOSEN_BY,
                answers=(kept_as("The source file.", MediaType(JAVASCRIPT, TEXT)), KEPT_ALREADY),
                refusals=(*VERSION_REFUSALS, types.NOT_ACCEPTABLE),
            )
        },
    ),
)
