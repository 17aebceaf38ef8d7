"""Checksums of a database's content, so that two databases can be compared without reading one beside the other: the
number of rows of each table and the sum of their hashes.

The hashes are PostgreSQL's own and cover every column's value, bodies included. They detect loss and damage in transit;
they are no proof against an attacker.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import psycopg
from attrs import frozen
from psycopg import sql

from adapters.postgres.queries import query

_ROWS: Final = sql.SQL("select count(*) from {}")
_ROWS_AND_HASHES: Final = sql.SQL("select count(*), coalesce(sum(hash_record_extended(t, 0)), 0) from {} t")


@frozen
class TableContent:
    """The number of rows of a table, and the sum of their hashes."""

    rows: int
    hashes: str


Contents: TypeAlias = Mapping[str, TableContent]
"""By the table's name. Without tables, empty."""


def count_rows(conn: psycopg.Connection[tuple[object, ...]]) -> Mapping[str, int]:
    """Count the rows of each table, without reading any."""
    return {name: int(_row(conn, _ROWS, name)[0]) for name in _tables(conn)}


def read_contents(conn: psycopg.Connection[tuple[object, ...]]) -> Contents:
    """Compute the checksums of all tables as this transaction sees them. Reads every row, however long that takes."""
    conn.execute("set statement_timeout = 0")
    found = {name: _row(conn, _ROWS_AND_HASHES, name) for name in _tables(conn)}
    return {name: TableContent(rows=int(rows), hashes=hashes) for name, (rows, hashes) in found.items()}


def _tables(conn: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    return [str(name) for (name,) in conn.execute(query("tables"))]


def _row(conn: psycopg.Connection[tuple[object, ...]], wanted: sql.SQL, name: str) -> tuple[str, ...]:
    row = conn.execute(wanted.format(sql.Identifier("public", name))).fetchone()
    assert row is not None, "an aggregate gives a row"
    return tuple(map(str, row))
