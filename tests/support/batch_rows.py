"""Batches for tests of the store, and what must be true of the rows of all of them."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from attrs import evolve

from adapters.system import uuid7
from application.ports.batches import NewBatch
from application.ports.executions import OPEN, Expected
from domain.batch_lines import BatchPlace
from domain.batches import Batch
from domain.body import Body
from domain.execution import Attribution
from domain.idempotency import RequestFingerprint
from domain.versions import ScriptVersion
from tests.support.values import NOON, a_body, a_pending

_WRONG: Final = """
select b.*
from batches b
cross join lateral (
    select
        count(*) filter (where state = 'succeeded') as succeeded, count(*) filter (where state = 'failed') as failed,
        count(*) as lines, max(finished_at) as at
    from executions where attribution -> 'batch' ->> 'batch_id' = b.id::text
) e
where
    (b.succeeded, b.failed, b.lines) <> (e.succeeded, e.failed, e.lines)
    or (b.finished_at is not null) <> (e.succeeded + e.failed = e.lines) or b.finished_at < e.at
"""


def a_batch(
    version: ScriptVersion,
    lines: int = 3,
    request: RequestFingerprint | None = None,
    expected: Expected = OPEN,
    datasets: Sequence[Body] | None = None,
) -> NewBatch:
    """Create a batch of that many lines, of which those with an odd number have a reference."""
    batch_id = uuid7()
    bodies = datasets or [a_body(b"[%d]" % line) for line in range(1, lines + 1)]
    executions = []
    for line, body in enumerate(bodies, 1):
        pending = a_pending(version, dataset=body)
        place = BatchPlace(batch_id, line, f"line {line}" if line % 2 else None)
        submission = evolve(pending.submission, attribution=Attribution(batch=place))
        executions.append(evolve(pending, submission=submission))
    batch = Batch(id=batch_id, script=executions[0].submission.script, lines=len(bodies), submitted_at=NOON)
    return NewBatch(batch=batch, executions=executions, datasets=bodies, request=request, expected=expected)


def wrongly_counted(url: str) -> Sequence[Any]:
    """Find the batches whose counts or times are not those of their executions."""
    with psycopg.connect(url, autocommit=True) as conn:
        return conn.execute(_WRONG).fetchall()
