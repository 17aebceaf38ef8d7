"""JSON text to values with exact numbers, and back.

Text that nests too deeply for Python's parser is parsed by a slower one that does not recurse. The caller knows that
the text is JSON. Of members with the same name the last one counts, as in JavaScript.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from domain.comparison.values import JsonValue, is_array

_MOST_DIGITS: Final = 400
_MOST_EXPONENT: Final = 1_000
"""No 64-bit float has as many digits before its point, nor an exponent as large: a number beyond is out of range."""
_OUT_OF_RANGE: Final = Decimal(f"1E+{_MOST_EXPONENT}")
_LEXEME: Final = re.compile(
    r'[ \t\r\n]*+("(?:[^"\\]|\\.)*+"|[\[\]{},]|[^\[\]{},:" \t\r\n]++)([ \t\r\n]*+:)?', re.DOTALL
)
"""A value, a bracket or a comma; a name is a string with the colon behind it."""
_SCALARS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_Container: TypeAlias = "list[Any] | dict[str, Any]"


def parse_json(text: bytes) -> JsonValue:
    """Parse JSON text. A number beyond all 64-bit floats becomes 1E+1000, or 0 if it is as small."""
    decoded = text.decode("utf-8", "surrogatepass")
    try:
        value: JsonValue = json.loads(decoded, parse_float=_decimal, parse_int=_integer)
    except RecursionError:
        return _parse_deep(decoded)
    return value


def json_text(value: JsonValue, most: int) -> str | None:
    """Write a value as compact JSON, or return None if it takes more than `most` characters. Half a surrogate pair is
    written as an escape."""
    parts, size = [], 0
    for part in _parts(value):
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return "".join(parts)


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _MOST_DIGITS else _decimal(digits)


def _decimal(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:  # its exponent has more digits than a decimal can hold
        mantissa, _, exponent = digits.lower().partition("e")
        number = Decimal(f"{mantissa}E{exponent[0] * (exponent[0] == '-')}{_MOST_EXPONENT}")
    if number.is_zero() or abs(number.adjusted()) < _MOST_EXPONENT:
        return number
    return Decimal(0) if number.adjusted() < 0 else _OUT_OF_RANGE.copy_sign(number)


def _parse_deep(text: str) -> JsonValue:
    """Parse with a stack of its own: each value goes into the container on top."""
    root: list[Any] = []
    stack: list[_Container] = [root]
    name = ""
    for found in _LEXEME.finditer(text):
        lexeme = found[1]
        if lexeme in ("]", "}"):
            stack.pop()
        elif found[2]:
            name = json.loads(lexeme)
        elif lexeme != ",":
            value = _opened(lexeme)
            _put(stack[-1], name, value)
            if isinstance(value, list | dict):
                stack.append(value)
    return root[0]  # type: ignore[no-any-return]


def _put(container: _Container, name: str, value: Any) -> None:
    if isinstance(container, dict):
        container[name] = value
    else:
        container.append(value)


def _opened(lexeme: str) -> Any:
    if lexeme in ("[", "{"):
        return [] if lexeme == "[" else {}
    if lexeme.startswith('"'):
        return json.loads(lexeme)
    if lexeme in _SCALARS:
        return _SCALARS[lexeme]
    return _decimal(lexeme) if any(one in lexeme for one in ".eE") else _integer(lexeme)


def _parts(value: JsonValue) -> Iterator[str]:
    """Write the text piece by piece, with a stack of the parts that are still to be written."""
    stack: list[Iterator[str | tuple[JsonValue]]] = [iter([(value,)])]
    while stack:
        part = next(stack[-1], None)
        if part is None:
            stack.pop()
        elif isinstance(part, str):
            yield part
        elif isinstance(part[0], Mapping):
            stack.append(_members(part[0]))
        elif is_array(part[0]):
            stack.append(_elements(part[0]))
        else:
            yield _scalar_text(part[0])


def _members(value: Mapping[str, JsonValue]) -> Iterator[str | tuple[JsonValue]]:
    yield "{"
    for position, (name, member) in enumerate(value.items()):
        yield f"{',' * (position > 0)}{_string(name)}:"
        yield (member,)
    yield "}"


def _elements(value: Any) -> Iterator[str | tuple[JsonValue]]:
    yield "["
    for position, element in enumerate(value):
        yield "," * (position > 0)
        yield (element,)
    yield "]"


def _scalar_text(value: JsonValue) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())
