"""Stored bytes of users (datasets and results), and the digest that identifies them.

Parsing is absent on purpose. A body is opaque here; it was validated as JSON on arrival.
"""

import hashlib
from enum import StrEnum

from attrs import field, frozen


class Encoding(StrEnum):
    """Encoding of the bytes of a `Body`."""

    IDENTITY = "identity"
    ZSTD = "zstd"


@frozen
class Digest:
    """Size and SHA-256 (64 lower-case hex digits) of the decoded bytes."""

    sha256: str
    size_bytes: int


@frozen
class Body:
    """JSON text in its stored form. `digest` is that of the decoded text, in either `encoding`.

    `text` is the decoded text if this process has it at hand: it is never stored.
    """

    digest: Digest
    encoding: Encoding
    data: bytes = field(repr=False)
    text: bytes | None = field(default=None, repr=False, eq=False)


def digest(data: bytes | memoryview) -> Digest:
    """Compute the digest of decoded bytes."""
    return Digest(sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
