"""Texts about API keys for the operator: the meaning of scopes and roles, and the effect of a new or revoked key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from application.access.authorise import FRESH_SECONDS
from domain.access import ROLES, ApiKey, Role, Scope, holds

ALLOWS: Final[Mapping[Scope, str]] = {
    Scope.SCRIPTS_WRITE: "create scripts and versions, archive and unarchive scripts",
    Scope.EXECUTIONS_WRITE: "submit datasets, cancel executions, remove their content",
    Scope.READ: "read and list scripts, versions, sources, executions, inputs and results",
    Scope.ADMIN: "read the audit trail and the status, manage API keys, set a script's retention",
}
_FOR: Final[Mapping[Role, str]] = {
    Role.READER: "dashboards and people who only read",
    Role.RUNNER: "pipelines that run existing scripts",
    Role.AUTHOR: "people who write and run scripts",
    Role.ADMIN: "operators; the first key",
}
_SOON: Final = f"within {FRESH_SECONDS:g} seconds"


def help_text() -> str:
    """Format the end of the help: roles and scopes."""
    roles = "\n".join(f"  {role:<8}{', '.join(in_order(ROLES[role]))}: {_FOR[role]}" for role in Role)
    scopes = "\n".join(f"  {scope:<18}{ALLOWS[scope]}" for scope in Scope)
    return f"""
roles (names for sets of scopes):
{roles}

scopes (none includes another; repeat --scope for several):
{scopes}

example, a first key with all scopes:
  python -m entrypoints.keys create --name me --role admin

Services apply a new or revoked key {_SOON}.
"""


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """Sort the scopes in the order in which they are documented."""
    wanted = frozenset(scopes)
    return [scope for scope in Scope if scope in wanted]


def created(key: ApiKey, is_first: bool) -> Iterator[str]:
    """Yield lines about a new key. `is_first`: no other unrevoked key existed before."""
    yield f"it can {'; '.join(ALLOWS[scope] for scope in in_order(key.scopes))}"
    if missing := in_order(frozenset(Scope) - key.scopes):
        yield f"it cannot {'; '.join(ALLOWS[scope] for scope in missing)}"
    if not is_first:
        return
    yield f"it is the only key: services that allowed anonymous access now require a key, {_SOON}"
    if missing:
        yield f"no key has {', '.join(missing)}: create another one for that, for instance with --role admin"


def revoked(others: Sequence[ApiKey], now: datetime) -> Iterator[str]:
    """Yield lines about the remaining keys after one is revoked. `others` are all unrevoked keys."""
    if not others:
        yield (
            "no key is left: services on a loopback address, or with BATEIA_ALLOW_OPEN=true, allow anonymous access "
            f"{_SOON}"
        )
    elif not any(holds(key, now) for key in others):
        yield "all remaining keys have expired: services refuse every request until a new key is created"
