"""The resources that take datasets: a script's executions, over its latest version or a named one."""

from collections.abc import Awaitable, Callable
from typing import Final

from returns.result import Result, Success

from adapters.http import problem_types as types
from adapters.http.executions import applied, shown
from adapters.http.operations import ANY_JSON, JSON, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.problem_types import ProblemType
from adapters.http.refusals import DatasetTooLarge, Refusal
from adapters.http.representations import execution_href
from adapters.http.request_bodies import read_body
from adapters.http.requests import media_type, preferred_wait, script_key
from adapters.http.results import then
from adapters.http.schemas.executions import Execution
from adapters.http.schemas.queries import NoQuery
from adapters.http.scripts import SCRIPT_REFUSALS
from adapters.http.versions import version_key
from application.messages import Report, ScriptKey
from application.submit_execution import submit_execution
from domain.execution import Failed, Succeeded

TAG: Final = "executions"
_REFUSALS: Final = (
    *SCRIPT_REFUSALS,
    types.UNSUPPORTED_MEDIA_TYPE,
    types.UNSUPPORTED_ENCODING,
    types.DATASET_TOO_LARGE,
    types.MALFORMED_JSON,
    types.SCRIPT_ARCHIVED,
    types.QUEUE_FULL,
)
_ANSWERS: Final = (
    Answer(202, "The execution, kept and not ended.", Content(JSON, Execution), ("Location", "Preference-Applied")),
    Answer(200, "The execution, which has ended.", Content(JSON, Execution), ("Location", "Preference-Applied")),
)


async def submit_latest(call: Call[NoQuery]) -> Answered:
    """Run the latest version over the body."""
    return await then(script_key(call.request), lambda key: _submit(call, key, None))


async def submit_version(call: Call[NoQuery]) -> Answered:
    """Run a named version over the body."""
    return await then(version_key(call.request), lambda key: _submit(call, *key))


async def _submit(call: Call[NoQuery], key: ScriptKey, version: int | None) -> Answered:
    wait = preferred_wait(call.request)
    submitted = await then(await _dataset(call), lambda dataset: _submitted(call, key, version, dataset, wait or 0))
    return await then(submitted, lambda report: _answer(call, report, wait))


async def _dataset(call: Call[NoQuery]) -> Result[bytes, Refusal]:
    async def read(_: str) -> Result[bytes, Refusal]:
        body = await read_body(call.request, call.deps.max_dataset_bytes)
        return body.alt(lambda long: DatasetTooLarge(long.limit_bytes))

    return await then(media_type(call.request, (JSON,)), read)


async def _submitted(
    call: Call[NoQuery], key: ScriptKey, version: int | None, dataset: bytes, wait_seconds: int
) -> Result[Report, Refusal]:
    deps = call.deps
    return await submit_execution(
        deps.scripts,
        deps.executions,
        deps.admission,
        deps.endings,
        deps.bodies,
        deps.clock,
        deps.new_id,
        key=key,
        version=version,
        dataset=dataset,
        result_up_to=deps.inline_result_bytes,
        wait_seconds=wait_seconds,
    )


async def _answer(call: Call[NoQuery], report: Report, wait: int | None) -> Answered:
    headers = {"Location": execution_href(report.execution.submission.id)}
    if wait is not None:
        headers |= applied(wait)
    status = 200 if isinstance(report.execution, Succeeded | Failed) else 202
    return Success(await shown(call, report, status, headers))


def _operation(
    handler: Callable[[Call[NoQuery]], Awaitable[Answered]],
    name: str,
    summary: str,
    description: str,
    *own: ProblemType,
) -> Operation[NoQuery]:
    return Operation(
        handler=handler,
        name=name,
        summary=summary,
        description=description,
        query=NoQuery,
        headers=("Prefer",),
        bodies=(Content(JSON, ANY_JSON),),
        answers=_ANSWERS,
        refusals=(*_REFUSALS, *own),
    )


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/executions",
        TAG,
        {
            "POST": _operation(
                submit_latest,
                "submitToLatest",
                "Run a script's latest version over the body",
                "The body is the dataset itself. The answer is sent once dataset and execution are durably kept; "
                "`Prefer: wait` lets it wait for the end.",
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/executions",
        TAG,
        {
            "POST": _operation(
                submit_version,
                "submitToVersion",
                "Run a version of a script over the body",
                "As with the latest version, for those who want an earlier one, or to be sure which one runs.",
                types.UNKNOWN_VERSION,
            )
        },
    ),
)
