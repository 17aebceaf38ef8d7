"""The resource of a script's retention: `/v1/scripts/{script}/retention`. It is set here; the script shows it.

It needs the scope `admin`. A shorter retention destroys data that other clients submitted and read; a longer one keeps
data that the operator's own setting promises to remove. Neither is for a key that uploads sources or datasets.
"""

from typing import Final

from returns.result import Result

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.parameters import script_ref
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS, read_short_document
from adapters.http.resources.scripts import SCRIPT_REFUSALS, TAG
from adapters.http.responses.documents import document
from adapters.http.responses.scripts import script
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.scripts import NewRetention, Script
from application.ports.scripts import ScriptRef
from domain.access import Scope
from domain.retention import ScriptRetention, retention

_MOST_BYTES: Final = 1_024


async def put_retention(call: RequestContext[NoQuery]) -> HandlerResult:
    """Set the retention of a script's executions."""
    return await then(script_ref(call.request), lambda wanted: _put(call, wanted))


async def _put(call: RequestContext[NoQuery], target: ScriptRef) -> HandlerResult:
    return await then(await _wanted(call), lambda wanted: _retain(call, target, wanted))


async def _retain(call: RequestContext[NoQuery], target: ScriptRef, wanted: ScriptRetention) -> HandlerResult:
    retained = await call.deps.scripts.set_retention(target, wanted, call.actor)
    return retained.map(lambda one: document(script(one)))


async def _wanted(call: RequestContext[NoQuery]) -> Result[ScriptRetention, Refusal]:
    return (await read_short_document(call, NewRetention, _MOST_BYTES)).map(_retention)


def _retention(new: NewRetention) -> ScriptRetention:
    return retention(new.content_days, new.rows_days).unwrap()  # the shape has the same bounds


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/retention",
        TAG,
        {
            "PUT": Operation(
                handler=put_retention,
                scope=Scope.ADMIN,
                name="setRetention",
                summary="Set retention",
                description=(
                    "Overrides the service's retention for this script, in days from the end of an execution: after "
                    "`content_days`, dataset, result and logs are removed; after `rows_days`, the record too. "
                    '`"forever"` removes nothing by age, whatever the service\'s retention is. Applies '
                    "to all versions and to executions that have already finished. **Expired data is permanently "
                    "deleted** within about a minute. Idempotent."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewRetention),),
                answers=(ResponseSpec(200, "The script with its new retention.", MediaType(JSON, Script)),),
                refusals=(*SCRIPT_REFUSALS, *SHORT_DOCUMENT_REFUSALS),
            )
        },
    ),
)
