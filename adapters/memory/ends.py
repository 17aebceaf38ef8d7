"""The consequences of an end in the store in memory, at once with it: batches count the ends of their executions, its
event is recorded, and its readers wake."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from adapters.memory.activity import MemoryActivity
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.rows import Rows
from application.executions.completion_signals import WatchedCompletions
from domain.batches import record_ends
from domain.execution import Failed, Finished, State, Succeeded, state_of
from domain.jobs import Job
from domain.version_replays import ReplayReport, VersionReplay


class MemoryEnds:
    """Called by the ports of the store with executions, replays and jobs that they have just ended, and stored so."""

    def __init__(self, rows: Rows, endings: WatchedCompletions, outbox: MemoryOutbox, activity: MemoryActivity) -> None:
        self._rows, self._endings, self._outbox, self._activity = rows, endings, outbox, activity

    def record(self, ended: Sequence[Finished]) -> None:
        """Record the ends of executions, and of the batches that they finish."""
        for execution in ended:
            self._outbox.record_end(execution)
            self._activity.record(execution)
        places = [(one.submission.attribution.batch, state_of(one)) for one in ended]
        counts = Counter((place.batch_id, state) for place, state in places if place is not None)
        batches = dict.fromkeys(batch_id for batch_id, _ in counts)
        finished = [one for one in batches if one in self._rows.batches and self._finishes(one, counts)]
        self._endings.notify([*(execution.submission.id for execution in ended), *finished])

    def _finishes(self, batch_id: UUID, counts: Counter[tuple[UUID, State]]) -> bool:
        """Count the ends of a batch's executions, and tell whether they have finished it."""
        row = self._rows.batches[batch_id]
        found = (self._rows.executions[one].execution for one in row.executions)
        latest = max(one.finished_at for one in found if isinstance(one, Succeeded | Failed))
        row.batch = record_ends(row.batch, counts[batch_id, State.SUCCEEDED], counts[batch_id, State.FAILED], latest)
        if row.batch.finished_at is None:
            return False
        self._outbox.record_batch(row.batch)
        return True

    def record_replay(self, finished: VersionReplay, report: ReplayReport) -> None:
        """Record the end of a replay on a version."""
        self._outbox.record_replay(finished, report)
        self._endings.notify([finished.id])

    def record_job(self, finished: Job) -> None:
        """Record the end of a job."""
        self._outbox.record_job(finished)
        self._endings.notify([finished.id])
