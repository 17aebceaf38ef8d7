"""The activity of scripts as the shapes of the wire."""

from typing import Final

from adapters.http.wire.schemas.activity import ActivityBucket, LatestExecution, ScriptActivity
from domain.activity import Activity, Window
from domain.activity import LatestExecution as DomainLatest

_SHARE: Final = 0.95
_DECIMALS: Final = 2


def activity(found: Activity, window: Window) -> ScriptActivity:
    """Represent the activity of a script."""
    total, p95 = found.total, found.duration_ms(_SHARE)
    return ScriptActivity(
        since=window.since,
        until=window.until,
        executions=total.executions,
        failed=total.failed,
        cancelled=total.cancelled,
        p95_ms=None if p95 is None else round(p95, _DECIMALS),
        buckets=tuple(
            ActivityBucket(start=start, executions=one.executions, failed=one.failed)
            for start, one in zip(window.starts, found.buckets, strict=True)
        ),
        last=None if found.latest is None else _latest(found.latest),
    )


def _latest(found: DomainLatest) -> LatestExecution:
    return LatestExecution(
        id=found.id,
        version=found.version,
        status=found.state,
        submitted_at=found.submitted_at,
        finished_at=found.finished_at,
        error_kind=found.error_kind,
    )
