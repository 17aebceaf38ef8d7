"""A database without any schema, and the stores of batches over an empty one."""

import hashlib
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from tests.adapters.postgres.batch_store import Opened, opened
from tests.support.batch_rows import wrongly_counted
from tests.support.postgres import url_of


@pytest.fixture
def empty_database(postgres_server: str, request: pytest.FixtureRequest) -> str:
    name = "empty_" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    with psycopg.connect(postgres_server, autocommit=True) as conn:
        conn.execute(f"create database {name} template template0")
    return url_of(postgres_server, name)


@pytest.fixture
async def store(lent_database: Callable[[], str]) -> AsyncIterator[Opened]:
    """Provide the stores, and check in the end that every batch has counted its executions."""
    async with opened(lent_database()) as store:
        yield store
        assert wrongly_counted(store.url) == []
