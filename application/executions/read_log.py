"""Read the log of an execution, also while it is running."""

from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from application.executions.read import ContentRemoved, UnknownExecution
from application.ports.executions import Executions
from application.ports.live_logs import LiveLogs
from domain.execution import Execution, Failed, Running, Succeeded
from domain.live_log import LogExcerpt, LogPosition, excerpt

LogUnavailable: TypeAlias = UnknownExecution | ContentRemoved


@frozen
class LogReading:
    """The lines of a log behind the reader's position; `truncated` if more was printed than the log has. `execution` is
    as it was when its log was read."""

    execution: Execution
    excerpt: LogExcerpt
    truncated: bool


async def read_log(
    executions: Executions, live_logs: LiveLogs, execution_id: UUID, after: LogPosition | None = None
) -> Result[LogReading, LogUnavailable]:
    """Read the lines behind a position: those printed so far, or of a finished execution all. A log that does not begin
    with the lines before the position, as after a lost attempt, is read from its beginning."""
    while (report := await executions.report(execution_id, 0)) is not None:
        execution = report.execution
        if isinstance(execution, Succeeded | Failed) and execution.content_removed_at is not None:
            return Failure(ContentRemoved(execution_id))
        logs = await live_logs.read(execution) if isinstance(execution, Running) else report.logs
        if logs is not None:  # else the attempt has ended meanwhile, and left another state
            return Success(LogReading(execution, excerpt(logs.lines, after), logs.truncated))
    return Failure(UnknownExecution(execution_id))
