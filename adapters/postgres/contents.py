"""What a database holds, told in a few numbers, so that two databases can be compared without reading one beside the
other: of each table the number of its rows and the sum of their hashes.

The hashes are PostgreSQL's own and cover every column's value, bodies included. They find what was lost or damaged on
the way; they are no proof against somebody who means harm.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import psycopg
from attrs import frozen
from psycopg import sql

from adapters.postgres.queries import query

_OF_A_TABLE: Final = sql.SQL("select count(*), coalesce(sum(hash_record_extended(t, 0)), 0)::text from {} t")


@frozen
class TableContent:
    """How many rows a table has, and what their hashes add up to."""

    rows: int
    hashes: str


Contents: TypeAlias = Mapping[str, TableContent]
"""By the table's name. Without tables, empty."""


def read_contents(conn: psycopg.Connection[tuple[object, ...]]) -> Contents:
    """What the database holds, in the eyes of this transaction."""
    names = [str(name) for (name,) in conn.execute(query("tables"))]
    return {name: _of_table(conn, name) for name in names}


def _of_table(conn: psycopg.Connection[tuple[object, ...]], name: str) -> TableContent:
    row = conn.execute(_OF_A_TABLE.format(sql.Identifier("public", name))).fetchone()
    assert row is not None, "an aggregate gives a row"
    return TableContent(rows=int(str(row[0])), hashes=str(row[1]))
