"""Pages of the problem types, to which the `type` of a problem links, and their index.

Browsers get HTML, other clients plain text.
"""

from html import escape
from typing import Final

from returns.result import Failure, Success
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.operations import (
    PUBLIC,
    TEXT,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import UnknownPath
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType
from adapters.http.resources.pages import HEADERS, HTML, page
from adapters.http.responses.negotiation import acceptable_types
from adapters.http.wire.schemas.queries import NoQuery

TAG: Final = "service"
PLAIN: Final = "text/plain"
_TITLE: Final = "Problem types"


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the page about a kind of problem."""
    kind = PROBLEM_TYPES.get(call.request.path_params["slug"])
    return (
        Failure(UnknownPath())
        if kind is None
        else Success(_shown(call.request, _text(kind, call.root_path), _html(kind, call.root_path)))
    )


async def list_all(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the list of all kinds of problems."""
    lines = "".join(f"{kind.status} {call.root_path}{kind.href}: {kind.title}\n" for kind in _sorted())
    rows = "\n".join(
        f'<tr><td>{kind.status}</td><td><a href=".{kind.href}">{kind.slug}</a></td><td>{escape(kind.title)}</td></tr>'
        for kind in _sorted()
    )
    table = f"<table>\n<tr><th>Status</th><th>Type</th><th>Title</th></tr>\n{rows}\n</table>"
    return Success(_shown(call.request, f"{_TITLE}\n\n{lines}", page(_TITLE, f"<h1>{_TITLE}</h1>\n{table}")))


def _sorted() -> list[ProblemType]:
    return sorted(PROBLEM_TYPES.values(), key=lambda kind: (kind.status, kind.slug))


def _text(kind: ProblemType, root_path: str) -> str:
    return (
        f"{kind.title}\n\nType: {root_path}{kind.href}\nStatus: {kind.status}\n\n"
        f"Meaning: {kind.meaning}\n\nRemedy: {kind.remedy}\n"
    )


def _html(kind: ProblemType, root_path: str) -> str:
    entries = {"Status": str(kind.status), "Meaning": kind.meaning, "Remedy": kind.remedy}
    facts = "\n".join(f"<dt>{term}</dt><dd>{escape(words)}</dd>" for term, words in entries.items())
    title, others = escape(kind.title), f'<p><a href="../problems">{_TITLE}</a></p>'
    body = f"<h1>{title}</h1>\n<p><code>{root_path}{kind.href}</code></p>\n<dl>\n{facts}\n</dl>\n{others}"
    return page(kind.title, body, root="..")


def _shown(request: Request, text: str, html: str) -> Response:
    """Negotiate the media type. A client that accepts neither gets text, since these pages explain another response."""
    media_type = next(iter(acceptable_types(request.headers, (PLAIN, HTML))), PLAIN)
    return Response(html if media_type == HTML else text, headers=HEADERS | {"Vary": "Accept"}, media_type=media_type)


def _pages(description: str) -> ResponseSpec:
    return ResponseSpec(200, description, MediaType(PLAIN, TEXT), ("Cache-Control", "Vary"), (MediaType(HTML, TEXT),))


RESOURCES: Final = (
    Resource(
        "/problems",
        TAG,
        {
            "GET": Operation(
                handler=list_all,
                scope=PUBLIC,
                name="listProblemTypes",
                summary="List problem types",
                description="All problem types that a response can have.",
                query=NoQuery,
                answers=(_pages("The problem types."),),
            )
        },
    ),
    Resource(
        "/problems/{slug}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=PUBLIC,
                name="getProblemType",
                summary="Get a problem type",
                description="The `type` of a problem is the path of its page.",
                query=NoQuery,
                answers=(_pages("Meaning and remedy."),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
)
