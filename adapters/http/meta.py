"""What the service says about itself: its health, its OpenAPI document, and a page about each kind of problem."""

from contextlib import suppress
from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http import problem_types as types
from adapters.http.answers import document
from adapters.http.operations import JSON, PUBLIC, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.problem_types import PROBLEM_TYPES
from adapters.http.refusals import UnknownPath
from adapters.http.schemas.health import Liveness, Readiness
from adapters.http.schemas.queries import NoQuery
from application.messages import Unavailable

TAG: Final = "service"
PLAIN: Final = "text/plain"
RETRY_AFTER: Final = {"Retry-After": "5"}


async def live(_: Call[NoQuery]) -> Answered:
    """This process answers, whatever the rest does."""
    return Success(document(Liveness(live=True)))


async def ready(call: Call[NoQuery]) -> Answered:
    """Whether requests will succeed."""
    found = await call.deps.check_readiness()
    is_ready = not found.trouble
    needs_key = await _needs_key(call) if is_ready else None
    shown = Readiness(ready=is_ready, trouble=found.trouble or None, needs_key=needs_key, workers=found.workers)
    return Success(document(shown) if is_ready else document(shown, 503, RETRY_AFTER))


async def _needs_key(call: Call[NoQuery]) -> bool | None:
    with suppress(Unavailable):  # it has gone since the look at it, which the next one will tell
        return not await call.deps.access.is_open()
    return None


async def problem(call: Call[NoQuery]) -> Answered:
    """The page about a kind of problem."""
    kind = PROBLEM_TYPES.get(call.request.path_params["slug"])
    if kind is None:
        return Failure(UnknownPath())
    return Success(Response(f"{kind.title} ({kind.status})\n\n{kind.text}\n", media_type=PLAIN))


async def openapi(call: Call[NoQuery]) -> Answered:
    """The OpenAPI document."""
    return Success(Response(call.request.app.state.openapi, media_type=JSON))


RESOURCES: Final = (
    Resource(
        "/health/live",
        TAG,
        {
            "GET": Operation(
                handler=live,
                scope=PUBLIC,
                name="getLiveness",
                summary="Whether this process answers",
                query=NoQuery,
                answers=(Answer(200, "It does.", Content(JSON, Liveness)),),
            )
        },
    ),
    Resource(
        "/health/ready",
        TAG,
        {
            "GET": Operation(
                handler=ready,
                scope=PUBLIC,
                name="getReadiness",
                summary="Whether the service can do its work",
                query=NoQuery,
                answers=(
                    Answer(200, "It can.", Content(JSON, Readiness)),
                    Answer(503, "It cannot now.", Content(JSON, Readiness), ("Retry-After",)),
                ),
            )
        },
    ),
    Resource(
        "/problems/{slug}",
        TAG,
        {
            "GET": Operation(
                handler=problem,
                scope=PUBLIC,
                name="getProblemType",
                summary="Read about a kind of problem",
                query=NoQuery,
                answers=(Answer(200, "A short text.", Content(PLAIN, TEXT)),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
    Resource(
        "/openapi.json",
        TAG,
        {
            "GET": Operation(
                handler=openapi,
                scope=PUBLIC,
                name="getOpenapi",
                summary="Read this document",
                query=NoQuery,
                answers=(Answer(200, "The OpenAPI document.", Content(JSON, {"type": "object"})),),
            )
        },
    ),
)
