"""The pages of the reference: an overview, a page for each tag of the document, and one of all types.

They follow from the document alone, and are made once in a process, when the first reader comes.
"""

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Any, Final

from adapters.http.language import Language
from adapters.http.reference.operation_html import OperationPages, refusal_table
from adapters.http.reference.operations import Described, Document, Schema, common_refusals, operations, sections
from adapters.http.reference.types import table, type_of, type_section
from adapters.http.resources.guide_markdown import DOCUMENTED, code, markup
from adapters.http.resources.page_header import WORDS, Link
from adapters.http.resources.reading import Reading, reading_page

_ENGLISH: Final = Language.ENGLISH
_TYPES: Final = "types"
_TRY: Final = "try"
_WEBHOOKS: Final = "webhooks"


class Reference:
    """The reference of one document."""

    def __init__(self, document: Document) -> None:
        every = tuple(operations(document))
        self._document, self._common = document, common_refusals(every)
        self._sections = sections(every, document)
        self._about = {one["name"]: one["description"] for one in document["tags"]}
        self._parts = OperationPages(document, self._common)
        self._made: Mapping[str, Callable[[], str]] = {
            "": cache(self._overview),
            **{tag: cache(lambda tag=tag: self._section(tag)) for tag in self._sections},
            _TYPES: cache(self._types),
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the pages; that of the overview is empty."""
        return tuple(self._made)

    def page(self, name: str) -> str:
        """Return a page as HTML."""
        return self._made[name]()

    def _overview(self) -> str:
        info = self._document["info"]
        listed = "".join(self._listed(tag, found) for tag, found in self._sections.items())
        body = (
            f"<h1>API reference</h1>\n<p>Version {escape(info['version'])}. The service is at:</p>\n"
            f"{code(DOCUMENTED, 'text')}"
            f'<p>{escape(_first(info["description"]))} The <a href="./guide?lang=en">guide</a> explains how; to send '
            'requests from this browser, <a href="./docs/try">try the API</a> in Swagger UI. The same as a document: '
            f'<a href="./openapi.json">OpenAPI {self._document["openapi"]}</a>.</p>\n'
            f'<h2 id="basics">Basics</h2>\n{markup(_rest(info["description"]))}'
            f'<h2 id="operations">Operations</h2>\n{listed}'
            '<h2 id="refusals">Common refusals</h2>\n<p>Every operation can respond with these:</p>\n'
            f"{refusal_table(self._common, '.')}"
        )
        heads = (("basics", "Basics"), ("operations", "Operations"), ("refusals", "Common refusals"))
        return self._page("", "API reference", body, tuple(Link(f"#{at}", text) for at, text in heads))

    def _listed(self, tag: str, found: tuple[Described, ...]) -> str:
        rows = (
            (
                f"<b>{one.method}</b> <code>{escape(one.path)}</code>",
                f'<a href="./docs/{tag}#{one.name}">{escape(one.summary)}</a>',
            )
            for one in found
        )
        return f'<h3><a href="./docs/{tag}">{_title(tag)}</a></h3>\n{table(("Request", "Operation"), rows)}'

    def _section(self, tag: str) -> str:
        found = self._sections[tag]
        shown = "".join(self._parts.operation(one) for one in found)
        body = f"<h1>{_title(tag)}</h1>\n{markup(self._about.get(tag, ''))}{shown}"
        links = tuple(Link(f"#{one.name}", one.summary) for one in found)
        if tag == _WEBHOOKS:
            body, links = f"{body}{self._messages()}", (*links, Link("#messages", "Messages to receivers"))
        return self._page(tag, _title(tag), body, links)

    def _messages(self) -> str:
        rows = (
            (f"<code>{event}</code>", type_of(_schema(item["post"])), escape(_first(item["post"]["description"])))
            for event, item in self._document["webhooks"].items()
        )
        return f'<h2 id="messages">Messages to receivers</h2>\n{table(("Event", "Message", "Description"), rows)}'

    def _types(self) -> str:
        names = sorted(self._document["components"]["schemas"])
        body = "<h1>Types</h1>\n<p>The types of requests and responses, by name.</p>\n" + "".join(
            type_section(self._document, name) for name in names
        )
        return self._page(_TYPES, "Types", body, tuple(Link(f"#{name}", name) for name in names))

    def _page(self, name: str, title: str, body: str, parts: tuple[Link, ...]) -> str:
        folder, root = ("./docs", ".") if name == "" else (".", "..")
        others = {"": "Overview", **{tag: _title(tag) for tag in self._sections}, _TYPES: "Types"}
        contents = tuple(
            Link(f"{folder}/{one}" if one else f"{root}/docs", text, parts if one == name else (), one == name)
            for one, text in others.items()
        )
        tried = Link(f"{folder}/{_TRY}", "Try it (Swagger UI)")
        words = WORDS[_ENGLISH]
        reading = Reading(title=title, body=body, place=words.api, contents=(*contents, tried))
        return reading_page(reading, root, _ENGLISH)


def _title(tag: str) -> str:
    return "API keys" if tag == "keys" else tag.capitalize()


def _first(text: str) -> str:
    return text.partition("\n\n")[0].replace("\n", " ")


def _rest(text: str) -> str:
    return text.partition("\n\n")[2]


def _schema(operation: Mapping[str, Any]) -> Schema:
    schema: Schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema
