"""Rendering of the guide's Markdown as HTML: headings with anchors, links within the service, and blocks of code.

A page is written to be read in the repository too. So it names the service as `http://127.0.0.1:8000`, and other pages
by their files; here both become links that are relative to the page. HTML in Markdown is text.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from adapters.http.language import Language

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DOCUMENTED: Final = "http://127.0.0.1:8000"
"""The service's origin as pages name it. Responses have the reader's in its place, where it is known."""
_PAGE: Final = re.compile(r"([\w-]+)\.md(#.*)?")
_CAPTIONS: Final[Mapping[str, Mapping[Language, str]]] = {
    "input": {Language.ENGLISH: "Dataset", Language.PORTUGUESE: "Dataset"},
    "output": {Language.ENGLISH: "Output", Language.PORTUGUESE: "Saída"},
}
"""Captions of blocks by their notes."""
_MARKS: Final = re.compile(r"[^\w\- ]")


@frozen
class Heading:
    """A heading below the title, with the anchor that leads to it. `text` is plain."""

    level: int
    anchor: str
    text: str


@frozen
class Rendered:
    """A page of the guide as HTML, with its title and its first paragraph as plain text."""

    title: str
    summary: str
    html: str
    headings: tuple[Heading, ...]


def render(text: str, language: Language) -> Rendered:
    """Render a page. The library is imported here, since only readers of the guide need it."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    tokens = markdown.parse(text)
    headings = tuple(_anchored(tokens))
    for token in _inline(tokens):
        if token.type == "link_open":
            token.attrSet("href", _target(str(token.attrGet("href")), language))
    summary = next(one for before, one in pairwise(tokens) if before.type == "paragraph_open")
    return Rendered(
        title=headings[0].text,
        summary=_plain(summary),
        html=str(markdown.renderer.render(tokens, markdown.options, {"language": language})),
        headings=headings[1:],
    )


def markup(text: str) -> str:
    """Render a short text, such as a description of the OpenAPI document."""
    return str(_short().render(text))


@cache
def _short() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def anchor_of(title: str) -> str:
    """Derive the anchor of a heading as GitHub does, so that links work in both places."""
    return _MARKS.sub("", title.lower()).replace(" ", "-")


def code(text: str, language: str, style: str = "") -> str:
    """Build a block of code, in which the page's script finds the origin of the service."""
    shown = escape(text, quote=False).replace(DOCUMENTED, f'<span class="origin">{DOCUMENTED}</span>')
    of_style = f' class="{style}"' if style else ""
    return f'<pre{of_style} tabindex="0"><code class="language-{escape(language)}">{shown}</code></pre>\n'


def _fence(_: object, tokens: list[Any], at: int, __: object, env: Mapping[str, Any]) -> str:
    """Render a block: the first word of its info string is its language, the others are notes, most for tests."""
    language, *notes = tokens[at].info.split() or ["text"]
    note = next((one for one in notes if one in _CAPTIONS), "")
    caption = f'<p class="caption">{_CAPTIONS[note][env["language"]]}</p>\n' if note else ""
    return caption + code(tokens[at].content, language, note)


def _anchored(tokens: "list[Token]") -> Iterable[Heading]:
    """Give each heading its anchor, and list them; that of a title that occurs again has a number."""
    seen: dict[str, int] = {}
    for token, content in pairwise(tokens):
        if token.type == "heading_open":
            title = _plain(content)
            anchor = anchor_of(title)
            seen[anchor] = seen.get(anchor, -1) + 1
            token.attrSet("id", f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            yield Heading(int(token.tag[1:]), str(token.attrGet("id")), title)


def _inline(tokens: "list[Token]") -> "Iterable[Token]":
    return (child for token in tokens for child in token.children or ())


def _plain(token: "Token") -> str:
    """Read the text of a paragraph or heading without its marks, on one line."""
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if one.type in breaks else one.content for one in token.children or ())


def _target(href: str, language: Language) -> str:
    """Convert a link: to another page of the guide, or to another path of the service."""
    if page := _PAGE.fullmatch(href):
        return f"./{page[1]}?lang={language}{page[2] or ''}"
    if href.startswith(f"{DOCUMENTED}/"):
        return f"..{href.removeprefix(DOCUMENTED)}"
    return href
