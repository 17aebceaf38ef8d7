"""The states of an execution, one frozen class per state, and the legal transitions between them.

    pending --claim--> running
    pending --cancel--> failed              (cancelled)
    running --finish--> succeeded, failed   (the run's outcome)
    running --lose--> pending, failed       (another attempt, or worker_lost when none is left)
    running --release--> pending            (returned by a stopping worker)
    running --cancel--> failed              (cancelled)

`TRANSITIONS` is the same as data; the functions are in `domain.transitions`. If the state is unknown, `as_unfinished`
and `as_finished` narrow it or return the reason why not. A finished execution may lose its content
(`domain.redaction`), which is not a change of state.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.batch_lines import BatchPlace
from domain.body import Digest
from domain.circumstances import Circumstances, derived_circumstances
from domain.limits import Limits
from domain.outcome import Provenance, ScriptError
from domain.script import ScriptName
from domain.trace import TraceContext
from domain.warnings import NumberWarning


@frozen
class ScriptReference:
    """The script version that an execution runs: `sha256` is its source's, `engine` the name of its engine."""

    id: UUID
    name: ScriptName
    version: int
    sha256: str
    engine: str


@frozen(kw_only=True)
class Attribution:
    """The origin of an execution: the id of the API key that submitted it, the client's trace, the alias by which the
    request named the version, the execution whose stored dataset it named, and its place in a batch.

    `submitted_by` is None if no key was needed, or if an earlier release accepted the execution.
    """

    submitted_by: UUID | None = None
    trace: TraceContext | None = None
    alias: str | None = None
    input_of: UUID | None = None
    batch: BatchPlace | None = None


UNATTRIBUTED: Final = Attribution()


@frozen
class Submission:
    """The request behind an execution, the same in every state. `warnings` are about the dataset.

    `circumstances` are None unless the request sets them. An execution that repeats another one over the same dataset
    has that one's id as `replay_of`.
    """

    id: UUID
    script: ScriptReference
    dataset: Digest
    limits: Limits
    submitted_at: datetime
    warnings: tuple[NumberWarning, ...] = ()
    attribution: Attribution = UNATTRIBUTED
    circumstances: Circumstances | None = None
    replay_of: UUID | None = None


@frozen
class Claim:
    """A worker's hold on one attempt. Each claim has a new id, so an older attempt cannot finish a newer one."""

    id: UUID
    worker: str


@frozen
class Pending:
    """Waiting for a worker. `attempts` counts earlier, lost attempts."""

    submission: Submission
    attempts: int = 0


@frozen
class Running:
    """Claimed by a worker. `attempt` counts from 1."""

    submission: Submission
    attempt: int
    claim: Claim
    started_at: datetime


@frozen
class Succeeded:
    """Finished with the result identified by `output`."""

    submission: Submission
    attempt: int
    started_at: datetime
    finished_at: datetime
    output: Digest
    provenance: Provenance
    content_removed_at: datetime | None = None


@frozen
class Failed:
    """Finished without a result.

    If cancelled while pending: no `started_at`, and `attempt` counts lost attempts. If its run did not finish: no
    `provenance`. `error_sha256` outlasts the removal of the error's texts; earlier releases stored none.
    """

    submission: Submission
    attempt: int
    started_at: datetime | None
    finished_at: datetime
    error: ScriptError
    provenance: Provenance | None
    content_removed_at: datetime | None = None
    error_sha256: str | None = None


Unfinished: TypeAlias = Pending | Running
Finished: TypeAlias = Succeeded | Failed
Execution: TypeAlias = Unfinished | Finished


@frozen
class AlreadyFinished:
    """The operation requires an unfinished execution."""

    actual: Finished


@frozen
class NotFinished:
    """The operation requires a finished execution."""

    actual: Unfinished


class State(StrEnum):
    """State of an execution. The values are part of the wire format and the database schema."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Event(StrEnum):
    """Event in the life of an execution."""

    CLAIM = "claim"
    FINISH = "finish"
    LOSE = "lose"
    RELEASE = "release"
    CANCEL = "cancel"


TRANSITIONS: Final[Mapping[tuple[State, Event], frozenset[State]]] = {
    (State.PENDING, Event.CLAIM): frozenset({State.RUNNING}),
    (State.PENDING, Event.CANCEL): frozenset({State.FAILED}),
    (State.RUNNING, Event.FINISH): frozenset({State.SUCCEEDED, State.FAILED}),
    (State.RUNNING, Event.LOSE): frozenset({State.PENDING, State.FAILED}),
    (State.RUNNING, Event.RELEASE): frozenset({State.PENDING}),
    (State.RUNNING, Event.CANCEL): frozenset({State.FAILED}),
}
"""Every legal pair of state and event, with its possible next states. All other pairs are illegal."""


def as_unfinished(execution: Execution) -> Result[Unfinished, AlreadyFinished]:
    """Narrow an execution to an unfinished one."""
    if isinstance(execution, Pending | Running):
        return Success(execution)
    return Failure(AlreadyFinished(execution))


def as_finished(execution: Execution) -> Result[Finished, NotFinished]:
    """Narrow an execution to a finished one."""
    if isinstance(execution, Succeeded | Failed):
        return Success(execution)
    return Failure(NotFinished(execution))


def circumstances_of(submission: Submission) -> Circumstances:
    """Return the circumstances in which the submission is to be run."""
    return submission.circumstances or derived_circumstances(submission.dataset, submission.submitted_at)


def state_of(execution: Execution) -> State:
    """Return the name of the execution's state."""
    match execution:
        case Pending():
            return State.PENDING
        case Running():
            return State.RUNNING
        case Succeeded():
            return State.SUCCEEDED
        case Failed():
            return State.FAILED
        case _:
            assert_never(execution)
