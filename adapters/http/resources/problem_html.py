"""The pages of the problem types as HTML, each with a link to itself in the other language."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from adapters.http.language import Language
from adapters.http.problems.labels import LABELS, Labels
from adapters.http.problems.messages import codes_of, error_codes, example_of, hint_codes
from adapters.http.problems.type_texts import Cause, text_of
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType
from adapters.http.resources.page_header import Header
from adapters.http.resources.pages import page

_CODE: Final = re.compile("`([^`]+)`")


def type_page(kind: ProblemType, language: Language) -> str:
    """Build the page of a type. Its links are relative, so it works under any path prefix."""
    labels, text = LABELS[language], text_of(kind, language)
    body = (
        f"<h1>{escape(text.title)}</h1>\n"
        f'<p class="kind"><strong>{kind.status}</strong> <code>{kind.slug}</code></p>\n'
        f"<h2>{labels.meaning}</h2>\n<p>{marked(text.meaning)}</p>\n"
        f"<h2>{labels.remedy}</h2>\n<p>{marked(text.remedy)}</p>\n{_causes(text.causes, labels)}"
        f"<h2>{labels.codes}</h2>\n{_codes(codes_of(kind.slug), language)}"
    )
    return page(text.title, _framed(body, kind.slug, "..", language), root="..", language=language)


def index_page(language: Language) -> str:
    """Build the index."""
    labels = LABELS[language]
    heads = _row("th", labels.status, labels.type, labels.title, labels.codes)
    rows = "\n".join(_type_row(kind, language) for kind in PROBLEM_TYPES.values())
    body = (
        f'<h1>{labels.index}</h1>\n<div class="wide"><table class="types">\n{heads}\n{rows}\n</table></div>\n'
        f"<h2>{labels.errors}</h2>\n{_codes(error_codes(), language)}"
        f"<h2>{labels.hints}</h2>\n{_codes(hint_codes(), language)}"
    )
    return page(labels.index, _framed(body, "problems", ".", language), language=language)


def marked(text: str) -> str:
    """Escape a text, and mark up the code in it."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _framed(body: str, address: str, root: str, language: Language) -> str:
    """Add the header of a page, whose address is relative to its folder."""
    header = Header(place=LABELS[language].index, other=f"./{address}?lang={language.other}").html(root, language)
    return f"{header}<main>\n{body}</main>"


def _type_row(kind: ProblemType, language: Language) -> str:
    link = f'<a href="./problems/{kind.slug}?lang={language}">{kind.slug}</a>'
    codes = " ".join(f"<code>{one}</code>" for one in codes_of(kind.slug))
    return _row("td", str(kind.status), link, escape(text_of(kind, language).title), codes)


def _causes(causes: tuple[Cause, ...], labels: Labels) -> str:
    if not causes:
        return ""
    rows = "\n".join(_row("td", marked(one.cause), marked(one.fix)) for one in causes)
    return f'<div class="wide"><table>\n{_row("th", labels.cause, labels.fix)}\n{rows}\n</table></div>\n'


def _codes(codes: Iterable[str], language: Language) -> str:
    return f"<dl>\n{''.join(_code(one, language) for one in codes)}</dl>\n"


def _code(code: str, language: Language) -> str:
    message = example_of(code, language)
    texts = "".join(f"<dd>{marked(one)}</dd>\n" for one in (message.detail, message.hint) if one)
    return f'<dt id="{code}"><code>{code}</code></dt>\n{texts}'


def _row(cell: str, *contents: str) -> str:
    return f"<tr>{''.join(f'<{cell}>{one}</{cell}>' for one in contents)}</tr>"
