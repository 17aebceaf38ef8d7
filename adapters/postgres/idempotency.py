"""The port `IdempotencyKeys` on PostgreSQL: a unique key decides which request is first, across processes and
connections.

One statement stores a key with its execution. A concurrent request with the same key waits for that commit, or takes
the key if it fails, and then reads which execution has it. Keys expire by the database's clock alone. A key sent with
an API key is stored as `<id of that>\n<key>`, which no key without one can equal.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.postgres.additions import Guard, addition_columns, guard_of, has_pending, refused_guards
from adapters.postgres.batching import BatchLoader
from adapters.postgres.connections import Pool, Row, connection, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.executions import LARGE_BYTES, LEASE, MOST_ADDED
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.errors import Conflict
from application.ports.executions import NewExecution
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint

_Keyed: TypeAlias = tuple[NewExecution, RequestFingerprint]


class PostgresIdempotencyKeys:
    """The idempotency keys, and the executions that are stored with them. `lease` is that of one already running."""

    def __init__(
        self, pool: Pool, kept_for: timedelta, seals: Keyring = NO_ENCRYPTION, lease: timedelta = LEASE
    ) -> None:
        self._pool, self._kept_for, self._lease = pool, kept_for, lease
        self._sealing = EncryptedRows(pool, seals)
        self._notifier = notifier_of(pool)
        self._additions = BatchLoader(self._add, MOST_ADDED)
        self._finds = BatchLoader(self._find, MOST_ADDED)

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        return await self._finds.load(key)

    @repeated_if_lost
    async def _find(self, keys: Sequence[IdempotencyKey]) -> Sequence[KeyRecord | None]:
        records = await self._records(set(keys))
        return [records.get(key) for key in keys]

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        keyed = (new, request)
        if len(new.dataset.data) > LARGE_BYTES:
            (added,) = await self._add([keyed])
            return added
        return await self._additions.load(keyed)

    @repeated_if_lost
    async def _add(self, submitted: Sequence[_Keyed]) -> Sequence[Result[None, KeyRecord | Conflict]]:
        """Add executions under free keys. Repeatable: a row of a lost attempt is recognised by its execution id.

        If a guard refuses, nothing is added, all keys are looked up, and the statement is repeated without its scripts:
        a request that is repeated gets its record even if its script has changed.
        """
        records: dict[IdempotencyKey, KeyRecord] = {}
        refused: set[Guard] = set()
        while free := _first_of_each(  # or expired meanwhile
            [one for one in submitted if one[1].key not in records and guard_of(one[0]) not in refused]
        ):
            rows = await self._insert(free)
            refused |= refused_guards(rows, [addition for addition, _ in free])
            records |= _by_key(row for row in rows if row["key"] is not None)
            records |= await self._records({request.key for _, request in free} - records.keys())
        return [_added(addition, records.get(request.key)) for addition, request in submitted]

    async def _insert(self, keyed: Sequence[_Keyed]) -> Sequence[Row]:
        """Store the submissions whose keys are free, if all scripts are as expected."""
        additions = [addition for addition, _ in keyed]
        columns = addition_columns(additions, self._lease)
        columns |= await self._sealing.dataset_columns([(one.execution, one.dataset) for one in additions])
        columns |= _key_columns([request for _, request in keyed]) | {"kept_for": self._kept_for}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("add_executions"), columns)).fetchall()
        if rows and has_pending(additions) and not refused_guards(rows, additions):
            self._notifier.notify_pending()
        return rows

    async def _records(self, keys: Collection[IdempotencyKey]) -> dict[IdempotencyKey, KeyRecord]:
        if not keys:
            return {}
        async with connection(self._pool) as conn:
            wanted = {"keys": [_text(key) for key in keys]}
            return _by_key(await (await conn.execute(query("idempotency_keys"), wanted)).fetchall())

    async def forget_expired(self, count: int) -> int:
        async with connection(self._pool) as conn:
            forgotten = (await conn.execute(query("forget_keys"), {"count": count})).rowcount
            if forgotten < count:
                forgotten += (await conn.execute(query("forget_job_keys"), {"count": count - forgotten})).rowcount
        return forgotten


def _first_of_each(keyed: Sequence[_Keyed]) -> list[_Keyed]:
    """Select one submission a key, sorted, so that two batches which lock the same keys never deadlock."""
    first = {_text(request.key): (addition, request) for addition, request in reversed(keyed)}
    return [first[key] for key in sorted(first)]


def _added(addition: NewExecution, record: KeyRecord | None) -> Result[None, KeyRecord | Conflict]:
    if record is None:
        return Failure(Conflict())
    is_own = record.execution_id == addition.execution.submission.id
    return Success(None) if is_own else Failure(record)


def _key_columns(requests: Sequence[RequestFingerprint]) -> dict[str, Any]:
    return {
        "keys": [_text(one.key) for one in requests],
        "request_sha256": [bytes.fromhex(one.sha256) for one in requests],
    }


def key_columns(request: RequestFingerprint) -> dict[str, Any]:
    """Convert a request to the columns of its key."""
    return {"key": _text(request.key), "request_sha256": bytes.fromhex(request.sha256)}


def _by_key(rows: Iterable[Row]) -> dict[IdempotencyKey, KeyRecord]:
    records = map(_record_from, rows)
    return {record.request.key: record for record in records}


def _record_from(row: Row) -> KeyRecord:
    return KeyRecord(RequestFingerprint(_key(row["key"]), row["request_sha256"].hex()), row["execution_id"])


def _text(key: IdempotencyKey) -> str:
    return key.value if key.caller is None else f"{key.caller}\n{key.value}"


def _key(text: str) -> IdempotencyKey:
    caller, newline, value = text.partition("\n")
    return IdempotencyKey(value, UUID(caller)) if newline else IdempotencyKey(text)
