"""The SQL of this adapter: one named query a file, with psycopg's named parameters."""

import re
from pathlib import Path
from typing import Final

_COMMENT_OR_INDENTATION: Final = re.compile(rb"^ *(?:--.*\n)?", re.MULTILINE)
_OF_EXECUTIONS_ALONE: Final = re.compile(rb"and \(\nattribution.*?\n\)\n", re.DOTALL)
_COUNTING: Final = re.compile(rb"\(\nselect count_all_ends.*?\n\) as", re.DOTALL)

QUERIES: Final = {
    # Without these, for psycopg converts the parameters of a text that is longer than 4 KiB anew each time.
    path.stem: _COMMENT_OR_INDENTATION.sub(b"", path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.sql"))
}
QUERIES["executions_page_of_batch"] = QUERIES["executions_page"].replace(
    b"order by e.id desc",
    b"order by (e.attribution -> 'batch' -> 'line')::integer desc",  # the same order, in which their index has them
)
QUERIES["settle_lines"] = QUERIES["settle"]
QUERIES["settle"] = _COUNTING.sub(b"null::uuid[] as", QUERIES["settle_lines"])
QUERIES["delete_expired_batches"] = _OF_EXECUTIONS_ALONE.sub(
    b"", QUERIES["delete_expired"].replace(b"from executions", b"from batches")
)
QUERIES["claim_replays"] = QUERIES["claim"].replace(b"replay_of is null", b"replay_of is not null")
QUERIES["queue_place_of_replay"] = QUERIES["queue_place"].replace(b"replay_of is null", b"replay_of is not null")


def query(name: str) -> bytes:
    """Return the text of `<name>.sql`."""
    return QUERIES[name]
