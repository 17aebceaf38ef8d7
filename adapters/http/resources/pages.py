"""HTML pages: the frame that every page has, and `/docs`.

Every link of a page is relative, so pages work under any path prefix, even one that the service does not know. A page's
content security policy lets it load this service's own files only, run no inline script, and be framed by no page.
"""

from collections.abc import Iterable
from html import escape
from typing import Final

from returns.result import Success
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
from adapters.http.resources.static_files import href
from adapters.http.wire.schemas.queries import NoQuery

TAG: Final = "service"
HTML: Final = "text/html"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page(
    title: str,
    body: str,
    styles: Iterable[str] = ("pages.css",),
    scripts: Iterable[str] = (),
    modules: Iterable[str] = (),
    root: str = ".",
) -> str:
    """Build a whole page. `body` is HTML, `title` is text; styles, scripts and modules are names of files.

    `root` is the way from the page's folder to the service's root: `..` for a page such as `/problems/name-taken`.
    """
    linked = "".join(f'<link rel="stylesheet" href="{root}{href(one)}">\n' for one in styles)
    run = "".join(f'<script src="{root}{href(one)}"></script>\n' for one in scripts)
    run += "".join(f'<script type="module" src="{root}{href(one)}"></script>\n' for one in modules)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="{root}{href("icon.svg")}">
{linked}</head>
<body>
{body}
{run}</body>
</html>
"""


_WITHOUT_SCRIPTS: Final = '<noscript>Without JavaScript: <a href="./openapi.json">the OpenAPI document</a>.</noscript>'
_DOCS: Final = page(
    "Bateia: the API",
    f'<div id="swagger-ui">{_WITHOUT_SCRIPTS}</div>',
    styles=("swagger-ui/swagger-ui.css",),
    scripts=("swagger-ui/swagger-ui-bundle.js", "docs.js"),
)


def page_resource(
    path: str, operation: str, summary: str, description: str, html: str, policy: str = POLICY
) -> Resource:
    """Build the resource of a page that is the same for every client."""

    async def show(_: RequestContext[NoQuery]) -> HandlerResult:
        return Success(Response(html, headers=HEADERS | {"Content-Security-Policy": policy}, media_type=HTML))

    read = Operation(
        handler=show,
        scope=PUBLIC,
        name=operation,
        summary=summary,
        description=description,
        query=NoQuery,
        answers=(ResponseSpec(200, "The page.", MediaType(HTML, TEXT), ("Cache-Control",)),),
    )
    return Resource(path, TAG, {"GET": read})


RESOURCES: Final = (
    page_resource(
        "/docs",
        "getDocs",
        "Open the API documentation",
        "Swagger UI for this document, self-hosted.",
        _DOCS,
    ),
)
