"""Hints that are added to the engine's message where a script takes modules for granted. Pure."""

import re
from typing import Final

NO_MODULES: Final = "third-party software is forbidden here, and there are no modules"

_LINE_BYTES: Final = 4_096
_UNDEFINED: Final = re.compile(r"ReferenceError: '?(require|module|exports)'? is not defined")
_MODULE_SYNTAX: Final = re.compile(rb"^\s*(import|export)\b|\b(import|require)\s*\(")


def add_hint(message: str, line: int | None, source: bytes) -> str:
    """Append a hint to the engine's message if its cause is an attempt to import or to export."""
    if _UNDEFINED.fullmatch(message) or (message.startswith("SyntaxError: ") and _is_module_syntax(line, source)):
        return f"{message} ({NO_MODULES})"
    return message


def _is_module_syntax(line: int | None, source: bytes) -> bool:
    return line is not None and _MODULE_SYNTAX.search(_start_of(line, source)) is not None


def _start_of(line: int, source: bytes) -> bytes:
    """Copy the first `_LINE_BYTES` of a line; nothing if the line does not exist. No other line is copied."""
    if not 1 <= line <= source.count(b"\n") + 1:
        return b""
    start = 0 if line == 1 else _end_of_line_break(line - 1, source)
    end = source.find(b"\n", start, start + _LINE_BYTES)
    return source[start : end if end >= 0 else start + _LINE_BYTES]


def _end_of_line_break(number: int, source: bytes) -> int:
    """Find the offset behind an existing line break by its number, from 1; each step halves the range it is in."""
    low, high = 0, len(source)
    while high - low > 1:
        middle = (low + high) // 2
        breaks = source.count(b"\n", low, middle)
        if breaks >= number:
            high = middle
        else:
            number, low = number - breaks, middle
    return high
