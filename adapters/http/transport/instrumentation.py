"""What the HTTP side tells whoever measures it, and asks of them. Both may be absent: then nothing is measured."""

from typing import Final, Protocol

from attrs import frozen

OTHER: Final = "other"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObserveRequest(Protocol):
    """Told of each request when it is over: its method, its route's template, the status (0 if nobody was left to be
    answered) and how long it took."""

    def __call__(self, method: str, route: str, status: int, seconds: float, /) -> None: ...


class Exposition(Protocol):
    """What was measured, as text."""

    @property
    def media_type(self) -> str: ...

    @property
    def text(self) -> bytes: ...


class Expose(Protocol):
    """What was measured so far, in the OpenMetrics format or in Prometheus's own. It never raises for an outage."""

    async def __call__(self, open_metrics: bool, /) -> Exposition: ...


@frozen
class Nothing:
    """Nothing was measured."""

    media_type: str = "text/plain; version=0.0.4; charset=utf-8"
    text: bytes = b""


async def expose_nothing(open_metrics: bool) -> Exposition:
    """Nobody measures."""
    return Nothing()


def ignore_request(method: str, route: str, status: int, seconds: float) -> None:
    """Nobody measures."""


def known_method(method: str) -> str:
    """The method, or one word for all that no resource has, so that clients cannot make up series."""
    return method if method in _METHODS else OTHER
