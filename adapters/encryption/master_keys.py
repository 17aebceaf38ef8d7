"""Master keys as an operator writes them: `id:key` one a line, the key 32 bytes in base64.

The first key wraps new data keys; the others only unwrap older ones. A first line `off` disables encryption of new
content. Errors name the line by its number, and repeat nothing of it.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

_OFF: Final = "off"
_KEY_BYTES: Final = 32
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@frozen
class MasterKeys:
    """Keys by their ids, and the id of the primary key, which wraps new data keys, if there is one."""

    current: str | None
    by_id: dict[str, bytes] = field(repr=False)


@frozen
class MalformedKeys:
    """The reason why text is no list of master keys."""

    line: int
    wrong: str

    def __str__(self) -> str:
        return f"line {self.line} {self.wrong}"


def master_keys(text: str) -> Result[MasterKeys, MalformedKeys]:
    """Parse a list of keys, separated by line breaks or commas. Blank lines and those that begin with # are skipped."""
    said = [(number, line) for number, line in enumerate(_lines(text), 1) if line and not line.startswith("#")]
    current: str | None = None
    by_id: dict[str, bytes] = {}
    for number, line in said:
        if line == _OFF and number == said[0][0]:
            continue
        read = _key(number, line)
        if not is_successful(read):
            return Failure(read.failure())
        key_id, key = read.unwrap()
        if key_id in by_id:
            return Failure(MalformedKeys(number, "repeats the id of another line"))
        by_id[key_id] = key
        if number == said[0][0]:
            current = key_id
    return (
        Success(MasterKeys(current, by_id))
        if by_id
        else Failure(MalformedKeys(1, "and all other lines contain no key"))
    )


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, and the parts of each that commas separate, unless it is a comment."""
    for line in map(str.strip, text.split("\n")):
        if line.startswith("#"):
            yield line
        else:
            yield from map(str.strip, line.split(","))


def _key(number: int, line: str) -> Result[tuple[str, bytes], MalformedKeys]:
    key_id, colon, encoded = line.partition(":")
    if not colon or not _ID.fullmatch(key_id):
        return Failure(MalformedKeys(number, "does not start with an id (letters, digits, '.', '_', '-') and a colon"))
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return Failure(MalformedKeys(number, "has a key that is not base64"))
    if len(key) != _KEY_BYTES:
        return Failure(MalformedKeys(number, f"has a key that is not {_KEY_BYTES} bytes long"))
    return Success((key_id, key))
