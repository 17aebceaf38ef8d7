"""The Merkle tree over a job's partitions (RFC 9162, section 2.1), whose root is in the job's receipt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from bateia.documents import Document
from bateia.errors import BateiaError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNITS = ("bytes", "rows", "text")


class NotPartitions(BateiaError, ValueError):
    """An item of a list of partitions is none that is done, or not the one that follows."""


class PartitionTree:
    """A tree that grows by one partition at a time. It keeps one digest for each level, however many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._complete: list[tuple[int, bytes]] = []

    def add(self, items: Iterable[Document]) -> None:
        """Add the partitions that follow, as `GET /v1/jobs/{job}/partitions` returns them."""
        for item in items:
            level, digest = 0, sha256(b"\0" + _leaf(item, self.count)).digest()
            while self._complete and self._complete[-1][0] == level:
                digest = sha256(b"\1" + self._complete.pop()[1] + digest).digest()
                level += 1
            self._complete.append((level, digest))
            self.count += 1

    def root(self) -> str:
        """Compute the root of the partitions so far, in hexadecimal digits."""
        if not self._complete:
            return sha256(b"").hexdigest()
        digest = self._complete[-1][1]
        for _, left in reversed(self._complete[:-1]):
            digest = sha256(b"\1" + left + digest).digest()
        return digest.hex()


def _leaf(item: Document, number: int) -> bytes:
    """Write the facts of a partition that the tree commits to. Raises `NotPartitions`."""
    try:
        span, result = item["range"], item["result_sha256"]
        facts = {
            "number": item["number"],
            "object": item["object_number"],
            "unit": span["unit"],
            "start": span["start"],
            "end": span["end"],
            "rows": item["rows"],
            "input_sha256": item["input_sha256"],
            "result_sha256": result,
        }
    except (KeyError, TypeError):
        raise _wrong(number) from None
    numbers = (facts[name] for name in ("number", "object", "start", "end", "rows"))
    digests = [facts["input_sha256"], *([] if result is None else [result])]
    is_whole = facts["number"] == number and facts["unit"] in _UNITS and all(type(one) is int for one in numbers)
    if not is_whole or not all(map(_is_digest, digests)):
        raise _wrong(number)
    return json.dumps(facts, separators=(",", ":")).encode()


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _wrong(number: int) -> NotPartitions:
    return NotPartitions(f"item {number + 1} is not partition {number} of a job that has succeeded: list all, in order")
