"""Replays on a version: past executions, chosen by a client, whose datasets run on one version of their script.

    pending --begin--> running --finish--> finished --accept--> finished, with an acceptance

A replay is running from the first time that a process takes it until the outcome of each of its executions is known.
Its differences may be accepted once it has finished; the first acceptance counts.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from domain.comparison.rows import Key
from domain.comparison.values import EXACTLY, Tolerance
from domain.notes import MAX_NOTE_CHARACTERS
from domain.replay_sums import NO_ROWS, ReplayCounts, RowCounts
from domain.text_limits import sanitize

MOST_EXECUTIONS: Final = 1_000


@frozen
class ChosenExecutions:
    """The executions that a client names."""

    executions: tuple[UUID, ...]


@frozen
class LatestExecutions:
    """The last finished executions of the script that have their content and repeat no other one: submitted since a
    time, of one version, if these are named."""

    last: int
    since: datetime | None = None
    of_version: int | None = None


Selection: TypeAlias = ChosenExecutions | LatestExecutions


@frozen(kw_only=True)
class ReplayRequest:
    """The executions to replay, and the choices for the comparison of results."""

    selection: Selection
    key: Key | None = None
    tolerance: Tolerance = EXACTLY


class ReplayStatus(StrEnum):
    """State of a replay. The values are part of the wire format."""

    PENDING = "pending"
    RUNNING = "running"
    FINISHED = "finished"


@frozen
class Acceptance:
    """The acceptance of a replay's differences, with its reason, by the API key of that id."""

    at: datetime
    note: str = field(repr=False)
    by: UUID | None = None


@frozen(kw_only=True)
class VersionReplay:
    """A replay of past executions on a version of their script. `created_by` is the id of an API key."""

    id: UUID
    script_id: UUID
    version: int
    created_at: datetime
    created_by: UUID | None
    request: ReplayRequest
    has_begun: bool = False
    finished_at: datetime | None = None
    acceptance: Acceptance | None = None

    @property
    def status(self) -> ReplayStatus:
        """The state."""
        if self.finished_at is not None:
            return ReplayStatus.FINISHED
        return ReplayStatus.RUNNING if self.has_begun else ReplayStatus.PENDING


@frozen
class ReplayReport:
    """The outcomes of a replay so far: the numbers of executions, and of the rows of their results."""

    counts: ReplayCounts
    rows: RowCounts = NO_ROWS


@frozen
class ReplayNotFinished:
    """The differences of a replay cannot be accepted before it has finished."""

    actual: VersionReplay


@frozen
class BlankNote:
    """An acceptance has a note that says why."""


@frozen
class AcceptanceNote:
    """The reason of an acceptance. Build it with `acceptance_note`."""

    text: str = field(repr=False)


def acceptance_note(text: str) -> Result[AcceptanceNote, BlankNote]:
    """Parse the reason of an acceptance, as any store accepts it."""
    note = sanitize(text[:MAX_NOTE_CHARACTERS])
    return Success(AcceptanceNote(note)) if note.strip() else Failure(BlankNote())


def accept(
    replay: VersionReplay, note: AcceptanceNote, at: datetime, by: UUID | None
) -> Result[VersionReplay, ReplayNotFinished]:
    """Accept the differences of a finished replay. Accepting them again changes nothing."""
    if replay.finished_at is None:
        return Failure(ReplayNotFinished(replay))
    if replay.acceptance is not None:
        return Success(replay)
    return Success(evolve(replay, acceptance=Acceptance(max(at, replay.finished_at), note.text, by)))
