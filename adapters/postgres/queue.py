"""The port `Queue` on PostgreSQL: the same table, as the workers see it.

A lease is set and compared by the database's clock alone, and a claim's id guards every write that ends it, so
neither a machine's clock nor a worker that was thought dead can spoil an execution.
"""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from adapters.postgres.connections import Connection, Pool, Row, connection
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import dataset_from, execution_from
from adapters.postgres.last_logs import keep_last_logs
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from adapters.postgres.script_rows import source_from
from adapters.postgres.settling import Settled, settle
from adapters.postgres.warnings import source_warnings_from
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring
from application.ports.queue import Claimed, Completion, Release
from domain.body import Encoding
from domain.execution import Failed, Finished, Pending, Running
from domain.limits import MIB

log: Final = logging.getLogger(__name__)

MOST_CLAIMED_BYTES: Final = 64 * MIB
"""Stored datasets that one claim takes into the worker's memory, the last of them apart."""

BEFORE_ALL: Final = UUID(int=0)
"""The id of no script, before all that there are."""


class PostgresQueue:
    """The queue for the worker of that name, which starts at most `script_runs` of a script at once; 0 is no cap.

    The cap is over all workers and not exact: claims that are made at the same moment do not see one another, so each
    may fill the same room. `slots` is what the worker tells about itself, if its wiring sets it.
    """

    def __init__(
        self, pool: Pool, worker: str, lease: timedelta, script_runs: int = 0, seals: Keyring = NO_ENCRYPTION
    ) -> None:
        self._pool, self._worker, self._lease = pool, worker, lease
        self._sealing, self._notifier = EncryptedRows(pool, seals), notifier_of(pool)
        self._script_runs = script_runs or None
        self.slots: int | None = None
        self._served = {"claim": BEFORE_ALL, "claim_replays": BEFORE_ALL}

    async def claim(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        return await self._claim("claim", count, start, excluded_engines)

    async def claim_replays(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        return await self._claim("claim_replays", count, start, excluded_engines)

    async def _claim(
        self,
        statement: str,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str],
    ) -> Sequence[Claimed]:
        turns = {
            "count": count,
            "after": self._served[statement],
            "script_runs": self._script_runs,
            "most_bytes": MOST_CLAIMED_BYTES,
            "excluded_engines": sorted(excluded_engines) or None,
        }
        async with _transaction(self._pool) as conn:
            # A claim that is lost in a crash is a row that is pending again: it need not be flushed.
            await conn.execute("set local synchronous_commit = off")
            rows = await (await conn.execute(query(statement), turns, binary=True)).fetchall()
            claimed = [_claimed(await self._opened(row), start) for row in rows]
            if claimed:
                await conn.execute(query("start"), self._start_columns([one.running for one in claimed]))
                self._served[statement] = claimed[-1].running.submission.script.id
        return claimed

    async def _opened(self, row: Row) -> Row:
        """Decrypt the row's dataset; a damaged one becomes empty, so that its own run fails and no other does."""
        try:
            return await self._sealing.decrypt(row)
        except DecryptionFailed as error:
            log.error("cannot decrypt the dataset of execution %s: %s", row["id"], error)
            return {**row, "input_encoding": Encoding.IDENTITY, "input_body": b""}

    def _start_columns(self, running: Sequence[Running]) -> dict[str, Any]:
        return {
            "lease": self._lease,
            "ids": [one.submission.id for one in running],
            "attempts": [one.attempt for one in running],
            "started_at": [one.started_at for one in running],
            "claim_ids": [one.claim.id for one in running],
            "workers": [one.claim.worker for one in running],
        }

    async def finish(self, completions: Sequence[Completion]) -> frozenset[UUID]:
        left = await self._sealing.encrypt_completions(completions)
        async with connection(self._pool) as conn:  # one statement: one transaction, one flush
            settled = await settle(conn, [(one.claim_id, one.execution) for one in completions], left)
        self._notify([one.execution for one in completions if one.claim_id in settled.claims], settled)
        return frozenset(one.claim_id for one in completions) - settled.claims

    async def release(self, releases: Sequence[Release]) -> frozenset[UUID]:
        async with connection(self._pool) as conn:
            settled = await settle(conn, [(one.claim_id, one.execution) for one in releases])
        self._notify([one.execution for one in releases if one.claim_id in settled.claims], settled)
        return frozenset(one.claim_id for one in releases) - settled.claims

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        renewed = sorted(held, key=lambda one: one.submission.id)  # as all statements that lock several
        claim_ids = [one.claim.id for one in renewed]
        parameters = {"lease": self._lease, "ids": [one.submission.id for one in renewed], "claim_ids": claim_ids}
        late = max(1.0, self._lease.total_seconds())  # then the leases expired; maybe due to this connection
        async with connection(self._pool, answer_seconds=late) as conn, conn.pipeline():
            await conn.execute(query("worker_seen"), {"name": self._worker, "slots": self.slots})
            rows = await (await conn.execute(query("renew"), parameters)).fetchall()
        return frozenset(claim_ids) - {row["claim_id"] for row in rows}

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        async with _transaction(self._pool) as conn:
            rows = await (await conn.execute(query("expired"), {"count": count})).fetchall()
            expired = [(_running_from(row), row["read_at"]) for row in rows]
            lost = [(running.claim.id, lose(running, read_at)) for running, read_at in expired]
            settled = await settle(conn, lost) if lost else Settled()
            ended = [(one.submission.id, claim_id) for claim_id, one in lost if isinstance(one, Failed)]
            await keep_last_logs(conn, self._sealing, ended)
        self._notify([execution for _, execution in lost], settled)
        return [execution for _, execution in lost]

    def _notify(self, executions: Sequence[Pending | Finished], settled: Settled) -> None:
        """Notify readers of what has ended, workers of released executions, and senders of events; their commit is
        over."""
        ended = [one.submission.id for one in executions if not isinstance(one, Pending)]
        self._notifier.notify_ended([*ended, *settled.finished_batches])
        if len(ended) < len(executions):
            self._notifier.notify_pending()
        if settled.has_events:
            self._notifier.notify_events()

    async def leave(self) -> None:
        """Record that this worker has stopped."""
        async with connection(self._pool) as conn:
            await conn.execute(query("worker_gone"), {"name": self._worker})


@asynccontextmanager
async def _transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Open a transaction whose statements are sent together up to each one whose rows are fetched."""
    async with connection(pool) as conn, conn.pipeline(), conn.transaction():
        yield conn


def _running_from(row: Row) -> Running:
    running = execution_from(row)
    assert isinstance(running, Running), "the statement selects only these"
    return running


def _claimed(row: Row, start: Callable[[Pending, datetime], Running]) -> Claimed:
    pending = execution_from(row)
    assert isinstance(pending, Pending), "the statement selects only these"
    return Claimed(
        running=start(pending, row["read_at"]),
        source=source_from(row["source"], row["source_sha256"]),
        dataset=dataset_from(row),
        source_warnings=source_warnings_from(row["source_warnings"]),
    )
