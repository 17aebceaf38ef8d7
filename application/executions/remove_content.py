"""Remove what an execution was about, on its user's wish; the record of it stays."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import UnknownExecution
from application.ports.executions import Executions
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.execution import NotFinished, as_finished
from domain.redaction import remove_content as without_content

RemovalRefused: TypeAlias = UnknownExecution | NotFinished


async def remove_content(
    executions: Executions, clock: Clock, execution_id: UUID, by: Actor = ANONYMOUS
) -> Result[None, RemovalRefused]:
    """Remove dataset, result and logs before this returns. The first of two concurrent removals sets the time.

    An outcome is final, so an execution that was read as ended is still ended when the removal is written.
    """
    report = await executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    finished = as_finished(report.execution)
    if not is_successful(finished):
        return Failure(finished.failure())
    await executions.remove_content(without_content(finished.unwrap(), clock()), by)
    return Success(None)
