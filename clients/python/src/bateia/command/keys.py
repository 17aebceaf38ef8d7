"""Commands for API keys."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia.command.arguments import Limit, Yes, confirm, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All
from bateia.command.showing import show_document, show_items
from bateia.resources import keys as api
from bateia.texts import say

KeyId = Annotated[str, Parameter(help="Id of the API key.")]


def list_keys(*, limit: Limit = 100, common: All = DEFAULTS) -> int:
    """List API keys, without their texts, which the service does not store."""
    items = common.first(api.list_keys(), limit)
    show_items(common, items, "id", "name", "role", "scopes", "expires_at", "revoked_at", "last_used_at")
    return Exit.OK


def show_key(key: KeyId, /, *, common: All = DEFAULTS) -> int:
    """Show an API key, without its text."""
    show_document(common, common.do(api.read_key(key)).document)
    return Exit.OK


def create_key(
    name: str,
    /,
    *,
    role: api.Role | None = None,
    scopes: str = "",
    days: int | None = None,
    common: All = DEFAULTS,
) -> int:
    """Create an API key. Its text is printed on standard output, this once, and nowhere else.

    Parameters
    ----------
    name
        Owner or purpose of the key.
    role
        Role whose scopes are granted.
    scopes
        Scopes that are granted as well, separated by commas.
    days
        Days until the key expires; without them it never does.
    """
    created = common.do(api.create_key(name, role, scopes=listed(scopes), expires_in_days=days)).document
    expiry = say("expires at {time}" if created["expires_at"] else "never expires", time=created["expires_at"])
    common.output.note(
        say("API key {id}, {value}, {expiry}", id=created["id"], value=", ".join(created["scopes"]), expiry=expiry)
    )
    if created["ends_anonymous_access"]:
        common.output.note(say("from now on, every request needs an API key"), "yellow")
    common.output.value(created, lambda: common.output.line(created["token"]))
    return Exit.OK


def revoke_key(key: KeyId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Revoke an API key, for good."""
    confirm(common, say("Revoke the API key {key}?", key=key), yes)
    common.do(api.revoke_key(key))
    common.output.value({"id": key, "revoked": True}, lambda: common.output.line(say("revoked {key}", key=key)))
    return Exit.OK
