"""The console: a page for people, at `/`. It is files that use the public API, and nothing here knows more than they.

What scripts and datasets say is shown as text. That no text becomes markup or code is not left to care alone: the
page's policy has the browser refuse every way of turning one into the other (trusted types), but for the one script
that runs as a worker.
"""

from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import PUBLIC, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.resources.pages import HEADERS, HTML, page
from adapters.http.schemas.queries import NoQuery

_HEADERS: Final = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"]
    + "; require-trusted-types-for 'script'; trusted-types worker"
}
_WITHOUT_SCRIPTS: Final = (
    "<noscript><main><h1>Bateia</h1><p>The console needs JavaScript. Without it: "
    '<a href="/openapi.json">the OpenAPI document</a>, and <a href="/problems">the kinds of problems</a>.</p></main>'
    "</noscript>"
)
_CONSOLE: Final = page(
    "Bateia",
    _WITHOUT_SCRIPTS,
    styles=("console/console.css", "console/results/results.css"),
    modules=("console/main.js",),
)


async def console(_: Call[NoQuery]) -> Answered:
    """The page that hosts scripts, runs them and shows their results for its reader."""
    return Success(Response(_CONSOLE, headers=_HEADERS, media_type=HTML))


RESOURCES: Final = (
    Resource(
        "/",
        "service",
        {
            "GET": Operation(
                handler=console,
                scope=PUBLIC,
                name="getConsole",
                summary="Work in a browser",
                description="The console: a page that uses this API, without anything from another host.",
                query=NoQuery,
                answers=(Answer(200, "The page.", Content(HTML, TEXT), ("Cache-Control",)),),
            )
        },
    ),
)
