"""What all tests share: asyncio as the only event loop, and one PostgreSQL server a run, started when first needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from entrypoints.embedded_postgres import embedded_postgres
from tests.folders import let_others_through
from tests.postgres import FAST, copy_template, make_template

settings.register_profile("bateia", deadline=None)  # machines are shared: a slow example is no fault
settings.load_profile("bateia")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgres")
    let_others_through(folder)
    with embedded_postgres(folder, FAST) as url:
        make_template(url)
        yield url


@pytest.fixture
def new_database(postgres_server: str) -> Callable[[], str]:
    return lambda: copy_template(postgres_server)


@pytest.fixture
def repository() -> Path:
    return Path(__file__).parents[1]
