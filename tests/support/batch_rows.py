"""An invariant of the rows of batches: their counts and times are those of their executions."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg

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


def wrongly_counted(url: str) -> Sequence[Any]:
    """Find the batches whose counts or times are not those of their executions."""
    with psycopg.connect(url, autocommit=True) as conn:
        return conn.execute(_WRONG).fetchall()
