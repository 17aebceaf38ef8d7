"""The settings of every session, regardless of those of the role, the database, a URL or the environment."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from adapters.postgres.connections import Connection, Pool, connection, connection_parameters, open_pool
from adapters.postgres.session import Pooling
from tests.support.hostile_role import DEFAULTS, ROLE
from tests.support.pgbouncer import a_pgbouncer
from tests.support.postgres import database_of
from tests.support.postgres_server import TcpServer

RELIED_ON = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "client_encoding": "UTF8",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "row_security": "on",
    "transaction_isolation": "read committed",
    "transaction_deferrable": "off",
    "synchronous_commit": "on",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "1min",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_indexscan": "on",
    "enable_nestloop": "on",
    "jit": "off",
}
TIMEOUTS = {"statement_timeout": "7s", "lock_timeout": "7s", "idle_in_transaction_session_timeout": "7s"}


@pytest.fixture(params=["direct", "pooled"])
def url(request: pytest.FixtureRequest, tcp_server: TcpServer) -> str:
    """Lend a database of the unusual role, which has settings for each of its sessions besides."""
    kind = "lent_pooled_database" if request.param == "pooled" else "lent_hostile_database"
    lend: Callable[[], str] = request.getfixturevalue(kind)
    url = lend()
    name = database_of(url)
    values = (
        TIMEOUTS | {"idle_session_timeout": "7s"} | ({"transaction_timeout": "7s"} if tcp_server.version >= 17 else {})
    )
    tcp_server.execute(
        *(f"alter role {ROLE} in database {name} set {one} = '{value}'" for one, value in values.items())
    )
    return url


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    async with open_pool(url, "tests", size=2) as opened:
        yield opened


async def seen(conn: Connection, name: str) -> str:
    row = await (await conn.execute("select current_setting(%s) as value", [name])).fetchone()
    assert row is not None
    return str(row["value"]).partition(",")[0]


async def test_every_block_has_the_settings_that_are_relied_on(pool: Pool, tcp_server: TcpServer) -> None:
    timeout = {"transaction_timeout": "1min"} if tcp_server.version >= 17 else {}
    async with connection(pool) as conn:
        assert {name: await seen(conn, name) for name in RELIED_ON | timeout} == RELIED_ON | timeout
        assert conn.info.encoding == "utf-8"


async def test_values_survive_the_round_trip(pool: Pool) -> None:
    values = {
        "at": datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC),
        "long": timedelta(days=40, seconds=1.5),
        "raw": bytes(range(256)),
        "text": "ünïcode \\ 'ß' 漢",
        "number": 0.1 + 0.2,
        "list": ["NULL", None, 'a"b\\c'],
    }
    types = {
        "at": "timestamptz",
        "long": "interval",
        "raw": "bytea",
        "text": "text",
        "number": "float8",
        "list": "text[]",
    }
    columns = ", ".join(f"%({name})s::{types[name]} as {name}" for name in values)
    async with connection(pool) as conn:
        row = await (await conn.execute(f"select {columns}".encode(), values)).fetchone()
    assert row == values


async def test_nothing_of_ours_stays_for_other_clients_of_a_pooler(
    tcp_server: TcpServer, lent_pooled_database: Callable[[], str]
) -> None:
    url = lent_pooled_database()
    shown = [*RELIED_ON.keys() & DEFAULTS.keys() - {"client_encoding"}]

    def of_another_client(pid: int) -> dict[str, str]:
        """Read the settings of a client that sets nothing, on the pooler's connection that was used last."""
        with psycopg.connect(url, autocommit=True, prepare_threshold=None, row_factory=dict_row) as conn:
            columns = ", ".join(f"current_setting('{name}') as \"{name}\"" for name in shown)
            row = conn.execute(f"select pg_backend_pid() as pid, {columns}".encode()).fetchone()
        assert row is not None
        assert row.pop("pid") == pid
        return dict(row)

    async with open_pool(url, "tests", size=1) as pool:
        async with connection(pool) as conn:
            assert conn.is_shared
            row = await (await conn.execute("select pg_backend_pid() as pid")).fetchone()
            assert await seen(conn, "DateStyle") == "ISO"
        assert row is not None
        found = of_another_client(row["pid"])
    assert found == {name: DEFAULTS[name] for name in shown}


@pytest.mark.parametrize(
    ("mode", "pooling", "is_shared"),
    [
        ("session", Pooling.AUTO, True),  # nothing tells for certain, and this works as well
        ("session", Pooling.SESSION, False),
        ("transaction", Pooling.AUTO, True),
        ("transaction", Pooling.TRANSACTION, True),
    ],
)
async def test_a_pooler_is_noticed(
    mode: str, pooling: Pooling, is_shared: bool, tcp_server: TcpServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with a_pgbouncer(tcp_server.url(), tmp_path_factory.mktemp("pooler"), mode) as pooler:
        async with (
            open_pool(pooler.url, "one", size=1, pooling=pooling) as one,
            open_pool(pooler.url, "another", size=1, pooling=pooling) as another,
        ):
            for pool in [one, another] * 8:  # from the sixth time on, each would prepare the other's statements
                async with connection(pool) as conn:
                    assert conn.is_shared is is_shared
                    assert await seen(conn, "TimeZone") == "UTC"


async def test_a_server_is_no_pooler(tcp_server: TcpServer) -> None:
    async with open_pool(tcp_server.url(), "tests", size=1) as pool, connection(pool) as conn:
        assert not conn.is_shared


async def fail_after_writing(pool: Pool) -> None:
    async with connection(pool) as conn:
        await conn.execute("insert into workers values ('half', now())")
        raise ZeroDivisionError


async def test_a_failed_pooled_block_is_rolled_back(lent_pooled_database: Callable[[], str]) -> None:
    async with open_pool(lent_pooled_database(), "tests", size=1) as pool:
        with pytest.raises(ZeroDivisionError):
            await fail_after_writing(pool)
        async with connection(pool) as conn:
            assert await (await conn.execute("select 1 from workers")).fetchone() is None


async def test_a_url_s_connection_parameters_apply_except_forbidden_ones(tcp_server: TcpServer) -> None:
    said = "connect_timeout=17&application_name=of-the-operator&keepalives_idle=99&client_encoding=LATIN1"
    options = "options=-c%20search_path%3Dpg_catalog%20-c%20DateStyle%3DSQL%20-c%20work_mem%3D5MB"
    url = f"{tcp_server.url()}?{said}&{options}"
    async with open_pool(url, "tests", size=1) as pool, connection(pool) as conn:
        given = conn.info.get_parameters()
        assert (given["connect_timeout"], given["keepalives_idle"]) == ("17", "99")
        expected = {
            "application_name": "of-the-operator",
            "search_path": "pg_catalog",
            "work_mem": "5MB",
            "DateStyle": "ISO",
            "client_encoding": "UTF8",
        }
        assert {name: await seen(conn, name) for name in expected} == expected


async def test_libpq_s_environment_applies_except_forbidden_variables(
    tcp_server: TcpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGOPTIONS": "-c work_mem=5MB -c IntervalStyle=sql_standard",
        "PGDATESTYLE": "German",
        "PGTZ": "Asia/Kathmandu",
        "PGCLIENTENCODING": "LATIN1",
        "PGAPPNAME": "of-the-environment",
        "PGCONNECT_TIMEOUT": "17",
    }.items():
        monkeypatch.setenv(name, value)
    assert "connect_timeout" not in connection_parameters(tcp_server.url(), "tests")
    async with open_pool(tcp_server.url(), "tests", size=1) as pool, connection(pool) as conn:
        expected = {
            "application_name": "of-the-environment",
            "work_mem": "5MB",
            "IntervalStyle": "postgres",
            "DateStyle": "ISO",
            "TimeZone": "UTC",
            "client_encoding": "UTF8",
        }
        assert {name: await seen(conn, name) for name in expected} == expected


async def test_a_connection_has_a_name_and_keepalives_by_default(tcp_server: TcpServer) -> None:
    async with open_pool(tcp_server.url(), "bateia tests", size=1) as pool, connection(pool) as conn:
        assert await seen(conn, "application_name") == "bateia tests"
        assert conn.info.get_parameters()["keepalives_idle"] == "10"
        assert await seen(conn, "tcp_keepalives_idle") == "10"


async def test_a_client_that_stalls_within_a_pipeline_loses_its_locks(
    tcp_server: TcpServer, lent_database: Callable[[], str]
) -> None:
    if tcp_server.version < 17:
        pytest.skip("has no transaction_timeout")
    async with open_pool(lent_database(), "tests", size=2) as pool, connection(pool) as other:
        await other.execute("insert into workers values ('one', now())")
        await other.execute("set statement_timeout = '20s'; set lock_timeout = '20s'")
        async with pool.connection() as conn:
            await conn.execute("set transaction_timeout = '1s'")  # a minute is long for a test
            conn.pgconn.enter_pipeline_mode()
            for statement in (b"begin", b"update workers set last_seen = now()"):
                conn.pgconn.send_query_params(statement, None)
            conn.pgconn.send_flush_request()  # and no end of the pipeline
            conn.pgconn.flush()
            assert [conn.pgconn.get_result() is None for _ in range(3)] == [False, True, False]
            assert (await other.execute("update workers set last_seen = now()")).rowcount == 1
            await conn.close()


@pytest.mark.parametrize("chosen", ["remote_apply", "local"])
async def test_how_many_servers_have_a_commit_stays_the_operator_s_choice(tcp_server: TcpServer, chosen: str) -> None:
    url = f"{tcp_server.url()}?options=-c%20synchronous_commit%3D{chosen}"
    async with open_pool(url, "tests", size=1) as pool, connection(pool) as conn:
        assert await seen(conn, "synchronous_commit") == chosen
