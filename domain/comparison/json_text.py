"""JSON text of values, and back: numbers keep all digits, and no value is too deep, since no function recurses.

A number whose power of ten is beyond `MOST_EXPONENT` is refused rather than rounded, since it would equal others then.
No number of a script is: the largest 64-bit float is below 1.8E+308.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final

from domain.comparison.deep_json import parse_deep
from domain.comparison.values import ABSENT, Cell, is_array

MOST_EXPONENT: Final = 1_000_000
"""The largest power of ten, and the smallest one, of a number that is compared."""
_LONG_INTEGER: Final = 4_000
"""Digits from which an integer is read as a decimal: Python reads no longer one as `int`."""


class NumberOutOfRange(ValueError):
    """The exponent of a number is beyond `MOST_EXPONENT`."""


def decimal_of(text: str) -> Decimal:
    """Read a number with a fraction or an exponent. Raises `NumberOutOfRange`."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise NumberOutOfRange from error
    if number and abs(number.adjusted()) > MOST_EXPONENT:
        raise NumberOutOfRange
    return number


def integer_of(text: str) -> int | Decimal:
    """Read an integer of any length."""
    return int(text) if len(text) < _LONG_INTEGER else decimal_of(text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


_DECODER: Final = json.JSONDecoder(parse_float=decimal_of, parse_int=integer_of, parse_constant=_refuse_constant)


def parse_json(text: str) -> Any:
    """Parse JSON. Of members with the same name the last one counts, as in JavaScript. Raises `ValueError`."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return parse_deep(text, _DECODER)


def json_text(value: Cell) -> str:
    """Write a value as JSON; nothing for an absent one."""
    return "".join(_pieces(value))


def short_json_text(value: Cell, most: int) -> str | None:
    """Write a value as JSON, or return None if that takes more than `most` characters."""
    written, size = [], 0
    for piece in _pieces(value):
        size += len(piece)
        if size > most:
            return None
        written.append(piece)
    return "".join(written)


def _pieces(value: Cell) -> Iterator[str]:
    rest: list[tuple[str, Cell]] = [("", value)]
    while rest:
        lead, one = rest.pop()
        yield lead
        if isinstance(one, Mapping):
            names = [("," if at else "") + _string(name) + ":" for at, name in enumerate(one)]
            yield "{"
            rest.append(("}", ABSENT))
            rest += reversed(list(zip(names, one.values(), strict=True)))
        elif is_array(one):
            yield "["
            rest.append(("]", ABSENT))
            rest += reversed([("," if at else "", item) for at, item in enumerate(one)])
        else:
            yield _scalar(one)


def _scalar(value: Cell) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return "" if value is ABSENT else str(value)


def _string(text: str) -> str:
    """Write a string, with escapes where it has half a surrogate pair, which UTF-8 cannot express."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return encode_basestring_ascii(text)
    return encode_basestring(text)
