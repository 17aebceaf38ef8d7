"""Faults at any call of a port: a crash of the process, an outage, or a client's cancellation."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Fault = Callable[[], None]


class Crash(BaseException):
    """The end of the process, which nothing handles."""


class Faults:
    """Counts the calls of ports, twice each: before their effect, and after it. `at` has the faults of some."""

    def __init__(self, at: Mapping[int, Fault] | None = None) -> None:
        self._at: Final = at or {}
        self.count = 0

    def tick(self) -> None:
        """Count, and perhaps do what raises."""
        self.count += 1
        self._at.get(self.count, lambda: None)()


class Faulty:
    """A port whose asynchronous methods may fail. Iterators and properties do not."""

    def __init__(self, port: Any, faults: Faults, methods: set[str]) -> None:
        self._port, self._faults, self._methods = port, faults, methods

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name not in self._methods:
            return method

        async def call(*given: Any, **named: Any) -> Any:
            self._faults.tick()
            returned = await method(*given, **named)
            self._faults.tick()
            return returned

        return call


def raising(error: BaseException) -> Fault:
    """Return a fault that raises."""

    def fail() -> None:
        raise error

    return fail
