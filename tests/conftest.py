"""What all tests share: asyncio as the only event loop, and one PostgreSQL server a run, started when first needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import copy_template, empty, make_template, superuser_server

settings.register_profile("bateia", deadline=None)  # machines are shared: a slow example is no fault
settings.load_profile("bateia")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgres")
    with superuser_server(folder) as url:
        make_template(url)
        yield url


@pytest.fixture
def new_database(postgres_server: str) -> Callable[[], str]:
    """Makes databases that are a test's own, whatever it does to them."""
    return lambda: copy_template(postgres_server)


@pytest.fixture(scope="session")
def emptied_databases() -> list[str]:
    return []


@pytest.fixture
def lent_database(postgres_server: str, emptied_databases: list[str]) -> Iterator[Callable[[], str]]:
    """Lends databases without rows, which other tests have had or will have: for those that change nothing but rows."""
    lent: list[str] = []

    def lend() -> str:
        lent.append(emptied_databases.pop() if emptied_databases else copy_template(postgres_server))
        return lent[-1]

    yield lend
    for url in lent:
        empty(url)
        emptied_databases.append(url)


@pytest.fixture
def repository() -> Path:
    return Path(__file__).parents[1]
