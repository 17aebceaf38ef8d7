"""Bodies of the service as files, each in whole or not at all: results as JSON, NDJSON or CSV, others as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bateia import operations
from bateia.command.exits import Unusable
from bateia.command.options import Options
from bateia.datasets import NDJSON
from bateia.documents import Execution
from bateia.matching import exact_json, exact_text
from bateia.problems import NotAcceptable
from bateia.results import Result
from bateia.spool import PIECE_BYTES
from bateia.texts import say
from bateia.whole_files import write_whole

FORMATS = (".json", ".ndjson", ".jsonl", ".csv")


def format_of(path: Path) -> str:
    """Return the format that a file's name asks for. Raises `Unusable`."""
    if path.suffix not in FORMATS:
        raise Unusable(say("{path} must end in .json, .ndjson or .csv, which is the format of the file", path=path))
    return ".ndjson" if path.suffix == ".jsonl" else path.suffix


def save_result(common: Options, execution: Execution, path: Path) -> None:
    """Save the result of an execution in the format of the file's name."""
    form = format_of(path)
    received = received_result(common, execution, None if form == ".json" else NDJSON)
    write_whole(path, _csv_pieces(received) if form == ".csv" else pieces(received))


def received_result(common: Options, execution: Execution, accept: str | None = None) -> Result:
    """Receive a result into a temporary file."""
    with common.output.work(say("receiving the result")):
        try:
            return common.do(operations.result(execution, accept))
        except NotAcceptable:
            raise Unusable(say("the result is no array, so it has no lines: save it as .json")) from None


def save_or_print_body(common: Options, received: Result, file: Path | None) -> None:
    """Save a body that was received, or print it."""
    if file is None:
        print(received.text().decode())
        return
    write_whole(file, pieces(received))
    common.output.note(say("saved {file}", file=file))


def pieces(received: Result) -> Iterator[bytes]:
    """Yield what was received."""
    received.file.seek(0)
    while piece := received.file.read(PIECE_BYTES):
        yield piece


def _rows(received: Result) -> Iterator[Any]:
    """Yield the records, with the digits of their numbers as they are written."""
    received.file.seek(0)
    for line in received.file:
        record = exact_json(line)
        if not isinstance(record, dict):
            raise Unusable(say("the result is no array of objects, so it has no columns: save it as .json"))
        yield record


def _csv_pieces(received: Result) -> Iterator[bytes]:
    """Yield the lines of a CSV (RFC 4180): first, all columns that any record has."""
    columns = list(dict.fromkeys(name for record in _rows(received) for name in record))
    yield _csv_line(columns)
    for record in _rows(received):
        yield _csv_line(_csv_cell(record.get(name)) for name in columns)


def _csv_cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else exact_text(value)


def _csv_line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
