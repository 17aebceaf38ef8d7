"""Rows of data frames of pandas and polars.

Frames need no import: a frame that a caller has is of a library that the caller has. Missing values of a frame (NaN,
NaT, NA, null) become null. Infinity is an error, as elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from bateia.errors import InvalidDataset
from bateia.json_values import encoded


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
