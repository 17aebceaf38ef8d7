"""Scripts with their versions, tests, aliases and gates as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Script(Record):
    """A script. `aliases` has the version of each alias; `activity` is None unless a list was asked for it."""

    id: str
    name: str
    description: str
    latest_version: int
    engine: str
    created_at: str
    archived_at: str | None
    retention: Document
    aliases: Document
    activity: Document | None


@dataclass(frozen=True)
class Version(Record):
    """A version of a script. `source` is the path of its source; `usage` is None unless a list was asked for it."""

    script_id: str
    number: int
    source: str
    sha256: str
    size_bytes: int
    engine: str
    limits: Document
    created_at: str
    created_by: str | None
    note: str
    warnings: tuple[Document, ...]
    aliases: tuple[str, ...]
    usage: Document | None


@dataclass(frozen=True)
class ScriptTest(Record):
    """A test. `dataset` is None in a list, which has no datasets."""

    script_id: str
    name: str
    created_at: str
    created_by: str | None
    from_execution: str | None
    dataset_bytes: int
    dataset_sha256: str
    clock: str
    seed: str
    expected: Document
    dataset: object = field(repr=False)


@dataclass(frozen=True)
class CheckReport(Record):
    """The outcomes of all tests on a version."""

    version: int
    passed: bool
    counts: Document
    tests: tuple[Document, ...]


@dataclass(frozen=True)
class TestStandings(Record):
    """The latest outcome of each test on a version; `passed` of one that has not run is None."""

    version: int
    tests: tuple[Document, ...]


@dataclass(frozen=True)
class Alias(Record):
    """An alias, and the version that it points to."""

    script_id: str
    name: str
    version: int
    revision: int
    moved_at: str


@dataclass(frozen=True)
class Move(Record):
    """A move of an alias. `to_version` is None if it was removed."""

    from_version: int | None
    to_version: int | None
    reason: str
    note: str
    at: str
    by: str | None


@dataclass(frozen=True)
class Gate(Record):
    """The requirements of a version before one of these aliases may point to it."""

    aliases: tuple[str, ...]
    tests: bool
    replay: Document | None


@dataclass(frozen=True)
class GateReport(Record):
    """The verdict of the gate on a version, with the reasons if it does not pass."""

    version: int
    passes: bool
    reasons: tuple[Document, ...]
