"""The pages of the guide: read from `docs/guide` when the first reader comes, and rendered once in each language."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from attrs import frozen

from adapters.http.language import Language
from adapters.http.resources.guide_markdown import Heading, Rendered, render
from adapters.http.resources.page_header import WORDS, Link
from adapters.http.resources.reading import Reading, reading_page

SLUGS: Final = ("start", "script", "recipes", "promote", "data", "clients", "errors", "operate")
"""The pages in the order in which they are read."""
_FOLDER: Final = Path(__file__).parents[3] / "docs" / "guide"
_DEPTH: Final = 2
"""The headings that are in the contents: those of sections."""


@frozen
class GuidePage:
    """A page of the guide in one language: its Markdown, and what it is rendered to."""

    slug: str
    markdown: str
    rendered: Rendered


@cache
def guide(language: Language) -> tuple[GuidePage, ...]:
    """Read and render the guide."""
    texts = {slug: (_FOLDER / language / f"{slug}.md").read_text("utf-8") for slug in SLUGS}
    return tuple(GuidePage(slug, text, render(text, language)) for slug, text in texts.items())


@cache
def guide_html(slug: str, language: Language) -> str:
    """Build a page as HTML."""
    pages = guide(language)
    at = SLUGS.index(slug)
    shown = pages[at].rendered
    contents = tuple(
        Link(
            _href(one.slug, language),
            one.rendered.title,
            _sections(one.rendered.headings) if one is pages[at] else (),
            one is pages[at],
        )
        for one in pages
    )
    links = (None, *contents, None)
    reading = Reading(
        title=shown.title,
        body=shown.html,
        place=WORDS[language].guide,
        contents=contents,
        neighbours=(links[at], links[at + 2]),
        other=_href(slug, language.other),
    )
    return reading_page(reading, "..", language)


@cache
def index_html(language: Language) -> str:
    """Build the page that leads to the others."""
    words = WORDS[language]
    pages = guide(language)
    links = tuple(Link(f"./guide/{one.slug}?lang={language}", one.rendered.title) for one in pages)
    entries = "".join(
        f'<dt><a href="{link.href}">{escape(link.text)}</a></dt>\n<dd>{escape(one.rendered.summary)}</dd>\n'
        for link, one in zip(links, pages, strict=True)
    )
    reading = Reading(
        title=words.guide,
        body=f"<h1>{words.guide}</h1>\n<dl>\n{entries}</dl>\n",
        place=words.guide,
        contents=links,
        neighbours=(None, links[0]),
        other=f"./guide?lang={language.other}",
    )
    return reading_page(reading, ".", language)


def markdown(slug: str, language: Language) -> str:
    """Return a page as it is written."""
    return guide(language)[SLUGS.index(slug)].markdown


def llms_text(root: str) -> str:
    """List the pages for programs that read them (llms.txt). `root` is the service's address, or its path prefix."""
    pages = "".join(
        f"- [{one.rendered.title}]({root}/guide/{one.slug}.md): {one.rendered.summary}\n"
        for one in guide(Language.ENGLISH)
    )
    return f"""# Bateia

> Hosts JavaScript pre-processing scripts and runs them over JSON datasets, asynchronously and in a sandbox.

## Guide

{pages}
## Reference

- [OpenAPI document]({root}/openapi.json): each operation of the API, with examples
- [Problem types]({root}/problems): each error that a response can have, with its remedy

## Optional

- [Guide in Portuguese]({root}/guide/start.md?lang=pt): the same pages with `?lang=pt`
"""


def _href(slug: str, language: Language) -> str:
    return f"./{slug}?lang={language}"


def _sections(headings: tuple[Heading, ...]) -> tuple[Link, ...]:
    return tuple(Link(f"#{one.anchor}", one.text) for one in headings if one.level == _DEPTH)
