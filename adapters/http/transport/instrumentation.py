"""Instrumentation ports of the HTTP side. Both may be absent: then nothing is measured."""

from typing import Final, Protocol

from attrs import frozen

OTHER: Final = "other"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObserveRequest(Protocol):
    """An observer of each finished request: its method, its route's template, its status (0 if the client had left
    before the answer) and its duration."""

    def __call__(self, method: str, route: str, status: int, seconds: float, /) -> None: ...


class Exposition(Protocol):
    """Measurements as text."""

    @property
    def media_type(self) -> str: ...

    @property
    def text(self) -> bytes: ...


class Expose(Protocol):
    """A source of the measurements so far, in the OpenMetrics format or in Prometheus's own. It never raises for an
    outage."""

    async def __call__(self, open_metrics: bool, /) -> Exposition: ...


@frozen
class Nothing:
    """Nothing was measured."""

    media_type: str = "text/plain; version=0.0.4; charset=utf-8"
    text: bytes = b""


async def expose_nothing(open_metrics: bool) -> Exposition:
    """Return empty measurements."""
    return Nothing()


def ignore_request(method: str, route: str, status: int, seconds: float) -> None:
    """Discard the observation."""


def known_method(method: str) -> str:
    """Return the method, or one word for all that no resource has, so that clients cannot create series."""
    return method if method in _METHODS else OTHER
