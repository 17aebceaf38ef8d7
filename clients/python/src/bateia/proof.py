"""Comparisons of results, and the verification of receipts with the stored outcomes, as flows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from bateia.documents import Document
from bateia.exchange import Flow
from bateia.requesting import download, path_to, read, read_text
from bateia.verification import Expected, Verification, verified
from bateia.waiting import read_execution


class DigestSink:
    """A sink that keeps nothing but a digest."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def begin(self) -> None:
        """Discard what an earlier attempt wrote."""
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self.digest.update(piece)


def verify(execution_id: str, keys: bytes | None = None, expected: Expected | None = None) -> Flow[Verification]:
    """Verify the receipt of an execution, and that the stored outcome is the one that it states.

    Without `keys`, those of the service are taken, which proves only that the service agrees with itself.
    """
    execution = yield from read_execution(execution_id)
    receipt = yield from read_text(path_to("executions", execution_id, "receipt"))
    trusted = keys if keys is not None else (yield from read_text("/v1/receipts/keys"))
    if execution.has_succeeded:
        received = DigestSink()
        yield from download(path_to("executions", execution_id, "result"), received)
        outcome = received.digest.hexdigest()
    else:
        outcome = error_digest(execution.document["error"])
    stated = expected or Expected()
    facts = Expected(execution.id, stated.installation, outcome, stated.dataset, stated.source)
    return verified(receipt, trusted, facts)


def error_digest(error: Document) -> str:
    """Compute the digest of an error, as receipts state it."""
    members = {name: error[name] for name in ("column", "kind", "line", "message", "stack")}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def compare(before: str, after: str, key: Sequence[str] = (), **tolerance: float | None) -> Flow[Document]:
    """Compare the results of two executions."""
    query = {"against": after, **({"key": ",".join(key)} if key else {})}
    query |= {name: repr(value) for name, value in tolerance.items() if value}
    return read(path_to("executions", before, "comparison"), query)
