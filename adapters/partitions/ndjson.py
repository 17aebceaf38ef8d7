"""Joining of lines of JSON to the text of an array, as a script gets it.

Every line break becomes a comma and a line break, whatever it is in, and the sandbox parses the array anyway. That each
line is one value follows from few counts, or from a second grammar, without reading the values:

- Where the array is valid, no string reaches across a line break, since a string cannot contain one. If the first and
  the last of the brackets, quotes and commas in each line are `{` and `}`, both are therefore brackets, and there is
  only white space around them. If there are no more `{` than lines, each line has one object, which its own `}` closes:
  so it is one value.
- Otherwise the lines have to be valid as values between white space, too. Two values in a line would have no comma
  between them in the array, and one value in two lines would have one where there can be none.

Where neither is sure, the text is left to `Bodies.from_lines`, which takes several times as long.
"""

import codecs
import re
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from attrs import field, frozen

from adapters.partitions.bounds import Bounds
from adapters.partitions.ranges import too_large

_VALUES: Final = msgspec.json.Decoder(msgspec.Raw)
_BLANKS: Final = b" \t\r"
_BLANK_LINES: Final = re.compile(rb"\n{2,}")
_OTHERS: Final = bytes(one for one in range(256) if one not in b'{}[],"\n')
_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf]")
"""Half a character of UTF-16 in the form of UTF-8, which the engines accept and UTF-8 does not allow."""


@frozen
class JoinedLines:
    """The text of an array, provided that it is valid, and its number of rows."""

    text: bytes = field(repr=False)
    rows: int


async def join(blocks: AsyncIterator[bytes], has_start: bool, bounds: Bounds) -> JoinedLines | None:
    """Join blocks of whole lines, which may have the object's start, to an array; None if it may be valid without each
    line being a value."""
    parts, rows, size = [b"["], 0, 0
    async for one in blocks:
        block = one.removeprefix(codecs.BOM_UTF8) if has_start and not rows else one
        if not block:
            continue
        joined = block.replace(b"\n", b",\n")
        size += len(joined)
        if size > bounds.text_bytes:
            raise too_large(size, bounds)
        lines = len(joined) - len(block) + (block[-1:] != b"\n")
        if not _has_one_value_a_line(block, lines):
            return None
        parts.append(joined)
        rows += lines
    parts[-1] = parts[-1].removesuffix(b",\n")
    parts.append(b"]")
    return JoinedLines(b"".join(parts), rows)


def row_count(text: bytes) -> int:
    """Count the lines that are not blank."""
    lines = _BLANK_LINES.sub(b"\n", text.translate(None, _BLANKS)).strip(b"\n")
    return lines.count(b"\n") + 1 if lines else 0


def _has_one_value_a_line(block: bytes, lines: int) -> bool:
    """Tell whether each line is one value, provided that the array of all lines is valid; false if in doubt."""
    if b"\xed" in block and _SURROGATE.search(block) is not None:
        return False
    return _has_one_object_a_line(block, lines) or _has_values_alone(block, lines)


def _has_one_object_a_line(block: bytes, lines: int) -> bool:
    marks = block.translate(None, _OTHERS)
    return (
        marks.startswith(b"{")
        and marks.endswith((b"}", b"}\n"))
        and marks.count(b"{") == lines
        and marks.count(b"}\n{") == lines - 1
    )


def _has_values_alone(block: bytes, lines: int) -> bool:
    """Tell whether the lines are values between white space, as many as lines."""
    try:
        return len(_VALUES.decode_lines(block)) == lines
    except (msgspec.DecodeError, RecursionError):
        return False
