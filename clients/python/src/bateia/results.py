"""Results: the JSON value, its records, or a data frame of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bateia.documents import Execution
from bateia.errors import BateiaError
from bateia.spool import TemporaryBytes
from bateia.whole_files import write_whole

if TYPE_CHECKING:
    import pandas
    import polars

_MEMORY_BYTES = 8 * 1024 * 1024


class NotRecords(BateiaError, TypeError):
    """The result is no array of objects, so it has no records."""


class Result:
    """The result of an execution. It is read into a temporary file, and into memory when it is asked for."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.file = TemporaryBytes(_MEMORY_BYTES)

    def __repr__(self) -> str:
        return f"Result(execution={self.execution.id!r})"

    def begin(self) -> None:
        """Discard what was received before."""
        self.file.seek(0)
        self.file.truncate()

    def write(self, piece: bytes) -> None:
        """Receive the next piece of the JSON text."""
        self.file.write(piece)

    def text(self) -> bytes:
        """Return the JSON text, as the service stores it."""
        self.file.seek(0)
        return self.file.read()

    def json(self) -> Any:
        """Parse the result."""
        return json.loads(self.text())

    def records(self) -> list[dict[str, Any]]:
        """Return the objects of an array. Raises `NotRecords` for other results."""
        value = self.json()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise NotRecords("the result is no array of objects: use json()")
        return value

    def to_pandas(self, dates: Sequence[str] = ()) -> pandas.DataFrame:
        """Make a frame of pandas. JSON has no dates: name the columns of `dates` to convert them from ISO 8601."""
        import pandas

        frame = pandas.DataFrame(self.records())
        for name in dates:
            frame[name] = pandas.to_datetime(frame[name], format="ISO8601")
        return frame

    def to_polars(self, dates: Sequence[str] = ()) -> polars.DataFrame:
        """Make a frame of polars. JSON has no dates: name the columns of `dates` to convert them from ISO 8601."""
        import polars

        frame = polars.DataFrame(self.records(), infer_schema_length=None)
        texts = [polars.col(name).cast(polars.String) for name in dates]
        return frame.with_columns([text.str.to_datetime(strict=True) for text in texts])

    def save(self, path: Path) -> None:
        """Write the JSON text to a file, which is there in whole or not at all."""
        self.file.seek(0)
        write_whole(path, iter(lambda: self.file.read(1024 * 1024), b""))


def lines_of(file: TemporaryBytes) -> Iterator[Any]:
    """Parse the lines of a file, one at a time."""
    file.seek(0)
    for line in file:  # the file lives as long as this generator does
        if line.strip():
            yield json.loads(line)
