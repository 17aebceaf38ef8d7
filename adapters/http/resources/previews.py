"""The resource that runs a source without hosting it: `/v1/previews`."""

import asyncio
from typing import Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.preview_requests import read_preview
from adapters.http.resources.scripts import SOURCE_REFUSALS
from adapters.http.responses.delivery import SENDING_BYTES, SMALL_BYTES
from adapters.http.responses.documents import document
from adapters.http.responses.previews import preview
from adapters.http.results import then
from adapters.http.transport.connected import while_connected
from adapters.http.wire.schemas.previews import NewPreview
from adapters.http.wire.schemas.previews import Preview as PreviewShape
from adapters.http.wire.schemas.queries import NoQuery
from application.previews.preview import Preview, Previewed
from domain.access import Scope
from domain.body import Body
from domain.limits import MIB
from domain.outcome import Produced

TAG: Final = "scripts"
_LINE_BYTES: Final = 1_024
"""The memory of a log line besides its text while it is encoded as JSON."""
_INLINE_BYTES: Final = 64 * 1024
"""Up to here making the answer is shorter than the way to a thread and back."""
_DIFFERENCES_BYTES: Final = 8 * MIB
"""Up to 1 MiB of quoted values, as values and as JSON."""


async def run(call: RequestContext[NoQuery]) -> HandlerResult:
    """Run a source over a dataset, as long as the client waits for it."""
    return await then(await read_preview(call), lambda wanted: _run(call, wanted))


async def _run(call: RequestContext[NoQuery], wanted: Preview) -> HandlerResult:
    done: Result[Previewed, Refusal] = await while_connected(call.request, call.deps.previews.preview(wanted))
    call.request_memory.resize(0)
    return await then(done, lambda shown: _response(call, shown))


async def _response(call: RequestContext[NoQuery], shown: Previewed) -> Result[Response, Refusal]:
    result, held = _result(shown), _held_bytes(shown)
    if not call.response_memory.resize(held):
        return Failure(TooMuchInFlight())
    text = None if result is None else await call.deps.bodies.decode(result)

    def make() -> Response:
        return document(preview(shown, text, call.language), headers={"Cache-Control": "no-store"})

    return Success(make() if held < _INLINE_BYTES else await asyncio.to_thread(make))


def _result(shown: Previewed) -> Body | None:
    return shown.run.outcome.result if isinstance(shown.run.outcome, Produced) else None


def _held_bytes(shown: Previewed) -> int:
    """Estimate the most bytes held: the result, its text and the response; log lines and differences likewise."""
    body, against = _result(shown), shown.against
    held = 0 if body is None else len(body.data) + 2 * body.digest.size_bytes
    held += sum(_LINE_BYTES + 8 * len(line.message) for line in shown.run.logs.lines)
    if against is not None and against.comparison is not None and is_successful(against.comparison):
        held += _DIFFERENCES_BYTES if against.comparison.unwrap().differences else 0
    return held + SENDING_BYTES if held > SMALL_BYTES else 0


RESOURCES: Final = (
    Resource(
        "/v1/previews",
        TAG,
        {
            "POST": Operation(
                handler=run,
                scope=Scope.SCRIPTS_WRITE,
                name="previewSource",
                summary="Try a source",
                description=(
                    "Runs a source over a dataset, as an execution of it would run, and responds with the outcome. "
                    "Nothing is stored. The source is checked first, as one that is uploaded. A run takes at most 5 "
                    "seconds and gives at most 4 MiB; it ends when the client disconnects. With `script` and "
                    "`version`, that version runs over the same dataset, and the response has the differences."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewPreview),),
                answers=(
                    ResponseSpec(200, "The outcome of the run.", MediaType(JSON, PreviewShape), ("Cache-Control",)),
                ),
                refusals=(
                    *SOURCE_REFUSALS,
                    types.DATASET_TOO_LARGE,
                    types.MALFORMED_ID,
                    types.UNKNOWN_SCRIPT,
                    types.UNKNOWN_VERSION,
                    types.SANDBOX_BUSY,
                ),
            )
        },
    ),
)
