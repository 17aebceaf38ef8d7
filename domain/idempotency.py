"""Idempotency keys: a request that is sent again under its key is the same request, and comes to the same execution.

A key is its caller's: the same text from two callers is two keys, so that neither meets the other's executions.
What a request is, apart from its key, is its dataset and its target as the user named it: `latest` stays the same
target when a newer version has come since. How long a key is remembered, and where, is for the store.
"""

import re
from typing import Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.body import Digest, digest

MAX_KEY_CHARACTERS: Final = 255

_PRINTABLE: Final = re.compile(r"[ -~]*")


@frozen
class IdempotencyKey:
    """1 to `MAX_KEY_CHARACTERS` printable ASCII characters, and the id of the API key that they came with, if one did.

    Build it with `idempotency_key`.
    """

    value: str
    caller: UUID | None = None


@frozen
class InvalidKey:
    """The text is empty, too long, or not printable ASCII."""

    reason: str


@frozen
class KeyedRequest:
    """A request under a key; `sha256` (64 lower-case hex digits) is the same for requests that ask for the same."""

    key: IdempotencyKey
    sha256: str


@frozen
class KeyRecord:
    """What is kept under a key: the first request that came with it, and the execution that it made."""

    request: KeyedRequest
    execution_id: UUID


@frozen
class Replay:
    """The request has been made before, and came to that execution."""

    execution_id: UUID


@frozen
class KeyReused:
    """The key belongs to a request that asked for something else."""

    key: IdempotencyKey


def idempotency_key(text: str, caller: UUID | None = None) -> Result[IdempotencyKey, InvalidKey]:
    """The key that the text is when that caller sends it."""
    if not text:
        return Failure(InvalidKey("it is empty"))
    if len(text) > MAX_KEY_CHARACTERS:
        return Failure(InvalidKey(f"it has more than {MAX_KEY_CHARACTERS} characters"))
    if not _PRINTABLE.fullmatch(text):
        return Failure(InvalidKey("it contains characters that are not printable ASCII"))
    return Success(IdempotencyKey(text, caller))


def keyed_request(key: IdempotencyKey, script_id: UUID, version: int | None, dataset: Digest) -> KeyedRequest:
    """A request for a run of the script's version of that number, or of its latest, over that dataset."""
    target = "latest" if version is None else str(version)
    return KeyedRequest(key, digest(f"{script_id} {target} {dataset.sha256}".encode()).sha256)


def recognise(request: KeyedRequest, found: KeyRecord) -> Replay | KeyReused:
    """What a request is to what was found under its key. Where nothing was found, it is the first."""
    return Replay(found.execution_id) if found.request == request else KeyReused(request.key)
