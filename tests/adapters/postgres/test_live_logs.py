"""Live logs as they stand in the database: encrypted like all content, and gone with it, whatever they meet."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from adapters.postgres.live_logs import PostgresLiveLogs
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring
from application.ports.live_logs import LogPart
from application.ports.queue import Claimed
from domain.execution import as_finished
from domain.outcome import LogLevel, LogLine, Logs
from domain.redaction import remove_content
from domain.transitions import cancel
from tests.adapters.postgres.test_encryption import BEFORE, CANARY, Database, Open, open_database
from tests.contracts.test_executions import claim, ending
from tests.support.values import NOON
from tests.support.waiting import eventually_sees

__all__ = ["open_database"]
LINES = (LogLine(LogLevel.LOG, CANARY), LogLine(LogLevel.WARN, CANARY))


async def running(database: Database, seals: Keyring) -> Claimed:
    await database.submit(seals)
    (claimed,) = await claim(database.process(BEFORE).queue)
    return claimed


def parts(claimed: Claimed) -> Sequence[LogPart]:
    return [LogPart(claimed.running, number, Logs((line,))) for number, line in enumerate(LINES)]


async def shown(database: Database) -> tuple[int, int]:
    """Count the parts, and those that show what was printed."""
    rows = await database.rows("live_logs")
    return len(rows), sum(CANARY.encode() in row["lines"] for row in rows)


@pytest.mark.parametrize(("seals", "readable"), [(NO_ENCRYPTION, 2), (BEFORE, 0)])
async def test_parts_are_encrypted_where_master_keys_are_set(
    open_database: Open, seals: Keyring, readable: int
) -> None:
    async with open_database() as database:
        claimed = await running(database, seals)
        assert await PostgresLiveLogs(database.pool, seals).append(parts(claimed)) == {claimed.running.claim.id}
        assert await shown(database) == (2, readable)
        assert await PostgresLiveLogs(database.pool, BEFORE).read(claimed.running) == Logs(LINES)


async def test_an_execution_without_a_data_key_shows_no_log_before_its_end(open_database: Open) -> None:
    """A key that was made for it now would meet the one that its end makes."""
    async with open_database() as database:
        claimed, logs = await running(database, NO_ENCRYPTION), PostgresLiveLogs(database.pool, BEFORE)
        assert await logs.append(parts(claimed)) == {claimed.running.claim.id}
        assert await shown(database) == (0, 0)
        assert await logs.read(claimed.running) == Logs()


async def test_a_part_that_was_altered_is_not_shown(open_database: Open) -> None:
    async with open_database() as database:
        claimed, logs = await running(database, BEFORE), PostgresLiveLogs(database.pool, BEFORE)
        await logs.append(parts(claimed))
        await database.execute("update live_logs set lines = set_byte(lines, 20, get_byte(lines, 20) # 1)")
        with pytest.raises(DecryptionFailed):
            await logs.read(claimed.running)


async def test_a_purge_deletes_the_parts_of_other_claims_only(open_database: Open) -> None:
    async with open_database() as database:
        first, second = await running(database, BEFORE), await running(database, BEFORE)
        logs = PostgresLiveLogs(database.pool, BEFORE)
        await logs.append([*parts(first), *parts(second)])
        await database.process(BEFORE).queue.finish([ending(first)])
        await logs.purge()
        assert {row["claim_id"] for row in await database.rows("live_logs")} == {second.running.claim.id}
        assert await logs.read(second.running) == Logs(LINES)


async def test_parts_are_deleted_with_the_content_and_with_the_record(open_database: Open) -> None:
    async with open_database() as database:
        claimed, process = await running(database, BEFORE), database.process(BEFORE)
        await PostgresLiveLogs(database.pool, BEFORE).append(parts(claimed))
        made = ending(claimed)
        await process.queue.finish([made])
        await process.executions.remove_content(remove_content(as_finished(made.execution).unwrap(), NOON))
        assert await shown(database) == (0, 0)
        other = await running(database, BEFORE)
        await PostgresLiveLogs(database.pool, BEFORE).append(parts(other))
        await database.execute(f"delete from executions where id = '{other.running.submission.id}'")
        assert await shown(database) == (0, 0)


@pytest.mark.parametrize("seals", [NO_ENCRYPTION, BEFORE])
async def test_the_log_of_a_cancelled_run_is_stored_as_its_parts_were(open_database: Open, seals: Keyring) -> None:
    async with open_database() as database:
        claimed = await running(database, seals)
        await PostgresLiveLogs(database.pool, seals).append(parts(claimed))
        assert await cancelled(database, BEFORE, claimed) == Logs(LINES)
        (row,) = await database.rows("execution_results")
        assert (row["sealed"], CANARY.encode() in row["logs"]) == (seals is BEFORE, seals is not BEFORE)
        report = await database.process(BEFORE).executions.report(claimed.running.submission.id, 0)
        assert report is not None
        assert report.logs == Logs(LINES)


async def cancelled(database: Database, seals: Keyring, claimed: Claimed) -> Logs:
    failed = cancel(claimed.running, NOON + timedelta(days=10_000))
    return (await database.process(seals).executions.cancel(claimed.running, failed)).unwrap()


async def test_a_log_that_does_not_decrypt_keeps_no_run_from_its_end(
    open_database: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_database() as database:
        for spoil in (None, "update live_logs set lines = set_byte(lines, 20, get_byte(lines, 20) # 1)"):
            claimed = await running(database, BEFORE)
            await PostgresLiveLogs(database.pool, BEFORE).append(parts(claimed))
            if spoil is not None:
                await database.execute(spoil)
            assert await cancelled(database, NO_ENCRYPTION if spoil is None else BEFORE, claimed) == Logs()
            assert f"cannot decrypt the last log of execution {claimed.running.submission.id}" in caplog.text
        assert CANARY not in caplog.text
        assert await database.rows("execution_results") == []


async def test_a_part_that_a_cancellation_has_waited_for_is_kept(open_database: Open) -> None:
    async with open_database() as database:
        claimed = await running(database, NO_ENCRYPTION)
        await PostgresLiveLogs(database.pool, NO_ENCRYPTION).append(parts(claimed)[:1])
        submitted = claimed.running.submission.id
        async with await psycopg.AsyncConnection.connect(database.url) as storing:
            await storing.execute(f"select from executions where id = '{submitted}' for share")
            cancelling = asyncio.create_task(cancelled(database, NO_ENCRYPTION, claimed))
            await _until_blocked(database)
            values = f"'{submitted}', '{claimed.running.claim.id}', 1, '[[\"warn\", \"{CANARY}\"]]', false, false"
            await storing.execute(f"insert into live_logs values ({values})")
        assert await cancelling == Logs(LINES)


async def test_the_end_of_an_attempt_waits_for_a_part_that_is_being_stored_and_no_part_comes_after_it(
    open_database: Open,
) -> None:
    """Else the content could be removed before the part is there."""
    async with open_database() as database:
        claimed, process = await running(database, BEFORE), database.process(BEFORE)
        made, logs = ending(claimed), PostgresLiveLogs(database.pool, BEFORE)
        async with await psycopg.AsyncConnection.connect(database.url) as storing:
            await storing.execute(f"select from executions where id = '{claimed.running.submission.id}' for share")
            finishing = asyncio.create_task(process.queue.finish([made]))
            await _until_blocked(database)
            assert not finishing.done()
        assert await finishing == frozenset()
        assert await logs.append(parts(claimed)) == frozenset()
        assert await shown(database) == (0, 0)


async def _until_blocked(database: Database) -> None:
    sql = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as conn:

        async def blocked() -> object:
            return await (await conn.execute(sql)).fetchone()

        await eventually_sees(blocked)


@pytest.mark.parametrize("wrong", [{"first_line": -1}, {"execution_id": "00000000-0000-0000-0000-000000000000"}])
async def test_a_part_of_another_form_is_refused(open_database: Open, wrong: dict[str, Any]) -> None:
    async with open_database() as database:
        claimed = await running(database, BEFORE)
        row = {"execution_id": claimed.running.submission.id, "first_line": 0} | wrong
        values = f"'{row['execution_id']}', gen_random_uuid(), {row['first_line']}, '', false, true"
        with pytest.raises(psycopg.IntegrityError):
            await database.execute(f"insert into live_logs values ({values})")
