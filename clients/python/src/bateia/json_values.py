"""JSON texts of Python's values, and messages with the place of a value that JSON does not have.

NaN is an error, and so is infinity: JSON has neither, and nothing says what they stand for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from bateia.errors import InvalidDataset


def encoded(value: Any, place: tuple[Any, ...] = ()) -> str:
    """Encode a JSON value. Dates become ISO 8601. Raises `InvalidDataset` with the place of what JSON lacks."""
    try:
        return _ENCODER.encode(value)
    except RecursionError:
        raise InvalidDataset(f"{_named(place)} is nested too deeply, or within itself") from None
    except (TypeError, ValueError) as error:
        raise InvalidDataset(_explained(value, place, error)) from None


def _plain(value: Any) -> Any:
    """Convert a value of a type that JSON does not have."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return _exact_float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if type(value).__name__ == "datetime64":
        return str(value)
    if callable(to_list := getattr(value, "tolist", None)):  # scalars and arrays of numpy
        return to_list()
    raise TypeError(f"{type(value).__name__} is not a type of JSON")


_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _exact_float(value: Decimal) -> float | int:
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError(f"{value} has more digits than a number of JavaScript holds; send it as text")
    return number


def iso_duration(value: timedelta) -> str:
    """Format a duration as ISO 8601, in days and seconds."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    seconds = Decimal(value.seconds) + Decimal(value.microseconds) / 1_000_000
    return f"{sign}P{value.days}DT{seconds.normalize():f}S"


def _explained(value: Any, place: tuple[Any, ...], error: Exception) -> str:
    try:
        found = _first_invalid(value, place)
    except RecursionError:
        found = None
    if found is None:
        return f"{_named(place)} cannot be written as JSON: {error}"
    path, wrong = found
    if isinstance(wrong, float):
        return f"{_named(path)} is {wrong}, which JSON does not have: replace it, for instance with None"
    return f"{_named(path)} is of type {type(wrong).__name__}, which JSON does not have ({error}): convert it"


def _first_invalid(value: Any, path: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any] | None:
    if isinstance(value, (dict, list, tuple)):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        found = (_first_invalid(member, (*path, name)) for name, member in members)
        return next((one for one in found if one is not None), None)
    try:
        json.dumps(value, allow_nan=False, default=_plain)
    except (TypeError, ValueError):
        return path, value
    return None


def _named(path: tuple[Any, ...]) -> str:
    if path and isinstance(path[0], int):
        rest = path[1:]
        column = f", column {rest[0]!r}" if rest and isinstance(rest[0], str) else ""
        return f"row {path[0] + 1}{column}" + "".join(f"[{step!r}]" for step in rest[bool(column) :])
    return "the dataset" + "".join(f"[{step!r}]" for step in path)
