"""The life of an execution: one frozen class a state, and the legal ways between them.

    pending --claim--> running
    pending --cancel--> failed              (cancelled)
    running --finish--> succeeded, failed   (as the run ended)
    running --lose--> pending, failed       (another attempt, or worker_lost when none is left)
    running --release--> pending            (given back by a worker that stops)
    running --cancel--> failed              (cancelled)

`TRANSITIONS` is the same as data; the functions are in `domain.transitions`. Where the state is not known,
`as_pending`, `as_running`, `as_unfinished` and `as_finished` narrow it and say why they cannot. What has ended may lose
its content (`domain.content`), which is no change of state.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.body import Digest
from domain.limits import Limits
from domain.outcome import Measures, ScriptError
from domain.script import ScriptName
from domain.trace import TraceContext
from domain.warnings import NumberWarning


@frozen
class ScriptReference:
    """The script version that an execution runs; `sha256` is its source's."""

    id: UUID
    name: ScriptName
    version: int
    sha256: str


@frozen
class Submission:
    """What was asked for: true from the first moment and in every state.

    `warnings` are about the dataset; `trace` is its user's own, if there is one.
    """

    id: UUID
    script: ScriptReference
    dataset: Digest
    limits: Limits
    submitted_at: datetime
    warnings: tuple[NumberWarning, ...] = ()
    trace: TraceContext | None = None


@frozen
class Claim:
    """A worker's hold on one attempt. The id is fresh for each claim, so an older attempt cannot finish a newer one."""

    id: UUID
    worker: str


@frozen
class Provenance:
    """What is known of the run behind an ending: the engine, what the run used, and warnings about its result."""

    engine: str
    measures: Measures
    warnings: tuple[NumberWarning, ...] = ()


@frozen
class Pending:
    """Waiting for a worker. `attempts` counts the ones that were lost before."""

    submission: Submission
    attempts: int = 0


@frozen
class Running:
    """Held by a worker. `attempt` counts from 1."""

    submission: Submission
    attempt: int
    claim: Claim
    started_at: datetime


@frozen
class Succeeded:
    """Ended with a result, which `output` names."""

    submission: Submission
    attempt: int
    started_at: datetime
    finished_at: datetime
    output: Digest
    provenance: Provenance
    content_removed_at: datetime | None = None


@frozen
class Failed:
    """Ended without a result.

    Cancelled while it waited: no `started_at`, and `attempt` counts those lost before. Not run to its end: no
    `provenance`.
    """

    submission: Submission
    attempt: int
    started_at: datetime | None
    finished_at: datetime
    error: ScriptError
    provenance: Provenance | None
    content_removed_at: datetime | None = None


Unfinished: TypeAlias = Pending | Running
Finished: TypeAlias = Succeeded | Failed
Execution: TypeAlias = Unfinished | Finished


@frozen
class NotPending:
    """A pending execution was needed."""

    actual: Running | Finished


@frozen
class NotRunning:
    """A running execution was needed."""

    actual: Pending | Finished


@frozen
class AlreadyFinished:
    """An execution that has not ended was needed."""

    actual: Finished


@frozen
class NotFinished:
    """An execution that has ended was needed."""

    actual: Unfinished


class State(StrEnum):
    """State of an execution. The values are part of the wire format and the database schema."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Event(StrEnum):
    """What can happen to an execution."""

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
"""Every legal pair of state and event, with the states that it can lead to. A pair that is not here is illegal."""


def as_pending(execution: Execution) -> Result[Pending, NotPending]:
    """The execution, if it is pending."""
    return Success(execution) if isinstance(execution, Pending) else Failure(NotPending(execution))


def as_running(execution: Execution) -> Result[Running, NotRunning]:
    """The execution, if it is running."""
    return Success(execution) if isinstance(execution, Running) else Failure(NotRunning(execution))


def as_unfinished(execution: Execution) -> Result[Unfinished, AlreadyFinished]:
    """The execution, if it has not ended."""
    if isinstance(execution, Pending | Running):
        return Success(execution)
    return Failure(AlreadyFinished(execution))


def as_finished(execution: Execution) -> Result[Finished, NotFinished]:
    """The execution, if it has ended."""
    if isinstance(execution, Succeeded | Failed):
        return Success(execution)
    return Failure(NotFinished(execution))


def state_of(execution: Execution) -> State:
    """The name of the execution's state."""
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
