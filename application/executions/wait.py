"""Wait for the end of an execution that was accepted a moment ago."""

from attrs import evolve
from returns.result import Result, Success

from application.executions.completion_signals import wait_for
from application.executions.read import UnknownExecution, read_execution
from application.executions.submit import Accepted, SubmitPorts
from application.ports.executions import CompletionSignals, ExecutionDetails


async def wait_for_end(
    ports: SubmitPorts, endings: CompletionSignals, accepted: Accepted, wait_seconds: float
) -> Result[ExecutionDetails, UnknownExecution]:
    """Read the execution when it ends or `wait_seconds` have passed: from memory, if it has ended in this process.

    Its completion may be there before the wait begins; it is expected from the start of the run.
    """
    execution_id, completion = accepted.report.execution.submission.id, accepted.completion
    if completion is not None:
        with endings.watch(execution_id) as ended:
            if completion.details is None:
                await wait_for(ended, wait_seconds)
        if completion.details is not None:
            return Success(_with_result_up_to(ports.inline_result_bytes, completion.details))
        wait_seconds = 0
    return await read_execution(
        ports.executions,
        endings,
        execution_id=execution_id,
        result_up_to=ports.inline_result_bytes,
        wait_seconds=wait_seconds,
    )


def _with_result_up_to(size_bytes: int, details: ExecutionDetails) -> ExecutionDetails:
    is_longer = details.result is not None and details.result.digest.size_bytes > size_bytes
    return evolve(details, result=None) if is_longer else details
