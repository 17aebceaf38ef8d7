"""A real PostgreSQL for tests: one server a run, an empty migrated database a test, and what waits for its signals."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.postgres.schema import migrate
from tests.waiting import eventually_sees

FAST: Final = ("fsync=off", "full_page_writes=off", "max_connections=200", "autovacuum=off")
TEMPLATE: Final = "bateia_template"
_FIRST_WITH_ITERATIONS: Final = 160_000

_EMPTY: Final = """
do $$
declare name text;
begin
    set local session_replication_role = replica; -- no trigger keeps what is there, and no reference asks for an order
    set local lock_timeout = '10s';
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
        execute format('delete from %I', name);
    end loop;
end $$
"""

_numbers: Final = itertools.count(1)


def url_of(server_url: str, database: str) -> str:
    """The URL of another database on the same server."""
    return server_url.rpartition("/")[0] + f"/{database}"


def database_of(url: str) -> str:
    """The name of the database that a URL leads to."""
    return url.rpartition("/")[2]


def make_template(server_url: str) -> None:
    """A migrated database that others are copied from; from now on a connection costs no thousands of hashes."""
    with psycopg.connect(server_url, autocommit=True) as conn:
        if conn.info.server_version >= _FIRST_WITH_ITERATIONS:
            conn.execute("set scram_iterations = 1")
        password = sql.Literal(conn.info.password)
        conn.execute(sql.SQL("alter role current_user password {}").format(password))
        conn.execute(f"create database {TEMPLATE}")
    migrate(url_of(server_url, TEMPLATE))


def copy_template(server_url: str) -> str:
    """The URL of a new database with the whole schema and no rows."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
    return url_of(server_url, name)


def empty(url: str) -> None:
    """Take all rows out of a database, which is much faster than to make another one."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_EMPTY)


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run work that never ends beside the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def listening(url: str, channel: str) -> None:
    """Return when somebody listens on the channel of that database."""
    sql = "select 1 from pg_stat_activity where datname = current_database() and application_name like %s"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:

        async def found() -> object:
            seen = await conn.execute(sql + " and query like 'listen%%' and state = 'idle'", [f"%{channel}%"])
            return await seen.fetchone()

        await eventually_sees(found)
