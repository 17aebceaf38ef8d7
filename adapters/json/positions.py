"""Positions in text for its sender: line and column of a byte offset, and a short excerpt around it.

Everything works in steps of `STEP_BYTES` or on a few bytes, and never raises: the text may be any bytes.
"""

import codecs
import unicodedata
from typing import Final, NamedTuple, TypeAlias

from adapters.json import STEP_BYTES, WHITE_SPACE
from adapters.json.strings import whole, without_escapes

Text: TypeAlias = bytes | memoryview

EXCERPT_CHARACTERS: Final = 20
_CONTEXT_CHARACTERS: Final = EXCERPT_CHARACTERS // 2
_CONTEXT_BYTES: Final = EXCERPT_CHARACTERS * 4
"""A character has at most four bytes in UTF-8, UTF-16 and UTF-32. One that is cut is thus never among the last ones."""
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""
_CONTROL_PICTURES: Final = 0x2400
_DELETE: Final = "\x7f"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def line_and_column(text: Text, at: int) -> tuple[int, int]:
    """Locate an offset: the line from 1, lines ending with LF, and the column from 1, in characters."""
    line, start = 1, 0
    for begin in range(0, at, STEP_BYTES):
        piece = bytes(text[begin : min(begin + STEP_BYTES, at)])
        if breaks := piece.count(b"\n"):
            line, start = line + breaks, begin + piece.rindex(b"\n") + 1
    return line, 1 + sum(_characters(text, begin, at) for begin in range(start, at, STEP_BYTES))


def _characters(text: Text, begin: int, end: int) -> int:
    return len(bytes(text[begin : min(begin + STEP_BYTES, end)]).translate(None, _CONTINUATION))


class Excerpt(NamedTuple):
    """A part of a text, of which `offset` characters precede the place that it is about."""

    text: str
    offset: int


def excerpt(text: Text, at: int, encoding: str = "utf-8") -> Excerpt:
    """Quote at most `EXCERPT_CHARACTERS` around an offset. The text before it is UTF-8; from there on, `encoding`."""
    before = decoded(bytes(text[max(at - _CONTEXT_BYTES, 0) : at]), "utf-8")
    behind = decoded(bytes(text[at : at + _CONTEXT_BYTES]), encoding)[:EXCERPT_CHARACTERS]
    before = before[-max(_CONTEXT_CHARACTERS, EXCERPT_CHARACTERS - len(behind)) :]
    return Excerpt(visible(before + behind[: EXCERPT_CHARACTERS - len(before)]), len(before))


def decoded(data: bytes, encoding: str) -> str:
    """Decode, with U+FFFD for each invalid byte; an incomplete character at the end is dropped."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(data)


def visible(text: str) -> str:
    """Replace control and other invisible characters by symbols, one for one."""
    return "".join(_symbol(one) for one in text)


def _symbol(one: str) -> str:
    if one < " ":
        return chr(_CONTROL_PICTURES + ord(one))
    if one == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    category = unicodedata.category(one)
    if category == "Zs" and one != " ":
        return "\N{OPEN BOX}"
    return "\N{REPLACEMENT CHARACTER}" if category in _INVISIBLE else one


def last_before(text: Text, end: int) -> int:
    """Find the last byte before `end` that is not white space; -1 if there is none."""
    while end > 0:
        start = max(end - STEP_BYTES, 0)
        if kept := bytes(text[start:end]).rstrip(WHITE_SPACE):
            return start + len(kept) - 1
        end = start
    return -1


def first_from(text: Text, start: int) -> int:
    """Find the first byte from `start` on that is not white space; the text's length if there is none."""
    for begin in range(start, len(text), STEP_BYTES):
        piece = bytes(text[begin : begin + STEP_BYTES])
        if kept := piece.lstrip(WHITE_SPACE):
            return begin + len(piece) - len(kept)
    return len(text)


def is_in_string(text: Text, at: int) -> bool:
    """Tell whether an offset is inside a string. Up to there, the text has no fault."""
    quotes, begin = 0, 0
    while part := whole(bytes(text[begin : min(begin + STEP_BYTES, at)])):
        quotes, begin = quotes + without_escapes(part).count(b'"'), begin + len(part)
    return quotes % 2 == 1
