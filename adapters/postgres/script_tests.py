"""The port `ScriptTests` on PostgreSQL.

Each change locks the script's row first, as promotions do, so that a decision about a version sees all of its tests and
results or none of the change. Content is encrypted with the test's own data key, before a connection is borrowed.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.postgres.audit import audit_event_columns
from adapters.postgres.connections import Connection, Pool, Row, connection, repeated_if_lost
from adapters.postgres.queries import query
from adapters.postgres.script_test_rows import script_test_columns, script_test_from, standing_from
from adapters.postgres.scripts import insert_version
from application.ports.encryption import NO_ENCRYPTION, ContentPart, DataKey, Keyring, WrappedKey
from application.ports.errors import Conflict
from application.ports.script_tests import NewTest, StoredTest
from domain.audit import ANONYMOUS, Action, Actor, checks_event, script_test_event
from domain.body import Body, Encoding
from domain.preconditions import Precondition, PreconditionFailed
from domain.script import ScriptArchived, ScriptName
from domain.script_tests import (
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
    ScriptTestResult,
    ScriptTestStanding,
    TooManyTests,
    UnknownTest,
    check_room,
)
from domain.versions import ScriptVersion


class PostgresScriptTests:
    """Tests and their results in two tables."""

    def __init__(self, pool: Pool, keyring: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._keyring = pool, keyring

    async def put(
        self, new: NewTest, by: Actor = ANONYMOUS
    ) -> Result[StoredTest, TooManyTests | PreconditionFailed | ScriptArchived]:
        test = new.test
        key = self._keyring.generate(test.id)
        columns = script_test_columns(test) | await asyncio.to_thread(_content_columns, new.content, key)
        columns |= audit_event_columns(script_test_event(Action.WROTE_TEST, test.script_id, test.name, by))
        async with connection(self._pool) as conn, conn.transaction():
            script = await _lock(conn, test.script_id)
            name = ScriptName(script["name"])
            if script["archived_at"] is not None:
                return Failure(ScriptArchived(name))
            decided = check_room(test, name, await _ids(conn, test.script_id), new.precondition)
            if not is_successful(decided):
                return Failure(decided.failure())
            replaced = decided.unwrap()
            await conn.execute(query("remove_test"), {"id": replaced})
            added = await (await conn.execute(query("add_test"), columns)).fetchone()
        assert added is not None, "the script is locked, and the former test is gone"
        return Success(StoredTest(evolve(test, created_by=added["author"]), replaced is not None))

    async def remove(
        self, script_id: UUID, name: ScriptTestName, precondition: Precondition, by: Actor = ANONYMOUS
    ) -> Result[None, UnknownTest | PreconditionFailed]:
        async with connection(self._pool) as conn, conn.transaction():
            script = await _lock(conn, script_id)
            current = (await _ids(conn, script_id)).get(name.value)
            if not precondition.holds(current):
                return Failure(PreconditionFailed(current))
            if current is None:
                return Failure(UnknownTest(ScriptName(script["name"]), name))
            await conn.execute(query("remove_test"), {"id": current})
            event = script_test_event(Action.REMOVED_TEST, script_id, name, by)
            await conn.execute(query("audit_test"), audit_event_columns(event))
        return Success(None)

    async def of_script(self, script_id: UUID) -> Sequence[ScriptTest]:
        return [script_test_from(row) for row in await self._tests(script_id, None)]

    async def standings(self, script_id: UUID, version: int) -> Sequence[ScriptTestStanding]:
        return [standing_from(row) for row in await self._tests(script_id, version)]

    @repeated_if_lost
    async def _tests(self, script_id: UUID, version: int | None) -> Sequence[Row]:
        wanted = {"script_id": script_id, "version": version}
        async with connection(self._pool) as conn:
            return await (await conn.execute(query("tests_of_script"), wanted, binary=True)).fetchall()

    async def find(self, script_id: UUID, name: ScriptTestName) -> tuple[ScriptTest, ScriptTestContent] | None:
        row = await self._row(script_id, name)
        return None if row is None else (script_test_from(row), await asyncio.to_thread(self._content, row))

    @repeated_if_lost
    async def _row(self, script_id: UUID, name: ScriptTestName) -> Row | None:
        wanted = {"script_id": script_id, "name": name.value}
        async with connection(self._pool) as conn:
            return await (await conn.execute(query("script_test"), wanted, binary=True)).fetchone()

    def _content(self, row: Row) -> ScriptTestContent:
        body, expected = row["body"], row["expected"]
        if row["wrapped_key"] is not None:
            key = self._keyring.unwrap(row["id"], WrappedKey(row["master_key_id"], row["wrapped_key"]))
            body = key.decrypt(ContentPart.DATASET, body)
            expected = None if expected is None else key.decrypt(ContentPart.EXPECTATION, expected)
        return ScriptTestContent(Body(script_test_from(row).dataset, Encoding(row["encoding"]), body), expected)

    async def record(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], at: datetime, by: Actor = ANONYMOUS
    ) -> None:
        async with connection(self._pool) as conn, conn.transaction():
            await _lock(conn, version.script_id)
            await _add_results(conn, version, results, at, by)

    async def add_version(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], by: Actor = ANONYMOUS
    ) -> Result[ScriptVersion, Conflict]:
        async with connection(self._pool) as conn, conn.transaction():
            await _lock(conn, version.script_id)
            if set((await _ids(conn, version.script_id)).values()) != {one.test_id for one in results}:
                return Failure(Conflict())
            added = await insert_version(conn, version, by)
            if is_successful(added) and results:
                await _add_results(conn, version, results, version.created_at, by)
        return added


async def _lock(conn: Connection, script_id: UUID) -> Row:
    row = await (await conn.execute(query("lock_script_of_tests"), {"script_id": script_id})).fetchone()
    assert row is not None, "no script is ever removed"
    return row


async def _ids(conn: Connection, script_id: UUID) -> dict[str, UUID]:
    rows = await (await conn.execute(query("ids_of_tests"), {"script_id": script_id})).fetchall()
    return {row["name"]: row["id"] for row in rows}


async def _add_results(
    conn: Connection, version: ScriptVersion, results: Sequence[ScriptTestResult], at: datetime, by: Actor
) -> None:
    columns = {
        "ids": [one.test_id for one in results],
        "passed": [one.passed for one in results],
        "version": version.number,
        "checked_at": at,
    }
    await conn.execute(query("add_test_results"), columns)
    await conn.execute(query("audit_test"), audit_event_columns(checks_event(version, by)))


def _content_columns(content: ScriptTestContent, key: DataKey | None) -> dict[str, Any]:
    body, expected = content.dataset.data, content.expected
    if key is not None:
        body = key.encrypt(ContentPart.DATASET, body)
        expected = None if expected is None else key.encrypt(ContentPart.EXPECTATION, expected)
    return {
        "encoding": content.dataset.encoding.value,
        "body": body,
        "expected": expected,
        "master_key_id": None if key is None else key.wrapped.master_key_id,
        "wrapped": None if key is None else key.wrapped.data,
    }
