"""Datasets as bodies: JSON values, files, iterators of records, and data frames.

Frames need no import: a frame that a caller has is of a library that the caller has. Missing values of a frame (NaN,
NaT, NA, null) become null. Elsewhere NaN is an error, and infinity is one everywhere: JSON has neither, and nothing
says what they stand for.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from bateia.errors import InvalidDataset
from bateia.exchange import Body, BytesBody
from bateia.spool import FileBody, pieces_of, spooled

JSON = "application/json"
NDJSON = "application/x-ndjson"
LINES = frozenset({".ndjson", ".jsonl", ".jsonlines"})
_CODINGS = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True)
class Payload:
    """A body with its media type and content coding."""

    body: Body
    media_type: str
    coding: str | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that describe the body."""
        return {"Content-Type": self.media_type, **({"Content-Encoding": self.coding} if self.coding else {})}


def dataset_payload(data: Any) -> Payload:
    """Encode a dataset. A `pathlib.Path` is a file; a text is a JSON value. Raises `InvalidDataset` or `OSError`."""
    if isinstance(data, os.PathLike):
        return _file(Path(data))
    if (rows := frame_rows(data)) is not None:
        return _records(rows)
    if isinstance(data, Iterator):
        return _records(_texts(data))
    body = spooled(_list_pieces(data) if isinstance(data, list) else [encoded(data).encode()])
    return Payload(body, JSON, body.coding)


def batch_payload(datasets: Iterable[Any], refs: Iterable[str] | None = None) -> Payload:
    """Encode many datasets as the lines of a batch, with an id of the caller's for each if there are `refs`."""
    return _lines(_batch_lines(datasets, refs))


def _batch_lines(datasets: Iterable[Any], refs: Iterable[str] | None) -> Iterator[str]:
    names = None if refs is None else iter(refs)
    for number, data in enumerate(datasets):
        rows = frame_rows(data)
        text = encoded(data, (number,)) if rows is None else f"[{','.join(rows)}]"
        ref = ""
        if names is not None:
            name = next(names, None)
            if name is None:
                raise InvalidDataset(f"there are fewer refs than datasets: number {number + 1} has none")
            ref = f'"ref":{json.dumps(name)},'
        yield f'{{{ref}"data":{text}}}'


def _file(path: Path) -> Payload:
    inner = path.with_suffix("") if path.suffix in _CODINGS else path
    media_type = NDJSON if inner.suffix in LINES else JSON
    if path.suffix in _CODINGS:
        coding = _CODINGS[path.suffix]
        return Payload(FileBody(path, path.stat().st_size, coding), media_type, coding)
    body = spooled(pieces_of(path))
    return Payload(body, media_type, body.coding)


def _records(texts: Iterable[str]) -> Payload:
    """Encode records as lines; none is the empty list, since a body without any line is no dataset."""
    payload = _lines(texts)
    return payload if payload.body.length else Payload(BytesBody(b"[]"), JSON)


def _lines(texts: Iterable[str]) -> Payload:
    body = spooled(f"{text}\n".encode() for text in texts)
    return Payload(body, NDJSON, body.coding)


def _texts(records: Iterable[Any]) -> Iterator[str]:
    return (encoded(record, (number,)) for number, record in enumerate(records))


def _list_pieces(values: list[Any]) -> Iterator[bytes]:
    opening = "["
    for text in _texts(values):
        yield f"{opening}{text}".encode()
        opening = ","
    yield b"]" if values else b"[]"


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


def frame_rows(data: Any) -> Iterator[str] | None:
    """Encode each row of a data frame of pandas or polars as an object; None for anything else.

    The index of pandas is not a column: `reset_index()` makes it one.
    """
    library, name = type(data).__module__.partition(".")[0], type(data).__name__
    if (library, name) == ("polars", "LazyFrame"):
        raise InvalidDataset("a LazyFrame has no rows yet: call collect() first")
    if name != "DataFrame" or library not in ("pandas", "polars"):
        return None
    columns = _columns(data.columns)
    rows = data.itertuples(index=False, name=None) if library == "pandas" else data.iter_rows()
    return _row_texts(columns, rows)


def _columns(names: Iterable[Any]) -> list[str]:
    columns = [str(name) for name in names]
    if repeated := sorted({name for name in columns if columns.count(name) > 1}):
        raise InvalidDataset(f"the frame has several columns named {repeated[0]!r}: rename them")
    return columns


def _row_texts(columns: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield encoded(dict(zip(columns, map(_cell, row), strict=True)), (number,))


def _cell(value: Any) -> Any:
    """Convert a cell of a frame: what is missing becomes null, within lists and structures too."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, dict):
        return {name: _cell(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cell(member) for member in value]
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if type(value).__name__ == "datetime64":
        return None if str(value) == "NaT" else str(value)
    to_list: Callable[[], Any] | None = getattr(value, "tolist", None) or getattr(value, "to_list", None)
    return _cell(to_list()) if callable(to_list) and not isinstance(value, datetime) else value


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
