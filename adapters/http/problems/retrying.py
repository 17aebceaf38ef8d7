"""Problems that pass: the client is told after how many seconds to try again."""

from collections.abc import Mapping
from typing import Final

from adapters.http.problems.details import ProblemDetails
from domain.hint import hint

RETRY_SECONDS: Final = 5
"""The delay after which a dependency of the service may be available again."""


def unavailable() -> ProblemDetails:
    """Build the problem details of an outage."""
    return retrying("unavailable", RETRY_SECONDS)


def store_unavailable() -> ProblemDetails:
    """Build the problem details of a store that does not answer."""
    return retrying("store-unavailable", RETRY_SECONDS)


def retrying(code: str, seconds: int, headers: Mapping[str, str] | None = None) -> ProblemDetails:
    """Build problem details with the delay, in the message and as Retry-After (RFC 9110, section 10.2.3)."""
    return ProblemDetails(hint(code, seconds=seconds), headers={"Retry-After": str(seconds), **(headers or {})})
