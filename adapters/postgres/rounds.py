"""Many askers, one statement: what is asked while a round is under way is answered together by the next.

Whoever asks alone is answered at once and waits for nobody; under load a round trip, a plan and a commit are shared by
all who came meanwhile. Nothing is delayed in the hope of more.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from application.messages import Unavailable

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")

Statement: TypeAlias = Callable[[Sequence[_Asked]], Awaitable[Sequence[_Answer]]]
"""Gives an answer for each that is asked, in their order. All or nothing: where it raises, nothing has happened."""


class Rounds(Generic[_Asked, _Answer]):
    """The rounds of one statement, at most one at a time, each for at most `most` askers. For one event loop."""

    def __init__(self, statement: Statement[_Asked, _Answer], most: int) -> None:
        self._statement, self._most = statement, most
        self._waiting: deque[tuple[_Asked, asyncio.Future[_Answer]]] = deque()
        self._under_way: asyncio.Task[None] | None = None

    async def ask(self, asked: _Asked) -> _Answer:
        """The answer, from a round that begins after this call."""
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._go_on())
        return await answer

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                count = min(self._most, len(self._waiting))
                await self._round([self._waiting.popleft() for _ in range(count)])
        finally:
            self._under_way = None

    async def _round(self, askers: Sequence[tuple[_Asked, asyncio.Future[_Answer]]]) -> None:
        try:
            answers = await self._statement([asked for asked, _ in askers])
        except Exception as error:
            await self._tell(askers, error)
            return
        for (_, future), answer in zip(askers, answers, strict=True):
            if not future.done():  # the asker may have gone
                future.set_result(answer)

    async def _tell(self, askers: Sequence[tuple[_Asked, asyncio.Future[_Answer]]], error: Exception) -> None:
        """An outage is everybody's; of anything else one asker may be the cause, so each is tried alone."""
        if len(askers) == 1 or isinstance(error, Unavailable):
            for _, future in askers:
                if not future.done():
                    future.set_exception(error)
        else:
            for asker in askers:
                await self._round([asker])
