"""Requirements on a server, a database and a role, and the line that names the one that is not met."""

from typing import Any, Final

import psycopg

from adapters.postgres.connections import Connection
from adapters.postgres.queries import query

OLDEST_VERSION: Final = 15
_VERSIONS_A_MAJOR: Final = 10_000


def server_trouble(conn: "psycopg.Connection[Any] | psycopg.AsyncConnection[Any]") -> str:
    """Explain why the service cannot use this server or database; empty if it can. Sends no query."""
    major = conn.info.server_version // _VERSIONS_A_MAJOR
    if major < OLDEST_VERSION:
        return f"the server is PostgreSQL {major}; the oldest supported version is {OLDEST_VERSION}"
    encoding = conn.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        return (
            f"the database's encoding is {encoding} but must be UTF8: "
            "create database NAME owner ROLE encoding 'UTF8' template template0"
        )
    return ""


async def privilege_trouble(conn: Connection) -> str:
    """Name the privilege on the service's tables that the role lacks, and how to grant it; empty if it has them all."""
    row = await (await conn.execute(query("missing_privilege"))).fetchone()
    if row is None:
        return ""
    return (
        f"the role {row['role']} lacks {row['privilege']} on the table {row['name']}: grant select, insert, update, "
        f"delete on all tables in schema {row['schema']} to {row['role']}"
    )


async def connection_limit(conn: Connection) -> int:
    """Read the number of connections that this role may have to this database at once."""
    row = await (await conn.execute(query("connection_limit"))).fetchone()
    assert row is not None, "the role and the database are there"
    limit: int = row["connections"]
    return limit
