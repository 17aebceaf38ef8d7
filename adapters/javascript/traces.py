"""The engine's stack traces in the terms of the source as it was sent. Pure."""

import re
from typing import Final

from attrs import frozen

from adapters.javascript import wire

_FRAME: Final = re.compile(
    r" +at (?:(?P<name>.*) \()?" + re.escape(wire.SCRIPT_NAME) + r":(?P<line>\d{1,9}):(?P<column>\d{1,9})\)?"
)
_SHOWN_NAME: Final = "script.js"
_HOSTS_CALL: Final = "<eval>"
"""The name of top-level code, which in every phase but the first is the host's own call."""


@frozen
class Trace:
    """Where in the source, counted from 1, as far as the engine tells; and the script's own frames, one a line."""

    line: int | None
    column: int | None
    stack: str | None


def trace(stack: str, phase: wire.Phase, source: bytes) -> Trace:
    """What an engine's stack says of `source`. A place past its end becomes its last line."""
    lines = [line for line in stack.split("\n") if line and not _is_hosts(line, phase)]
    found = next(filter(None, map(_FRAME.fullmatch, lines)), None)
    shown = "\n".join(lines).replace(f"{wire.SCRIPT_NAME}:", f"{_SHOWN_NAME}:") or None
    if found is None:
        return Trace(None, None, shown)
    line, last = int(found["line"]), source.count(b"\n") + 1
    return Trace(line, int(found["column"]), shown) if line <= last else Trace(last, None, shown)


def _is_hosts(line: str, phase: wire.Phase) -> bool:
    found = _FRAME.fullmatch(line)
    if found is None:
        return f"({wire.PRELUDE_NAME}:" in line
    return phase is not wire.Phase.LOAD and found["name"] == _HOSTS_CALL
