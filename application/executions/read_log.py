"""Read the log of an execution, also while it is running."""

import asyncio
from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.log_news import LogNews, wait_for_either
from application.executions.read import ContentRemoved, UnknownExecution
from application.ports.executions import CompletionSignals, Executions
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


@frozen
class LogPorts:
    """The ports of readers that wait for lines."""

    executions: Executions
    live_logs: LiveLogs
    completions: CompletionSignals
    news: LogNews


async def await_log(
    ports: LogPorts, execution_id: UUID, after: LogPosition | None, wait_seconds: float
) -> Result[LogReading, LogUnavailable]:
    """Read the lines behind a position as soon as there are any, the execution has ended, or `wait_seconds` have
    passed."""
    now = asyncio.get_running_loop().time
    until = now() + wait_seconds
    with ports.completions.watch(execution_id) as ended, ports.news.watch(execution_id) as news:
        while True:
            news.clear()  # before the look, so that no line falls between the two
            is_last = ended.is_set() or now() >= until
            reading = await read_log(ports.executions, ports.live_logs, execution_id, after)
            if is_last or not is_successful(reading) or _is_answer(reading.unwrap()):
                return reading
            await wait_for_either(ended, news, until - now())


def _is_answer(reading: LogReading) -> bool:
    return bool(reading.excerpt.lines) or isinstance(reading.execution, Succeeded | Failed)
