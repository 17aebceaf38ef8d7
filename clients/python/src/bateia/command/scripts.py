"""Commands for scripts: descriptions, archive, retention, aliases and gates."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia import hosting
from bateia.command.arguments import Flag, Limit, Script, Yes, confirm, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All
from bateia.command.showing import show_document, show_items
from bateia.resources import aliases as aliases_api
from bateia.resources import scripts as api
from bateia.texts import say

Alias = Annotated[str, Parameter(help="Name of the alias.")]


def list_scripts(
    *,
    activity: Annotated[api.Period | None, Parameter(help="Count the executions of a period, too.")] = None,
    limit: Limit = 100,
    common: All = DEFAULTS,
) -> int:
    """List scripts, the newest first, with the archived ones."""
    items = common.first(api.list_scripts(activity), limit)
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
    found = common.do(api.archive_script(script))
    common.output.value(found.document, lambda: common.output.line(say("archived {script}", script=script)))
    return Exit.OK


def unarchive(script: Script, /, *, common: All = DEFAULTS) -> int:
    """Take a script out of the archive."""
    found = common.do(api.unarchive_script(script))
    common.output.value(found.document, lambda: common.output.line(say("{script} runs again", script=script)))
    return Exit.OK


def retention(
    script: Script,
    /,
    *,
    content_days: api.Days | None = None,
    rows_days: api.Days | None = None,
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
        found = common.do(api.set_retention(script, content_days=content_days, rows_days=rows_days)).document
    else:
        found = common.do(hosting.read_script(script))
    show_document(common, found["retention"])
    return Exit.OK


def list_aliases(script: Script, /, *, common: All = DEFAULTS) -> int:
    """List the aliases of a script."""
    items = (one.document for one in common.client.aliases.list(script))
    show_items(common, items, "name", "version", "revision", "moved_at")
    return Exit.OK


def show_alias(script: Script, alias: Alias, /, *, common: All = DEFAULTS) -> int:
    """Show an alias."""
    show_document(common, common.do(aliases_api.read_alias(script, alias)).document)
    return Exit.OK


def history(script: Script, alias: Alias, /, *, limit: Limit = 50, common: All = DEFAULTS) -> int:
    """List the moves of an alias, the newest first."""
    items = common.first(aliases_api.list_moves(script, alias), limit)
    show_items(common, items, "at", "from_version", "to_version", "reason", "by", "note")
    return Exit.OK


def remove_alias(script: Script, alias: Alias, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Remove an alias: what follows it is refused, or follows the latest version if it is live."""
    confirm(common, say("Remove the alias {alias} of {script}?", alias=alias, script=script), yes)
    common.do(aliases_api.remove_alias(script, alias))
    common.output.value(
        {"alias": alias, "removed": True}, lambda: common.output.line(say("removed {alias}", alias=alias))
    )
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
    gate = common.do(aliases_api.set_gate(script, listed(aliases), tests=tests, replay_last=replay or None))
    show_document(common, gate.document)
    return Exit.OK


def remove_gate(script: Script, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Remove the gate of a script: every version may be promoted."""
    confirm(common, say("Remove the gate of {script}?", script=script), yes)
    common.do(aliases_api.remove_gate(script))
    common.output.value(
        {"script": script, "removed": True},
        lambda: common.output.line(say("removed the gate of {script}", script=script)),
    )
    return Exit.OK
