"""The frame of pages for reading, the guide and the API reference: the way back, the contents, the neighbours."""

from collections.abc import Iterable
from html import escape
from typing import Final

from attrs import frozen
from starlette.types import Scope

from adapters.http.language import Language
from adapters.http.resources.guide_markdown import DOCUMENTED
from adapters.http.resources.page_header import WORDS, Header, Link, Words
from adapters.http.resources.pages import FRAME, LinkedFiles, page
from adapters.http.transport.public_origin import public_origin
from adapters.http.transport.root_path import root_path_of

FILES: Final = LinkedFiles(styles=(*FRAME, "reading.css"), modules=("reading.js",))


@frozen(kw_only=True)
class Reading:
    """A page for reading. `body` is HTML, `place` the label of its kind, `other` the way to the other language."""

    title: str
    body: str
    place: str
    contents: tuple[Link, ...]
    neighbours: tuple[Link | None, Link | None] = (None, None)
    other: str | None = None


def reading_page(shown: Reading, root: str, language: Language) -> str:
    """Build the whole page. `root` is the way from its folder to the service's root."""
    words = WORDS[language]
    here = next((one.below for one in shown.contents if one.is_here), ())
    on_this_page = f'<details class="here"><summary>{words.here}</summary>{_list(here)}</details>\n' if here else ""
    header = Header(place=shown.place, contents="#contents", other=shown.other).html(root, language)
    body = (
        f'<a class="skip" href="#main">{words.skip}</a>\n{header}'
        f'<div class="layout">\n<main id="main" tabindex="-1">\n{on_this_page}{shown.body}'
        f"{_neighbours(shown.neighbours, words)}</main>\n"
        f'<nav class="contents" id="contents" aria-label="{words.contents}">{_list(shown.contents)}</nav>\n</div>'
    )
    return page(f"{shown.title} · Bateia", body, FILES, root, language)


def with_origin(text: str, scope: Scope) -> str:
    """Put the reader's own address into the examples, where the host is certainly this service's."""
    origin = public_origin(scope)
    return text.replace(DOCUMENTED, f"{origin}{root_path_of(scope)}") if origin else text


def _list(links: Iterable[Link]) -> str:
    items = "".join(f"<li>{one.html()}{_list(one.below) if one.below else ''}</li>" for one in links)
    return f"<ul>{items}</ul>"


def _neighbours(links: tuple[Link | None, Link | None], words: Words) -> str:
    before, after = links
    shown = [
        f'<a rel="{rel}" href="{escape(link.href)}">{arrow}</a>'
        for rel, link, arrow in (
            ("prev", before, f"← {escape(before.text)}" if before else ""),
            ("next", after, f"{escape(after.text)} →" if after else ""),
        )
        if link
    ]
    return f'<nav class="neighbours" aria-label="{words.neighbours}">{"".join(shown)}</nav>\n' if shown else ""
