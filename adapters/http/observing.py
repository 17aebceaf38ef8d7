"""What the HTTP side tells whoever measures it, and asks of them. Both may be absent: then nothing is measured."""

from typing import Final, Protocol

from attrs import frozen

OTHER: Final = "other"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObserveRequest(Protocol):
    """Told of each request when it is over: its method, its route's template, the status (0 if nobody was left to be
    answered) and how long it took."""

    def __call__(self, method: str, route: str, status: int, seconds: float, /) -> None: ...


@frozen
class Exposition:
    """What was measured, as text."""

    media_type: str
    text: bytes


class Expose(Protocol):
    """What was measured so far, in the OpenMetrics format or in Prometheus's own. It never raises for an outage."""

    async def __call__(self, open_metrics: bool, /) -> Exposition: ...


def ignore_request(method: str, route: str, status: int, seconds: float) -> None:
    """Nobody measures."""


def known_method(method: str) -> str:
    """The method, or one word for all that no resource has, so that clients cannot make up series."""
    return method if method in _METHODS else OTHER
