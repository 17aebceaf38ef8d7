"""API keys as the shapes of the wire."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from adapters.http.wire.schemas import api_keys as shapes
from application.access.use_cases import CreatedKey
from domain.access import ApiKey, Scope, role_of


def api_key_href(root: str, key_id: UUID) -> str:
    """Build the path of an API key."""
    return f"{root}/v1/keys/{key_id}"


def api_key(key: ApiKey) -> shapes.ApiKey:
    """Represent an API key."""
    return shapes.ApiKey(**_facts(key), **_states(key))


def created_api_key(created: CreatedKey) -> shapes.CreatedApiKey:
    """Represent a new API key with its text."""
    return shapes.CreatedApiKey(
        **_facts(created.key),
        **_states(created.key),
        token=created.token.text,
        ends_anonymous_access=created.is_first,
    )


def caller(key: ApiKey | None) -> shapes.Caller:
    """Represent the access of a request with that key, or of an anonymous one."""
    if key is None:
        return shapes.Caller(key=None, anonymous=True, scopes=_in_order(Scope))
    return shapes.Caller(key=shapes.CallerKey(**_facts(key)), anonymous=False, scopes=_in_order(key.scopes))


def _facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": _in_order(key.scopes),
        "role": role_of(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }


def _states(key: ApiKey) -> dict[str, Any]:
    return {"revoked_at": key.revoked_at, "last_used_at": key.last_used_at}


def _in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Sort scopes by their names."""
    return tuple(sorted(scopes))
