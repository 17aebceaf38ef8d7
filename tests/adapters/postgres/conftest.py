"""A database without any schema."""

import hashlib

import psycopg
import pytest

from tests.support.postgres import url_of


@pytest.fixture
def empty_database(postgres_server: str, request: pytest.FixtureRequest) -> str:
    name = "empty_" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    with psycopg.connect(postgres_server, autocommit=True) as conn:
        conn.execute(f"create database {name} template template0")
    return url_of(postgres_server, name)
