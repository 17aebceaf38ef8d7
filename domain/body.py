"""Bytes that the service keeps for its users (datasets and results), and the digest that names them.

What is absent on purpose: parsing. A body is opaque here; that it holds JSON was checked where it came in.
"""

import hashlib
from enum import StrEnum

from attrs import field, frozen


class Encoding(StrEnum):
    """How the bytes of a `Body` are held."""

    IDENTITY = "identity"
    ZSTD = "zstd"


@frozen
class Digest:
    """Size and SHA-256 (64 lower-case hex digits) of the decoded bytes."""

    sha256: str
    size_bytes: int


@frozen
class Body:
    """JSON text as it is stored. `digest` is of the decoded text, whatever `encoding` says."""

    digest: Digest
    encoding: Encoding
    data: bytes = field(repr=False)


def digest(data: bytes) -> Digest:
    """Digest of decoded bytes."""
    return Digest(sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
