"""Commands that read executions, and the end of those that wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bateia import operations, proof, waiting
from bateia.command.arguments import EXACT, Comparing, ExecutionId, Flag, OutputFile, Timeout
from bateia.command.differences import show_comparison
from bateia.command.exits import Exit
from bateia.command.files import save_result
from bateia.command.following import follow_log
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.output import json_text
from bateia.documents import Execution
from bateia.resources import executions as api
from bateia.texts import say


def finish(common: Options, execution: Execution, timeout: float | None, output: Path | None) -> int:
    """Wait for an execution to end, and show or save the result."""
    try:
        common.output.note(say("execution {id} of version {version}", id=execution.id, version=execution.version))
        with common.output.work(say("waiting for the outcome")):
            execution = common.do(waiting.wait_for_execution(execution, timeout))
    except KeyboardInterrupt:
        common.output.note(say("the execution goes on: bateia result {id}", id=execution.id))
        raise
    _show_logs(common, execution)
    return show_result(common, execution, output)


def _show_logs(common: Options, execution: Execution) -> None:
    for line in execution.logs:
        common.output.note(f"{line.level}: {line.message}", "")
    for warning in execution.warnings:
        common.output.note(f"warning: {warning['detail']}", "yellow")


def show_result(common: Options, execution: Execution, output: Path | None) -> int:
    if output is not None:
        save_result(common, execution, output)
        common.output.value(execution.document, lambda: common.output.line(str(output)))
    elif common.output.as_json:
        print(json_text(execution.document))
        return Exit.OK if execution.has_succeeded else Exit.FAILED
    else:
        common.output.line(common.do(operations.result(execution)).text().decode())
    return Exit.OK


def executions(
    *,
    script: str | None = None,
    status: api.ExecutionStatus | None = None,
    batch: str | None = None,
    limit: int = 20,
    common: All = DEFAULTS,
) -> int:
    """List executions, the newest first.

    Parameters
    ----------
    script
        Only those of this script.
    status
        Only those with this status.
    batch
        Only those of this batch.
    limit
        Number of executions at most.
    """
    items = common.first(api.list_executions(script, status=status, batch=batch), limit)
    columns = ("id", "script", "version", "status", "submitted", "error")

    def cells(one: Any) -> Sequence[object]:
        of, error = one["script"], one["error"]
        return (
            one["id"],
            of["name"],
            of["version"],
            one["status"],
            one["submitted_at"],
            error["kind"] if error else "",
        )

    common.output.value(items, lambda: common.output.table(columns, map(cells, items)))
    return Exit.OK


def logs(execution: ExecutionId, /, *, follow: Flag = False, timeout: Timeout = None, common: All = DEFAULTS) -> int:
    """Print the console output and the warnings of an execution. Exit status 1 if it is followed and fails.

    Parameters
    ----------
    follow
        Print lines as they come, until the execution has ended. With --json, each is a JSON object on a line.
    """
    if follow:
        return follow_log(common, execution, timeout)
    found = common.do(waiting.read_execution(execution))

    def show() -> None:
        for line in found.logs:
            common.output.line(f"{line.level}: {line.message}")
        for warning in found.warnings:
            common.output.line(f"warning: {warning['detail']}", "yellow")

    common.output.value({"logs": found.document["logs"], "warnings": list(found.warnings)}, show)
    return Exit.OK


def result(
    execution: ExecutionId,
    /,
    *,
    output: OutputFile = None,
    wait: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Print the result of an execution, or save it. Exit status 1 if the execution failed.

    Parameters
    ----------
    output
        File for the result: .json, .ndjson or .csv.
    wait
        Wait for the outcome first.
    """
    found = common.do(waiting.read_execution(execution))
    if wait:
        return finish(common, found, None, output)
    if output is not None:
        return show_result(common, found, output)
    print(common.do(operations.result(found)).text().decode())
    return Exit.OK


def compare(
    before: str,
    after: str,
    /,
    *,
    comparison: Comparing = EXACT,
    common: All = DEFAULTS,
) -> int:
    """Compare the results of two executions, cell by cell. Exit status 1 if they differ.

    Parameters
    ----------
    before
        Id of the first execution.
    after
        Id of the second one.
    """
    tolerance = {"absolute": comparison.absolute, "relative": comparison.relative}
    found = common.do(proof.compare(before, after, comparison.columns, **tolerance))

    common.output.value(found, lambda: show_comparison(common, found))
    return Exit.OK if found["equal"] else Exit.FAILED
