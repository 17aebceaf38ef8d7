"""A database that goes away: said as `Unavailable`, without its address, and used again when it is back."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest

from adapters.postgres.connections import Pool, RowRefused, connection, open_pool
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.scripts import PostgresScripts
from application.messages import Readiness, Unavailable
from tests.processes import free_port
from tests.proxy import Proxy, a_proxy
from tests.values import a_script
from tests.waiting import eventually_sees

LEASE = timedelta(seconds=15)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    async with open_pool(url, "tests", size=1) as opened:
        yield opened


def cut_connections(url: str) -> None:
    cut = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database()"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(cut + " and pid <> pg_backend_pid() and backend_type = 'client backend'")


async def test_a_cut_connection_is_unavailable_and_the_next_one_works(pool: Pool, url: str) -> None:
    scripts, (script, version) = PostgresScripts(pool), a_script()
    await scripts.add(script, version)
    cut_connections(url)
    with pytest.raises(Unavailable) as outage:
        await scripts.find(script.id)
    assert "127.0.0.1" not in str(outage.value)
    assert await scripts.find(script.id) == script


async def ask_nobody(pool: Pool, proxy: Proxy) -> None:
    async with connection(pool, answer_seconds=0.2) as conn:
        proxy.cut()
        await conn.execute("select 1")


async def ask_nobody_in_a_pipeline(pool: Pool, proxy: Proxy) -> None:
    async with connection(pool, answer_seconds=0.2) as conn, conn.pipeline(), conn.transaction():
        proxy.cut()
        await conn.execute("select 1")


@pytest.mark.parametrize("ask", [ask_nobody, ask_nobody_in_a_pipeline])
async def test_whoever_does_not_answer_is_hung_up_on(url: str, ask: Callable[[Pool, Proxy], Awaitable[None]]) -> None:
    with a_proxy(url) as proxy:
        async with open_pool(proxy.url, "tests", size=1) as pool:
            with pytest.raises(Unavailable):
                await asyncio.wait_for(ask(pool, proxy), 10)
            proxy.mend()
            await insert(pool, "create table known (word text)")


async def test_after_a_long_outage_it_takes_no_longer_until_the_next_try(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def tired() -> bool:
        return "reconnection attempt in pool 'tests' failed" in caplog.text

    port = free_port()
    place = f"@127.0.0.1:{port}/"
    async with open_pool("".join((url.rpartition("@")[0], place, url.rpartition("/")[2])), "tests", size=1) as pool:
        await eventually_sees(tired)
        with a_proxy(url, port=port):
            async with connection(pool, patience_seconds=2) as conn:
                await conn.execute("select 1")


async def test_a_database_that_cannot_write_is_not_ready_until_it_can(pool: Pool, url: str) -> None:
    ready, words = PostgresReadiness(pool, LEASE), "create table words (word text)"
    await insert(pool, "set default_transaction_read_only = on")
    assert not (await ready()).trouble  # nobody has tried to write
    with pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
        await insert(pool, words)
    full = await ready()
    assert "ReadOnlySqlTransaction" in (full.writing or "")
    assert (full.database, full.schema, full.workers, full.trouble) == ("", "", 0, full.writing)
    await insert(pool, "set default_transaction_read_only = off")
    assert not (await ready()).trouble
    await insert(pool, words)


async def test_what_no_try_could_do_is_no_outage(pool: Pool) -> None:
    too_long = "insert into narrow select string_agg(md5(n::text), '') from generate_series(1, 300) n"
    async with connection(pool) as conn:
        await conn.execute("create table narrow (words text unique)")
    with pytest.raises(psycopg.errors.ProgramLimitExceeded):
        await insert(pool, too_long)


async def test_a_refused_row_is_told_without_what_it_held(pool: Pool) -> None:
    async with connection(pool) as conn:
        await conn.execute("create table words (word text constraint short check (length(word) < 3), digits smallint)")
    for statement, kind in [
        ("insert into words values ('canary', 1)", "CheckViolation at words, short"),
        ("insert into words values ('c', 'canary')", "InvalidTextRepresentation"),
    ]:
        with pytest.raises(RowRefused, match=kind) as refused:
            await insert(pool, statement)
        assert "canary" not in "".join(traceback.format_exception(refused.value))


async def insert(pool: Pool, statement: LiteralString) -> None:
    async with connection(pool) as conn:
        await conn.execute(statement)


async def test_readiness_says_what_is_wrong(pool: Pool, url: str) -> None:
    ready = PostgresReadiness(pool, LEASE)
    assert await ready() == Readiness(workers=0)
    cut_connections(url)
    cut = await ready()
    assert "database" in (cut.database or "")
    assert (cut.schema, cut.writing, cut.workers, cut.trouble) == (None, None, None, cut.database)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("delete from schema_migrations")
    unmigrated = await ready()
    assert "run the migrations" in (unmigrated.schema or "")
    assert (unmigrated.database, unmigrated.trouble) == ("", unmigrated.schema)


async def test_readiness_counts_the_workers_seen_lately(pool: Pool, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into workers values ('a', now()), ('b', now() - interval '1 hour')")
    assert await PostgresReadiness(pool, LEASE)() == Readiness(workers=1)
