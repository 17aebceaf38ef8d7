"""Stores, their objects, and uploads as values."""

from __future__ import annotations

from dataclasses import dataclass

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Store(Record):
    """A store. `operations` are those that the caller may do in it; `resumable` is whether uploads go in parts."""

    name: str
    operations: tuple[str, ...]
    resumable: bool
    scripts: tuple[str, ...]


@dataclass(frozen=True)
class ListedObject(Record):
    """An object as a list has it."""

    url: str
    path: str
    size_bytes: int
    etag: str
    modified_at: str


@dataclass(frozen=True)
class WrittenObject(Record):
    """An object as it was written. `sha256` is None if the response was lost, and a list showed the object."""

    url: str
    path: str
    size_bytes: int
    sha256: str | None
    etag: str


@dataclass(frozen=True)
class Upload(Record):
    """An upload in parts, of which `offset` bytes have come."""

    id: str
    url: str
    size_bytes: int
    offset: int
    links: Document
