"""Diagnosis of refused text: the mistake by a code, its line and column, and an excerpt around it.

It is made only once a text has been refused. What it reads of the text is bounded, except for counting lines and white
space, in steps. The excerpt and the parameters quote the text: they are for its sender, and for no log.
"""

from typing import Final

from adapters.json.encodings import WINDOWS, invalid_byte, wide_encoding
from adapters.json.finding import EMPTY, NOT_UTF_8, SYNTAX, TRUNCATED, Finding, finding
from adapters.json.formats import binary_format, text_format
from adapters.json.grammar import grammar_fault
from adapters.json.positions import Text, excerpt, first_from, line_and_column
from application.ports.bodies import MalformedJson

_CONTAINERS: Final = (b"{", b"[")
_UTF_8: Final = "utf-8-sig"
"""The encoding by which Python reads UTF-8 with and without a byte order mark."""


def diagnose(text: Text, fault: MalformedJson, in_lines: bool = False) -> MalformedJson:
    """Explain the fault of a text. In lines, each line is a value, and the fault's offset is that in all of them."""
    found = _finding(text, fault, in_lines)
    if found.at is None:
        return MalformedJson(fault.reason, None, fault.line, code=found.code, parameters=found.parameters)
    line, column = line_and_column(text, found.at)
    quoted, offset = (None, None) if found.encoding is None else excerpt(text, found.at, found.encoding)
    return MalformedJson(
        reason=fault.reason,
        at=found.at,
        line=line,
        column=column,
        code=found.code,
        parameters=found.parameters,
        excerpt=quoted,
        excerpt_offset=offset,
    )


def _finding(text: Text, fault: MalformedJson, in_lines: bool) -> Finding:
    if fault.code == EMPTY:
        return finding(EMPTY, fault.at)
    return binary_format(text) or wide_encoding(text) or _other_text(text, fault) or _fault(text, fault, in_lines)


def _other_text(text: Text, fault: MalformedJson) -> Finding | None:
    """Recognise another text format, unless the text begins like an array or an object. None begins with a value."""
    start = first_from(text, 0)
    if bytes(text[start : start + 1]) in _CONTAINERS or fault.at is None:
        return None
    found = text_format(text, start)
    if found is None or found.code != "looks-like-csv":
        return found
    encoding = WINDOWS if fault.code == NOT_UTF_8 else _UTF_8
    return Finding(found.code, found.at, (*found.parameters, ("encoding", encoding)), encoding)


def _fault(text: Text, fault: MalformedJson, in_lines: bool) -> Finding:
    if fault.at is None:
        return finding(fault.code, None)
    if fault.code == NOT_UTF_8:
        return invalid_byte(text, fault.at)
    if fault.code == TRUNCATED and in_lines and first_from(text, fault.at) < len(text):
        return finding("json-value-across-lines", fault.at)
    if fault.code != SYNTAX:
        return finding(fault.code, fault.at)
    return grammar_fault(text, fault.at, fault.reason, in_lines)
