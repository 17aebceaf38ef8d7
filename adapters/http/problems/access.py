"""Problem details of API keys: callers without access, and keys that cannot be created or revoked."""

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from adapters.http.problems.details import ProblemDetails
from adapters.http.wire.validation_errors import Fault
from application.access.authorise import MissingCredentials, UnknownToken
from application.access.manage_api_keys import UnknownKey
from application.access.use_cases import KeyCreationRefused, KeyRevocationRefused
from domain.access import (
    MANAGES_KEYS,
    MAX_DAYS,
    FirstKeyCannotManage,
    InsufficientScope,
    InvalidApiKey,
    KeyExpired,
    KeyFault,
    KeyRevoked,
    LastManagingKey,
    Scope,
    ScopesNotHeld,
)
from domain.hint import Hint, hint

_FAULTS: Final[Mapping[KeyFault, tuple[str, Hint]]] = {
    KeyFault.NO_SCOPE: ("/scopes", hint(KeyFault.NO_SCOPE.value)),
    KeyFault.NAME: ("/name", hint(KeyFault.NAME.value)),
    KeyFault.DAYS: ("/expires_in_days", hint("above-maximum", maximum=MAX_DAYS)),
}
"""The member of the request with each fault, and its message. The schema checks lengths and bounds before."""


def access_problem(refusal: KeyCreationRefused | KeyRevocationRefused) -> ProblemDetails:  # noqa: C901 - one case each
    """Map a refusal to its problem details. Malformed, unknown, expired and revoked keys are indistinguishable."""
    match refusal:
        case MissingCredentials():
            return unauthenticated(given=False)
        case UnknownToken() | KeyExpired() | KeyRevoked():
            return unauthenticated(given=True)
        case InsufficientScope(scope=scope):
            return ProblemDetails(hint("forbidden", scope=str(scope)), headers=insufficient_scope(scope))
        case ScopesNotHeld(scopes=scopes):
            message = hint("api-key-scopes-not-held", scopes=_names(scopes))
            return ProblemDetails(message, headers=insufficient_scope(*scopes))
        case InvalidApiKey(fault=fault):
            return _invalid(*_FAULTS[fault])
        case FirstKeyCannotManage():
            return _invalid("/scopes", hint("first-api-key-cannot-manage", scope=str(MANAGES_KEYS)))
        case UnknownKey(id=unknown):
            return ProblemDetails(hint("unknown-api-key", id=str(unknown)))
        case LastManagingKey(key=key):
            return ProblemDetails(hint("last-managing-api-key", id=str(key.id), scope=str(MANAGES_KEYS)))
        case _:
            assert_never(refusal)


def unauthenticated(given: bool) -> ProblemDetails:
    """Describe a request without an API key, or with an invalid one (`given`)."""
    challenge = _challenge('error="invalid_token"' if given else "")
    return ProblemDetails(hint("invalid-api-key" if given else "no-api-key"), headers=challenge)


def insufficient_scope(*scopes: Scope) -> dict[str, str]:
    """Build the challenge to a caller whose key lacks the scopes."""
    return _challenge(f'error="insufficient_scope", scope="{_names(scopes)}"')


def _names(scopes: Iterable[Scope]) -> str:
    return " ".join(sorted(scopes))


def _invalid(pointer: str, message: Hint) -> ProblemDetails:
    return ProblemDetails(hint("invalid-document"), (Fault(pointer, message),))


def _challenge(parameters: str) -> dict[str, str]:
    """Build the authentication challenge (RFC 6750, section 3)."""
    return {"WWW-Authenticate": ", ".join(filter(None, ('Bearer realm="bateia"', parameters)))}
