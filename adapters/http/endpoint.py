"""One ASGI endpoint a resource: it finds the operation of the method, and does what RFC 9110 asks of every resource.

HEAD is GET without the content, OPTIONS lists the methods, and any other method is refused with that same list. A
resource is one endpoint since a route for each method would know only its own methods.
"""

from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.http.dependencies import Dependencies
from adapters.http.operations import HandlerResult, Operation, RequestContext, Resource
from adapters.http.problems.mapping import problem_of
from adapters.http.problems.nearest_path import nearest_path
from adapters.http.problems.refusals import MethodNotAllowed, Refusal, UnknownPath
from adapters.http.problems.rendering import problem_response
from adapters.http.requests.authorization import authorised
from adapters.http.requests.parameters import read_query
from adapters.http.responses.delivery import deliverable
from adapters.http.results import fold, then
from adapters.http.transport.memory_budget import Reservation, Use
from adapters.http.transport.path_segments import SLASH, local_reference, segment
from adapters.http.transport.root_path import root_path_of
from application.log_context import current_log_context
from domain.audit import Actor


class Endpoint:
    """The endpoint of a resource."""

    def __init__(self, resource: Resource, deps: Dependencies) -> None:
        self.resource, self._deps = resource, deps
        self._spans_segments = ":path}" in resource.path  # where a slash parts segments still, so none may be made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if SLASH in scope["path"] and not self._spans_segments:
            scope["path_params"] = {name: segment(value) for name, value in scope["path_params"].items()}
        request = Request(scope, receive)
        with self._deps.limits.memory.reserve(Use.RESPONSE) as memory:
            response = await self._answer(request, memory)
            if request.method == "HEAD":
                response.body = b""  # the headers stay those of GET, its Content-Length included
            await fold(deliverable(response, memory), _itself, partial(refuse, scope))(scope, receive, send)

    async def _answer(self, request: Request, memory: Reservation) -> Response:
        operation = self.resource.operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is not None:
            answered = await _operate(operation, self._deps, request, memory)
            return fold(answered, _itself, partial(refuse, request.scope))
        allow = self.resource.allow
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(allow)})
        return refuse(request.scope, MethodNotAllowed(request.method, allow))


class UnknownPaths:
    """The endpoint of all paths that no resource has. `paths` are those of the resources."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            response = _add_slash(scope) if scope["path"] == "" else refuse(scope, self._refusal(scope))
            await response(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    def _refusal(self, scope: Scope) -> UnknownPath:
        path = local_reference(scope)
        return UnknownPath(path, nearest_path(path, self._paths))


def _add_slash(scope: Scope) -> Response:
    """Redirect from the path prefix to the service's root, to which the links of its pages are relative."""
    query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
    return Response(status_code=308, headers={"Location": f"{root_path_of(scope)}/{query}"})


def refuse(scope: Scope, refusal: Refusal) -> Response:
    """Build the problem response of a refused request."""
    return problem_response(problem_of(refusal), scope)


async def _operate(
    operation: Operation[Any], deps: Dependencies, request: Request, memory: Reservation
) -> HandlerResult:
    """Authorise first: a caller without the scope learns nothing else, since neither query nor body is read before."""
    return await then(
        await authorised(deps.access, request, operation.scope),
        lambda caller: _do(operation, deps, request, memory, caller),
    )


async def _do(
    operation: Operation[Any], deps: Dependencies, request: Request, response: Reservation, caller: UUID | None
) -> HandlerResult:
    query = read_query(request, operation.query)
    context = current_log_context()
    actor = Actor(caller, context.request_id, context.server_request_id)
    with deps.limits.memory.reserve(Use.REQUEST) as body:
        return await then(
            query, lambda checked: operation.handler(RequestContext(deps, request, checked, body, response, actor))
        )


def _itself(response: Response) -> Response:
    return response
