"""The order of JSON scalars, as bytes: they sort like the values, and are equal if and only if the values are.

Bytes are compared without Python code and take little memory, so a table of any length can be sorted by them.
"""

from decimal import Decimal
from hashlib import sha256
from typing import Final, TypeAlias

from domain.comparison.values import ABSENT, Cell, is_number

OrderKey: TypeAlias = bytes

_LONG_BYTES: Final = 256
"""The bytes of a string, or the digits of a number, that are compared one by one. Longer ones with the same beginning
are in the order of their digests."""
_END: Final = b"\0\0"
_ESCAPED_ZERO: Final = b"\0\xff"
_EXPONENT_BIAS: Final = 1 << 62
_SHORT_DIGITS: Final = 20
_POSITIVE: Final = tuple(b"\4\2" + (_EXPONENT_BIAS + digits).to_bytes(8, "big") for digits in range(_SHORT_DIGITS + 1))
"""The beginnings of the keys of positive integers, by the number of their digits."""
_COMPLEMENT: Final = bytes(255 - one for one in range(256))


def order_key(value: Cell) -> OrderKey:
    """Build the sort key of a scalar. Scalars of different kinds are ordered by kind: absent, null, boolean, number,
    string. None is the beginning of another, so the keys of several columns may be joined."""
    if type(value) is int and value > 0:  # the most frequent key: the same as below, in fewer steps
        digits = b"%d" % value
        if len(digits) <= _SHORT_DIGITS:
            return _POSITIVE[len(digits)] + digits.rstrip(b"0") + _END
    if isinstance(value, str):
        return b"\5" + _terminated(value.encode("utf-8", "surrogatepass"))
    if is_number(value):
        return b"\4" + _number(value)
    if value is None:
        return b"\1"
    return b"\0" if value is ABSENT else (b"\3" if value else b"\2")


def _number(value: int | Decimal) -> bytes:
    """Order by sign, then by the magnitude's exponent, then by its digits."""
    if not value:
        return b"\1"
    sign, digits, exponent = _parts(value)
    magnitude = (_EXPONENT_BIAS + exponent).to_bytes(8, "big") + _terminated(digits.rstrip(b"0"))
    return b"\0" + magnitude.translate(_COMPLEMENT) if sign else b"\2" + magnitude


def _parts(value: int | Decimal) -> tuple[bool, bytes, int]:
    """Return whether the number is negative, its digits, and the power of ten of the first one plus 1."""
    if isinstance(value, int):
        text = str(abs(value)).encode()
        return value < 0, text, len(text)
    sign, digits, _ = value.as_tuple()
    return bool(sign), bytes(digits).translate(_DIGITS).lstrip(b"0"), value.adjusted() + 1


_DIGITS: Final = bytes((one + ord("0")) % 256 for one in range(256))


def _terminated(text: bytes) -> bytes:
    if len(text) > _LONG_BYTES:
        text = text[:_LONG_BYTES] + sha256(text).digest()
    return text.replace(b"\0", _ESCAPED_ZERO) + _END
