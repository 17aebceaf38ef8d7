"""HTML pages: the frame that every page has, and `/docs`.

A page's content security policy lets it load this service's own files and nothing else, run no script that stands in
the page, and be framed by nobody.
"""

from collections.abc import Iterable
from html import escape
from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import PUBLIC, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.resources.static_files import href
from adapters.http.schemas.queries import NoQuery

HTML: Final = "text/html"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(
    title: str,
    body: str,
    styles: Iterable[str] = ("pages.css",),
    scripts: Iterable[str] = (),
    modules: Iterable[str] = (),
) -> str:
    """A whole page. `body` is HTML, `title` is text; styles, scripts and modules are names of files."""
    linked = "".join(f'<link rel="stylesheet" href="{href(one)}">\n' for one in styles)
    run = "".join(f'<script src="{href(one)}"></script>\n' for one in scripts)
    run += "".join(f'<script type="module" src="{href(one)}"></script>\n' for one in modules)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="{href("icon.svg")}">
{linked}</head>
<body>
{body}
{run}</body>
</html>
"""


_WITHOUT_SCRIPTS: Final = '<noscript>Without JavaScript: <a href="/openapi.json">the OpenAPI document</a>.</noscript>'
_DOCS: Final = page(
    "Bateia: the API",
    f'<div id="swagger-ui">{_WITHOUT_SCRIPTS}</div>',
    styles=("swagger-ui/swagger-ui.css",),
    scripts=("swagger-ui/swagger-ui-bundle.js", "docs.js"),
)


async def docs(_: Call[NoQuery]) -> Answered:
    """The page that shows the OpenAPI document and sends requests for its reader."""
    return Success(Response(_DOCS, headers=HEADERS, media_type=HTML))


RESOURCES: Final = (
    Resource(
        "/docs",
        "service",
        {
            "GET": Operation(
                handler=docs,
                scope=PUBLIC,
                name="getDocs",
                summary="Read and try the API in a browser",
                description="Swagger UI over this document, without anything from another host.",
                query=NoQuery,
                answers=(Answer(200, "The page.", Content(HTML, TEXT), ("Cache-Control",)),),
            )
        },
    ),
)
