"""A real PostgreSQL for tests: one server a run, an empty migrated database a test, and what waits for its signals."""

import asyncio
import itertools
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.postgres.schema import migrate
from entrypoints.embedded_postgres.binaries import find_binaries
from entrypoints.embedded_postgres.cluster import Cluster, run_as_superuser
from entrypoints.embedded_postgres.embedded import embedded_postgres
from entrypoints.embedded_postgres.identity import identity
from tests.support.processes import free_port
from tests.support.waiting import eventually, eventually_sees

FAST: Final = ("fsync=off", "full_page_writes=off", "max_connections=200", "autovacuum=off")
TEMPLATE: Final = "bateia_template"
_FIRST_WITH_ITERATIONS: Final = 160_000

_EMPTY: Final = """
do $$
declare name text;
begin
    set local session_replication_role = replica; -- no trigger keeps what is there, and no reference asks for an order
    set local lock_timeout = '10s';
    for name in
        select tablename from pg_tables
        where schemaname = 'public' and tablename not in ('schema_migrations', 'installation')
    loop
        execute format('delete from %I', name);
    end loop;
end $$
"""

TESTER: Final = """
do $$ begin
    if to_regrole('tester') is null then
        create role tester;
    end if;
end $$;
alter role tester superuser login password '{password}'
"""

_numbers: Final = itertools.count(1)


@contextmanager
def superuser_server(folder: Path, options: Sequence[str] = FAST) -> Iterator[str]:
    """Run a server of the embedded kind, over TCP, and provide its superuser's URL.

    The service's own offers neither; tests create databases, switch triggers off, and put proxies in front. It can be
    started on the same folder again, as benchmarks do in turns.
    """
    with embedded_postgres(folder, options):
        pass  # it has its files now
    binaries, password, port = find_binaries(os.environ), secrets.token_urlsafe(), free_port()
    cluster = Cluster(folder.resolve() / "postgres", binaries, identity(binaries))
    with Path(os.devnull).open() as held:
        run_as_superuser(cluster, held.fileno(), "template1", TESTER.format(password=password))
    url = f"postgresql://tester:{password}@127.0.0.1:{port}/bateia"
    with embedded_postgres(folder, (*options, "listen_addresses=127.0.0.1", f"port={port}")):
        access = cluster.data / "pg_hba.conf"
        access.write_text(f"host all tester 127.0.0.1/32 scram-sha-256\n{access.read_text()}")
        os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGHUP)
        eventually(lambda: accepts(url))
        yield url


def accepts(url: str) -> bool:
    """Tell whether the server takes connections."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def url_of(server_url: str, database: str) -> str:
    """Build the URL of another database on the same server."""
    return server_url.rpartition("/")[0] + f"/{database}"


def database_of(url: str) -> str:
    """Return the name of the database that a URL leads to."""
    return url.rpartition("/")[2]


def make_template(server_url: str) -> None:
    """Create a migrated database to copy others from; from now on a connection costs no thousands of hashes."""
    with psycopg.connect(server_url, autocommit=True) as conn:
        if conn.info.server_version >= _FIRST_WITH_ITERATIONS:
            conn.execute("set scram_iterations = 1")
        password = sql.Literal(conn.info.password)
        conn.execute(sql.SQL("alter role current_user password {}").format(password))
        conn.execute(f"create database {TEMPLATE}")
    migrate(url_of(server_url, TEMPLATE))


def copy_template(server_url: str) -> str:
    """Create a database with the whole schema and no rows, and return its URL."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
    return url_of(server_url, name)


class LentDatabases:
    """Databases of one server that tests use one after another. Each is emptied over a connection that stays open.

    To empty a database is much faster than to make another one, and over a new connection takes twenty times as long.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url, self._free = server_url, list[tuple[str, psycopg.Connection[Any]]]()

    @contextmanager
    def lending(self) -> Iterator[Callable[[], str]]:
        """Provide a function that lends databases without rows until the end of the block."""
        lent: list[tuple[str, psycopg.Connection[Any]]] = []

        def lend() -> str:
            lent.append(self._free.pop() if self._free else self._made())
            return lent[-1][0]

        yield lend
        for url, emptying in lent:
            self._free.append((url, _emptied(url, emptying)))

    def close(self) -> None:
        """Close the connections of all databases that are not lent."""
        for _, emptying in self._free:
            emptying.close()

    def _made(self) -> tuple[str, psycopg.Connection[Any]]:
        url = copy_template(self._server_url)
        return url, psycopg.connect(url, autocommit=True)


def _emptied(url: str, conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Take all rows out of a database, over a new connection if a test has ended this one."""
    try:
        conn.execute(_EMPTY)
    except psycopg.OperationalError:
        if not conn.closed:
            raise
        conn = psycopg.connect(url, autocommit=True)
        conn.execute(_EMPTY)
    return conn


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
    """Return when a session listens on the channel of that database."""
    sql = "select 1 from pg_stat_activity where datname = current_database() and application_name like %s"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:

        async def found() -> object:
            seen = await conn.execute(sql + " and query like 'listen%%' and state = 'idle'", [f"%{channel}%"])
            return await seen.fetchone()

        await eventually_sees(found)
