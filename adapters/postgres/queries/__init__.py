"""The SQL of this adapter: one named query a file, with psycopg's named parameters."""

from pathlib import Path
from typing import Final

QUERIES: Final = {path.stem: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.sql"))}


def query(name: str) -> bytes:
    """Return the text of `<name>.sql`."""
    return QUERIES[name]
