"""Texts about API keys for the operator: what scopes and roles allow, and what a new or revoked key changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from application.authorise import FRESH_SECONDS
from domain.access import ROLES, ApiKey, Role, Scope, holds

ALLOWS: Final[Mapping[Scope, str]] = {
    Scope.SCRIPTS_WRITE: "register and revise scripts, archive and unarchive them",
    Scope.EXECUTIONS_WRITE: "submit datasets, cancel executions, remove their content",
    Scope.READ: "read and list scripts, versions, sources, executions, inputs and results",
    Scope.ADMIN: "read the audit trail, set how long a script's executions are kept",
}
_FOR: Final[Mapping[Role, str]] = {
    Role.READER: "dashboards, and people who only look",
    Role.RUNNER: "pipelines that run what others host",
    Role.AUTHOR: "people who write scripts and run them",
    Role.ADMIN: "operators; the first key",
}
_SOON: Final = f"within {FRESH_SECONDS:g} seconds"


def help_text() -> str:
    """The end of the help: roles and scopes."""
    roles = "\n".join(f"  {role:<8}{', '.join(in_order(ROLES[role]))}: {_FOR[role]}" for role in Role)
    scopes = "\n".join(f"  {scope:<18}{ALLOWS[scope]}" for scope in Scope)
    return f"""
roles (names for sets of scopes):
{roles}

scopes (none includes another; give --scope once for each):
{scopes}

example, for a first key that can do everything:
  python -m entrypoints.keys create --name me --role admin

A service applies a new or revoked key {_SOON}.
"""


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """The scopes in the order in which they are documented."""
    wanted = frozenset(scopes)
    return [scope for scope in Scope if scope in wanted]


def created(key: ApiKey, is_first: bool) -> Iterator[str]:
    """Lines about a new key. `is_first`: no other one that was not revoked was there before it."""
    yield f"it can {'; '.join(ALLOWS[scope] for scope in in_order(key.scopes))}"
    if missing := in_order(frozenset(Scope) - key.scopes):
        yield f"it cannot {'; '.join(ALLOWS[scope] for scope in missing)}"
    if not is_first:
        return
    yield f"it is the only key: a service that was open until now requires a key from now on, {_SOON}"
    if missing:
        yield f"no key has {', '.join(missing)}: make another one for that, for instance with --role admin"


def revoked(others: Sequence[ApiKey], now: datetime) -> Iterator[str]:
    """Lines about what is left once a key is revoked. `others` are all keys that are not."""
    if not others:
        yield f"no key is left: a service on a loopback address, or with BATEIA_ALLOW_OPEN=true, is open {_SOON}"
    elif not any(holds(key, now) for key in others):
        yield "all keys that are left have expired: services are closed to everybody until there is another key"
