"""Pages of the problem types, to which the `type` of a problem links, and their index, in the reader's language.

Browsers get HTML, other clients plain text. `lang` chooses the language, otherwise Accept-Language does.
"""

from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http.language import Language, preferred_language
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
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.resources import problem_html, problem_text
from adapters.http.resources.pages import HEADERS, HTML
from adapters.http.responses.negotiation import acceptable_types
from adapters.http.transport.path_segments import local_reference
from adapters.http.wire.schemas.queries import LanguageQuery

TAG: Final = "service"
PLAIN: Final = "text/plain"
_VARY: Final = "Accept, Accept-Language"


async def show(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with the page about a kind of problem."""
    kind, language = PROBLEM_TYPES.get(call.request.path_params["slug"]), _language(call)
    if kind is None:
        return Failure(UnknownPath(local_reference(call.request.scope)))
    is_html = _wants_html(call)
    text = problem_html.type_page(kind, language) if is_html else problem_text.type_page(kind, language, call.root_path)
    return Success(_shown(text, language, is_html))


async def list_all(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with the list of all kinds of problems and their codes."""
    language, is_html = _language(call), _wants_html(call)
    text = problem_html.index_page(language) if is_html else problem_text.index_page(language, call.root_path)
    return Success(_shown(text, language, is_html))


def _language(call: RequestContext[LanguageQuery]) -> Language:
    return call.query.lang or preferred_language(call.request.headers)


def _wants_html(call: RequestContext[LanguageQuery]) -> bool:
    """Negotiate the media type. A client that accepts neither gets text, since these pages explain another response."""
    return next(iter(acceptable_types(call.request.headers, (PLAIN, HTML))), PLAIN) == HTML


def _shown(text: str, language: Language, is_html: bool) -> Response:
    headers = HEADERS | {"Vary": _VARY, "Content-Language": str(language)}
    return Response(text, headers=headers, media_type=HTML if is_html else PLAIN)


def _pages(description: str) -> ResponseSpec:
    headers = ("Cache-Control", "Vary", "Content-Language")
    return ResponseSpec(200, description, MediaType(PLAIN, TEXT), headers, (MediaType(HTML, TEXT),))


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
                description="All problem types that a response can have, and their codes.",
                query=LanguageQuery,
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
                description="The `type` of a problem is the URL of its page.",
                query=LanguageQuery,
                answers=(_pages("Meaning, remedy and codes."),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
)
