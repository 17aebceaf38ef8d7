"""Commands for the life of a script: replay, promote, rollback."""

from __future__ import annotations

from bateia import hosting, operations, waiting
from bateia.command.arguments import EXACT, Comparing, Flag, Script, Version, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All, Options
from bateia.documents import Replay
from bateia.operations import Selection
from bateia.texts import say

_OUTCOMES = ("equal", "changed", "now_failing", "now_succeeding", "skipped", "incomplete")


def replay(
    script: Script,
    version: Version,
    /,
    *,
    last: int = 50,
    executions: str = "",
    comparison: Comparing = EXACT,
    no_wait: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Run past executions of a script on a version, and compare the outcomes. Exit status 1 if some differ.

    Parameters
    ----------
    last
        Number of executions, the newest first.
    executions
        Ids of executions instead, separated by commas.
    no_wait
        Print the replay's id, and do not wait for its end.
    """
    named = listed(executions)
    selection = Selection(
        named,
        None if named else last,
        key=comparison.columns,
        absolute=comparison.absolute,
        relative=comparison.relative,
    )
    started = common.do(operations.start_replay(script, version, selection))
    if no_wait:
        common.output.value(started.document, lambda: common.output.line(started.id))
        return Exit.OK
    ended = _wait(common, started)
    counts = say(
        "{equal} equal, {changed} changed, {now_failing} now failing, {now_succeeding} now succeeding, "
        "{skipped} skipped, {incomplete} incomplete",
        **{name: ended.executions[name] for name in _OUTCOMES},
    )
    summary = say("{total} executions: {counts}", total=ended.executions["total"], counts=counts)
    common.output.value(ended.document, lambda: common.output.line(summary))
    return Exit.FAILED if ended.has_differences else Exit.OK


def _wait(common: Options, started: Replay) -> Replay:
    try:
        common.output.note(say("replay {id}", id=started.id))
        with common.output.work(say("replaying")) as report:

            def watch(one: Replay) -> None:
                report(one.executions["done"], one.executions["total"])

            return common.do(waiting.wait_for_replay(started, watch=watch))
    except KeyboardInterrupt:
        common.output.note(say("the replay goes on: its id is {id}", id=started.id))
        raise


def promote(
    script: Script,
    version: int,
    /,
    *,
    alias: str = "live",
    note: str = "",
    force: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Point an alias to a version. The gate's reasons are listed if it refuses.

    Parameters
    ----------
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
    common.output.value(
        moved,
        lambda: common.output.line(
            say("{alias} of {script} is version {version}", alias=alias, script=script, version=moved["version"])
        ),
    )
    return Exit.OK


def rollback(script: Script, /, *, alias: str = "live", note: str = "", common: All = DEFAULTS) -> int:
    """Undo the latest promotion of an alias.

    Parameters
    ----------
    alias
        Name of the alias.
    note
        Reason for the rollback.
    """
    moved = common.do(hosting.roll_back(script, alias, note))
    common.output.value(
        moved,
        lambda: common.output.line(
            say("{alias} of {script} is version {version}", alias=alias, script=script, version=moved["version"])
        ),
    )
    return Exit.OK
