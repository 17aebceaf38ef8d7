"""Conversion of an array's text to lines, one an item (NDJSON): the same bytes, except between the items.

Absent on purpose: values. Only brackets and strings are distinguished, so a number keeps its digits and an object its
duplicate keys, and no more is held than a piece of the text. The text has to be valid JSON. A line break can occur in
it only where white space may, for in a string it has to be escaped: so every one can be dropped.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.json.strings import Piece, whole, without_escapes

_BLANKS: Final = b" \t"
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_OPENING: Final = frozenset(b"[{")
_GAP: Final = re.compile(rb"[ \t,]+")
_COMMA_TO_LINE_BREAK: Final = bytes.maketrans(b",", b"\n")


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Convert an array's text to lines, in pieces no longer than those of the text; none for the empty array.

    An empty piece of the text, which asks for more of its stored form, is passed on.
    """
    scan, some = _Scan(), False
    for piece in pieces:
        out = scan.through(piece) if piece else b""
        if out or not piece:
            some = some or bool(out)
            yield out
    if some:
        yield b"\n"


class _Scan:
    """The progress of the scan: its depth in brackets, whether it is inside a string, and the bytes held back."""

    def __init__(self) -> None:
        self._depth, self._inside, self._held = 0, False, b""

    def through(self, piece: bytes) -> bytes:
        """Convert the next piece of the text. A backslash at its end is held back for the character that it escapes."""
        begun = self._held + piece.replace(b"\n", b"").replace(b"\r", b"")
        text = whole(begun)
        self._held = begun[len(text) :]
        unescaped = without_escapes(text)
        bare = Piece(0, unescaped, self._inside, 0).blanked()
        self._inside ^= unescaped.count(b'"') % 2 == 1
        return b"".join(self._parts(text, bare))

    def _parts(self, text: bytes, bare: bytes) -> Iterator[bytes]:
        """Yield the items, and the line breaks between them; `bare` is the text with blanked strings."""
        depth, done = self._depth, 0
        for bracket in _BRACKET.finditer(bare):
            at = bracket.start()
            if bare[at] in _OPENING:
                if depth == 1:
                    yield _outside(text[done:at], bare[done:at])
                depth += 1
                done = at + 1 if depth == 1 else at if depth == 2 else done
            else:
                depth -= 1
                if depth <= 1:
                    yield text[done : at + 1] if depth else _outside(text[done:at], bare[done:at])
                    done = at + 1
        self._depth = depth
        if depth > 0:
            yield text[done:] if depth > 1 else _outside(text[done:], bare[done:])


def _outside(text: bytes, bare: bytes) -> bytes:
    """Convert a part at the level of the array itself: commas, white space, strings and other scalars."""
    if bare == b",":
        return b"\n"
    if b'"' not in bare and b"\0" not in bare:
        return text.translate(_COMMA_TO_LINE_BREAK, _BLANKS)
    return b"".join(_separated(text, bare))


def _separated(text: bytes, bare: bytes) -> Iterator[bytes]:
    done = 0
    for gap in _GAP.finditer(bare):
        yield text[done : gap.start()]
        if b"," in gap[0]:
            yield b"\n"
        done = gap.end()
    yield text[done:]
