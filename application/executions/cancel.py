"""End an execution on its user's wish, whether it waits or runs."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import UnknownExecution
from application.ports.executions import ExecutionDetails, Executions
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.execution import AlreadyFinished, as_unfinished
from domain.transitions import cancel

CancellationRefused: TypeAlias = UnknownExecution | AlreadyFinished


async def cancel_execution(
    executions: Executions, clock: Clock, execution_id: UUID, by: Actor = ANONYMOUS
) -> Result[ExecutionDetails, CancellationRefused]:
    """Fail the execution with `cancelled`. Its worker is notified to stop, and its later completion is discarded.

    If it was claimed, ended or reclaimed between the read and the write, it is read again and decided anew.
    """
    while True:
        report = await executions.report(execution_id, 0)
        if report is None:
            return Failure(UnknownExecution(execution_id))
        narrowed = as_unfinished(report.execution)
        if not is_successful(narrowed):
            return Failure(narrowed.failure())
        unfinished = narrowed.unwrap()
        failed = cancel(unfinished, clock())
        stored = await executions.cancel(unfinished, failed, by)
        if is_successful(stored):
            return Success(ExecutionDetails(failed, stored.unwrap(), None))
