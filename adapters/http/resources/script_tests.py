"""The resources of a script's tests: `/v1/scripts/{script}/tests` and the paths below it."""

from typing import Any, Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.authorization import authorised
from adapters.http.requests.parameters import script_ref
from adapters.http.requests.script_tests import Command, path_test_name, read_test, target_of
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.responses.conditional import revised, with_revision
from adapters.http.responses.documents import document
from adapters.http.responses.script_tests import script_test, script_test_summary
from adapters.http.responses.scripts import script_href
from adapters.http.responses.stored_bodies import KEPT_ALREADY
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.script_tests import NewTest, ScriptTest, ScriptTestList
from application.script_tests.copy_execution import CopyExecution
from application.script_tests.write import Target, WrittenTest
from domain.access import Scope
from domain.script_tests import ScriptTest as StoredTest
from domain.script_tests import ScriptTestContent

TAG: Final = "tests"
_TEST_REFUSALS: Final = (*SCRIPT_REFUSALS, types.UNKNOWN_TEST)
_HEADERS: Final = ("ETag", "Cache-Control")
_SHOWN: Final = MediaType(JSON, ScriptTest)


async def list_tests(call: RequestContext[NoQuery]) -> HandlerResult:
    """List the tests of a script."""
    found = await then(script_ref(call.request), call.deps.script_tests.of_script)
    return found.map(lambda tests: document(ScriptTestList(items=tuple(map(script_test_summary, tests)))))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a test."""
    path = Result.do((script, name) for script in script_ref(call.request) for name in path_test_name(call.request))
    found = await then(path, lambda both: call.deps.script_tests.find(*both))
    return await then(found, lambda both: _shown(call, *both))


async def _shown(call: RequestContext[NoQuery], test: StoredTest, content: ScriptTestContent) -> HandlerResult:
    dataset = await call.deps.bodies.decode(content.dataset)
    response = document(script_test(test, dataset, content.expected))
    return Success(revised(call.request.headers, response, test.id))


async def put(call: RequestContext[NoQuery]) -> HandlerResult:
    """Write a test. The path is validated before the body is read."""
    return await then(target_of(call), lambda target: _put(call, target))


async def _put(call: RequestContext[NoQuery], target: Target) -> HandlerResult:
    written = await then(await read_test(call, target), lambda command: _written(call, command))
    return await then(written, lambda one: _response(call, one))


async def _written(call: RequestContext[NoQuery], command: Command) -> Result[WrittenTest, Refusal]:
    if isinstance(command, CopyExecution):
        return await _copied(call, command)
    return await call.deps.script_tests.write(command)


async def _copied(call: RequestContext[NoQuery], command: CopyExecution) -> Result[WrittenTest, Refusal]:
    """Copy an execution for a caller who may read it."""
    allowed = await authorised(call.deps.access, call.request, Scope.READ)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    return await call.deps.script_tests.copy_execution(command)


async def _response(call: RequestContext[Any], written: WrittenTest) -> HandlerResult:
    test = written.test
    dataset = await call.deps.bodies.decode(written.content.dataset)
    href = f"{script_href(call.root_path, test.script_id)}/tests/{test.name.value}"
    shown = document(
        script_test(test, dataset, written.content.expected), 200 if written.replaced else 201, {"Location": href}
    )
    return Success(with_revision(shown, test.id))


async def remove(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove a test."""
    removed = await then(target_of(call), call.deps.script_tests.remove)
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/tests",
        TAG,
        {
            "GET": Operation(
                handler=list_tests,
                scope=Scope.READ,
                name="listTests",
                summary="List tests",
                description="By name, without their datasets, expected results and messages. At most 100.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The tests.", MediaType(JSON, ScriptTestList)),),
                refusals=SCRIPT_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/tests/{test}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getTest",
                summary="Get a test",
                description="With its dataset and the expected outcome. Also works for archived scripts.",
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(ResponseSpec(200, "The test.", _SHOWN, _HEADERS), KEPT_ALREADY),
                refusals=_TEST_REFUSALS,
            ),
            "PUT": Operation(
                handler=put,
                scope=Scope.SCRIPTS_WRITE,
                name="putTest",
                summary="Write a test",
                description=(
                    "Creates the test, or replaces it with its results. A script has at most 100. With "
                    "`from_execution`, which also needs the scope `read`, an execution of the script is copied: the "
                    "copy outlasts the removal of the execution's content. Clock and seed are chosen now if they are "
                    "omitted, so every run sees the same."
                ),
                query=NoQuery,
                headers=("Content-Encoding", "If-Match", "If-None-Match"),
                bodies=(MediaType(JSON, NewTest),),
                answers=(
                    ResponseSpec(201, "The new test.", _SHOWN, ("Location", *_HEADERS)),
                    ResponseSpec(200, "The test that replaces the former one.", _SHOWN, ("Location", *_HEADERS)),
                ),
                refusals=(
                    *SCRIPT_REFUSALS,
                    *SHORT_DOCUMENT_REFUSALS,
                    types.TEST_TOO_LARGE,
                    types.SCRIPT_ARCHIVED,
                    types.TOO_MANY_TESTS,
                    types.PRECONDITION_FAILED,
                    types.UNKNOWN_EXECUTION,
                    types.NOT_FINISHED,
                    types.NO_RUN,
                    types.EXECUTION_OF_ANOTHER_SCRIPT,
                    types.CONTENT_REMOVED,
                    types.NOT_REPRODUCIBLE,
                ),
            ),
            "DELETE": Operation(
                handler=remove,
                scope=Scope.SCRIPTS_WRITE,
                name="removeTest",
                summary="Remove a test",
                description="Permanently deletes it with its content and its results. Also works for archived scripts.",
                query=NoQuery,
                headers=("If-Match",),
                answers=(ResponseSpec(204, "Deleted."),),
                refusals=(*_TEST_REFUSALS, types.PRECONDITION_FAILED),
            ),
        },
    ),
)
