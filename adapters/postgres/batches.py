"""The port `Batches` on PostgreSQL.

A batch is added by one transaction: a statement decides, by its script and its idempotency key, and adds all
executions; others, of bounded size, bring the datasets. Work that grows with the number of lines leaves the event loop
alone.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from attrs import asdict
from returns.result import Failure, Result, Success

from adapters.postgres.batch_rows import batch_columns, line_from, portions, record_from
from adapters.postgres.connections import Connection, Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import execution_from, redacted_columns
from adapters.postgres.idempotency import PostgresIdempotencyKeys, key_columns
from adapters.postgres.last_logs import keep_last_logs
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from adapters.postgres.run_rows import error_columns
from application.ports.batches import BatchFilter, BatchLine, BatchRecord, NewBatch
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.errors import Conflict
from domain.audit import ANONYMOUS, Actor
from domain.batches import Batch
from domain.execution import Finished, as_finished
from domain.idempotency import KeyRecord
from domain.outcome import error_sha256
from domain.transitions import CANCELLED

_INLINE_LINES: Final = 200
"""Up to here the work is shorter than the way to a thread and back."""
_NO_KEY: Final = {"key": None, "request_sha256": None}


class PostgresBatches:
    """The batches. Their idempotency keys are those of executions, `kept_for` that long."""

    def __init__(self, pool: Pool, kept_for: timedelta, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._kept_for = pool, kept_for
        self._sealing, self._notifier = EncryptedRows(pool, seals), notifier_of(pool)
        self._keys = PostgresIdempotencyKeys(pool, kept_for, seals)

    async def add(self, new: NewBatch) -> Result[None, KeyRecord | Conflict]:
        if new.request is None:
            return Success(None) if await self._insert(new) else Failure(Conflict())
        if await self._insert_again(new):
            return Success(None)
        record = await self._keys.find(new.request.key)
        if record is None:
            return Failure(Conflict())
        is_own = record.execution_id == new.executions[0].submission.id
        return Success(None) if is_own else Failure(record)

    @repeated_if_lost
    async def _insert_again(self, new: NewBatch) -> bool:
        """Insert a batch under its key: what a lost attempt has stored is recognised by that."""
        return await self._insert(new)

    async def _insert(self, new: NewBatch) -> bool:
        is_short = len(new.executions) <= _INLINE_LINES
        columns = batch_columns(new) if is_short else await asyncio.to_thread(batch_columns, new)
        columns |= {"kept_for": self._kept_for} | (_NO_KEY if new.request is None else key_columns(new.request))
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            is_added = await (await conn.execute(query("add_batch"), columns)).fetchone() is not None
            if is_added:
                await self._insert_datasets(conn, new)
        if is_added:
            self._notifier.notify_pending()
        return is_added

    async def _insert_datasets(self, conn: Connection, new: NewBatch) -> None:
        for portion in portions(new):
            columns = {
                "ids": [execution.submission.id for execution, _ in portion],
                "encodings": [dataset.encoding.value for _, dataset in portion],
            }
            await conn.execute(query("add_inputs"), columns | await self._sealing.dataset_columns(portion))

    async def find(self, batch_id: UUID) -> BatchRecord | None:
        records = await self._records({"id": batch_id, "limit": 1})
        return records[0] if records else None

    async def page(self, wanted: BatchFilter, before: UUID | None, limit: int) -> Sequence[BatchRecord]:
        return await self._records(asdict(wanted) | {"before": before, "limit": limit})

    @repeated_if_lost
    async def _records(self, wanted: dict[str, Any]) -> list[BatchRecord]:
        parameters = {"id": None, "before": None} | asdict(BatchFilter()) | wanted
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query("batches_page"), parameters)).fetchall()
        return list(map(record_from, rows))

    async def lines(
        self, batch_id: UUID, after_line: int, limit: int, result_bytes: int | None = None
    ) -> Sequence[BatchLine]:
        wanted = {"batch_id": batch_id, "after_line": after_line, "limit": limit, "result_bytes": result_bytes}
        return [line_from(await self._sealing.decrypt(row)) for row in await self._rows("batch_lines", wanted)]

    async def with_content(self, batch_id: UUID, limit: int) -> Sequence[Finished]:
        rows = await self._rows("batch_with_content", {"batch_id": batch_id, "limit": limit})
        return [as_finished(execution_from(await self._readable(row))).unwrap() for row in rows]

    @repeated_if_lost
    async def _rows(self, name: str, wanted: dict[str, Any]) -> Sequence[Row]:
        async with connection(self._pool) as conn:
            return await (await conn.execute(query(name), wanted, binary=True)).fetchall()

    async def _readable(self, row: Row) -> Row:
        """Decrypt the texts of an error, which are about to be removed: those that do not decrypt hold nothing up."""
        try:
            return await self._sealing.decrypt(row)
        except (DecryptionFailed, MasterKeyMissing):
            return row

    async def cancel(self, batch_id: UUID, at: datetime, by: Actor = ANONYMOUS) -> int:
        columns = error_columns(CANCELLED) | {"error_sha256": bytes.fromhex(error_sha256(CANCELLED))}
        columns |= asdict(by) | {"batch_id": batch_id, "at": at}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            row = await (await conn.execute(query("cancel_batch"), columns)).fetchone()
            assert row is not None, "an aggregate gives a row"
            were_running = list(zip(row["ids"] or (), row["claim_ids"] or (), strict=True))
            await keep_last_logs(conn, self._sealing, were_running)
        cancelled: int = row["cancelled"]
        return cancelled

    async def mark_removed(self, removed: Batch, by: Actor = ANONYMOUS) -> None:
        async with connection(self._pool) as conn:
            columns = {"id": removed.id, "at": removed.content_removed_at} | asdict(by)
            await conn.execute(query("mark_removed"), columns)

    async def remove_content(self, removed: Sequence[Finished], by: Actor = ANONYMOUS) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(query("remove_content"), redacted_columns(removed) | asdict(by))
