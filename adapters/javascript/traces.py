"""The engine's stack traces in the terms of the source as it was sent. Pure."""

import re
from typing import Final

from attrs import frozen

from adapters.javascript import wire

_FRAME: Final = re.compile(
    r" +at (?:.* \()?" + re.escape(wire.SCRIPT_NAME) + r":(?P<line>\d{1,9}):(?P<column>\d{1,9})\)?"
)
_HOSTS: Final = re.compile(r" +at (?:.* \()?" + re.escape(wire.PRELUDE_NAME) + r":\d+:\d+\)?")


@frozen
class Trace:
    """Where in the source, counted from 1, as far as the engine tells; and the script's own frames, one a line."""

    line: int | None
    column: int | None
    stack: str | None


def trace(stack: str, source: bytes) -> Trace:
    """What an engine's stack says of `source`. A place past its end becomes its last line."""
    lines = [line for line in stack.split("\n") if line and not _HOSTS.fullmatch(line)]
    shown = "\n".join(lines) or None
    found = next(filter(None, map(_FRAME.fullmatch, lines)), None)
    if found is None:
        return Trace(None, None, shown)
    line, last = int(found["line"]), source.count(b"\n") + 1
    return Trace(line, int(found["column"]), shown) if line <= last else Trace(last, None, shown)
