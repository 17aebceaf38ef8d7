"""The port `ScriptActivity` of the store in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from attrs import define, field, frozen

from adapters.memory.rows import Rows
from domain.activity import Activity, Bucket, LatestExecution, Window, count_end, duration_bin, latest_execution
from domain.execution import Finished


@frozen
class _End:
    finished_at: datetime
    counts: Bucket
    duration: int | None


@define
class MemoryActivity:
    """The port `ScriptActivity`. Ends are kept for as long as the process lives, whatever becomes of the executions."""

    _rows: Rows
    _ends: dict[UUID, list[_End]] = field(factory=dict)

    def record(self, finished: Finished) -> None:
        """Count an end, for the other ports of the store."""
        if finished.submission.replay_of is None:
            duration = None if finished.provenance is None else duration_bin(finished.provenance.measures.wall_ms)
            end = _End(finished.finished_at, count_end(finished), duration)
            self._ends.setdefault(finished.submission.script.id, []).append(end)

    async def read(self, script_ids: Sequence[UUID], window: Window) -> Mapping[UUID, Activity]:
        return {one: self._activity(one, window) for one in script_ids}

    async def sum_up(self) -> bool:
        return False

    def _activity(self, script_id: UUID, window: Window) -> Activity:
        ends = [one for one in self._ends.get(script_id, []) if window.since <= one.finished_at < window.end]
        buckets = [Bucket()] * window.count
        for end in ends:
            buckets[(end.finished_at - window.since) // window.step] += end.counts
        durations = Counter(end.duration for end in ends if end.duration is not None)
        return Activity(buckets, durations, self._latest(script_id))

    def _latest(self, script_id: UUID) -> LatestExecution | None:
        found = (row.execution for row in self._rows.executions.values())
        own = [one for one in found if one.submission.script.id == script_id and one.submission.replay_of is None]
        latest = max(own, key=lambda one: one.submission.id, default=None)
        return None if latest is None else latest_execution(latest)
