"""What a user is told besides the engine's own words where a script takes modules for granted. Pure."""

import re
from typing import Final

NO_MODULES: Final = "third-party software is forbidden here, and there are no modules"

_UNDEFINED: Final = re.compile(r"ReferenceError: '?(require|module|exports)'? is not defined")
_MODULE_SYNTAX: Final = re.compile(rb"^\s*(import|export)\b|\b(import|require)\s*\(")


def with_hint(message: str, line: int | None, source: bytes) -> str:
    """The engine's message, and what it means where it comes from an attempt to import or to export."""
    if _UNDEFINED.fullmatch(message) or (message.startswith("SyntaxError: ") and _is_module_syntax(line, source)):
        return f"{message} ({NO_MODULES})"
    return message


def _is_module_syntax(line: int | None, source: bytes) -> bool:
    lines = source.split(b"\n")
    return line is not None and line <= len(lines) and _MODULE_SYNTAX.search(lines[line - 1]) is not None
