"""The report of a replay whose executions are all settled: their outcomes counted, and their rows added up."""

from collections import Counter
from typing import Final
from uuid import UUID

from application.ports.version_replays import VersionReplays
from domain.replay_sums import NO_ROWS, add_rows, counts_of
from domain.version_replays import ReplayReport

_AT_ONCE: Final = 100


async def report_of(replays: VersionReplays, replay_id: UUID) -> ReplayReport:
    """Add up the outcomes of a replay."""
    first, rows, outcomes = 0, NO_ROWS, Counter[str]()
    while page := await replays.executions(replay_id, first, _AT_ONCE):
        for settled in [one.settled for one in page if one.settled is not None]:
            outcomes[settled.outcome.value] += 1
            rows = rows if settled.rows is None else add_rows(rows, settled.rows)
        first = page[-1].number + 1
    return ReplayReport(counts_of(first, outcomes), rows)
