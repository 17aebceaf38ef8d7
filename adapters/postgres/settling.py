"""Settling: the one statement by which executions leave `running`, with what they leave behind.

It writes those whose claims are valid, counts the ends of batches, and records the events of webhooks.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from attrs import frozen

from adapters.postgres.connections import Connection
from adapters.postgres.encryption import CompletionRow
from adapters.postgres.execution_rows import SETTLED_COLUMNS, finished_row
from adapters.postgres.queries import query
from domain.execution import Execution

_ID: Final = itemgetter("id")


@frozen
class Settled:
    """The claims that were valid, the batches that have finished, and whether there are events to be sent."""

    claims: frozenset[UUID] = frozenset()
    finished_batches: Sequence[UUID] = ()
    has_events: bool = False


async def settle(
    conn: Connection, settled: Sequence[tuple[UUID, Execution]], left: Sequence[CompletionRow] = ()
) -> Settled:
    """Write the states and completions whose claims are valid."""
    rows = [finished_row(execution) | {"held_by": claim_id} for claim_id, execution in settled]
    rows = [row | one.error for row, one in zip(rows, left, strict=True)] if left else rows
    rows.sort(key=_ID)  # in which order all statements that lock several do so
    columns = {name: [row[name] for row in rows] for name in SETTLED_COLUMNS}
    columns |= _result_columns(left) | _key_columns(left)
    has_lines = any(execution.submission.attribution.batch for _, execution in settled)
    kept = await (await conn.execute(query("settle_lines" if has_lines else "settle"), columns)).fetchall()
    batches: Sequence[UUID] = kept[0]["batches"] or () if kept else ()
    has_events = bool(batches) or any(row["has_event"] for row in kept)
    return Settled(frozenset(row["held_by"] for row in kept), batches, has_events)


def _result_columns(left: Sequence[CompletionRow]) -> dict[str, Any]:
    kept = [one for one in left if one.body is not None or one.logs is not None or one.ending.logs.truncated]
    endings = [one.ending for one in kept]
    return {
        "results": [one.execution.submission.id for one in endings],
        "result_claims": [one.claim_id for one in endings],
        "encodings": [one.result and one.result.encoding.value for one in endings],
        "bodies": [one.body for one in kept],
        "logs": [one.logs for one in kept],
        "truncated": [one.logs.truncated for one in endings],
        "sealed": [one.sealed for one in kept],
    }


def _key_columns(left: Sequence[CompletionRow]) -> dict[str, Any]:
    keyed = [(one.ending, one.key) for one in left if one.key is not None]
    return {
        "keys": [ending.execution.submission.id for ending, _ in keyed],
        "key_claims": [ending.claim_id for ending, _ in keyed],
        "master_key_ids": [key.master_key_id for _, key in keyed],
        "wrapped_keys": [key.data for _, key in keyed],
    }
