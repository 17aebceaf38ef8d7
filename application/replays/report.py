"""The report of a replay whose executions are all settled: their outcomes counted, and their summaries added up."""

from collections import Counter
from typing import Final
from uuid import UUID

from application.ports.version_replays import VersionReplays
from domain.replay_sums import NOTHING, add, counts_of
from domain.version_replays import ReplayReport

_AT_ONCE: Final = 100
"""Executions whose summaries are read at once: each may have a thousand columns."""


async def report_of(replays: VersionReplays, replay_id: UUID) -> ReplayReport:
    """Add up the outcomes of a replay."""
    first, summary, outcomes = 0, NOTHING, Counter[str]()
    while page := await replays.executions(replay_id, first, _AT_ONCE):
        for settled in [one.settled for one in page if one.settled is not None]:
            outcomes[settled.outcome.value] += 1
            summary = summary if settled.summary is None else add(summary, settled.summary)
        first = page[-1].number + 1
    return ReplayReport(counts_of(first, outcomes), summary)
