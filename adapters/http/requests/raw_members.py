"""Splits a JSON document into what the service reads of it and values that stay bytes, such as a dataset.

A dataset in a document keeps its digits and duplicate keys, as one that is a body of its own does, and no Python object
is made of it.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.http.problems.refusals import InvalidDocument
from adapters.http.requests.documents import MOST_VALUES
from adapters.http.wire.validation_errors import Fault
from application.ports.bodies import Bodies, MalformedJson
from domain.hint import hint

_INLINE_BYTES: Final = 16 * 1024
"""Up to here splitting is shorter than the way to a thread and back."""
_SPACE: Final = re.compile(rb"[ \t\n\r]*+")
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SCALAR: Final = re.compile(rb"[^,\]} \t\n\r]++")
_NESTING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[\]}]')


@frozen
class SplitDocument:
    """A document with null in the place of each value that was taken out, and those values by their members' names."""

    text: bytes = field(repr=False)
    values: Mapping[str, bytes] = field(repr=False)


async def split_document(
    bodies: Bodies, text: bytes, names: frozenset[str], most_bytes: int
) -> Result[SplitDocument, MalformedJson | InvalidDocument]:
    """Split a text, if it is JSON, unless the rest would make more values than a document may have.

    The members with one of the names are taken out; the last one counts where a name is repeated. Of text that is no
    object, nothing is taken. `most_bytes` is the most that all of them may have, which bounds the work.
    """
    valid = await bodies.check(text)
    if not is_successful(valid):
        return Failure(valid.failure())
    most = MOST_VALUES + most_bytes
    if await bodies.count_values(text, most) > most:
        return Failure(_TOO_MANY)
    split = _split(text, names) if len(text) < _INLINE_BYTES else await asyncio.to_thread(_split, text, names)
    rest = 0 if split is None else await bodies.count_values(split.text, MOST_VALUES)
    return Failure(_TOO_MANY) if split is None or rest > MOST_VALUES else Success(split)


_TOO_MANY: Final = InvalidDocument((Fault("", hint("too-many-values", maximum=MOST_VALUES)),))


def _split(text: bytes, names: frozenset[str]) -> SplitDocument | None:
    """Split a text that is JSON; None if it has too many members."""
    start = _after(_SPACE, text, 0)
    if text[start : start + 1] != b"{":
        return SplitDocument(text, {})
    values: dict[str, bytes] = {}
    rest: list[bytes] = []
    for key, value in members(text, start):
        if len(rest) == MOST_VALUES:
            return None
        if (name := json.loads(key)) in names:
            values[name], value = value, b"null"
        rest.append(key + b":" + value)
    return SplitDocument(b"{%b}" % b",".join(rest), values)


def members(text: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    """Iterate over the members of the object that begins there, in text that is JSON: the texts of name and value."""
    at = _after(_SPACE, text, start + 1)
    while text[at : at + 1] != b"}":
        end = _after(_STRING, text, at)
        key = text[at:end]
        at = _after(_SPACE, text, _after(_SPACE, text, end) + 1)
        end = value_end(text, at)
        yield key, text[at:end]
        at = _after(_SPACE, text, end)
        if text[at : at + 1] == b",":
            at = _after(_SPACE, text, at + 1)


def value_end(text: bytes, at: int) -> int:
    """Find the end of the value that begins there, in text that is JSON. Nothing recurses, however deep it is."""
    first = text[at : at + 1]
    if first not in (b"[", b"{"):
        return _after(_STRING if first == b'"' else _SCALAR, text, at)
    depth = 0
    for found in _NESTING.finditer(text, at):
        token = found[0]
        if token in (b"[", b"{"):
            depth += 1
        elif token in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                return found.end()
    raise AssertionError("text that is JSON closes what it opens")


def _after(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = pattern.match(text, at)
    assert found is not None, "text that is JSON has this here"
    return found.end()
