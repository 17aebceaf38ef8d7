"""The resource of a version's checks: `/v1/scripts/{script}/versions/{n}/checks`."""

from typing import Final

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.check_reports import check_report
from adapters.http.resources.script_tests import TAG
from adapters.http.resources.versions import VERSION_REFUSALS, may_quote, version_key
from adapters.http.responses.documents import document
from adapters.http.responses.script_tests import standings
from adapters.http.results import then
from adapters.http.wire.schemas.checks import CheckReport, TestStandings
from adapters.http.wire.schemas.queries import NoQuery
from domain.access import Scope
from domain.checks import redact


async def check(call: RequestContext[NoQuery]) -> HandlerResult:
    """Run the tests on a version."""
    checked = await then(version_key(call.request), lambda key: call.deps.script_tests.check(*key, call.actor))
    shown = checked if await may_quote(call) else checked.map(redact)
    return shown.map(lambda report: document(check_report(report, call.language)))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the latest results for a version."""
    found = await then(version_key(call.request), lambda key: call.deps.script_tests.standings(*key))
    return found.map(lambda both: document(standings(both[0].number, tuple(both[1]))))


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/versions/{n}/checks",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getChecks",
                summary="Get the results of tests",
                description="Of every test that the script has now, its latest result for this version.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The results.", MediaType(JSON, TestStandings)),),
                refusals=VERSION_REFUSALS,
            ),
            "POST": Operation(
                handler=check,
                scope=Scope.SCRIPTS_WRITE,
                name="checkVersion",
                summary="Run the tests",
                description=(
                    "Runs all tests of the script on this version, one after another, and stores their results. Each "
                    "runs within the version's limits, but for at most 5 seconds, and its result may have at most "
                    "4 MiB. After a minute, and while the sandbox is busy, tests are reported as `not-run`. "
                    "Differences are reported only to keys that also have the scope `read`."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The outcome of each test.", MediaType(JSON, CheckReport)),),
                refusals=(*VERSION_REFUSALS, types.SCRIPT_ARCHIVED),
            ),
        },
    ),
)
