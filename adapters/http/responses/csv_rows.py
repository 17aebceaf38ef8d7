"""CSV (RFC 4180) that is safe to open in a spreadsheet: lines that end in CR LF, and no text that begins a formula.

A spreadsheet whose separator is `;` or a tab ignores quotes, so it may begin a cell behind any of `_BREAKS`. Before the
sign of a formula it may drop quotes, blanks and invisible characters. Each such place gets an apostrophe, or one more
if it has some already, so that the removal of one restores the text. Numbers stay as they are. The console writes
results by the same rule (`console/results/csv.js`).

A row whose first field is a number with a sign would need more: a spreadsheet with another separator takes the row for
one cell, which that number begins. No row of this service has one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_BLANK_BREAKS: Final = frozenset("\t\v\f\r\n\u0085\u2028\u2029")
_BREAKS: Final = _BLANK_BREAKS | {";"}
_SIGNS: Final = frozenset("=+-@|＝＋－＠｜﹦﹢﹣﹫")  # noqa: RUF001
_FIRST_SIGNS: Final = _SIGNS | _BLANK_BREAKS
_NUMBER: Final = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_SPECIAL: Final = frozenset('",\r\n')


def csv_line(fields: Iterable[object | None]) -> str:
    """Write a row: nothing for None, `""` for an empty text."""
    return ",".join("" if field is None else csv_field(str(field)) for field in fields) + "\r\n"


def csv_field(text: str) -> str:
    """Write a text as a field, harmless and quoted where that is needed."""
    if text == "":
        return '""'
    safe = harmless(text)
    return '"' + safe.replace('"', '""') + '"' if _SPECIAL.intersection(safe) else safe


def harmless(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet could begin a formula."""
    if _NUMBER.fullmatch(text):
        return text
    places = [*_guarded_places(text)]
    ends = [*places[1:], len(text)]
    return text[: places[0]] + "".join("'" + text[a:b] for a, b in zip(places, ends, strict=True)) if places else text


def _guarded_places(text: str) -> Iterator[int]:
    if _first_beyond_padding(text, 0) in _FIRST_SIGNS:
        yield 0
    for place, character in enumerate(text, 1):
        if character in _BREAKS and _first_beyond_padding(text, place) in _SIGNS:
            yield place


def _first_beyond_padding(text: str, place: int) -> str:
    """Find the first character that a spreadsheet could see from there on; empty at the end.

    It stops at a break, so that all places of a text take one walk through it.
    """
    while place < len(text) and text[place] == "'":
        place += 1
    while place < len(text) and _is_padding(text[place]):
        place += 1
    return text[place : place + 1]


def _is_padding(character: str) -> bool:
    if character in _BREAKS:
        return False
    return character == '"' or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Cc")
