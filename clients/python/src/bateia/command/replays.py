"""Commands for replays of past executions on a version."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia.command.arguments import File, Limit, Script, Version
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All
from bateia.command.showing import save_or_print, show_document, show_items
from bateia.hosting import path_of
from bateia.requesting import change, pages, read_text
from bateia.resources import replays as api

ReplayId = Annotated[str, Parameter(help="Id of the replay.")]


def list_replays(script: Script, version: Version, /, *, limit: Limit = 50, common: All = DEFAULTS) -> int:
    """List the replays on a version, the newest first."""
    items = common.first(api.list_replays(script, version), limit)
    show_items(common, items, "id", "status", "created_at", "has_differences", "executions")
    return Exit.OK


def show_replay(script: Script, version: Version, replay: ReplayId, /, *, common: All = DEFAULTS) -> int:
    """Show a replay."""
    show_document(common, common.do(api.read_replay(script, version, replay)).document)
    return Exit.OK


def replayed_executions(
    script: Script, version: Version, replay: ReplayId, /, *, limit: Limit = 1000, common: All = DEFAULTS
) -> int:
    """List the executions of a replay, each with its outcome."""
    items = common.do(pages(path_of(script, "versions", version, "replays", replay, "executions"), limit))
    show_items(common, items, "original_id", "execution_id", "outcome", "reason", "detail")
    return Exit.OK


def differences(
    script: Script,
    version: Version,
    replay: ReplayId,
    /,
    *,
    limit: Limit = 200,
    output: File = None,
    common: All = DEFAULTS,
) -> int:
    """Print the first differences of a replay, one JSON object per line, or save them."""
    path = path_of(script, "versions", version, "replays", replay, "differences")
    save_or_print(common, common.do(read_text(path, {"limit": str(limit)})), output)
    return Exit.OK


def accept(
    script: Script,
    version: Version,
    replay: ReplayId,
    /,
    *,
    note: Annotated[str, Parameter(help="Reason for accepting the differences.")],
    common: All = DEFAULTS,
) -> int:
    """Accept the differences of a replay, so that the gate lets the version pass."""
    path = path_of(script, "versions", version, "replays", replay, "acceptance")
    show_document(common, common.do(change("POST", path, {"note": note}, repeatable=True)))
    return Exit.OK
