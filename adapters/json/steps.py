"""Validation of long JSON text part by part, so that no call holds the interpreter for long.

Most long text is an array of objects or arrays, or encloses one. It is cut at commas between its items; each part then
has to be valid as an array by itself, and what encloses them has to be valid with a number in their place. Other text
is left to a validation in one call: the outcome here is "valid" or "unknown".
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from adapters.json import STEP_BYTES
from adapters.json.strings import Piece, without_escapes

_SPACE: Final = rb"[ \t\r\n]*+"
_FIRST_OBJECT: Final = re.compile(rb"\[" + _SPACE + rb'(\{[ \t\r\n]{0,32}"[^"\\]{0,128}")')
_FIRST_ARRAY: Final = re.compile(rb"\[" + _SPACE + rb"(\[)")
"""The beginning of an array's first item; that of an object includes its first name, which the others often share."""
_PLACEHOLDER: Final = b",\n0\n,"
"""The line breaks are a fault inside a string, and a number without a name is one inside an object: so where this is
valid, the cuts are between an array's items."""
_OPENING: Final = (b"[", b"{")
_CLOSING: Final = (b"]", b"}")


def is_valid_in_steps(
    text: bytes | memoryview, is_valid: Callable[[bytes], bool], step_bytes: int = STEP_BYTES
) -> bool:
    """Tell whether the text is sure to be valid, by `is_valid` of parts of it. Each is as deep in brackets as in the
    text."""
    cuts = _cuts(text, step_bytes)
    if len(cuts) < 2:
        return False
    head = bytes(text[: cuts[0]])
    if not is_valid(head + _PLACEHOLDER + bytes(text[cuts[-1] + 1 :])):
        return False
    before, behind = b"[" * (depth := _depth(head)), b"]" * depth
    return all(is_valid(b"".join((before, text[start + 1 : end], behind))) for start, end in pairwise(cuts))


def _cuts(text: bytes | memoryview, step_bytes: int) -> list[int]:
    """Find a comma between two items in each step, if there is one; it may be a comma elsewhere."""
    steps = range(step_bytes, len(text), step_bytes)
    if len(steps) < 2:  # a single cut divides nothing, so a short text is not searched
        return []
    first = _FIRST_OBJECT.search(text, 0, step_bytes) or _FIRST_ARRAY.search(text, 0, step_bytes)
    if first is None:
        return []
    closing = rb"\]" if first[1] == b"[" else rb"\}"
    between = re.compile(closing + _SPACE + b"(,)" + _SPACE + re.escape(first[1]))
    found = (between.search(text, start, start + step_bytes) for start in steps)
    return [cut.start(1) for cut in found if cut is not None]


def _depth(head: bytes) -> int:
    """Count the brackets that are open at the end of a valid text's beginning, which is outside its strings."""
    bare = Piece(0, without_escapes(head), False, 0).bare()
    return sum(map(bare.count, _OPENING)) - sum(map(bare.count, _CLOSING))
