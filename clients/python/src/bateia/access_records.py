"""API keys, their callers, and the audit trail, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Caller(Record):
    """The caller of the service. `key` is None without an API key."""

    key: Document | None
    anonymous: bool
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ApiKey(Record):
    """An API key, without its text."""

    id: str
    name: str
    role: str | None
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


@dataclass(frozen=True)
class CreatedApiKey(ApiKey):
    """A new API key. Its text is `token`, which the service shows this once."""

    token: str = field(repr=False)
    ends_anonymous_access: bool


@dataclass(frozen=True)
class AuditRecord(Record):
    """An action, its time, its caller, and what it was about.

    `key_id` is that of the caller's key, and `api_key_id` that of a key which was created or revoked.
    """

    at: str
    action: str
    key_id: str | None
    key_name: str | None
    script_id: str | None
    script_name: str | None
    version: int | None
    alias: str | None
    test: str | None
    execution_id: str | None
    batch_id: str | None
    replay_id: str | None
    job_id: str | None
    api_key_id: str | None
    api_key_name: str | None
    webhook_id: str | None
    object_url: str | None
    request_id: str | None
    server_request_id: str | None
