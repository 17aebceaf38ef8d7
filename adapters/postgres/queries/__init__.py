"""The SQL of this adapter: one named query a file, with psycopg's named parameters."""

import re
from pathlib import Path
from typing import Final

_COMMENT_LINE: Final = re.compile(rb"^ *--.*\n", re.MULTILINE)

QUERIES: Final = {
    # Without comments, for psycopg converts the parameters of a text that is longer than 4 KiB anew each time.
    path.stem: _COMMENT_LINE.sub(b"", path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.sql"))
}
QUERIES["claim_replays"] = QUERIES["claim"].replace(b"replay_of is null", b"replay_of is not null")


def query(name: str) -> bytes:
    """Return the text of `<name>.sql`."""
    return QUERIES[name]
