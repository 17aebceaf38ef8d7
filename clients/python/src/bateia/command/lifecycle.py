"""Commands for the life of a script: replay, promote, rollback."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia import hosting, operations, waiting
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All, Options
from bateia.documents import Replay
from bateia.operations import Selection

_OUTCOMES = ("equal", "changed", "now_failing", "now_succeeding", "skipped", "incomplete")


def replay(
    script: str,
    version: str,
    /,
    *,
    last: int = 50,
    executions: str = "",
    key: str = "",
    absolute: float = 0,
    relative: float = 0,
    no_wait: Annotated[bool, Parameter(negative="")] = False,
    common: All = DEFAULTS,
) -> int:
    """Run past executions of a script on a version, and compare the outcomes. Exit status 1 if some differ.

    Parameters
    ----------
    script
        Name of the script.
    version
        Number of the version, or an alias.
    last
        Number of executions, the newest first.
    executions
        Ids of executions instead, separated by commas.
    key
        Columns that identify a row, separated by commas; the service proposes some.
    absolute
        Largest difference of numbers that count as equal.
    relative
        The same, as a fraction of the larger number.
    no_wait
        Print the replay's id, and do not wait for its end.
    """
    named = [one for one in executions.split(",") if one]
    columns = [one for one in key.split(",") if one]
    selection = Selection(named, None if named else last, key=columns, absolute=absolute, relative=relative)
    started = common.do(operations.start_replay(script, version, selection))
    if no_wait:
        common.output.value(started.document, lambda: common.output.line(started.id))
        return Exit.OK
    ended = _wait(common, started)
    counts = ", ".join(f"{ended.executions[name]} {name.replace('_', ' ')}" for name in _OUTCOMES)
    common.output.value(ended.document, lambda: common.output.line(f"{ended.executions['total']} executions: {counts}"))
    return Exit.FAILED if ended.has_differences else Exit.OK


def _wait(common: Options, started: Replay) -> Replay:
    try:
        common.output.note(f"replay {started.id}")
        with common.output.work("replaying") as report:

            def watch(one: Replay) -> None:
                report(one.executions["done"], one.executions["total"])

            return common.do(waiting.wait_for_replay(started, watch=watch))
    except KeyboardInterrupt:
        common.output.note(f"the replay goes on: its id is {started.id}")
        raise


def promote(
    script: str,
    version: int,
    /,
    *,
    alias: str = "live",
    note: str = "",
    force: Annotated[bool, Parameter(negative="")] = False,
    common: All = DEFAULTS,
) -> int:
    """Point an alias to a version. The gate's reasons are listed if it refuses.

    Parameters
    ----------
    script
        Name of the script.
    version
        Number of the version.
    alias
        Name of the alias.
    note
        Reason for the promotion.
    force
        Promote in spite of the gate; needs the scope admin, and a note.
    """
    moved = common.do(hosting.promote(script, alias, version, note, force))
    common.output.value(moved, lambda: common.output.line(f"{alias} of {script} is version {moved['version']}"))
    return Exit.OK


def rollback(script: str, /, *, alias: str = "live", note: str = "", common: All = DEFAULTS) -> int:
    """Undo the latest promotion of an alias.

    Parameters
    ----------
    script
        Name of the script.
    alias
        Name of the alias.
    note
        Reason for the rollback.
    """
    moved = common.do(hosting.roll_back(script, alias, note))
    common.output.value(moved, lambda: common.output.line(f"{alias} of {script} is version {moved['version']}"))
    return Exit.OK
