"""Exactness of decimals: a 64-bit float may have another value than the decimal in JSON."""

from decimal import Decimal
from typing import Final

_SHORTEST_DIGITS: Final = 17
"""The most significant digits that the shortest text of a float has."""
_USUAL_MANTISSA: Final = 32
_USUAL_EXPONENT: Final = len("-0309")
_POWER_DIGITS: Final = 10
"""The zeros of a text that fits into memory cannot compensate for an exponent of more digits."""


def is_kept(decimal: bytes) -> bool:
    """Tell whether the decimal, with a lower-case `e`, equals the shortest text of the float it is read as."""
    mantissa, _, exponent = decimal.partition(b"e")
    if len(mantissa) <= _USUAL_MANTISSA and len(exponent) <= _USUAL_EXPONENT:
        return Decimal(decimal.decode()) == Decimal(repr(float(decimal)))
    return _is_kept_of_any_length(mantissa.removeprefix(b"-"), exponent)


def _is_kept_of_any_length(mantissa: bytes, exponent: bytes) -> bool:
    """Decide the same in little more time than reading the number takes: a handful of digits decides, often none."""
    whole, _, fraction = mantissa.partition(b".")
    digits = whole + fraction
    other_than_zero = digits.translate(None, b"0")
    if not other_than_zero:
        return True
    first, last = digits.index(other_than_zero[:1]), digits.rindex(other_than_zero[-1:])
    power = exponent.lstrip(b"+-0")
    if last - first >= _SHORTEST_DIGITS or len(power) > _POWER_DIGITS:
        return False
    sign = -1 if exponent.startswith(b"-") else 1
    scale = sign * int(power or b"0") + len(whole) - last - 1
    return abs(scale) < 1000 and is_kept(digits[first : last + 1] + b"e%d" % scale)
