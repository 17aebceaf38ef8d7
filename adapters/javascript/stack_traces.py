"""The engine's stack traces in the terms of the source as it was sent. Pure."""

import re
from typing import Final

from attrs import frozen

from adapters.javascript import wire
from domain.text_limits import MAX_TEXT_CHARACTERS

_FRAME: Final = re.compile(
    r" +at (?:.* \()?" + re.escape(wire.SCRIPT_NAME) + r":(?P<line>\d{1,9}):(?P<column>\d{1,9})\)?"
)
_LINE_ENDS: Final = (b"\n", b"\r", "\u2028".encode(), "\u2029".encode())
_HOSTS: Final = re.compile(r" +at (?:.* \()?" + re.escape(wire.PRELUDE_NAME) + r":\d+:\d+\)?")

_MOST_DETAILS: Final = 6_000


@frozen
class Trace:
    """A position in the source, from 1, as far as the engine reports it; and the script's own frames, one a line."""

    line: int | None
    column: int | None
    stack: str | None


def parse(stack: str, source: bytes) -> Trace:
    """Read an engine's stack for `source`. A position past its end becomes its last line."""
    lines = _scripts_own(stack)
    shown = "\n".join(lines) or None
    found = next(filter(None, map(_FRAME.fullmatch, lines)), None)
    if found is None:
        return Trace(None, None, shown)
    line, last = int(found["line"]), line_count(source)
    return Trace(line, int(found["column"]), shown) if line <= last else Trace(last, None, shown)


def with_details(stack: str | None, details: str) -> str | None:
    """Append an error's causes and members to its stack, within the stored length; the details are truncated last."""
    if not details:
        return stack
    inner = "\n".join(_scripts_own(details[:_MOST_DETAILS]))
    outer = "" if stack is None else stack[: MAX_TEXT_CHARACTERS - len(inner) - len(" {\n\n}")] + " "
    return f"{outer}{{\n{inner}\n}}"


def _scripts_own(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not _HOSTS.fullmatch(line)]


def line_count(source: bytes) -> int:
    """Count lines as ECMAScript and the engine do: CR, LF, CRLF, U+2028 and U+2029 each end one."""
    return 1 + sum(map(source.count, _LINE_ENDS)) - source.count(b"\r\n")
