"""The port `ScriptActivity` on PostgreSQL: hours that are over are rows, later executions are counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.postgres.connections import Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.queries import query
from application.ports.activity import ScriptActivity
from domain.activity import DAY, HOUR, Activity, Bucket, LatestExecution, Window
from domain.execution import State
from domain.outcome import ErrorKind


class PostgresScriptActivity(ScriptActivity):
    """Reads the counts, and adds them up."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @repeated_if_lost
    async def read(self, script_ids: Sequence[UUID], window: Window) -> Mapping[UUID, Activity]:
        ids = list(script_ids)
        async with connection(self._pool) as conn:
            summed = await (await conn.execute(query("activity_summed"))).fetchone()
            # A span that another process adds up meanwhile is counted here from its executions.
            wanted = _spans(window, None if summed is None else summed["until"]) | {"ids": ids}
            async with planned_by_values(conn):
                rows = await (await conn.execute(query("script_activity"), wanted)).fetchall()
            latest = await (await conn.execute(query("latest_executions"), {"ids": ids})).fetchall()
        found = {row["script_id"]: row for row in rows}
        last = {row["script_id"]: _latest(row) for row in latest}
        return {one: _activity(found.get(one), window.count, last.get(one)) for one in ids}

    async def sum_up(self) -> bool:
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(query("begin_summing_up"))
            span = await (await conn.execute(query("activity_to_sum_up"))).fetchone()
            if span is None:
                return False
            await conn.execute(query("plan_by_values"))
            for statement in ("sum_up_activity", "sum_up_days"):
                await conn.execute(query(statement), {"since": span["since"], "until": span["until"]})
            more: bool = span["more"]
            return more


def _spans(window: Window, summed_until: datetime | None) -> dict[str, Any]:
    """Choose the parts of a window that are read from sums of days, from those of hours, and from executions. Sums are
    of no use for shorter buckets."""
    raw_from = window.since
    if summed_until is not None and window.step >= HOUR:
        raw_from = min(max(raw_from, summed_until), window.end)
    hours_from = window.since + (raw_from - window.since) // DAY * DAY if window.step >= DAY else window.since
    times = {"since": window.since, "until": window.end, "raw_from": raw_from, "hours_from": hours_from}
    return times | {"step": window.step.total_seconds()}


def _activity(row: Row | None, count: int, latest: LatestExecution | None) -> Activity:
    buckets = [Bucket()] * count
    if row is None:
        return Activity(buckets, {}, latest)
    for number, *counts in zip(row["numbers"], row["executions"], row["failed"], row["cancelled"], strict=True):
        buckets[number] = Bucket(*counts)
    durations = zip(row["durations"] or (), row["runs"] or (), strict=True)
    return Activity(buckets, dict(durations), latest)


def _latest(row: Row) -> LatestExecution:
    return LatestExecution(
        id=row["id"],
        version=row["version"],
        state=State(row["state"]),
        submitted_at=row["submitted_at"],
        finished_at=row["finished_at"],
        error_kind=None if row["error_kind"] is None else ErrorKind(row["error_kind"]),
    )
