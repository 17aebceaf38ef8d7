"""The port `Executions` on PostgreSQL: what those who submit and read need."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from attrs import asdict
from returns.result import Failure, Result, Success

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from adapters.postgres.rows import body_from, execution_from, logs_from, settled_row
from adapters.postgres.warnings import warnings_json
from application.messages import ExecutionFilter, Outdated, Report
from domain.body import Body
from domain.execution import Execution, Failed, Pending, Running, Succeeded, Unfinished


class PostgresExecutions:
    """Executions and their bodies. `announce` is called after each commit that leaves work waiting."""

    def __init__(self, pool: Pool, announce: Callable[[], None]) -> None:
        self._pool, self._announce = pool, announce

    async def add(self, pending: Pending, dataset: Body) -> None:
        submission = pending.submission
        columns = {
            "id": submission.id,
            "script_id": submission.script.id,
            "version": submission.script.version,
            "submitted_at": submission.submitted_at,
            "input_bytes": submission.dataset.size_bytes,
            "input_sha256": bytes.fromhex(submission.dataset.sha256),
            "input_warnings": warnings_json(submission.warnings),
            "encoding": dataset.encoding.value,
            "body": dataset.data,
        }
        async with connection(self._pool) as conn:  # one statement: one transaction, one flush
            await conn.execute(query("add_execution"), columns)
        self._announce()

    async def cancel(self, read: Unfinished, failed: Failed) -> Result[None, Outdated]:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("cancel"), settled_row(failed) | _as_read(read))).fetchone()
        return Success(None) if row is not None else Failure(Outdated())

    async def report(self, execution_id: UUID, result_up_to: int) -> Report | None:
        parameters = {"id": execution_id, "result_up_to": result_up_to}
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("report"), parameters, binary=True)).fetchone()
        if row is None:
            return None
        execution, result = execution_from(row), None
        if isinstance(execution, Succeeded) and row["result_body"] is not None:
            result = body_from(row["result_encoding"], row["result_body"], row["output_bytes"], row["output_sha256"])
        return Report(execution, logs_from(row["logs"], row["logs_truncated"]), result)

    async def dataset(self, execution_id: UUID) -> Body | None:
        return await self._body("dataset", execution_id)

    async def result(self, execution_id: UUID) -> Body | None:
        return await self._body("result", execution_id)

    async def _body(self, name: str, execution_id: UUID) -> Body | None:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query(name), {"id": execution_id}, binary=True)).fetchone()
        return None if row is None else body_from(row["encoding"], row["body"], row["size_bytes"], row["sha256"])

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        parameters: dict[str, Any] = asdict(wanted) | {"before": before, "limit": limit}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("executions_page"), parameters)).fetchall()
        return [execution_from(row) for row in rows]

    async def waiting(self, up_to: int) -> int:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("waiting"), {"up_to": up_to})).fetchone()
        assert row is not None, "an aggregate gives a row"
        waiting: int = row["waiting"]
        return waiting


def _as_read(read: Unfinished) -> dict[str, Any]:
    """What tells a row that is as it was read from one that has moved."""
    match read:
        case Pending(attempts=attempts):
            return {"read_claim_id": None, "read_attempt": attempts}
        case Running(claim=claim, attempt=attempt):
            return {"read_claim_id": claim.id, "read_attempt": attempt}
