"""Removal of the content of executions, inside a transaction of its caller."""

from collections.abc import Mapping, Sequence

from adapters.postgres.connections import Connection
from adapters.postgres.execution_rows import redacted_columns
from adapters.postgres.queries import query
from domain.execution import Finished


async def remove_contents(conn: Connection, removed: Sequence[Finished], actor: Mapping[str, object]) -> None:
    """Remove the content of executions that have ended, with the differences that replays have found."""
    columns = redacted_columns(removed)
    await conn.execute(query("remove_content"), columns | dict(actor))
    await conn.execute(query("remove_differences"), {"id": columns["id"]})
