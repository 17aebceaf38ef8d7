"""Versions of scripts: sources with their engines and limits, and notes about what they change.

A version is immutable. Its source is JavaScript text that must define `process(data)`; the sandbox checks this, never
this module.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.result import Failure, Result, Success

from domain.body import Digest, digest
from domain.engine import EngineName
from domain.limits import MIB, Limits
from domain.notes import NO_NOTE, Note
from domain.warnings import SourceWarning

MAX_SOURCE_BYTES: Final = 1 * MIB


@frozen
class Source:
    """JavaScript source, byte for byte as sent, in valid UTF-8. Build it with `source`."""

    data: bytes = field(repr=False)
    digest: Digest


@frozen
class ScriptVersion:
    """An immutable source of a script, with engine and limits of its runs. `warnings` are about the source.

    The engine is an `EngineName`, or a name that a later release adds. `created_by` is the name of the API key that
    created the version, as the store adds it: None if no key was needed, or an earlier release stored the version.
    """

    script_id: UUID
    number: int
    source: Source
    engine: str
    limits: Limits
    created_at: datetime
    warnings: tuple[SourceWarning, ...] = ()
    note: Note = NO_NOTE
    created_by: str | None = None


@frozen
class VersionSummary:
    """A version with its source's digest instead of the source, so that lists stay small."""

    script_id: UUID
    number: int
    digest: Digest
    engine: str
    limits: Limits
    created_at: datetime
    warnings: tuple[SourceWarning, ...] = ()
    note: Note = NO_NOTE
    created_by: str | None = None


@frozen
class VersionRequest:
    """A version as its author wants it: `named_engine` is None where that is left to the service's default."""

    source: Source
    limits: Limits
    named_engine: EngineName | None
    default_engine: EngineName
    note: Note = NO_NOTE

    @property
    def engine(self) -> EngineName:
        """The engine of the version if it becomes a new one."""
        return self.default_engine if self.named_engine is None else self.named_engine

    def is_met_by(self, version: ScriptVersion) -> bool:
        """Tell whether the version equals the request, but for its note, which changes nothing that runs.

        A request that names no engine accepts the version's own.
        """
        return (version.source.digest, version.limits) == (self.source.digest, self.limits) and self.named_engine in (
            None,
            version.engine,
        )


@frozen
class EmptySource:
    """The source is empty or only white space."""


@frozen
class SourceTooLarge:
    """The source's UTF-8 form exceeds the limit."""

    size_bytes: int
    limit_bytes: int


@frozen
class SourceNotUtf8:
    """The bytes are not valid UTF-8 at offset `at`."""

    at: int


@frozen
class VersionEngineMissing:
    """The version's engine is not installed here, so no new version can have it; `installed` are those that can."""

    version: ScriptVersion
    installed: tuple[EngineName, ...]


InvalidSource: TypeAlias = EmptySource | SourceTooLarge | SourceNotUtf8


def source(data: bytes, limit_bytes: int = MAX_SOURCE_BYTES) -> Result[Source, InvalidSource]:
    """Parse a source: valid UTF-8, not blank, and at most `limit_bytes` long."""
    if len(data) > limit_bytes:
        return Failure(SourceTooLarge(size_bytes=len(data), limit_bytes=limit_bytes))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Failure(SourceNotUtf8(error.start))
    if not text.lstrip("\ufeff").strip():
        return Failure(EmptySource())
    return Success(Source(data=data, digest=digest(data)))


def summarize(version: ScriptVersion) -> VersionSummary:
    """Drop the source of a version."""
    return VersionSummary(
        script_id=version.script_id,
        number=version.number,
        digest=version.source.digest,
        engine=version.engine,
        limits=version.limits,
        created_at=version.created_at,
        warnings=version.warnings,
        note=version.note,
        created_by=version.created_by,
    )


def restoration(
    version: ScriptVersion, installed: Collection[EngineName], note: Note
) -> Result[VersionRequest, VersionEngineMissing]:
    """Request a version once more, with the same source, engine and limits, if its engine is still installed."""
    engines = {str(one): one for one in installed}
    if version.engine not in engines:
        return Failure(VersionEngineMissing(version, tuple(installed)))
    engine = engines[version.engine]
    return Success(VersionRequest(version.source, version.limits, engine, engine, note))
