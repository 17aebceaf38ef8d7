"""The content of tests is encrypted as that of executions is, and the rotation of the master key includes its keys."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import psycopg
import pytest
from attrs import frozen

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.postgres.scripts import PostgresScripts
from application.maintenance.rotate_master_key import KeyCounts, rotate_master_key
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.executions import NewExecution
from application.ports.script_tests import NewTest
from domain.preconditions import UNCONDITIONAL
from domain.script_tests import ScriptTest
from domain.versions import ScriptVersion
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import a_body, a_pending, a_script

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BEFORE: Final = AesKeyring(MasterKeys("old", {"old": OLD}))
BETWEEN: Final = AesKeyring(MasterKeys("new", {"new": NEW, "old": OLD}))
AFTER: Final = AesKeyring(MasterKeys("new", {"new": NEW}))
CANARY: Final = b"kanarienvogel"
CONTENT: Final = a_content(b'["' + CANARY + b'"]', b'{"a": "' + CANARY + b'"}')


@frozen
class Database:
    """A database with a script."""

    url: str
    pool: Pool
    version: ScriptVersion

    def tests(self, keyring: Keyring) -> PostgresScriptTests:
        return PostgresScriptTests(self.pool, keyring)

    async def write(self, keyring: Keyring, name: str = "empty") -> ScriptTest:
        test = a_script_test(self.version.script_id, name, b'["' + CANARY + b'"]')
        (await self.tests(keyring).put(NewTest(test, CONTENT))).unwrap()
        return test

    async def execute(self, sql: str) -> list[Any]:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as conn:
            cursor = await conn.execute(sql.encode())
            return list(await cursor.fetchall()) if cursor.description else []

    async def plain_texts(self) -> int:
        """Count the columns of all tests that show the content."""
        rows = await self.execute("select t.* from script_tests t")
        return sum(CANARY in value for row in rows for value in row if isinstance(value, bytes)) + str(rows).count(
            CANARY.hex()
        )


@pytest.fixture
def open_database(lent_database: Callable[[], str]) -> Callable[[], Any]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        url, (script, version) = lent_database(), a_script()
        async with open_pool(url, "tests", size=4) as pool:
            await PostgresScripts(pool).add(script, version)
            yield Database(url, pool, version)

    return opened


async def test_no_column_shows_encrypted_content_and_a_missing_key_is_an_outage(
    open_database: Callable[[], Any],
) -> None:
    async with open_database() as database:
        plain = await database.write(NO_ENCRYPTION)
        assert await database.plain_texts() == 2
        (await database.tests(BEFORE).remove(plain.script_id, plain.name, UNCONDITIONAL)).unwrap()
        test = await database.write(BEFORE)
        assert await database.plain_texts() == 0
        assert await database.tests(BEFORE).find(test.script_id, test.name) == (test, CONTENT)
        for keyring in (NO_ENCRYPTION, AFTER):
            with pytest.raises(MasterKeyMissing):
                await database.tests(keyring).find(test.script_id, test.name)
            readiness = await PostgresReadiness(database.pool, timedelta(minutes=1), keyring)()
            assert "old" in (readiness.trouble or "")
        assert (await PostgresReadiness(database.pool, timedelta(minutes=1), BETWEEN)()).trouble is None
        assert await database.tests(AFTER).of_script(test.script_id) == [test]  # no content is read


@pytest.mark.parametrize(
    "damage",
    [
        "update script_tests set body = expected",
        "update script_tests t set body = o.body from script_tests o where o.id <> t.id",
        "update script_tests t set wrapped = o.wrapped from script_tests o where o.id <> t.id",
    ],
)
async def test_content_of_another_test_or_part_is_no_content_of_this_one(
    open_database: Callable[[], Any], damage: str
) -> None:
    async with open_database() as database:
        test, _ = await database.write(BEFORE), await database.write(BEFORE, "other")
        await database.execute(damage)
        with pytest.raises(DecryptionFailed):
            await database.tests(BEFORE).find(test.script_id, test.name)


async def test_a_rotation_rewraps_the_keys_of_tests_among_those_of_executions(
    open_database: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.maintenance.rotate_master_key.BATCH", 3)
    async with open_database() as database:
        written = []
        for number in range(8):
            pending = a_pending(database.version, dataset=a_body())
            await PostgresExecutions(database.pool, BEFORE).add(NewExecution(pending, a_body()))
            written.append(await database.write(BEFORE, f"test-{number}"))
        keys = PostgresDataKeys(database.pool)
        done = await asyncio.gather(*(rotate_master_key(keys, BETWEEN) for _ in range(2)))
        assert KeyCounts(16, {}, {}) in [one.unwrap() for one in done]
        for test in written:
            assert await database.tests(AFTER).find(test.script_id, test.name) == (test, CONTENT)
