"""The port `IdempotencyKeys` of the store in memory."""

from datetime import datetime, timedelta
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.errors import Conflict
from application.ports.executions import Executions, NewExecution
from application.ports.system import Clock
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint


class MemoryIdempotencyKeys:
    """The port `IdempotencyKeys`."""

    def __init__(self, executions: Executions, clock: Clock, kept_for: timedelta) -> None:
        self._executions, self._clock, self._kept_for = executions, clock, kept_for
        self._records: dict[IdempotencyKey, tuple[KeyRecord, datetime]] = {}

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        record, expires_at = self._records.get(key, (None, None))
        return record if expires_at is not None and expires_at > self._clock() else None

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        found = await self.find(request.key)
        if found is not None:
            return Failure(found)
        added = await self._executions.add(new)
        if is_successful(added):
            self.record(KeyRecord(request, new.execution.submission.id))
        return added

    def record(self, record: KeyRecord) -> None:
        """Keep a record from now on, for the other ports of the store."""
        self._records[record.request.key] = (record, self._clock() + self._kept_for)

    def forget(self, execution_id: UUID) -> None:
        """Remove the key of an execution that was deleted."""
        self._records = {key: one for key, one in self._records.items() if one[0].execution_id != execution_id}

    async def forget_expired(self, count: int) -> int:
        expired = [key for key, (_, expires_at) in self._records.items() if expires_at <= self._clock()][:count]
        for key in expired:
            del self._records[key]
        return len(expired)
