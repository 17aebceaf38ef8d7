"""The guide, at `/guide`: pages for people as HTML and as Markdown, in English and Portuguese, and `/llms.txt`.

Pages are rendered on a thread, for the first reader.
"""

from asyncio import to_thread
from collections.abc import Callable
from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http.language import Language
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
from adapters.http.resources.guide_pages import SLUGS, guide_html, index_html, llms_text, markdown
from adapters.http.resources.localised_pages import language_of, localised_answer, localised_page
from adapters.http.resources.pages import HEADERS, HTML
from adapters.http.resources.reading import with_origin
from adapters.http.transport.path_segments import local_reference
from adapters.http.transport.public_origin import public_origin
from adapters.http.wire.schemas.queries import LanguageQuery, NoQuery

TAG: Final = "service"
PLAIN: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
_SUFFIX: Final = ".md"


async def show_index(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with the page that leads to the others."""
    language = language_of(call)
    text = with_origin(await to_thread(index_html, language), call.request.scope)
    return Success(localised_page(text, language, HTML))


async def show(call: RequestContext[LanguageQuery]) -> HandlerResult:
    """Respond with a page, as Markdown if its name ends so."""
    name, language = call.request.path_params["page"], language_of(call)
    slug = name.removesuffix(_SUFFIX)
    if slug not in SLUGS:
        return Failure(UnknownPath(local_reference(call.request.scope)))
    make: Callable[[str, Language], str] = markdown if name.endswith(_SUFFIX) else guide_html
    media_type = MARKDOWN if make is markdown else HTML
    text = with_origin(await to_thread(make, slug, language), call.request.scope)
    return Success(localised_page(text, language, media_type))


async def list_for_programs(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the list of the guide's pages, with absolute links where the host is known."""
    root = f"{public_origin(call.request.scope)}{call.root_path}"
    return Success(Response(await to_thread(llms_text, root), headers=HEADERS, media_type=PLAIN))


RESOURCES: Final = (
    Resource(
        "/guide",
        TAG,
        {
            "GET": Operation(
                handler=show_index,
                scope=PUBLIC,
                name="getGuide",
                summary="Open the guide",
                description="Contents of the guide, self-hosted.",
                query=LanguageQuery,
                answers=(localised_answer("The contents.", HTML),),
            )
        },
    ),
    Resource(
        "/guide/{page}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=PUBLIC,
                name="getGuidePage",
                summary="Open a page of the guide",
                description="A page as HTML; with `.md` behind its name, as Markdown.",
                query=LanguageQuery,
                answers=(localised_answer("The page.", HTML, MARKDOWN),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
    Resource(
        "/llms.txt",
        TAG,
        {
            "GET": Operation(
                handler=list_for_programs,
                scope=PUBLIC,
                name="getLlmsText",
                summary="List the guide for language models",
                description="Markdown with links to the guide's pages as Markdown, and to the OpenAPI document.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The list.", MediaType(PLAIN, TEXT), ("Cache-Control",)),),
            )
        },
    ),
)
