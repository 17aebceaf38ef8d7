"""Conversion of scripts' and versions' rows to domain values. Rows were validated before they were stored."""

from typing import Final

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import JsonColumn
from adapters.postgres.warnings import source_warnings_from
from domain.aliases import AliasName
from domain.body import Digest
from domain.limits import Limits
from domain.notes import Note
from domain.retention import MOST_DAYS, Days, Forever, ScriptRetention, retention, to_days
from domain.script import Description, Script, ScriptName
from domain.versions import ScriptVersion, Source, VersionSummary

_LIMIT_COLUMNS: Final = {
    "wall_ms": "wall_limit_ms",
    "memory_bytes": "memory_limit_bytes",
    "result_bytes": "result_limit_bytes",
    "log_bytes": "log_limit_bytes",
}
LIMITS: Final = JsonColumn(Limits, *_LIMIT_COLUMNS)


def script_from(row: Row) -> Script:
    """Convert a row with its latest version's number and its aliases to a script."""
    return Script(
        id=row["id"],
        name=ScriptName(row["name"]),
        description=Description(row["description"]),
        latest_version=row["latest_version"],
        engine=row["engine"],
        created_at=row["created_at"],
        archived_at=row["archived_at"],
        retention=retention(_days(row, "content"), _days(row, "rows")).unwrap(),
        aliases={AliasName(name): number for name, number in (row["aliases"] or {}).items()},
    )


def _days(row: Row, part: str) -> Days:
    return Forever.FOREVER if row[f"retain_{part}_forever"] else row[f"retain_{part}_days"]


def retention_columns(own: ScriptRetention) -> dict[str, object]:
    """Convert a script's retention to the parameters of `set_retention`. For ever has the most days, too."""
    columns: dict[str, object] = {}
    for name, days in to_days(own).items():
        is_forever = days is Forever.FOREVER
        columns[name] = MOST_DAYS if is_forever else days
        columns[name.replace("_days", "_forever")] = is_forever
    return columns


def version_from(row: Row) -> ScriptVersion:
    """Convert a row to a script version."""
    return ScriptVersion(
        script_id=row["script_id"],
        number=row["number"],
        source=source_from(row["source"], row["sha256"]),
        engine=row["engine"],
        limits=limits_from(row),
        created_at=row["created_at"],
        warnings=source_warnings_from(row["warnings"]),
        note=Note(row["note"]),
        created_by=row["created_by"],
    )


def summary_from(row: Row) -> VersionSummary:
    """Convert a row to a script version without its source."""
    return VersionSummary(
        script_id=row["script_id"],
        number=row["number"],
        digest=Digest(sha256=row["sha256"].hex(), size_bytes=row["size_bytes"]),
        engine=row["engine"],
        limits=limits_from(row),
        created_at=row["created_at"],
        warnings=source_warnings_from(row["warnings"]),
        note=Note(row["note"]),
        created_by=row["created_by"],
    )


def source_from(data: bytes, sha256: bytes) -> Source:
    """Build a source that was validated before it was stored."""
    return Source(data=data, digest=Digest(sha256=sha256.hex(), size_bytes=len(data)))


def limits_from(row: Row) -> Limits:
    """Read the limits from the row of a version or of its execution."""
    limits = {limit: row[column] for limit, column in _LIMIT_COLUMNS.items()}
    return Limits(**limits, **LIMITS.load(row["limits"]))
