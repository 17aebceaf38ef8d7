"""The decision on a batch, without effects: the executions that follow from a command, a version and the lines."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.submission import expected_of
from application.ports.batches import NewBatch
from application.ports.bodies import BatchEntry
from application.ports.scripts import ScriptRef
from application.scripts.known import ResolvedVersion
from domain import transitions
from domain.aliases import VersionRef
from domain.audit import ANONYMOUS, Actor
from domain.batch_lines import BatchPlace
from domain.batches import Batch
from domain.circumstances import RequestedCircumstances
from domain.execution import Attribution, Pending
from domain.idempotency import IdempotencyKey
from domain.script import ScriptArchived
from domain.trace import TraceContext


@frozen(kw_only=True)
class SubmitBatch:
    """The command: run that version of a script, named as in `Submit`, over the dataset of each line of a text.

    The trace and the circumstances are those of every line.
    """

    script: ScriptRef
    text: bytes = field(repr=False)
    version: VersionRef | None = None
    idempotency_key: IdempotencyKey | None = None
    trace: TraceContext | None = None
    actor: Actor = ANONYMOUS
    circumstances: RequestedCircumstances | None = None


@frozen(kw_only=True)
class BatchIds:
    """The ids of a batch and of the executions of its lines, in ascending order."""

    batch: UUID
    executions: Sequence[UUID]


def decide_batch(
    command: SubmitBatch, resolved: ResolvedVersion, entries: Sequence[BatchEntry], ids: BatchIds, at: datetime
) -> Result[NewBatch, ScriptArchived]:
    """Create a batch of one line or more, and the execution of each. They have no idempotency key yet."""
    pending: list[Pending] = []
    for line, (entry, execution_id) in enumerate(zip(entries, ids.executions, strict=True), 1):
        decided = transitions.submit(
            execution_id,
            resolved.script,
            resolved.version,
            entry.dataset.body.digest,
            entry.dataset.warnings,
            at,
            _attribution(command, resolved, BatchPlace(ids.batch, line, entry.reference)),
            command.circumstances,
        )
        if not is_successful(decided):
            return Failure(decided.failure())
        pending.append(decided.unwrap())
    return Success(
        NewBatch(
            batch=_batch(command, resolved, pending, ids.batch),
            executions=pending,
            datasets=[entry.dataset.body for entry in entries],
            by=command.actor,
            expected=expected_of(command.version, resolved),
        )
    )


def _attribution(command: SubmitBatch, resolved: ResolvedVersion, place: BatchPlace) -> Attribution:
    return Attribution(submitted_by=command.actor.key_id, trace=command.trace, alias=_alias_of(resolved), batch=place)


def _alias_of(resolved: ResolvedVersion) -> str | None:
    return None if resolved.alias is None else resolved.alias.value


def _batch(command: SubmitBatch, resolved: ResolvedVersion, pending: Sequence[Pending], batch_id: UUID) -> Batch:
    first = pending[0].submission
    return Batch(
        id=batch_id,
        script=first.script,
        lines=len(pending),
        submitted_at=first.submitted_at,
        submitted_by=command.actor.key_id,
        alias=_alias_of(resolved),
    )
