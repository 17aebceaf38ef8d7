"""Scripts: descriptions, archive and retention."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bateia import hosting
from bateia.documents import without_none
from bateia.exchange import Flow
from bateia.hosting import path_of
from bateia.listing import Listing, query_of
from bateia.requesting import change
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.script_records import Script

Period: TypeAlias = Literal["1h", "24h", "7d", "30d"]
Days: TypeAlias = int | Literal["forever"]
"""A time for which something is stored."""


def source_text(source: str | Path) -> str:
    """Return a source; a `pathlib.Path` is a file."""
    return source.read_text("utf-8") if isinstance(source, Path) else source


def list_scripts(activity: Period | None = None) -> Listing[Script]:
    """List the scripts, newest first, also the archived ones; perhaps with their executions in a period."""
    return Listing("/v1/scripts", Script.of, query_of(activity=activity))


def read_script(script: str) -> Flow[Script]:
    """Read a script."""
    return Script.from_flow(hosting.read_script(script))


def create_script(
    name: str,
    source: str | Path,
    *,
    description: str | None = None,
    engine: str | None = None,
    limits: Mapping[str, Any] | None = None,
    note: str | None = None,
) -> Flow[Script]:
    """Create a script with its first version. It is not sent twice."""
    more = without_none({"description": description, "engine": engine, "limits": limits, "note": note})
    return Script.from_flow(hosting.create_script(name, {"source": source_text(source), **more}))


def describe_script(script: str, description: str) -> Flow[Script]:
    """Change the description of a script."""
    return Script.from_flow(hosting.describe(script, description))


def archive_script(script: str) -> Flow[Script]:
    """Archive a script: it stays with all that has run, and runs no more."""
    return Script.from_flow(change("POST", path_of(script, "archive"), repeatable=True))


def unarchive_script(script: str) -> Flow[Script]:
    """Take a script out of the archive."""
    return Script.from_flow(change("POST", path_of(script, "unarchive"), repeatable=True))


def set_retention(script: str, *, content_days: Days | None = None, rows_days: Days | None = None) -> Flow[Script]:
    """Set for how many days, or for ever, datasets and results, and records, are stored; None is as in the service."""
    return Script.from_flow(hosting.set_retention(script, {"content_days": content_days, "rows_days": rows_days}))


class Scripts(Group[C]):
    """Scripts."""

    list = ItemsOf(list_scripts)
    get = Operation(read_script)
    create = Operation(create_script)
    describe = Operation(describe_script)
    archive = Operation(archive_script)
    unarchive = Operation(unarchive_script)
    set_retention = Operation(set_retention)
