"""Datasets as bodies: JSON values, files, iterators of records, and data frames."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bateia.bodies import BytesBody, SizedBody
from bateia.errors import InvalidDataset
from bateia.frames import frame_rows
from bateia.json_values import encoded
from bateia.spool import FileBody, pieces_of, spooled

JSON = "application/json"
NDJSON = "application/x-ndjson"
LINES = frozenset({".ndjson", ".jsonl", ".jsonlines"})
_CODINGS = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True)
class Payload:
    """A body with its media type and content coding."""

    body: SizedBody
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
