"""Scripts and their versions: names, sources, revisions and archiving.

A script is a name with a history; a version is an immutable source with the engine that runs it and the limits of its
runs. The source is JavaScript text that must define `process(data)`; the sandbox checks this, never this module.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from domain.aliases import AliasName
from domain.body import Digest, digest
from domain.engine import EngineName
from domain.limits import MIB, Limits
from domain.retention import INHERIT_ALL, Retention
from domain.warnings import SourceWarning

MAX_NAME_CHARACTERS: Final = 63
NAME_PATTERN: Final = rf"[a-z0-9][a-z0-9-]{{0,{MAX_NAME_CHARACTERS - 1}}}"
MAX_SOURCE_BYTES: Final = 1 * MIB
MAX_DESCRIPTION_CHARACTERS: Final = 2_000

_UUID_SHAPED: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")


@frozen
class ScriptName:
    """A slug. Build it with `script_name`."""

    value: str


@frozen
class Description:
    """Free text about a script, possibly empty. Build it with `description`."""

    value: str


@frozen
class Source:
    """JavaScript source, byte for byte as sent, in valid UTF-8. Build it with `source`."""

    data: bytes = field(repr=False)
    digest: Digest


@frozen
class Script:
    """A hosted script. `latest_version` is the number of its newest version, from 1, and `engine` is that version's;
    `retention` is its own. `aliases` lead to versions by their numbers."""

    id: UUID
    name: ScriptName
    description: Description
    latest_version: int
    engine: str
    created_at: datetime
    archived_at: datetime | None = None
    retention: Retention = INHERIT_ALL
    aliases: Mapping[AliasName, int] = field(factory=dict, hash=False)


@frozen
class ScriptHead:
    """The part of a script that decides whether it takes an execution, and of which version."""

    id: UUID
    name: ScriptName
    latest_version: int
    archived_at: datetime | None
    aliases: Mapping[AliasName, int] = field(factory=dict, hash=False)


@frozen
class ScriptVersion:
    """An immutable source of a script, with engine and limits of its runs. `warnings` are about the source.

    The engine is an `EngineName`, or a name that a later release adds.
    """

    script_id: UUID
    number: int
    source: Source
    engine: str
    limits: Limits
    created_at: datetime
    warnings: tuple[SourceWarning, ...] = ()


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


@frozen
class VersionRequest:
    """A version as its author wants it: `named_engine` is None where that is left to the service's default."""

    source: Source
    limits: Limits
    named_engine: EngineName | None
    default_engine: EngineName

    @property
    def engine(self) -> EngineName:
        """The engine of the version if it becomes a new one."""
        return self.default_engine if self.named_engine is None else self.named_engine

    def is_met_by(self, version: ScriptVersion) -> bool:
        """Tell whether the version equals the request. A request that names no engine accepts the version's own."""
        return (version.source.digest, version.limits) == (self.source.digest, self.limits) and self.named_engine in (
            None,
            version.engine,
        )


def head_of(script: Script) -> ScriptHead:
    """Drop all of a script that no execution depends on."""
    return ScriptHead(script.id, script.name, script.latest_version, script.archived_at, script.aliases)


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
    )


@frozen
class InvalidName:
    """The name is not a slug, or looks like a UUID."""

    name: str


@frozen
class InvalidDescription:
    """The description is too long, or contains a character that text columns reject (NUL, a lone surrogate)."""

    at: int


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
class ScriptArchived:
    """The script accepts no new versions and no new executions."""

    name: ScriptName


InvalidSource: TypeAlias = EmptySource | SourceTooLarge | SourceNotUtf8


@frozen
class Unchanged:
    """The revision is identical to the latest version."""

    version: ScriptVersion
    script: Script


@frozen
class Revised:
    """The script has a new latest version."""

    script: Script
    version: ScriptVersion


Revision: TypeAlias = Unchanged | Revised


def script_name(text: str) -> Result[ScriptName, InvalidName]:
    """Parse a name: a slug of 1 to 63 characters that cannot be mistaken for an id."""
    if re.fullmatch(NAME_PATTERN, text) and not _UUID_SHAPED.fullmatch(text):
        return Success(ScriptName(text))
    return Failure(InvalidName(text))


def description(text: str) -> Result[Description, InvalidDescription]:
    """Parse a description of at most `MAX_DESCRIPTION_CHARACTERS` that any store accepts."""
    for at, character in enumerate(text):
        if at == MAX_DESCRIPTION_CHARACTERS or character == "\0" or "\ud800" <= character <= "\udfff":
            return Failure(InvalidDescription(at))
    return Success(Description(text))


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


def register(
    script_id: UUID,
    name: ScriptName,
    about: Description,
    first: VersionRequest,
    warnings: tuple[SourceWarning, ...],
    at: datetime,
) -> tuple[Script, ScriptVersion]:
    """Create a script and its version 1; the warnings are about its source."""
    script = Script(id=script_id, name=name, description=about, latest_version=1, engine=first.engine, created_at=at)
    return script, _version(script, first, warnings, at)


def revise(
    script: Script,
    latest: ScriptVersion,
    wanted: VersionRequest,
    warnings: tuple[SourceWarning, ...],
    at: datetime,
) -> Result[Revision, ScriptArchived]:
    """Create the next version, or return the latest one if source, limits and a named engine are unchanged."""
    if script.archived_at is not None:
        return Failure(ScriptArchived(script.name))
    if wanted.is_met_by(latest):
        return Success(Unchanged(latest, script))
    revised = evolve(script, latest_version=latest.number + 1, engine=wanted.engine)
    return Success(Revised(script=revised, version=_version(revised, wanted, warnings, at)))


def _version(
    script: Script, wanted: VersionRequest, warnings: tuple[SourceWarning, ...], at: datetime
) -> ScriptVersion:
    return ScriptVersion(
        script_id=script.id,
        number=script.latest_version,
        source=wanted.source,
        engine=wanted.engine,
        limits=wanted.limits,
        created_at=at,
        warnings=warnings,
    )


def archive(script: Script, at: datetime) -> Script:
    """Close a script to new versions and executions; archiving it again keeps the first time."""
    return script if script.archived_at is not None else evolve(script, archived_at=max(at, script.created_at))


def unarchive(script: Script) -> Script:
    """Reopen an archived script."""
    return evolve(script, archived_at=None)
