"""The rows of a result's text, each read on demand: a table costs 12 bytes a row beside its text."""

import re
from array import array
from collections.abc import Mapping
from mmap import mmap
from typing import Any, Final

import msgspec

from domain.comparison.json_text import NumberOutOfRange, decimal_of, parse_json
from domain.comparison.rows import Row

_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any], float_hook=decimal_of)
_COLUMNS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUE: Final = msgspec.json.Decoder(float_hook=decimal_of)
_BEGINNING: Final = re.compile(rb"[ \t\r\n]*\[[ \t\r\n]*")
_BETWEEN: Final = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*")
_HALF_CHARACTER: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_SAMPLED_ROWS: Final = 4_000
_SAMPLED_AT_ONCE: Final = 500


class NoArray(Exception):
    """The text is no array, or one that is nested too deeply to be taken apart."""


class Items:
    """The items of an array's text. Raises `NoArray` for other text."""

    def __init__(self, text: mmap) -> None:
        self._text = text
        self._starts, self._lengths = array("Q"), array("Q")
        self.are_objects = True
        self._locate()

    def __len__(self) -> int:
        return len(self._starts)

    def text(self, number: int) -> bytes:
        """Read the text of an item."""
        start = self._starts[number]
        return self._text[start : start + self._lengths[number]]

    def row(self, number: int) -> Row:
        """Read an item that is an object."""
        return parse_row(self.text(number))

    def sample(self) -> list[Row]:
        """Read some rows: blocks of neighbours, spread over all of them."""
        if len(self) <= _SAMPLED_ROWS:
            return [self.row(number) for number in range(len(self))]
        blocks = _SAMPLED_ROWS // _SAMPLED_AT_ONCE
        starts = [at * (len(self) - _SAMPLED_AT_ONCE) // (blocks - 1) for at in range(blocks)]
        return [self.row(number) for start in starts for number in range(start, start + _SAMPLED_AT_ONCE)]

    def _locate(self) -> None:
        """Find where each item starts: behind the one before it, and what is between the two."""
        begun = _BEGINNING.match(self._text)
        if begun is None:
            raise NoArray
        at, text = begun.end(), self._text
        for item in _raw_items(text):
            if self._starts:
                at = at + 1 if text[at : at + 2] == b",{" else _end(_BETWEEN.match(text, at))
            self.are_objects = self.are_objects and text[at : at + 1] == b"{"
            self._starts.append(at)
            self._lengths.append(len(item))
            at += len(item)


def _end(found: "re.Match[bytes] | None") -> int:
    assert found is not None, "items of an array are separated by commas"
    return found.end()


def _raw_items(text: mmap) -> list[msgspec.Raw]:
    try:
        try:
            return _ITEMS.decode(text)
        except msgspec.MsgspecError:
            if _HALF_CHARACTER.search(text) is None:
                raise
        return _ITEMS.decode(_HALF_CHARACTER.sub(rb"\\u0041", text))  # of the same length, and msgspec takes it
    except RecursionError as error:
        raise NoArray from error
    except msgspec.MsgspecError as error:
        raise ValueError("the text is no JSON") from error


def parse_row(text: bytes) -> Row:
    """Parse an object."""
    row = _parse(_OBJECT, text)
    assert isinstance(row, Mapping)
    return row


def parse_columns(text: bytes) -> Row:
    """Parse an object of which only the names of its members are read."""
    try:
        return _COLUMNS.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return parse_row(text)


def parse_value(text: bytes) -> Any:
    """Parse any value. Raises `ValueError`."""
    return _parse(_VALUE, text)


def _parse(decoder: "msgspec.json.Decoder[Any]", text: bytes) -> Any:
    """Parse with the fast parser, or with one that takes half characters, long integers and any depth."""
    try:
        return decoder.decode(text)
    except NumberOutOfRange:
        raise
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return parse_json(str(text, "utf-8"))
