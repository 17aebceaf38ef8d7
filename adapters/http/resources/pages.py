"""HTML pages: the frame that every page has, and pages that are the same for every client.

Every link of a page is relative, so pages work under any path prefix, even one that the service does not know. A page's
content security policy lets it load this service's own files only, run no inline script, and be framed by no page.
"""

from html import escape
from typing import Final

from attrs import frozen
from returns.result import Success
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
from adapters.http.resources.static_files import href, imported_by
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

FRAME: Final = ("console/look/tokens.css", "console/look/header.css", "frame.css")
"""The styles that all pages beside the console share: its tokens and header, and what surrounds their content."""


@frozen(kw_only=True)
class LinkedFiles:
    """The names of the files that a page loads. What its modules import is requested with them: otherwise the browser
    would learn of each module only from the text of another, a round trip at a time."""

    styles: tuple[str, ...] = (*FRAME, "pages.css")
    scripts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


_PLAIN: Final = LinkedFiles()


def page(
    title: str, body: str, files: LinkedFiles = _PLAIN, root: str = ".", language: Language = Language.ENGLISH
) -> str:
    """Build a whole page. `body` is HTML, `title` is text.

    `root` is the way from the page's folder to the service's root: `..` for a page such as `/problems/name-taken`.
    """
    linked = "".join(f'<link rel="stylesheet" href="{root}{href(one)}">\n' for one in files.styles)
    imported = dict.fromkeys(one for module in files.modules for one in imported_by(module))
    linked += "".join(f'<link rel="modulepreload" href="{root}{href(one)}">\n' for one in imported)
    run = "".join(f'<script src="{root}{href(one)}"></script>\n' for one in files.scripts)
    run += "".join(f'<script type="module" src="{root}{href(one)}"></script>\n' for one in files.modules)
    return f"""<!doctype html>
<html lang="{language}">
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


@frozen(kw_only=True)
class StaticPage:
    """A page that is the same for all, and its description in the OpenAPI document."""

    name: str
    summary: str
    description: str
    html: str
    policy: str = POLICY


def page_resource(path: str, shown: StaticPage) -> Resource:
    """Build the resource of a page that is the same for every client."""

    async def show(_: RequestContext[NoQuery]) -> HandlerResult:
        return Success(
            Response(shown.html, headers=HEADERS | {"Content-Security-Policy": shown.policy}, media_type=HTML)
        )

    read = Operation(
        handler=show,
        scope=PUBLIC,
        name=shown.name,
        summary=shown.summary,
        description=shown.description,
        query=NoQuery,
        answers=(ResponseSpec(200, "The page.", MediaType(HTML, TEXT), ("Cache-Control",)),),
    )
    return Resource(path, TAG, {"GET": read})
