"""Resources of an execution's content: its dataset, its result, and the removal of both with the logs."""

from typing import Any, Final
from uuid import UUID

from returns.pipeline import is_successful
from starlette.responses import Response

from adapters.http.operations import (
    ANY_JSON,
    JSON,
    LINES,
    NDJSON,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.requests.parameters import execution_id
from adapters.http.responses.stored_bodies import CHOSEN_BY, KEPT_ALREADY, StoredRepresentation, kept_as, respond_with
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from application.executions.read import StoredContent
from domain.access import Scope
from domain.audit import Action, execution_event

TAG: Final = "executions"
_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_EXECUTION)
_KEPT_REFUSALS: Final = (*_REFUSALS, types.NOT_ACCEPTABLE, types.CONTENT_REMOVED)


async def result(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the result's bytes, or its items."""
    found = await then(execution_id(call.request), call.deps.executions.read_result)
    return await then(found, lambda one: _read(call, one, (JSON, NDJSON), Action.READ_RESULT))


async def dataset(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the dataset's bytes."""
    found = await then(execution_id(call.request), call.deps.executions.read_dataset)
    return await then(found, lambda one: _read(call, one, (JSON,), Action.READ_INPUT))


async def _read(
    call: RequestContext[NoQuery], found: StoredContent, offered: tuple[str, ...], action: Action
) -> HandlerResult:
    """Respond with the content that was found. Headers alone, or a 304, are not audited as a read."""
    answered = await respond_with(call, StoredRepresentation(found.digest, offered, found.fetch))
    if call.request.method == "GET" and is_successful(answered) and answered.unwrap().status_code == 200:
        call.deps.audit.reads.record(execution_event(action, found.submission, call.actor))
    return answered


async def remove(call: RequestContext[NoQuery]) -> HandlerResult:
    """Drop dataset, result and logs."""
    return await then(execution_id(call.request), lambda wanted: _removed(call, wanted))


async def _removed(call: RequestContext[Any], wanted: UUID) -> HandlerResult:
    removed = await call.deps.executions.remove_content(wanted, call.actor)
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/executions/{id}/result",
        TAG,
        {
            "GET": Operation(
                handler=result,
                scope=Scope.READ,
                name="getResult",
                summary="Get a result",
                description="The bytes that the run produced, of any size.",
                query=NoQuery,
                headers=CHOSEN_BY,
                answers=(
                    kept_as(
                        "The result's JSON text; for an array, also one item per line (see Accept).",
                        MediaType(JSON, ANY_JSON),
                        MediaType(NDJSON, LINES),
                    ),
                    KEPT_ALREADY,
                ),
                refusals=(*_KEPT_REFUSALS, types.NOT_FINISHED, types.EXECUTION_FAILED),
            )
        },
    ),
    Resource(
        "/v1/executions/{id}/input",
        TAG,
        {
            "GET": Operation(
                handler=dataset,
                scope=Scope.READ,
                name="getInput",
                summary="Get a dataset",
                description="The dataset's JSON text. A dataset sent as NDJSON is returned as a JSON array.",
                query=NoQuery,
                headers=CHOSEN_BY,
                answers=(kept_as("The dataset's JSON text.", MediaType(JSON, ANY_JSON)), KEPT_ALREADY),
                refusals=_KEPT_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/executions/{id}/content",
        TAG,
        {
            "DELETE": Operation(
                handler=remove,
                scope=Scope.EXECUTIONS_WRITE,
                name="removeContent",
                summary="Remove an execution's content",
                description=(
                    "Permanently deletes dataset, result and logs of a finished execution, at once. The record shown "
                    "in the list of executions stays."
                ),
                query=NoQuery,
                answers=(ResponseSpec(204, "Deleted, or already deleted. The execution record can still be read."),),
                refusals=(*_REFUSALS, types.NOT_FINISHED),
            )
        },
    ),
)
