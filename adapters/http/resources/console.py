"""The console: a page for people, at `/`. It is files that use the public API, and nothing here knows more than they.

Texts of scripts and datasets are shown as text. That no text becomes markup or code is not left to care alone: the
page's policy makes the browser refuse every way of turning one into the other (trusted types), but for the one script
that runs as a worker.
"""

from typing import Final

from adapters.http.resources.pages import POLICY, LinkedFiles, StaticPage, page, page_resource

LOOK: Final = tuple(f"console/look/{one}.css" for one in ("tokens", "base", "header", "tools", "controls", "tables"))
"""The styles that all views share."""

_WITHOUT_SCRIPTS: Final = (
    "<noscript><main><h1>Bateia</h1><p>The console needs JavaScript. See also: "
    '<a href="./openapi.json">the OpenAPI document</a> and <a href="./problems">the problem types</a>.</p></main>'
    "</noscript>"
)
_CONSOLE: Final = page(
    "Bateia",
    _WITHOUT_SCRIPTS,
    LinkedFiles(
        styles=(
            *LOOK,
            "console/console.css",
            "console/results/results.css",
            "console/batches/batches.css",
            "console/webhooks/webhooks.css",
            "console/stores/stores.css",
            "console/keys/keys.css",
        ),
        modules=("console/main.js",),
    ),
)


RESOURCES: Final = (
    page_resource(
        "/",
        StaticPage(
            name="getConsole",
            summary="Open the console",
            description="Web console that uses this API, self-hosted.",
            html=_CONSOLE,
            policy=f"{POLICY}; require-trusted-types-for 'script'; trusted-types worker",
        ),
    ),
)
