"""JSON values: their order, and their equality within a tolerance.

Numbers are exact: `int`, or `Decimal` for those with a fraction or an exponent. No function recurses, since a value may
be nested as deeply as its parser allows.
"""

from collections.abc import Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_UP, Context, Decimal
from enum import Enum
from typing import Final, TypeAlias, TypeGuard

from attrs import frozen
from returns.result import Failure, Result, Success

JsonValue: TypeAlias = "bool | int | Decimal | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

EXACT: Final = Context(prec=700, rounding=ROUND_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Holds the sum and the product of any two 64-bit floats without rounding.

Differences of longer numbers are rounded up, and so are the bounds that they are compared with: a difference that is
within its tolerance stays within it.
"""


class Absent(Enum):
    """The value of a member that an object does not have, which is not null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Cell: TypeAlias = "JsonValue | Absent"


@frozen
class Tolerance:
    """Numbers whose difference is at most `absolute`, or at most `relative` times the larger magnitude, are equal.

    Build it with `tolerance`.
    """

    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)


EXACTLY: Final = Tolerance()


@frozen
class InvalidTolerance:
    """The member of a tolerance that is negative or not finite."""

    name: str
    value: Decimal


def tolerance(absolute: Decimal = Decimal(0), relative: Decimal = Decimal(0)) -> Result[Tolerance, InvalidTolerance]:
    """Validate a tolerance."""
    for name, value in (("absolute", absolute), ("relative", relative)):
        if not value.is_finite() or value < 0:
            return Failure(InvalidTolerance(name, value))
    return Success(Tolerance(absolute, relative))


def is_number(value: Cell) -> TypeGuard[int | Decimal]:
    """Tell whether a value is a number, which a boolean is not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def difference_of(one: int | Decimal, other: int | Decimal) -> Decimal:
    """Compute the magnitude of the difference of two numbers."""
    return EXACT.abs(EXACT.subtract(Decimal(one), Decimal(other)))


def magnitude_of(one: int | Decimal, other: int | Decimal) -> Decimal:
    """Return the larger magnitude of two numbers."""
    return max(Decimal(one).copy_abs(), Decimal(other).copy_abs())  # `abs` would round to the context of the thread


def are_equal(one: Cell, other: Cell, within: Tolerance = EXACTLY) -> bool:
    """Tell whether two values are equal. The order of an object's members does not matter."""
    pairs: list[tuple[Cell, Cell]] = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            if left.keys() != right.keys():
                return False
            pairs += [(left[name], right[name]) for name in left]
        elif is_array(left) and is_array(right):
            if len(left) != len(right):
                return False
            pairs += zip(left, right, strict=True)
        elif not _are_equal_scalars(left, right, within):
            return False
    return True


def is_scalar(value: Cell) -> bool:
    """Tell whether a value is neither an array nor an object."""
    return isinstance(value, _SCALARS)


_SCALARS: Final = (str, int, Decimal, type(None), Absent)


def is_array(value: Cell) -> TypeGuard[Sequence[JsonValue]]:
    """Tell whether a value is an array."""
    return isinstance(value, list | tuple)


def _are_equal_scalars(left: Cell, right: Cell, within: Tolerance) -> bool:
    if is_number(left) and is_number(right):
        return _are_close(left, right, within)
    return type(left) is type(right) and is_scalar(left) and left == right


def _are_close(left: int | Decimal, right: int | Decimal, within: Tolerance) -> bool:
    if left == right:
        return True
    apart = difference_of(left, right)
    return apart <= within.absolute or apart <= EXACT.multiply(within.relative, magnitude_of(left, right))
