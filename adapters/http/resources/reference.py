"""The API reference, at `/docs`, and Swagger UI, at `/docs/try`. `reference/` makes its pages from the document."""

from asyncio import to_thread
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
from adapters.http.resources.page_header import WORDS, Header
from adapters.http.resources.pages import FRAME, HEADERS, HTML, LinkedFiles, StaticPage, page, page_resource
from adapters.http.resources.reading import with_origin
from adapters.http.transport.path_segments import local_reference
from adapters.http.wire.schemas.queries import NoQuery

TAG: Final = "service"
_WITHOUT_SCRIPTS: Final = '<noscript>Without JavaScript: <a href="../docs">the reference</a>.</noscript>'
_TRY: Final = page(
    "Try the API · Bateia",
    f"{Header(place=WORDS[Language.ENGLISH].api).html('..', Language.ENGLISH)}"
    f'<div id="swagger-ui">{_WITHOUT_SCRIPTS}</div>',
    LinkedFiles(styles=("swagger-ui/swagger-ui.css", *FRAME), scripts=("swagger-ui/swagger-ui-bundle.js", "docs.js")),
    root="..",
)


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the overview or, if the path names one, another page."""
    reference, name = call.request.app.state.reference, call.request.path_params.get("section", "")
    if name not in reference.names:
        return Failure(UnknownPath(local_reference(call.request.scope)))
    html = await to_thread(reference.page, name)
    return Success(Response(with_origin(html, call.request.scope), headers=HEADERS, media_type=HTML))


def _operation(name: str, summary: str, description: str, is_one_of_many: bool) -> Operation[NoQuery]:
    return Operation(
        handler=show,
        scope=PUBLIC,
        name=name,
        summary=summary,
        description=description,
        query=NoQuery,
        answers=(ResponseSpec(200, "The page.", MediaType(HTML, TEXT), ("Cache-Control",)),),
        refusals=(types.NOT_FOUND,) if is_one_of_many else (),
    )


RESOURCES: Final = (
    Resource(
        "/docs",
        TAG,
        {
            "GET": _operation(
                "getDocs", "Open the API reference", "Overview of this document as a page, self-hosted.", False
            )
        },
    ),
    page_resource(
        "/docs/try",
        StaticPage(
            name="getDocsToTry",
            summary="Try the API",
            description="Swagger UI for this document, self-hosted.",
            html=_TRY,
        ),
    ),
    Resource(
        "/docs/{section}",
        TAG,
        {
            "GET": _operation(
                "getDocsSection",
                "Open a section of the API reference",
                "The operations of a tag of this document, or with the name `types` its schemas, as a page.",
                True,
            )
        },
    ),
)
