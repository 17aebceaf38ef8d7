"""A parser of JSON text that is nested more deeply than Python's own can recurse."""

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from attrs import define, field

_TOKEN: Final = re.compile(r'[ \t\r\n]*+([\[\]{},:]|"(?:[^"\\]|\\.)*+"|[^\[\]{},: \t\r\n"]++|\Z)', re.DOTALL)
_COMMA: Final = ","
_CLOSING: Final = {"[": "]", "{": "}"}


@define
class _Container:
    """An array or an object whose end has not been read; `items` has a name before each value of an object."""

    opening: str
    items: list[Any] = field(factory=list)
    after_comma: bool = False

    @property
    def wants_name(self) -> bool:
        return self.opening == "{" and len(self.items) % 2 == 0

    def value(self) -> Any:
        return self.items if self.opening == "[" else dict(zip(self.items[::2], self.items[1::2], strict=True))


class _Parser:
    def __init__(self, text: str, scalars: JSONDecoder) -> None:
        self._text, self._at, self._scalars = text, 0, scalars
        self._open: list[_Container] = []

    def parse(self) -> Any:
        """Parse one value and what is around it."""
        done, value = self._value(self._token())
        while self._open or not done:
            if done:
                done, value = self._after(self._open[-1], value)
            else:
                done, value = self._within(self._open[-1], self._token())
        if self._token():
            raise self._fault("nothing more")
        return value

    def _after(self, container: _Container, value: Any) -> tuple[bool, Any]:
        """Take a value into its container, and go on behind it."""
        container.items.append(value)
        token = self._token()
        if token == _CLOSING[container.opening]:
            return True, self._open.pop().value()
        if token != _COMMA:
            raise self._fault("a comma or an end")
        container.after_comma = True
        return False, None

    def _within(self, container: _Container, token: str) -> tuple[bool, Any]:
        """Go on before an item."""
        if token == _CLOSING[container.opening] and not container.after_comma:
            return True, self._open.pop().value()
        if container.wants_name:
            if not token.startswith('"') or self._peek_value(token, container) != ":":
                raise self._fault("a name and a colon")
            token = self._token()
        return self._value(token)

    def _peek_value(self, name: str, container: _Container) -> str:
        container.items.append(self._scalars.decode(name))
        return self._token()

    def _value(self, token: str) -> tuple[bool, Any]:
        if token in _CLOSING:
            self._open.append(_Container(token))
            return False, None
        return True, self._scalars.decode(token)

    def _token(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise self._fault("the end of a string")
        self._at = found.end()
        return found[1]

    def _fault(self, expected: str) -> JSONDecodeError:
        return JSONDecodeError(f"Expecting {expected}", self._text, self._at)


def parse_deep(text: str, scalars: JSONDecoder) -> Any:
    """Parse one value; `scalars` decodes its scalars. Raises `ValueError` for any other text."""
    return _Parser(text, scalars).parse()
