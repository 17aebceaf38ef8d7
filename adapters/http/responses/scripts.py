"""Scripts and versions as the shapes of the wire. Links begin with the path prefix `root`; hints are in `language`."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from adapters.http.language import Language
from adapters.http.problems.messages import hint_text
from adapters.http.wire.schemas.activity import ScriptActivity
from adapters.http.wire.schemas.scripts import Limits, Retention, Script, SourceWarning, Version
from domain.aliases import AliasName
from domain.limits import Limits as RunLimits
from domain.retention import to_days
from domain.script import Script as HostedScript
from domain.versions import ScriptVersion, VersionSummary
from domain.warnings import SourceWarning as KnownSourceWarning

NO_ALIASES: Final[Mapping[AliasName, int]] = {}
"""Those of a script that is new."""


def script_href(root: str, script_id: UUID) -> str:
    """Build the path of a script."""
    return f"{root}/v1/scripts/{script_id}"


def version_href(root: str, version: ScriptVersion | VersionSummary) -> str:
    """Build the path of a version."""
    return f"{script_href(root, version.script_id)}/versions/{version.number}"


def script(hosted: HostedScript, activity: ScriptActivity | None = None) -> Script:
    """Represent a script, in lists that show it with its activity."""
    return Script(
        id=hosted.id,
        name=hosted.name.value,
        description=hosted.description.value,
        latest_version=hosted.latest_version,
        engine=hosted.engine,
        created_at=hosted.created_at,
        archived_at=hosted.archived_at,
        retention=Retention(**to_days(hosted.retention)),
        aliases={name.value: number for name, number in hosted.aliases.items()},
        activity=activity,
    )


def version(
    hosted: ScriptVersion | VersionSummary, root: str, language: Language, aliases: Mapping[AliasName, int] = NO_ALIASES
) -> Version:
    """Represent a version; its source has a path of its own. `aliases` are its script's."""
    digest = hosted.source.digest if isinstance(hosted, ScriptVersion) else hosted.digest
    return Version(
        script_id=hosted.script_id,
        number=hosted.number,
        sha256=digest.sha256,
        size_bytes=digest.size_bytes,
        engine=hosted.engine,
        limits=limits(hosted.limits),
        created_at=hosted.created_at,
        source=f"{version_href(root, hosted)}/source",
        warnings=tuple(source_warning(one, language) for one in hosted.warnings),
        aliases=tuple(sorted(name.value for name, number in aliases.items() if number == hosted.number)),
        note=hosted.note.value,
        created_by=hosted.created_by,
    )


def limits(bounds: RunLimits) -> Limits:
    """Represent the limits of a run."""
    return Limits(
        wall_ms=bounds.wall_ms,
        memory_bytes=bounds.memory_bytes,
        result_bytes=bounds.result_bytes,
        log_bytes=bounds.log_bytes,
    )


def source_warning(one: KnownSourceWarning, language: Language) -> SourceWarning:
    """Represent a warning about a source."""
    return SourceWarning(
        kind=one.kind,
        detail=one.detail,
        line=one.line,
        column=one.column,
        code=None if one.hint is None else one.hint.code,
        hint=hint_text(one.hint, language),
    )
