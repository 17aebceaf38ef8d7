"""The resource of the service's limits: `/v1/limits`. It is public, so that a client can check a file before it sends
it, and even before it has a key: the same numbers are in the refusals of what exceeds them.
"""

from typing import Final

from attrs import asdict
from returns.result import Success

from adapters.http.operations import (
    JSON,
    PUBLIC,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.resources.health import TAG
from adapters.http.responses.documents import document
from adapters.http.wire.schemas.limits import PartitionBytes, RunLimits, ServiceLimits
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.scripts import Limits
from domain import job_requests
from domain import limits as domain
from domain.batch_lines import MAX_BATCH_LINES


async def read(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the limits of datasets, batches, sources, runs and jobs, and with the engines."""
    uploads = call.deps.uploads
    shown = ServiceLimits(
        dataset_bytes=call.deps.limits.max_dataset_bytes,
        batch_lines=MAX_BATCH_LINES,
        source_bytes=uploads.max_source_bytes,
        runs=RunLimits(
            default=_shown(uploads.default_limits),
            minimum=_shown(domain.FLOORS),
            maximum=_shown(uploads.limit_ceilings),
        ),
        partition_bytes=PartitionBytes(
            least=job_requests.MIN_PARTITION_BYTES,
            most=job_requests.MAX_PARTITION_BYTES,
            default=job_requests.DEFAULT_PARTITION_BYTES,
        ),
        verified_rows=job_requests.MAX_VERIFIED_ROWS,
        engines=uploads.engines,
        default_engine=uploads.default_engine,
    )
    return Success(document(shown))


def _shown(limits: domain.Limits) -> Limits:
    return Limits(**asdict(limits))


RESOURCES: Final = (
    Resource(
        "/v1/limits",
        TAG,
        {
            "GET": Operation(
                handler=read,
                scope=PUBLIC,
                name="getLimits",
                summary="Get the limits",
                description=(
                    "Limits of datasets, batches, sources, runs and jobs, and the engines, as the operator has set "
                    "them. A client can check a file before sending it."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The limits.", MediaType(JSON, ServiceLimits)),),
            )
        },
    ),
)
