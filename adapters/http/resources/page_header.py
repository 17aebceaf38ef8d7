"""The header of the service's own pages: the mark, the ways to the console, the guide, the API and the problems."""

from collections.abc import Mapping
from html import escape
from typing import Final

from attrs import frozen

from adapters.http.language import Language
from adapters.http.problems.labels import LABELS


@frozen(kw_only=True)
class Words:
    """Labels of the frame in a language. `other` is the name of the other language, in that language."""

    skip: str
    main: str
    console: str
    guide: str
    api: str
    contents: str
    here: str
    neighbours: str
    other: str


WORDS: Final[Mapping[Language, Words]] = {
    Language.ENGLISH: Words(
        skip="Skip to content",
        main="Main navigation",
        console="Console",
        guide="Guide",
        api="API",
        contents="Contents",
        here="On this page",
        neighbours="Previous and next page",
        other="Português",
    ),
    Language.PORTUGUESE: Words(
        skip="Ir para o conteúdo",
        main="Navegação principal",
        console="Console",
        guide="Guia",
        api="API",
        contents="Conteúdo",
        here="Nesta página",
        neighbours="Página anterior e seguinte",
        other="English",
    ),
}


@frozen
class Link:
    """A link of a list of contents, with the links below it. `text` is plain."""

    href: str
    text: str
    below: tuple["Link", ...] = ()
    is_here: bool = False

    def html(self) -> str:
        """Build the link alone."""
        here = ' aria-current="page"' if self.is_here else ""
        return f'<a href="{escape(self.href)}"{here}>{escape(self.text)}</a>'


@frozen(kw_only=True)
class Header:
    """The variable parts of a page's header: label of its kind, ways to its contents and to the other language."""

    place: str
    contents: str | None = None
    other: str | None = None

    def html(self, root: str, language: Language) -> str:
        """Build the header. `root` is the way from the page's folder to the service's root."""
        words = WORDS[language]
        places = (
            (f"{root}/", words.console),
            (f"{root}/guide?lang={language}", words.guide),
            (f"{root}/docs", words.api),
            (f"{root}/problems?lang={language}", LABELS[language].index),
        )
        links = "".join(Link(href, text, is_here=text == self.place).html() for href, text in places)
        contents = f'<a class="to-contents" href="{self.contents}">{words.contents}</a>' if self.contents else ""
        other = language.other
        switch = f'<a href="{self.other}" hreflang="{other}" lang="{other}">{words.other}</a>' if self.other else ""
        return (
            f'<header><a class="brand" href="{root}/">Bateia</a><nav aria-label="{words.main}">{links}</nav>'
            f"{contents}{switch}</header>\n"
        )
