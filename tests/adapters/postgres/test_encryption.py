"""Sealed rows: what stands in the tables, mixed ones, missing keys, damage, rotation, and shredding."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from attrs import field, frozen
from psycopg.rows import dict_row

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.json.bodies import JsonBodies
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.encryption import MESSAGE_SEALED, EncryptedRows
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.scripts import PostgresScripts
from application.maintenance.rotate_master_key import KeyCounts, rotate_master_key
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.errors import Unavailable
from application.ports.executions import ExecutionDetails, ExecutionFilter, NewExecution
from application.ports.queue import Completion
from domain.body import Body
from domain.execution import Failed, Pending, as_finished
from domain.outcome import LogLevel, LogLine, Produced, Run
from domain.redaction import remove_content
from domain.versions import ScriptVersion
from tests.contracts.test_executions import claim, ending
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script

MINUTE: Final = timedelta(minutes=1)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BEFORE: Final = AesKeyring(MasterKeys("old", {"old": OLD}))
BETWEEN: Final = AesKeyring(MasterKeys("new", {"new": NEW, "old": OLD}))
AFTER: Final = AesKeyring(MasterKeys("new", {"new": NEW}))
OFF: Final = AesKeyring(MasterKeys(None, {"old": OLD}))
CANARY: Final = "kanarienvogel"
DATASET: Final = a_body(f'["{CANARY}"]'.encode())
FULL: Final = a_run(Produced(DATASET), (LogLine(LogLevel.LOG, CANARY),))
THREW: Final = a_run(a_failure(CANARY), (LogLine(LogLevel.LOG, CANARY),))
TABLES: Final = ("executions", "execution_inputs", "execution_results", "execution_keys")


@frozen
class Process:
    """The ports of a process that has these seals."""

    executions: PostgresExecutions
    queue: PostgresQueue
    readiness: PostgresReadiness


@frozen
class Database:
    url: str
    pool: Pool = field(repr=False)
    version: ScriptVersion = field(repr=False)

    def process(self, seals: Keyring) -> Process:
        return Process(
            PostgresExecutions(self.pool, seals),
            PostgresQueue(self.pool, "one", MINUTE, 0, seals),
            PostgresReadiness(self.pool, MINUTE, seals),
        )

    async def submit(self, seals: Keyring, dataset: Body = DATASET) -> Pending:
        pending = a_pending(self.version, dataset=dataset)
        await self.process(seals).executions.add(NewExecution(pending, dataset))
        return pending

    async def run(self, seals: Keyring, run: Run = FULL) -> Completion:
        queue = self.process(seals).queue
        (claimed,) = await claim(queue)
        assert claimed.dataset == DATASET
        made = ending(claimed, run)
        assert await queue.finish([made]) == frozenset()
        return made

    async def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        async with await psycopg.AsyncConnection.connect(self.url, row_factory=dict_row) as conn:
            return await (await conn.execute(f"select t.* from {table} t".encode())).fetchall()

    async def execute(self, sql: str) -> None:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as conn:
            await conn.execute(sql.encode())


@pytest.fixture
def open_database(lent_database: Callable[[], str]) -> Callable[[], Any]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        url, (script, version) = lent_database(), a_script()
        async with open_pool(url, "tests", size=4) as pool:
            await PostgresScripts(pool).add(script, version)
            yield Database(url, pool, version)

    return opened


Open = Callable[[], Any]


async def report(process: Process, execution_id: UUID) -> ExecutionDetails:
    found = await process.executions.report(execution_id, 1_000_000)
    assert found is not None
    return found


async def test_unencrypted_content_is_found_in_the_tables(open_database: Open) -> None:
    async with open_database() as database:
        await database.submit(NO_ENCRYPTION)
        await database.run(NO_ENCRYPTION, THREW)
        shown = {table: str(await database.rows(table)).count(CANARY) for table in TABLES}
        assert shown == {"executions": 1, "execution_inputs": 1, "execution_results": 1, "execution_keys": 0}


@pytest.mark.parametrize("run", [FULL, THREW])
async def test_no_column_of_any_table_shows_encrypted_content(open_database: Open, run: Run) -> None:
    async with open_database() as database:
        pending = await database.submit(BEFORE)
        made = await database.run(BEFORE, run)
        rows = [(table, row) for table in TABLES for row in await database.rows(table)]
        assert [table for table, _ in rows] == list(TABLES)
        assert CANARY not in "".join(str(one) for _, row in rows for one in row.values())
        found = await report(database.process(BEFORE), pending.submission.id)
        assert found == ExecutionDetails(made.execution, made.logs, made.result)
        assert await database.process(BEFORE).executions.page(ExecutionFilter(), None, 10) == [made.execution]


@pytest.mark.parametrize(
    ("submitting", "running", "keys"),
    [
        (NO_ENCRYPTION, BEFORE, 1),
        (BEFORE, OFF, 1),
        (OFF, BEFORE, 1),
        (NO_ENCRYPTION, NO_ENCRYPTION, 0),
        (BEFORE, BETWEEN, 1),
    ],
)
async def test_encryption_is_switched_on_and_off_between_a_submission_and_its_completion(
    open_database: Open, submitting: Keyring, running: Keyring, keys: int
) -> None:
    async with open_database() as database:
        pending, process = await database.submit(submitting), database.process(BETWEEN)
        made = await database.run(running, THREW)
        assert await report(process, pending.submission.id) == ExecutionDetails(made.execution, made.logs, None)
        assert await whole(await process.executions.dataset(pending.submission.id)) == DATASET
        assert len(await database.rows("execution_keys")) == keys


async def test_a_body_of_many_megabytes_is_encrypted_and_decrypted_off_the_loop(open_database: Open) -> None:
    async with open_database() as database:
        large = a_body(b'"' + bytes(range(35, 91)) * 100_000 + b'"')
        pending = await database.submit(BEFORE, large)
        assert await whole(await database.process(BEFORE).executions.dataset(pending.submission.id)) == large


@pytest.mark.parametrize("seals", [BEFORE, NO_ENCRYPTION])
async def test_content_that_is_removed_while_it_is_read_ends_the_reading(open_database: Open, seals: Keyring) -> None:
    async with open_database() as database:
        large = a_body(b'"' + bytes(range(35, 91)) * 100_000 + b'"')
        pending = await database.submit(seals, large)
        stored = await database.process(BEFORE).executions.dataset(pending.submission.id)
        assert stored is not None
        parts = stored.parts()
        assert large.data.startswith(await anext(parts))
        await database.execute("delete from execution_inputs")
        with pytest.raises(Unavailable, match="removed while it was read"):
            [part async for part in parts]


async def test_a_missing_master_key_is_an_outage_that_names_it_and_loses_nothing(open_database: Open) -> None:
    async with open_database() as database:
        sealed, plain = await database.submit(BEFORE), await database.submit(NO_ENCRYPTION)
        for seals in (NO_ENCRYPTION, AFTER):
            process = database.process(seals)
            with pytest.raises(MasterKeyMissing, match=r"missing master keys: old$"):
                await whole(await process.executions.dataset(sealed.submission.id))
            with pytest.raises(MasterKeyMissing):
                await claim(process.queue, 2)
            assert "missing master keys: old" in ((await process.readiness()).trouble or "")
            assert await whole(await process.executions.dataset(plain.submission.id)) == DATASET
        assert (await database.process(BETWEEN).readiness()).trouble is None
        assert len(await claim(database.process(BETWEEN).queue, 2)) == 2


async def test_readers_together_do_not_share_the_trouble_of_one(open_database: Open) -> None:
    async with open_database() as database:
        await database.submit(BEFORE)
        broken = (await database.run(BEFORE, THREW)).execution.submission.id
        fine, process = await database.submit(AFTER), database.process(AFTER)
        answers = await asyncio.gather(
            *(process.executions.report(one, 10) for one in (fine.submission.id, broken, fine.submission.id, broken)),
            return_exceptions=True,
        )
        assert [isinstance(one, MasterKeyMissing) for one in answers] == [False, True, False, True]


DAMAGES: Final = [
    "update execution_inputs set body = set_byte(body, 20, get_byte(body, 20) # 1)",
    "update execution_inputs set body = substr(body, 1, 30)",
    "update execution_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)",
    "delete from execution_keys",
    """update execution_inputs i set body = o.body from execution_inputs o where o.execution_id <> i.execution_id""",
    """update execution_keys k set wrapped = o.wrapped from execution_keys o where o.execution_id <> k.execution_id""",
]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damage_is_noticed_shows_nothing_and_stops_no_queue(
    open_database: Open, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_database() as database:
        damaged = [await database.submit(BEFORE) for _ in range(2)]
        await database.execute(damage)
        fine, process = await database.submit(BEFORE), database.process(BEFORE)
        for one in damaged:
            with pytest.raises(DecryptionFailed) as refused:
                await whole(await process.executions.dataset(one.submission.id))
            assert CANARY not in str(refused.value)
        claimed = {one.running.submission.id: one.dataset for one in await claim(process.queue, 3)}
        assert claimed.pop(fine.submission.id) == DATASET
        for dataset in claimed.values():
            with pytest.raises(ValueError, match="was stored as 0"):
                await JsonBodies().decode(dataset)
        assert len(claimed) == 2 == sum("cannot decrypt" in one.message for one in caplog.records)
        assert CANARY not in caplog.text


async def test_a_result_does_not_pass_for_a_dataset(open_database: Open) -> None:
    async with open_database() as database:
        pending = await database.submit(BEFORE)
        await database.run(BEFORE)
        await database.execute("update execution_inputs set body = r.body from execution_results r")
        with pytest.raises(DecryptionFailed):
            await whole(await database.process(BEFORE).executions.dataset(pending.submission.id))


async def test_the_master_key_changes_while_executions_are_submitted_and_end(open_database: Open) -> None:
    async with open_database() as database:
        early = [await database.submit(BEFORE) for _ in range(450)]
        process, made = database.process(BETWEEN), dict[UUID, Completion]()
        began, stop = asyncio.Event(), asyncio.Event()

        async def load() -> None:
            while not stop.is_set():
                await database.submit(BETWEEN)
                claimed = await claim(process.queue, 8)
                endings = [ending(one, THREW) for one in claimed]
                assert await process.queue.finish(endings) == frozenset()
                made.update({one.execution.submission.id: one for one in endings})
                began.set()

        loading = asyncio.create_task(load())
        await asyncio.wait_for(began.wait(), 20)
        counts = [await rotate_master_key(PostgresDataKeys(database.pool), BETWEEN) for _ in range(2)][-1].unwrap()
        stop.set()
        await loading
        assert (counts.outdated, counts.unknown) == ({}, {})
        assert counts.current >= 450
        after = database.process(AFTER)
        assert (await after.readiness()).trouble is None
        for one in early:
            assert await whole(await after.executions.dataset(one.submission.id)) == DATASET
        for execution_id, one in made.items():
            assert await report(after, execution_id) == ExecutionDetails(one.execution, one.logs, None)


async def test_concurrent_rewraps_skip_locked_keys(open_database: Open) -> None:
    async with open_database() as database:
        for _ in range(20):
            await database.submit(BEFORE)
        keys = PostgresDataKeys(database.pool)
        async with await psycopg.AsyncConnection.connect(database.url) as holder:
            await holder.execute("select 1 from execution_keys order by execution_id limit 3 for update")
            assert (await rotate_master_key(keys, BETWEEN)).unwrap() == KeyCounts(17, {"old": 3}, {})
        done = await asyncio.gather(*(rotate_master_key(keys, BETWEEN) for _ in range(3)))
        assert KeyCounts(20, {}, {}) in [one.unwrap() for one in done]


async def test_removed_content_cannot_be_opened_from_a_backup_once_the_old_master_key_is_gone(
    open_database: Open,
) -> None:
    async with open_database() as database:
        pending = await database.submit(BEFORE)
        made = await database.run(BEFORE, FULL)
        backup = {table: (await database.rows(table))[0] for table in TABLES}
        removed = remove_content(as_finished(made.execution).unwrap(), NOON)
        await database.process(BEFORE).executions.remove_content(removed)
        assert await database.rows("execution_keys") == []
        (await rotate_master_key(PostgresDataKeys(database.pool), BETWEEN)).unwrap()
        row = _as_read(backup)
        assert (
            DATASET.data in (await EncryptedRows(database.pool, BETWEEN).decrypt(row)).values()
        )  # with the old key it can
        with pytest.raises(MasterKeyMissing):
            await EncryptedRows(database.pool, AFTER).decrypt(row)
        another = AesKeyring(MasterKeys("old", {"old": NEW}))  # a key of the same name does not help
        with pytest.raises(DecryptionFailed):
            await EncryptedRows(database.pool, another).decrypt(row)
        assert await whole(await database.process(AFTER).executions.dataset(pending.submission.id)) is None


def _as_read(backup: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    inputs, results, keys = (backup[table] for table in TABLES[1:])
    return {
        "id": keys["execution_id"],
        "input_body": inputs["body"],
        "input_sealed": inputs["sealed"],
        "result_body": results["body"],
        "result_sealed": results["sealed"],
        "logs": results["logs"],
        "master_key_id": keys["master_key_id"],
        "wrapped_key": keys["wrapped"],
    }


async def test_script_authored_text_is_removed_with_its_encryption(open_database: Open) -> None:
    async with open_database() as database:
        await database.submit(BEFORE)
        made = await database.run(BEFORE, THREW)
        (row,) = await database.rows("executions")
        assert (row["error_message"], row["error_stack"]) == (MESSAGE_SEALED, None)
        removed = remove_content(as_finished(made.execution).unwrap(), NOON + timedelta(days=9_000))
        await database.process(BEFORE).executions.remove_content(removed)
        (row,) = await database.rows("executions")
        assert row["error_sealed"] is None
        read = await report(database.process(NO_ENCRYPTION), made.execution.submission.id)
        assert isinstance(read.execution, Failed)
        assert read.execution == removed


@pytest.mark.parametrize("seals", [BEFORE, AFTER, NO_ENCRYPTION])
async def test_retention_waits_for_no_master_key_and_stores_no_digest_of_text_that_it_cannot_read(
    open_database: Open, seals: Keyring
) -> None:
    async with open_database() as database:
        await database.submit(BEFORE)
        made = await database.run(BEFORE, THREW)
        assert isinstance(made.execution, Failed)
        await database.execute("update executions set error_sha256 = null")  # as an earlier release stored it
        expired = PostgresExpiredExecutions(database.pool, seals)
        await expired.remove_contents(timedelta(days=-1), UUID(int=0), 10, remove_content)
        (row,) = await database.rows("executions")
        assert (row["error_sealed"], row["content_removed_at"] is None) == (None, False)
        expected = made.execution.error_sha256
        assert row["error_sha256"] == (bytes.fromhex(expected) if seals is BEFORE and expected else None)
