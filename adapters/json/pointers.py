"""Conversion of a place in valid JSON text to the JSON Pointer (RFC 6901) of the value that begins there.

Objects and arrays that have ended are removed in bulk; those that contain the place remain.
"""

import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from attrs import define

from adapters.json import STEP_BYTES
from adapters.json.strings import Piece, Pieces
from domain.warnings import MAX_POINTER_CHARACTERS

_OPENING: Final = b"[{"
_COMMA: Final = ord(",")
_ALL_ELSE: Final = bytes(set(range(256)) - set(b"[]{},"))
_ENDED: Final = re.compile(rb"\[,*+\]|\{,*+\}")
_WORTHWHILE: Final = 0.75
"""Removing the innermost ended containers is repeated while it leaves less than this part of a piece."""
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_LONGEST_KEY_BYTES: Final = 12 * MAX_POINTER_CHARACTERS
"""A character is at most two escapes long; a longer key makes a uselessly long pointer."""


@define
class _Open:
    """An array or an object that has not ended, and how many of its members have."""

    piece: Piece
    is_array: bool
    ended: int = 0


def pointer_to(text: bytes, offset: int, step_bytes: int = STEP_BYTES) -> str | None:
    """Build the pointer to the value that begins at `offset`; None if a key on the way is too long."""
    containers: list[_Open] = []
    pieces = Pieces(text, step_bytes)
    for start in range(0, offset, step_bytes):
        _walk(pieces.piece(start, min(start + step_bytes, offset)), containers)
    begins = [*_openings(containers), offset]
    tokens = [_token(text, one, begin) for one, begin in zip(containers, begins[1:], strict=True)]
    return None if None in tokens else "".join(f"/{token}" for token in tokens)


def _walk(piece: Piece, containers: list[_Open]) -> None:
    for character in _unended(piece.bare().translate(None, _ALL_ELSE)):
        if character == _COMMA:
            containers[-1].ended += 1
        elif character in _OPENING:
            containers.append(_Open(piece, character == _OPENING[0]))
        else:
            containers.pop()


def _unended(structure: bytes) -> bytes:
    before = structure
    structure = _ENDED.sub(b"", before)
    while len(structure) < _WORTHWHILE * len(before):
        before, structure = structure, _ENDED.sub(b"", structure)
    return structure


def _openings(containers: list[_Open]) -> Iterator[int]:
    """Find the start of each container. Of those that one piece has opened, they are the first."""
    for piece, opened in groupby(containers, key=lambda one: one.piece):
        places = _unended_places(piece.blanked())
        yield from (piece.start + place for place, _ in zip(places, opened, strict=False))


def _unended_places(outside: bytes) -> list[int]:
    places: list[int] = []
    for bracket in _BRACKET.finditer(outside):
        if bracket[0] in _OPENING:
            places.append(bracket.start())
        elif places:
            places.pop()
    return places


def _token(text: bytes, container: _Open, begin: int) -> str | None:
    if container.is_array:
        return str(container.ended)
    key = _key_before(text, begin)
    return None if key is None else key.replace("~", "~0").replace("/", "~1")


def _key_before(text: bytes, begin: int) -> str | None:
    """Read the key of the member whose value begins there: only white space and a colon are between the two."""
    end = text.rindex(b'"', 0, begin)
    floor = max(0, end - _LONGEST_KEY_BYTES)
    start = text.rfind(b'"', floor, end)
    while start >= 0 and _is_escaped(text[floor:start]):
        start = text.rfind(b'"', floor, start)
    return None if start < 0 else str(json.loads(text[start : end + 1]))


def _is_escaped(before: bytes) -> bool:
    others = before.rstrip(b"\\")
    return not others or (len(before) - len(others)) % 2 == 1
