"""Idempotency keys: a request repeated with its key is the same request and returns the same execution.

A key belongs to its caller: the same text from two callers is two keys, so neither sees the other's executions. A
request is identified by its dataset, its target as given by the client (`latest` or an alias stays the same target even
if it leads to another version since), and its clock and its seed if it sets them; a batch by the text of all its lines
instead of a dataset. The store decides where and how long keys are stored.
"""

import re
from typing import Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.aliases import AliasName, VersionRef
from domain.body import Digest, digest
from domain.circumstances import RequestedCircumstances
from domain.hint import Hint, hint

MAX_KEY_CHARACTERS: Final = 255

_PRINTABLE: Final = re.compile(r"[ -~]*")


@frozen
class IdempotencyKey:
    """1 to `MAX_KEY_CHARACTERS` printable ASCII characters, and the id of the API key sent with them, if any.

    Build it with `idempotency_key`.
    """

    value: str
    caller: UUID | None = None


@frozen
class InvalidIdempotencyKey:
    """The text is empty, too long, or not printable ASCII."""

    reason: Hint


@frozen
class RequestFingerprint:
    """A request with its idempotency key; identical requests have the same `sha256` (64 lower-case hex digits)."""

    key: IdempotencyKey
    sha256: str


@frozen
class KeyRecord:
    """The stored facts of a key: its first request, and the execution created by it."""

    request: RequestFingerprint
    execution_id: UUID


@frozen
class RepeatedRequest:
    """The request is a repetition of the one that created the execution."""

    execution_id: UUID


@frozen
class KeyReused:
    """The key belongs to a different request."""

    key: IdempotencyKey


def idempotency_key(text: str, caller: UUID | None = None) -> Result[IdempotencyKey, InvalidIdempotencyKey]:
    """Parse the key that a caller sent."""
    if not text:
        return Failure(InvalidIdempotencyKey(hint("empty-idempotency-key")))
    if len(text) > MAX_KEY_CHARACTERS:
        return Failure(InvalidIdempotencyKey(hint("long-idempotency-key", limit=MAX_KEY_CHARACTERS)))
    if not _PRINTABLE.fullmatch(text):
        return Failure(InvalidIdempotencyKey(hint("unprintable-idempotency-key")))
    return Success(IdempotencyKey(text, caller))


def request_fingerprint(
    key: IdempotencyKey,
    script_id: UUID,
    version: VersionRef | None,
    dataset: Digest,
    requested: RequestedCircumstances | None = None,
) -> RequestFingerprint:
    """Fingerprint a request to run a script's version, or the one that it runs by default, over a dataset.

    A request without a version has the target `latest`, which no alias is called and which earlier releases stored.
    """
    target = "latest" if version is None else _target(version)
    request = f"{script_id} {target} {dataset.sha256}"
    if requested is not None:
        request += f" {requested.clock and requested.clock.isoformat()} {requested.seed}"
    return RequestFingerprint(key, digest(request.encode()).sha256)


def batch_fingerprint(
    key: IdempotencyKey,
    script_id: UUID,
    version: VersionRef | None,
    text: Digest,
    requested: RequestedCircumstances | None = None,
) -> RequestFingerprint:
    """Fingerprint a request to run a script's version over the lines of a text. No submission of one dataset has the
    same, even of the same text."""
    one = request_fingerprint(key, script_id, version, text, requested)
    return RequestFingerprint(key, digest(f"batch {one.sha256}".encode()).sha256)


def _target(version: VersionRef) -> str:
    return version.value if isinstance(version, AliasName) else str(version)


def match_request(request: RequestFingerprint, found: KeyRecord) -> RepeatedRequest | KeyReused:
    """Match a request with the record found under its key; without a record, it is the first request."""
    return RepeatedRequest(found.execution_id) if found.request == request else KeyReused(request.key)
