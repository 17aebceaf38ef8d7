"""Requests for documents, texts and lists, as flows: the parts of all operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bateia.bodies import BytesBody
from bateia.datasets import JSON
from bateia.documents import Document
from bateia.exchange import Flow, Request, Sink, exchange
from bateia.json_values import encoded

SLACK_SECONDS = 60
"""The time that a response may take beyond the wait that was asked for."""


def segment(value: object) -> str:
    """Quote a segment of a path."""
    return quote(str(value), safe="")


def path_to(collection: str, *segments: object) -> str:
    """Make the path of a resource of the API, or of what belongs to it."""
    return "/".join(["/v1", collection, *map(segment, segments)])


def json_request(method: str, path: str, value: Any, **more: Any) -> Request:
    """Make a request with a JSON document."""
    headers = {"Content-Type": JSON, **more.pop("headers", {})}
    return Request(method, path, headers=headers, body=BytesBody(encoded(value).encode()), **more)


def document_of(request: Request) -> Flow[Any]:
    """Send a request, and parse the JSON document of the response."""
    return (yield from exchange(request)).json()


def read(path: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Flow[Any]:
    """Read a JSON document."""
    return document_of(Request("GET", path, query or {}, headers or {}))


def read_text(path: str, query: Mapping[str, str] | None = None) -> Flow[bytes]:
    """Read a body as it is."""
    return (yield from exchange(Request("GET", path, query or {}))).body


def pages(path: str, limit: int, query: Mapping[str, str] | None = None) -> Flow[list[Document]]:
    """Read the first items of a list, over as many pages as they take."""
    items: list[Document] = []
    sent = dict(query or {})
    while True:
        page = yield from read(path, {**sent, "limit": str(min(200, limit - len(items)))})
        items += page["items"]
        if page.get("next_cursor") is None or len(items) >= limit:
            return items[:limit]
        sent["cursor"] = page["next_cursor"]


def preference(wait_seconds: int) -> dict[str, str]:
    """Make the header that asks the service to wait for an outcome."""
    return {"Prefer": f"wait={wait_seconds}"} if wait_seconds > 0 else {}


def awaited(path: str, wait_seconds: int) -> Flow[Any]:
    """Read a document once what it is about has ended, or the time is over."""
    request = Request("GET", path, headers=preference(wait_seconds), seconds=wait_seconds + SLACK_SECONDS)
    return document_of(request)


def download(path: str, sink: Sink, accept: str | None = None, query: Mapping[str, str] | None = None) -> Flow[None]:
    """Read a body into a sink."""
    headers = {"Accept": accept} if accept else {}
    yield from exchange(Request("GET", path, query or {}, headers, sink=sink))


def change(method: str, path: str, value: Any = None, **more: Any) -> Flow[Any]:
    """Send a change, perhaps with a document; returned is the document of the response, None if it has none."""
    request = Request(method, path, **more) if value is None else json_request(method, path, value, **more)
    response = yield from exchange(request)
    return response.json() if response.body else None
