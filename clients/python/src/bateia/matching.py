"""The match of an outcome with the expected one of a test, as the service decides it (docs/lifecycle.md#matching).

Numbers are compared as they are written, with all digits, so values are read with `exact_json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_UP, Context, Decimal
from enum import Enum
from typing import Any

_EXACT = Context(prec=700, rounding=ROUND_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Holds the difference of any two floats of 64 bits without rounding."""


class Absent(Enum):
    """The value of a member that is not there, which is not null."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Tolerance:
    """Numbers that differ by at most `absolute`, or by at most `relative` times the larger one, are equal."""

    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)


@dataclass(frozen=True)
class Mismatch:
    """The expected and the actual value at a place; one of them may be absent."""

    pointer: str
    expected: Any
    actual: Any


def exact_json(text: bytes | str) -> Any:
    """Parse JSON with all digits of its numbers. Raises `ValueError`, also for NaN."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def exact_text(value: Any) -> str:
    """Write JSON with all digits of its numbers."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return f"{{{','.join(f'{exact_text(name)}:{exact_text(member)}' for name, member in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(exact_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def tolerance_of(expected: Mapping[str, Any]) -> Tolerance:
    """Read the tolerance of an expectation."""
    given = expected.get("tolerance") or {}
    return Tolerance(*(Decimal(given.get(name) or 0) for name in ("absolute", "relative")))


def mismatches(expected: Any, actual: Any, within: Tolerance, is_subset: bool, at: str = "") -> Iterator[Mismatch]:
    """Yield the mismatches; none if the values match."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in _names(expected, actual, is_subset):
            place = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            yield from mismatches(expected.get(name, ABSENT), actual.get(name, ABSENT), within, is_subset, place)
    elif isinstance(expected, list) and isinstance(actual, list) and is_subset and len(expected) != len(actual):
        yield from _first_unmatched(expected, actual, within, at)
    elif isinstance(expected, list) and isinstance(actual, list):
        for number in range(max(len(expected), len(actual))):
            pair = (_element(expected, number), _element(actual, number))
            yield from mismatches(*pair, within, is_subset, f"{at}/{number}")
    elif not are_equal(expected, actual, within):
        yield Mismatch(at, expected, actual)


def _first_unmatched(expected: list[Any], actual: list[Any], within: Tolerance, at: str) -> Iterator[Mismatch]:
    rest = iter(actual)
    for number, wanted in enumerate(expected):
        if not any(_contains(one, wanted, within) for one in rest):
            yield Mismatch(f"{at}/{number}", wanted, ABSENT)
            return


def are_equal(one: Any, other: Any, within: Tolerance) -> bool:
    """Tell whether two values are equal. A number is equal to another one within the tolerance."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(are_equal(one[name], other[name], within) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(are_equal, one, other, [within] * len(one)))
    if _is_number(one) and _is_number(other):
        return _are_close(one, other, within)
    return type(one) is type(other) and bool(one == other)


def _names(expected: dict[str, Any], actual: dict[str, Any], is_subset: bool) -> list[str]:
    return list(expected) if is_subset else [*expected, *(name for name in actual if name not in expected)]


def _element(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else ABSENT


def _contains(actual: Any, expected: Any, within: Tolerance) -> bool:
    """Tell whether the expected value is a subset of the actual one."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(_contains(actual.get(name, ABSENT), value, within) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        rest = iter(actual)
        return all(any(_contains(one, wanted, within) for one in rest) for wanted in expected)
    return are_equal(expected, actual, within)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _are_close(one: int | Decimal, other: int | Decimal, within: Tolerance) -> bool:
    if one == other:
        return True
    apart = _EXACT.abs(_EXACT.subtract(Decimal(one), Decimal(other)))
    larger = max(Decimal(one).copy_abs(), Decimal(other).copy_abs())
    return apart <= within.absolute or apart <= _EXACT.multiply(within.relative, larger)
