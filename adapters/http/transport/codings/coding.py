"""The content codings that bodies may have, on their way in and out (RFC 9110, section 8.4.1)."""

from enum import StrEnum


class Coding(StrEnum):
    """A content coding, by its registered name. Of those that a client prefers equally, the first is used."""

    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = "identity"


def registered(name: str) -> str:
    """Resolve the alias of a coding to its registered name."""
    return "gzip" if name == "x-gzip" else name
