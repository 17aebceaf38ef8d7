"""API keys and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from bateia.access_records import ApiKey, AuditRecord, CreatedApiKey
from bateia.exchange import Flow
from bateia.listing import Listing, query_of
from bateia.requesting import change, path_to, read
from bateia.resources.groups import C, Group, ItemsOf, Operation

Role: TypeAlias = Literal["reader", "runner", "author", "admin"]


def list_keys() -> Listing[ApiKey]:
    """List the API keys, without their texts, which the service does not store."""
    return Listing("/v1/keys", ApiKey.of)


def read_key(key: str) -> Flow[ApiKey]:
    """Read an API key, without its text."""
    return ApiKey.from_flow(read(path_to("keys", key)))


def create_key(
    name: str, role: Role | None = None, *, scopes: Iterable[str] = (), expires_in_days: int | None = None
) -> Flow[CreatedApiKey]:
    """Create an API key with the scopes of a role, and perhaps others. It is not sent twice: that would make two."""
    wanted = {"name": name, "role": role, "scopes": list(scopes), "expires_in_days": expires_in_days}
    return CreatedApiKey.from_flow(change("POST", "/v1/keys", wanted))


def revoke_key(key: str) -> Flow[None]:
    """Revoke an API key, for good."""
    yield from change("DELETE", path_to("keys", key))


class Keys(Group[C]):
    """API keys."""

    list = ItemsOf(list_keys)
    get = Operation(read_key)
    create = Operation(create_key)
    revoke = Operation(revoke_key)


def list_audit_records(
    *,
    action: str | None = None,
    key: str | None = None,
    script: str | None = None,
    execution: str | None = None,
    at_from: str | None = None,
    at_to: str | None = None,
) -> Listing[AuditRecord]:
    """List audit records, the newest first, `at_to` exclusive; `key` is the id of an API key."""
    chosen = query_of(action=action, key=key, script=script, execution=execution, at_from=at_from, at_to=at_to)
    return Listing("/v1/audit", AuditRecord.of, chosen)


class Audit(Group[C]):
    """The audit trail."""

    list = ItemsOf(list_audit_records)
