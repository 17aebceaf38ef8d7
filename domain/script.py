"""Scripts: names, descriptions, revisions and archiving.

A script is a name with a history of versions, which are in `domain.versions`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from domain.aliases import AliasName
from domain.retention import INHERIT_ALL, ScriptRetention
from domain.text_limits import invalid_at
from domain.versions import ScriptVersion, VersionRequest
from domain.warnings import SourceWarning

MAX_NAME_CHARACTERS: Final = 63
NAME_PATTERN: Final = rf"[a-z0-9][a-z0-9-]{{0,{MAX_NAME_CHARACTERS - 1}}}"
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
    retention: ScriptRetention = INHERIT_ALL
    aliases: Mapping[AliasName, int] = field(factory=dict, hash=False)


@frozen
class ScriptHead:
    """The part of a script that decides whether it takes an execution, and of which version."""

    id: UUID
    name: ScriptName
    latest_version: int
    archived_at: datetime | None
    aliases: Mapping[AliasName, int] = field(factory=dict, hash=False)


def head_of(script: Script) -> ScriptHead:
    """Drop all of a script that no execution depends on."""
    return ScriptHead(script.id, script.name, script.latest_version, script.archived_at, script.aliases)


@frozen
class InvalidName:
    """The name is not a slug, or looks like a UUID."""

    name: str


@frozen
class InvalidDescription:
    """The description is too long, or contains a character that text columns reject (NUL, a lone surrogate)."""

    at: int


@frozen
class ScriptArchived:
    """The script accepts no new versions and no new executions."""

    name: ScriptName


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
    at = invalid_at(text, MAX_DESCRIPTION_CHARACTERS)
    return Success(Description(text)) if at is None else Failure(InvalidDescription(at))


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
        note=wanted.note,
    )


def archive(script: Script, at: datetime) -> Script:
    """Close a script to new versions and executions; archiving it again keeps the first time."""
    return script if script.archived_at is not None else evolve(script, archived_at=max(at, script.created_at))


def unarchive(script: Script) -> Script:
    """Reopen an archived script."""
    return evolve(script, archived_at=None)
