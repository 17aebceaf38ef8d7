"""The port `Executions` on PostgreSQL, for submitting and reading executions."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from attrs import asdict
from returns.result import Failure, Result, Success

from adapters.postgres.additions import Guard, addition_columns, guard_of, has_pending, refused_guards
from adapters.postgres.batching import BatchLoader
from adapters.postgres.bodies import DATASET, RESULT, StoredBodies
from adapters.postgres.connections import Connection, Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import (
    execution_from,
    finished_row,
    logs_from,
    redacted_columns,
    result_from,
)
from adapters.postgres.last_logs import keep_last_logs
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.errors import Conflict
from application.ports.executions import ExecutionDetails, ExecutionFilter, NewExecution
from application.ports.stored_bodies import StoredBody
from domain.audit import ANONYMOUS, Actor
from domain.execution import Execution, Failed, Finished, Pending, Running, Succeeded, Unfinished
from domain.outcome import Logs
from domain.queue_state import MOST_AHEAD, QueuePlace, wait_reason

MOST_ADDED: Final = 64
_MOST_REPORTED: Final = 32
"""Results come along, of a mebibyte each unless configured otherwise."""
_INLINE_LOG_BYTES: Final = 32 * 1024
"""Up to here reading the lines is shorter than the way to a thread and back."""
LARGE_BYTES: Final = 64 * 1024
"""A longer body is stored by a statement of its own, so that no other submission waits for its bytes."""

_NO_KEYS: Final = {"keys": None, "request_sha256": None, "kept_for": None}
"""The columns of `add_executions` for submissions without idempotency keys."""

LEASE: Final = timedelta(seconds=15)


class PostgresExecutions:
    """Executions and their bodies. `lease` is that of an execution which is added already running."""

    def __init__(self, pool: Pool, seals: Keyring = NO_ENCRYPTION, lease: timedelta = LEASE) -> None:
        self._pool, self._sealing, self._lease = pool, EncryptedRows(pool, seals), lease
        self._notifier = notifier_of(pool)
        self._bodies = StoredBodies(pool, self._sealing)
        self._additions = BatchLoader(self._add, MOST_ADDED)
        self._reports = BatchLoader(self._report, _MOST_REPORTED, same=lambda asked: asked)

    async def add(self, new: NewExecution) -> Result[None, Conflict]:
        if len(new.dataset.data) > LARGE_BYTES:
            (added,) = await self._add([new])
            return added
        return await self._additions.load(new)

    async def _add(self, additions: Sequence[NewExecution]) -> Sequence[Result[None, Conflict]]:
        """Add all whose scripts are as expected. A statement adds all or none, so it is repeated without the others."""
        refused: set[Guard] = set()
        while allowed := [one for one in additions if guard_of(one) not in refused]:
            rows = await self._insert(allowed)
            if not rows:
                break
            refused |= refused_guards(rows, allowed)
        return [Failure(Conflict()) if guard_of(one) in refused else Success(None) for one in additions]

    async def _insert(self, additions: Sequence[NewExecution]) -> Sequence[Row]:
        datasets = [(one.execution, one.dataset) for one in additions]
        columns = addition_columns(additions, self._lease) | await self._sealing.dataset_columns(datasets) | _NO_KEYS
        async with connection(self._pool) as conn:  # one statement: one transaction, one flush
            rows = await (await conn.execute(query("add_executions"), columns)).fetchall()
        if not rows and has_pending(additions):
            self._notifier.notify_pending()
        return rows

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = ANONYMOUS) -> Result[Logs, Conflict]:
        columns = finished_row(failed) | _as_read(read) | asdict(by)
        async with connection(self._pool) as conn:
            if isinstance(read, Pending):
                return Success(Logs()) if await _cancelled(conn, columns) else Failure(Conflict())
            async with conn.pipeline(), conn.transaction():
                if not await _cancelled(conn, columns):
                    return Failure(Conflict())
                execution_id = read.submission.id
                logs = await keep_last_logs(conn, self._sealing, [(execution_id, read.claim.id)])
        return Success(logs.get(execution_id, Logs()))

    async def remove_content(self, removed: Finished, by: Actor = ANONYMOUS) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(query("remove_content"), redacted_columns([removed]) | asdict(by))

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        row = await self._reports.load((execution_id, result_up_to))
        if row is None:
            return None
        opened = await self._sealing.decrypt(row)
        is_long = len(opened["logs"] or b"") > _INLINE_LOG_BYTES
        return await asyncio.to_thread(_report_from, opened) if is_long else _report_from(opened)

    @repeated_if_lost
    async def _report(self, asked: Sequence[tuple[UUID, int]]) -> Sequence[Row | None]:
        most = max(result_up_to for _, result_up_to in asked)
        parameters = {"ids": list({execution_id for execution_id, _ in asked}), "result_up_to": most}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("reports"), parameters, binary=True)).fetchall()
        reports = {row["id"]: row for row in rows}
        return [_limited(reports.get(execution_id), result_up_to) for execution_id, result_up_to in asked]

    async def dataset(self, execution_id: UUID) -> StoredBody | None:
        return await self._bodies.find(DATASET, execution_id)

    async def result(self, execution_id: UUID) -> StoredBody | None:
        return await self._bodies.find(RESULT, execution_id)

    @repeated_if_lost
    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        input_of = None if wanted.input_of is None else str(wanted.input_of)  # a text, as in its column of JSON
        batch = None if wanted.batch is None else str(wanted.batch)
        statement = "executions_page" if wanted.batch is None else "executions_page_of_batch"
        parameters: dict[str, Any] = asdict(wanted) | {"input_of": input_of, "batch": batch}
        parameters |= {"before": before, "limit": limit}
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query(statement), parameters)).fetchall()
        return [execution_from(await self._sealing.decrypt(row)) for row in rows]

    async def waiting(self, up_to: int) -> int:
        return await self._count("waiting", up_to)

    @repeated_if_lost
    async def queue_place(self, pending: Pending) -> QueuePlace:
        submission = pending.submission
        statement = "queue_place" if submission.replay_of is None else "queue_place_of_replay"
        parameters = {"script_id": submission.script.id, "id": submission.id, "up_to": MOST_AHEAD, "lease": self._lease}
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query(statement), parameters)).fetchone()
        assert row is not None, "an aggregate gives a row"
        return QueuePlace(row["ahead"], wait_reason(row["slots"], row["running"]))

    async def replays_waiting(self, up_to: int) -> int:
        return await self._count("replays_waiting", up_to)

    @repeated_if_lost
    async def _count(self, name: str, up_to: int) -> int:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query(name), {"up_to": up_to})).fetchone()
        assert row is not None, "an aggregate gives a row"
        waiting: int = row["waiting"]
        return waiting


async def _cancelled(conn: Connection, columns: Mapping[str, Any]) -> bool:
    return await (await conn.execute(query("cancel"), columns)).fetchone() is not None


def _report_from(row: Row) -> ExecutionDetails:
    execution, result = execution_from(row), None
    if isinstance(execution, Succeeded) and row["result_body"] is not None:
        result = result_from(row)
    return ExecutionDetails(execution, logs_from(row["logs"], row["logs_truncated"]), result)


def _limited(row: Row | None, result_up_to: int) -> Row | None:
    """Drop the result of a row if it is longer than this reader's own limit."""
    if row is None or row["result_body"] is None or row["output_bytes"] <= result_up_to:
        return row
    return {**row, "result_body": None}


def _as_read(read: Unfinished) -> dict[str, Any]:
    """Identify the state of a row as it was read, so that a concurrent change is detected."""
    match read:
        case Pending(attempts=attempts):
            return {"read_claim_id": None, "read_attempt": attempts}
        case Running(claim=claim, attempt=attempt):
            return {"read_claim_id": claim.id, "read_attempt": attempt}
