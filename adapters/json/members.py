"""Members of an object in valid JSON text by their places. Nothing recurses, and no value becomes a Python object."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SCALAR: Final = re.compile(rb"[^,\]} \t\r\n]++")
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]')
_OPENING: Final = (b"[", b"{")
_CLOSING: Final = (b"]", b"}")


class Member(NamedTuple):
    """The text of a member's name, with its quotes, and the place of its value."""

    name: bytes
    start: int
    end: int


def members(text: bytes) -> Iterator[Member]:
    """List the members of the object that the text is, in their order and as often as they are repeated."""
    at = _behind(_SPACE, text, text.index(b"{") + 1)
    while text[at : at + 1] != b"}":
        name_end = _behind(_STRING, text, at)
        colon = _behind(_SPACE, text, name_end)
        start = _behind(_SPACE, text, colon + 1)
        end = _value_end(text, start)
        yield Member(text[at:name_end], start, end)
        at = _behind(_SPACE, text, end)
        if text[at : at + 1] == b",":
            at = _behind(_SPACE, text, at + 1)


def _value_end(text: bytes, start: int) -> int:
    first, depth = text[start : start + 1], 0
    if first not in _OPENING:
        return _behind(_STRING if first == b'"' else _SCALAR, text, start)
    for token in _TOKEN.finditer(text, start):
        depth += (token[0] in _OPENING) - (token[0] in _CLOSING)
        if depth == 0:
            return token.end()
    raise AssertionError("what a valid text opens it closes")


def _behind(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = pattern.match(text, at)
    assert found is not None, "a valid text has it here"
    return found.end()
