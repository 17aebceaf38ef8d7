"""Make a test of an execution: its dataset in its stored form, its clock and seed as recorded, and its outcome.

The test is a copy: it outlasts the removal of the execution's content, and goes only when it is removed itself.
"""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import ContentRemoved, ExecutionOfAnotherScript, UnknownExecution
from application.executions.stored_comparison import read_verified
from application.executions.stored_datasets import DatasetAltered
from application.ports.bodies import Bodies
from application.ports.executions import ExecutionDetails, Executions
from application.script_tests.write import (
    ScriptTestFacts,
    ScriptTestTooLarge,
    Target,
    WritePorts,
    WriteRefused,
    WrittenTest,
    store_test,
)
from application.scripts.read import read_script
from domain.audit import Action, AuditEvent, execution_event
from domain.body import Body
from domain.execution import Failed, Finished, NotFinished, Succeeded, as_finished
from domain.receipts import NoRun
from domain.recorded import recorded_circumstances
from domain.script import Script
from domain.script_tests import MOST_TEST_BYTES, Expectation, ResultExpectation, ScriptTestContent, expected_error

CopyRefused: TypeAlias = (
    WriteRefused | UnknownExecution | NotFinished | ExecutionOfAnotherScript | NoRun | ContentRemoved | DatasetAltered
)


@frozen(kw_only=True)
class CopyExecution:
    """The command: expect the outcome of that execution, a result as the expectation says. `record` buffers an audit
    record of a read, or raises `Unavailable`."""

    target: Target
    execution_id: UUID
    expectation: ResultExpectation
    record: Callable[[AuditEvent], None] = field(repr=False, eq=False)


async def copy_execution(
    ports: WritePorts, executions: Executions, command: CopyExecution
) -> Result[WrittenTest, CopyRefused]:
    """Store an execution of the script as a test. Reading it is audited before it is read."""
    script = await read_script(ports.scripts, command.target.script)
    if not is_successful(script):
        return Failure(script.failure())
    found = await _find(executions, command.execution_id, script.unwrap())
    if not is_successful(found):
        return Failure(found.failure())
    details, finished = found.unwrap()
    _audit(command, finished)
    content = await _content(ports.bodies, executions, finished, details)
    if not is_successful(content):
        return Failure(content.failure())
    facts = ScriptTestFacts(
        expectation=_expectation(command.expectation, finished),
        circumstances=recorded_circumstances(finished),
        from_execution=finished.submission.id,
    )
    stored = await store_test(ports, command.target, script.unwrap(), facts, content.unwrap())
    return Success(stored.unwrap()) if is_successful(stored) else Failure(stored.failure())


def _audit(command: CopyExecution, finished: Finished) -> None:
    of_outcome = Action.READ_RESULT if isinstance(finished, Succeeded) else Action.READ_DETAILS
    for action in (Action.READ_INPUT, of_outcome):
        command.record(execution_event(action, finished.submission, command.target.actor))


async def _find(
    executions: Executions, execution_id: UUID, script: Script
) -> Result[
    tuple[ExecutionDetails, Finished],
    UnknownExecution | NotFinished | ExecutionOfAnotherScript | NoRun | ContentRemoved | ScriptTestTooLarge,
]:
    details = await executions.report(execution_id, MOST_TEST_BYTES)
    if details is None:
        return Failure(UnknownExecution(execution_id))
    if details.execution.submission.script.id != script.id:
        return Failure(ExecutionOfAnotherScript(execution_id))
    narrowed = as_finished(details.execution)
    if not is_successful(narrowed):
        return Failure(narrowed.failure())
    finished = narrowed.unwrap()
    if finished.content_removed_at is not None:
        return Failure(ContentRemoved(execution_id))
    if isinstance(finished, Failed) and finished.provenance is None:
        return Failure(NoRun(finished))
    return _of_fitting_size(finished).map(lambda _: (details, finished))


def _of_fitting_size(finished: Finished) -> Result[None, ScriptTestTooLarge]:
    sizes = {"dataset": finished.submission.dataset.size_bytes}
    if isinstance(finished, Succeeded):
        sizes["result"] = finished.output.size_bytes
    for part, size in sizes.items():
        if size > MOST_TEST_BYTES:
            return Failure(ScriptTestTooLarge(part, size))
    return Success(None)


async def _content(
    bodies: Bodies, executions: Executions, finished: Finished, details: ExecutionDetails
) -> Result[ScriptTestContent, ContentRemoved | DatasetAltered]:
    dataset = await _dataset(bodies, executions, finished.submission.id)
    if not is_successful(dataset):
        return Failure(dataset.failure())
    if isinstance(finished, Failed):
        return Success(ScriptTestContent(dataset.unwrap(), expected_error(finished.error)[1]))
    if details.result is None:  # it was removed a moment ago
        return Failure(ContentRemoved(finished.submission.id))
    return Success(ScriptTestContent(dataset.unwrap(), await bodies.decode(details.result)))


async def _dataset(
    bodies: Bodies, executions: Executions, execution_id: UUID
) -> Result[Body, ContentRemoved | DatasetAltered]:
    try:
        found = await executions.dataset(execution_id)
    except ValueError:  # its data key does not decrypt
        return Failure(DatasetAltered(execution_id))
    if found is None:  # it was removed a moment ago
        return Failure(ContentRemoved(execution_id))
    verified = await read_verified(bodies, found)
    return Failure(DatasetAltered(execution_id)) if verified is None else Success(verified)


def _expectation(wanted: ResultExpectation, finished: Finished) -> Expectation:
    return expected_error(finished.error)[0] if isinstance(finished, Failed) else wanted
