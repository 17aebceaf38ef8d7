"""Pages of the problem types, to which the `type` of a problem links, and their index, in the reader's language.

Browsers get HTML, other clients plain text.
"""

from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http.language import Language
from adapters.http.operations import PUBLIC, HandlerResult, Operation, RequestContext, Resource
from adapters.http.problems import types
from adapters.http.problems.refusals import UnknownPath
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.resources import problem_html, problem_text
from adapters.http.resources.localised_pages import language_of, localised_answer, localised_page
from adapters.http.resources.pages import HTML
from adapters.http.responses.negotiation import acceptable_types
from adapters.http.transport.path_segments import local_reference
from adapters.http.wire.schemas.queries import LanguageQuery

TAG: Final = "service"
PLAIN: Final = "text/plain"


async def show(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with the page about a kind of problem."""
    kind, language = PROBLEM_TYPES.get(call.request.path_params["slug"]), language_of(call)
    if kind is None:
        return Failure(UnknownPath(local_reference(call.request.scope)))
    is_html = _wants_html(call)
    text = problem_html.type_page(kind, language) if is_html else problem_text.type_page(kind, language, call.root_path)
    return Success(_shown(text, language, is_html))


async def list_all(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with the list of all kinds of problems and their codes."""
    language, is_html = language_of(call), _wants_html(call)
    text = problem_html.index_page(language) if is_html else problem_text.index_page(language, call.root_path)
    return Success(_shown(text, language, is_html))


def _wants_html(call: RequestContext[LanguageQuery]) -> bool:
    """Negotiate the media type. A client that accepts neither gets text, since these pages explain another response."""
    return next(iter(acceptable_types(call.request.headers, (PLAIN, HTML))), PLAIN) == HTML


def _shown(text: str, language: Language, is_html: bool) -> Response:
    return localised_page(text, language, HTML if is_html else PLAIN, "Accept")


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
                answers=(localised_answer("The problem types.", PLAIN, HTML),),
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
                answers=(localised_answer("Meaning, remedy and codes.", PLAIN, HTML),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
)
