"""Differences that are stored while their content is being removed, by this release or by an earlier one."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.postgres.connections import connection, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queries import query
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from application.ports.executions import NewExecution
from domain.redaction import remove_content
from tests.contracts.test_executions import claim, ending
from tests.support.values import NOON, a_body, a_pending, a_script
from tests.support.waiting import eventually_sees


@pytest.mark.parametrize("is_first", [True, False])
async def test_no_difference_outlasts_a_removal_that_overlaps_with_its_storage(
    lent_database: Callable[[], str], is_first: bool
) -> None:
    """Whichever of the two gets the row first, the other one waits for it, and the difference is gone in the end."""
    async with open_pool(lent_database(), "tests", size=4) as pool:
        executions, queue = PostgresExecutions(pool), PostgresQueue(pool, "one", timedelta(minutes=1))
        script, version = a_script()
        await PostgresScripts(pool).add(script, version)
        pending, body = a_pending(version), a_body(b"[{}]")
        await executions.add(NewExecution(pending, a_body()))
        (claimed,) = await claim(queue)
        await queue.finish([ended := ending(claimed)])
        execution_id = pending.submission.id
        columns = {
            "execution_id": execution_id,
            "size_bytes": 4,
            "sha256": bytes.fromhex(body.digest.sha256),
            "encoding": "identity",
            "body": body.data,
            "columns": None,
            "sealed": False,
            "master_key_id": None,
            "wrapped_key": None,
        }

        async def remove() -> None:
            await executions.remove_content(remove_content(ended.execution, NOON))

        async def add() -> None:
            async with connection(pool) as conn:
                await conn.execute(query("add_differences"), columns)

        async def waits() -> bool:
            async with connection(pool) as conn:
                blocked = "select from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'tests'"
                return await (await conn.execute(blocked)).fetchone() is not None

        async with connection(pool) as conn, conn.transaction():
            if is_first:
                await conn.execute(query("add_differences"), columns)
            else:
                await conn.execute("select from executions where id = %s for update", [execution_id])
            other = asyncio.create_task(remove())
            await eventually_sees(waits)
        await other
        await add()
        async with connection(pool) as conn:
            row = await (await conn.execute("select count(*) as kept from execution_differences")).fetchone()
        assert row == {"kept": 0}
