"""The log of an execution while it runs, line by line."""

from __future__ import annotations

from typing import Any

from bateia import waiting
from bateia.command.exits import Exit
from bateia.command.options import Options
from bateia.command.output import json_line
from bateia.documents import Execution
from bateia.errors import ExecutionFailed
from bateia.logs import LogPart
from bateia.texts import say


def follow_log(common: Options, execution: str, timeout: float | None) -> int:
    """Print lines as they come, and at the end the warnings. A failed execution is an error, as for those that wait."""
    try:
        last = _print_lines(common, execution, timeout)
    except KeyboardInterrupt:
        common.output.note(say("the execution goes on: bateia logs {id} --follow", id=execution))
        raise
    ended = common.do(waiting.read_execution(execution))
    _print_end(common, ended, last)
    if not ended.has_succeeded and not common.output.as_json:
        raise ExecutionFailed(ended)
    return Exit.OK if ended.has_succeeded else Exit.FAILED


def _print_lines(common: Options, execution: str, timeout: float | None) -> LogPart | None:
    last = None
    for part in common.client.follow_log(execution, timeout):
        if last is not None and part.first_line == 0 and part.lines:
            common.output.note(say("the log begins anew with attempt {number}", number=part.attempt))
        for number, line in enumerate(part.lines, part.first_line + 1):
            members = {"attempt": part.attempt, "line": number, "level": line.level, "message": line.message}
            _print(common, members, f"{line.level}: {line.message}")
        last = part
    return last


def _print_end(common: Options, ended: Execution, last: LogPart | None) -> None:
    flags = {"truncated": last is not None and last.truncated, "interrupted": last is not None and last.interrupted}
    if flags["truncated"]:
        common.output.note(say("more was printed than the log has"))
    if flags["interrupted"]:
        common.output.note(say("the log ends where the run was stopped"))
    if common.output.as_json:
        print(json_line({"status": ended.status, **flags, "warnings": list(ended.warnings)}), flush=True)
    for warning in ended.warnings:
        common.output.line(f"warning: {warning['detail']}", "yellow")


def _print(common: Options, members: dict[str, Any], text: str) -> None:
    if common.output.as_json:
        print(json_line(members), flush=True)
    else:
        common.output.line(text)
