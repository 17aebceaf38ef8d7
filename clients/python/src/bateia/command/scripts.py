"""Commands for scripts: descriptions, archive, retention, aliases and gates."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from bateia import hosting
from bateia.command.arguments import Flag, Limit, Script, Yes, confirm, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All
from bateia.command.showing import show_document, show_items
from bateia.hosting import path_of
from bateia.requesting import change, pages, read

Alias = Annotated[str, Parameter(help="Name of the alias.")]
Days = int | Literal["forever"]


def list_scripts(
    *,
    activity: Annotated[
        Literal["1h", "24h", "7d", "30d"] | None, Parameter(help="Count the executions of a period, too.")
    ] = None,
    limit: Limit = 100,
    common: All = DEFAULTS,
) -> int:
    """List scripts, the newest first, with the archived ones."""
    items = common.do(pages("/v1/scripts", limit, {"activity": activity} if activity else None))
    columns = ("name", "latest_version", "aliases", "archived_at", "description")
    show_items(common, items, *columns, *(["activity"] if activity else []))
    return Exit.OK


def show_script(script: Script, /, *, common: All = DEFAULTS) -> int:
    """Show a script."""
    show_document(common, common.do(hosting.read_script(script)))
    return Exit.OK


def describe(script: Script, description: str, /, *, common: All = DEFAULTS) -> int:
    """Change the description of a script.

    Parameters
    ----------
    description
        New description; may be empty.
    """
    show_document(common, common.do(hosting.describe(script, description)))
    return Exit.OK


def archive(script: Script, /, *, common: All = DEFAULTS) -> int:
    """Archive a script: it stays with all that has run, and runs no more."""
    found = common.do(change("POST", path_of(script, "archive"), repeatable=True))
    common.output.value(found, lambda: common.output.line(f"archived {script}"))
    return Exit.OK


def unarchive(script: Script, /, *, common: All = DEFAULTS) -> int:
    """Take a script out of the archive."""
    found = common.do(change("POST", path_of(script, "unarchive"), repeatable=True))
    common.output.value(found, lambda: common.output.line(f"{script} runs again"))
    return Exit.OK


def retention(
    script: Script,
    /,
    *,
    content_days: Days | None = None,
    rows_days: Days | None = None,
    inherit: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Show for how long the executions of a script are stored, or set it. A setting that is not named is inherited.

    Parameters
    ----------
    content_days
        Days for datasets and results, or "forever".
    rows_days
        Days for the records, or "forever".
    inherit
        Inherit both from the service.
    """
    if inherit or content_days is not None or rows_days is not None:
        wanted = {"content_days": content_days, "rows_days": rows_days}
        found = common.do(hosting.set_retention(script, wanted))
    else:
        found = common.do(hosting.read_script(script))
    show_document(common, found["retention"])
    return Exit.OK


def list_aliases(script: Script, /, *, common: All = DEFAULTS) -> int:
    """List the aliases of a script."""
    show_items(common, common.do(read(path_of(script, "aliases")))["items"], "name", "version", "revision", "moved_at")
    return Exit.OK


def show_alias(script: Script, alias: Alias, /, *, common: All = DEFAULTS) -> int:
    """Show an alias."""
    show_document(common, common.do(read(path_of(script, "aliases", alias))))
    return Exit.OK


def history(script: Script, alias: Alias, /, *, limit: Limit = 50, common: All = DEFAULTS) -> int:
    """List the moves of an alias, the newest first."""
    items = common.do(pages(path_of(script, "aliases", alias, "history"), limit))
    show_items(common, items, "at", "from_version", "to_version", "reason", "by", "note")
    return Exit.OK


def remove_alias(script: Script, alias: Alias, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Remove an alias: what follows it is refused, or follows the latest version if it is live."""
    confirm(common, f"Remove the alias {alias} of {script}?", yes)
    common.do(change("DELETE", path_of(script, "aliases", alias)))
    common.output.value({"alias": alias, "removed": True}, lambda: common.output.line(f"removed {alias}"))
    return Exit.OK


def show_gate(script: Script, /, *, common: All = DEFAULTS) -> int:
    """Show the gate of a script: what a version needs before an alias may point to it."""
    show_document(common, common.do(hosting.read_gate(script)))
    return Exit.OK


def set_gate(
    script: Script,
    /,
    *,
    aliases: str = "live",
    tests: bool = True,
    replay: int | None = None,
    common: All = DEFAULTS,
) -> int:
    """Set the gate of a script, in place of the former one.

    Parameters
    ----------
    aliases
        Guarded aliases, separated by commas.
    tests
        All tests must have passed.
    replay
        Number of last executions that a replay must have compared, without differences that nobody accepted.
    """
    wanted = {"aliases": listed(aliases), "tests": tests, "replay": {"last": replay} if replay else None}
    show_document(common, common.do(hosting.set_gate(script, wanted)))
    return Exit.OK


def remove_gate(script: Script, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Remove the gate of a script: every version may be promoted."""
    confirm(common, f"Remove the gate of {script}?", yes)
    common.do(change("DELETE", path_of(script, "gate")))
    common.output.value(
        {"script": script, "removed": True}, lambda: common.output.line(f"removed the gate of {script}")
    )
    return Exit.OK
