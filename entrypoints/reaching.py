"""Why a database cannot be reached, in one line for who has set its URL. Of what it says later nothing is repeated."""

from typing import Final

import psycopg

_ON_THE_WAY: Final = (
    "connection failed",
    "connection timeout",
    "failed to resolve host",
    "multiple connection attempts",
)
"""How psycopg's words begin when nothing has been asked yet. What a server says to a question may quote rows."""


def unreachable(error: psycopg.Error) -> str:
    """What to tell the operator of a failure that may be one to connect."""
    words = " ".join(str(error).split())
    if words.lower().startswith(_ON_THE_WAY):
        return f"the database does not answer: {words} (is DATABASE_URL right?)"
    return f"the database failed ({type(error).__name__})"


def refuse_unreachable(url: str) -> None:
    """Connect once, without the patience and the warnings of a pool. Raises `psycopg.OperationalError`."""
    psycopg.connect(url, connect_timeout=5).close()
