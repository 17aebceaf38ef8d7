"""Builds the answers of handlers: documents, and pages of lists. `stored_bodies` answers with stored bytes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.operations import JSON
from adapters.http.transport.root_path import public_path
from adapters.http.wire.json import json_bytes

_T = TypeVar("_T")


def document(shape: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Build an answer with a shape's JSON."""
    return Response(json_bytes(shape), status, headers, JSON)


@frozen
class Page(Generic[_T]):
    """Part of a list, and the cursor behind it if there is more."""

    items: Sequence[_T]
    next_cursor: str | None


def page_of(found: Sequence[_T], limit: int, cursor: Callable[[_T], str]) -> Page[_T]:
    """Build a page from up to `limit + 1` items: the extra one means that there is a next page, and is not shown."""
    items = found[:limit]
    return Page(items, cursor(items[-1]) if len(found) > limit else None)


def page_response(request: Request, shape: object, next_cursor: str | None) -> Response:
    """Build a list's answer, with the link to its next page (RFC 8288)."""
    return document(shape, headers=None if next_cursor is None else {"Link": next_link(request, next_cursor)})


def next_link(request: Request, cursor: str) -> str:
    """Build the link from a page to the next one."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f'<{public_path(request.scope)}?{urlencode([*others, ("cursor", cursor)])}>; rel="next"'
