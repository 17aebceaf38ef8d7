"""Fixtures of all tests: asyncio as the only event loop, and one PostgreSQL server a run, started on first use."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.support.hostile_role import ROLE, make_hostile_role
from tests.support.pgbouncer import PgBouncer, a_pgbouncer
from tests.support.postgres import LentDatabases, copy_template, database_of, make_template
from tests.support.postgres_server import TcpServer, a_tcp_server

pytest_plugins = ["tests.support.sessions"]
# Machines are shared: a slow example is no fault. Examples differ from run to run, so more of them in each find little.
settings.register_profile("bateia", deadline=None, max_examples=20)
settings.register_profile("thorough", deadline=None, max_examples=1_000)  # by `pytest --hypothesis-profile thorough`
settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)  # a mutant is killed by any failing example: the smallest one takes long and says no more

settings.register_profile("fast", deadline=None, max_examples=12)  # of `scripts/check fast`
settings.load_profile("bateia")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def tcp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TcpServer]:
    """Run the session's server, on a TCP port and with passwords, as poolers and other machines find one."""
    with a_tcp_server(tmp_path_factory.mktemp("postgres")) as server:
        make_template(server.url())
        make_hostile_role(server)
        yield server


@pytest.fixture(scope="session")
def postgres_server(tcp_server: TcpServer) -> str:
    """Provide the URL of its superuser, who creates databases and switches triggers off."""
    return tcp_server.url()


@pytest.fixture
def new_database(postgres_server: str) -> Callable[[], str]:
    """Provide a function that creates databases of a test's own, which it may damage."""
    return lambda: copy_template(postgres_server)


@pytest.fixture(scope="session")
def databases(postgres_server: str) -> Iterator[LentDatabases]:
    with closing(LentDatabases(postgres_server)) as databases:
        yield databases


@pytest.fixture
def lent_database(databases: LentDatabases) -> Iterator[Callable[[], str]]:
    """Lend databases without rows, shared one after another by tests that change nothing but rows."""
    with databases.lending() as lend:
        yield lend


@pytest.fixture(scope="session")
def transaction_pooler(tcp_server: TcpServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PgBouncer]:
    """Run a PgBouncer before that server, which lends connections for a transaction at a time."""
    url = tcp_server.url(role=ROLE)
    with a_pgbouncer(url, tmp_path_factory.mktemp("pgbouncer"), "transaction", tcp_server.url()) as pooler:
        yield pooler


@pytest.fixture
def lent_hostile_database(tcp_server: TcpServer, lent_database: Callable[[], str]) -> Callable[[], str]:
    """Lend them to the role whose defaults differ from those that the service relies on."""
    return lambda: tcp_server.url(database_of(lent_database()), ROLE)


@pytest.fixture
def lent_pooled_database(lent_hostile_database: Callable[[], str], transaction_pooler: PgBouncer) -> Callable[[], str]:
    """Lend them by way of the pooler."""
    return lambda: transaction_pooler.to(lent_hostile_database())


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[1]
