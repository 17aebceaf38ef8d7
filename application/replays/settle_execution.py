"""Settle an execution of a replay whose replay has finished: compare it with its original, one at a time a process."""

import asyncio
from typing import Final

from attrs import evolve, frozen
from returns.pipeline import is_successful
from returns.result import Result

from application.ports.bodies import Bodies
from application.ports.comparison import CompareResults, ComparisonChoices
from application.ports.executions import Executions
from application.ports.stored_bodies import StoredBody
from application.ports.system import Clock
from application.ports.version_replays import Settlement
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    ResultComparison,
    StopReason,
    TableComparison,
)
from domain.difference_text import difference_text
from domain.execution import Execution, Finished, as_finished
from domain.redaction import remove_content
from domain.replay_columns import columns_text
from domain.replayed_executions import (
    OutcomeChange,
    Quoted,
    ReplayedExecution,
    ReplayOutcome,
    ReplayReason,
    ResultsDiffer,
    Settled,
    incomplete,
    settle,
    settle_comparison,
)
from domain.version_replays import ReplayRequest

_PASSING: Final = (ComparisonStopped(StopReason.UNAVAILABLE), ComparisonStopped(StopReason.DISK))
_RETRY_SECONDS: Final = (1.0, 10.0)


@frozen(kw_only=True)
class SettlingPorts:
    """The ports for settling executions of replays."""

    executions: Executions
    bodies: Bodies
    compare: CompareResults
    clock: Clock


async def settle_execution(ports: SettlingPorts, request: ReplayRequest, execution: ReplayedExecution) -> Settlement:
    """Compare an original with its replay, which has finished. The content of an equal replay is to be removed."""
    original = await _finished(ports.executions, execution, is_original=True)
    replayed = await _finished(ports.executions, execution, is_original=False)
    if original is None or replayed is None:  # retention has deleted one of the two
        return Settlement(execution, incomplete(ReplayReason.UNKNOWN_EXECUTION))
    settled = settle(original, replayed)
    if isinstance(settled, ResultsDiffer):
        return await _settle_results(ports, request, execution, replayed)
    if settled.outcome is ReplayOutcome.EQUAL:
        return _equal(ports, execution, settled, replayed)
    if settled.outcome is ReplayOutcome.INCOMPLETE:
        return Settlement(execution, settled)
    return await _quoting(ports.bodies, execution, settled, OutcomeChange(original, replayed))


async def _finished(executions: Executions, execution: ReplayedExecution, *, is_original: bool) -> Finished | None:
    report = await executions.report(execution.original_id if is_original else execution.execution_id, 0)
    found: Execution | None = None if report is None else report.execution
    return None if found is None else as_finished(found).unwrap()  # both have finished, and an end is final


async def _settle_results(
    ports: SettlingPorts, request: ReplayRequest, execution: ReplayedExecution, replayed: Finished
) -> Settlement:
    try:
        before, after = await _results(ports.executions, execution)
    except ValueError:  # a data key does not decrypt
        return Settlement(execution, incomplete(ReplayReason.NOT_COMPARABLE, "a stored result cannot be decrypted"))
    if before is None or after is None:
        return Settlement(execution, incomplete(ReplayReason.CONTENT_REMOVED))
    choices = ComparisonChoices(request.key, request.tolerance)
    compared = await _compare(ports.compare, before, after, choices)
    settled = settle_comparison(compared)
    if settled.outcome is ReplayOutcome.EQUAL:
        return _equal(ports, execution, settled, replayed)
    if not is_successful(compared):
        return Settlement(execution, settled)
    return await _quoting(ports.bodies, execution, settled, compared.unwrap())


async def _compare(
    compare: CompareResults, before: StoredBody, after: StoredBody, choices: ComparisonChoices
) -> Result[ResultComparison, ComparisonRefused]:
    """Compare two results; again after a while, where the service lacked what it takes."""
    compared = await compare(before, after, choices)
    for seconds in _RETRY_SECONDS:
        if is_successful(compared) or compared.failure() not in _PASSING:
            break
        await asyncio.sleep(seconds)
        compared = await compare(before, after, choices)
    return compared


async def _results(executions: Executions, execution: ReplayedExecution) -> tuple[StoredBody | None, StoredBody | None]:
    return await executions.result(execution.original_id), await executions.result(execution.execution_id)


def _equal(ports: SettlingPorts, execution: ReplayedExecution, settled: Settled, replayed: Finished) -> Settlement:
    return Settlement(execution, settled, removed=remove_content(replayed, ports.clock()))


async def _quoting(bodies: Bodies, execution: ReplayedExecution, settled: Settled, source: Quoted) -> Settlement:
    """Add the text of the differences, which are few and short enough to be encoded at once."""
    found = difference_text(source)
    encoded = await bodies.encode(found.text)
    if not is_successful(encoded):  # its values nest as deep as a text may, and it nests them deeper
        return Settlement(execution, evolve(settled, detail="the differences are nested too deeply to be stored"))
    detail = f"{found.left_out} differences are too long to be stored" if found.left_out else None
    columns = columns_text(source.columns) if isinstance(source, TableComparison) else None
    return Settlement(execution, evolve(settled, detail=detail), differences=encoded.unwrap(), columns=columns)
