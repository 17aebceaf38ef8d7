"""The state and the limits of a service as values."""

from __future__ import annotations

from dataclasses import dataclass

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Queue(Record):
    """The queue of executions. `reason` is why one waits, if it is known."""

    waiting: int
    running: int
    oldest_wait_seconds: float | None
    reason: str | None
    scripts: tuple[Document, ...]


@dataclass(frozen=True)
class ServiceLimits(Record):
    """The limits of a service: `runs` and `partition_bytes` have defaults, too."""

    dataset_bytes: int
    batch_lines: int
    source_bytes: int
    partition_bytes: Document
    runs: Document
    verified_rows: int
    engines: tuple[str, ...]
    default_engine: str


@dataclass(frozen=True)
class Readiness(Record):
    """The readiness of a service; `checks` has each of its parts."""

    ready: bool
    trouble: str | None
    needs_key: bool | None
    workers: int
    checks: Document


@dataclass(frozen=True)
class Status(Record):
    """The state of a service, for those who operate it."""

    version: str
    postgres_version: str
    schema_level: int
    started_at: str
    at: str
    workers: tuple[Document, ...]
    queue: Document
    jobs_unfinished: int
    storage: Document
    disks: tuple[Document, ...]
    expiring_keys: tuple[Document, ...]
    last_backup: Document | None
