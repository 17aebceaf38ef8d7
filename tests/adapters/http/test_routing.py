"""Paths are found as Starlette's router finds them."""

import asyncio
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from adapters.http.dependencies import Dependencies
from adapters.http.endpoint import Endpoint
from adapters.http.routes import FILES, RESOURCES
from adapters.http.routing import Routing


class Reached(Exception):
    """Ends the way of a request."""


class Stub(Endpoint):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise Reached(self.resource.path, scope["path_params"])


async def otherwise(scope: Scope, receive: Receive, send: Send) -> None:
    raise Reached(None, None)


ROUTES = [Route(one.path, otherwise) for one in (*RESOURCES, FILES)]
ROUTING = Routing([Stub(one, cast("Dependencies", None)) for one in (*RESOURCES, FILES)], otherwise)

known = sorted({part for one in ROUTES for part in one.path.split("/")})
paths = st.lists(st.sampled_from(known) | st.text(max_size=3), max_size=7).map("/".join)


def starlettes(path: str) -> tuple[Any, Any]:
    scope = {"type": "http", "method": "GET", "path": path}
    for route in ROUTES:
        match, child = route.matches(scope)
        if match is not Match.NONE:
            return route.path, child["path_params"]
    return None, None


def ours(scope: Scope) -> tuple[Any, ...]:
    async def reach() -> None:
        await ROUTING(scope, cast("Receive", None), cast("Send", None))

    try:
        asyncio.run(reach())
    except Reached as reached:
        return reached.args
    raise AssertionError("nothing was reached")


@given(paths)
def test_a_path_leads_where_trying_each_route_in_turn_leads(path: str) -> None:
    assert ours({"type": "http", "path": path}) == starlettes(path)


def test_what_is_not_http_is_not_routed() -> None:
    assert ours({"type": "websocket", "path": "/v1/scripts"}) == (None, None)
