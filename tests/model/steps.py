"""A step acts on a world and then records its outcome in a ledger; and events that may happen in the middle of one."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar

from returns.result import Failure

from tests.model.environments import World
from tests.model.ledger import Ledger

A = TypeVar("A")
Meanwhile: TypeAlias = Callable[[], Awaitable[None]]


class Step(Protocol[A]):
    """Something that is done to a store, and what its answer means."""

    async def act(self, world: World, /) -> A: ...

    def tell(self, ledger: Ledger, answer: A, /) -> None: ...


class Crash(Exception):
    """The process that was at work is no more."""


async def nothing() -> None:
    """Let nothing happen meanwhile."""


async def crash() -> None:
    """Let the process die here."""
    raise Crash


class Around:
    """A port, with something that happens right before the first call of one of its methods, or right after the first
    that changes anything."""

    def __init__(self, port: object, method: str, before: Meanwhile = nothing, after: Meanwhile = nothing) -> None:
        self._port, self._method, self._before, self._after = port, method, before, after

    def __getattr__(self, name: str) -> Any:
        if name != self._method:
            return getattr(self._port, name)
        before, self._before = self._before, nothing

        async def call(*arguments: Any) -> Any:
            await before()
            answer = await getattr(self._port, name)(*arguments)
            if not isinstance(answer, Failure):
                after, self._after = self._after, nothing
                await after()
            return answer

        return call
