"""Batches concurrent requests: those that arrive while a batch is running share the next one.

A lone request runs at once; under load, concurrent requests share a round trip, a plan and a commit. No request waits
for others by the clock, but a batch takes all that arrive in the same turn of the event loop as its first.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeAlias, TypeVar

from attrs import define, field

from application.ports.errors import Unavailable

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")

Statement: TypeAlias = Callable[[Sequence[_Asked]], Awaitable[Sequence[_Answer]]]
"""Returns an answer for each question, in their order. All or nothing: if it raises, it had no effect."""


@define
class _Question(Generic[_Asked, _Answer]):
    asked: _Asked
    askers: list[asyncio.Future[_Answer]] = field(factory=list)


class BatchLoader(Generic[_Asked, _Answer]):
    """Batches of one statement, at most one at a time, each for at most `most` questions. For one event loop.

    `same` returns a key of a question; concurrent questions with equal keys share an answer.
    """

    def __init__(
        self, statement: Statement[_Asked, _Answer], most: int, same: Callable[[_Asked], Hashable] = id
    ) -> None:
        self._statement, self._most, self._same = statement, most, same
        self._waiting: deque[_Question[_Asked, _Answer]] = deque()
        self._by_sameness: dict[Hashable, _Question[_Asked, _Answer]] = {}
        self._under_way: asyncio.Task[None] | None = None

    async def load(self, asked: _Asked) -> _Answer:
        """Load the answer with a batch that begins after this call."""
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        question = self._by_sameness.get(self._same(asked))
        if question is None:
            question = self._by_sameness[self._same(asked)] = _Question(asked)
            self._waiting.append(question)
        question.askers.append(answer)
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._go_on())
        try:
            return await answer
        finally:
            del answer  # an exception's traceback holds this frame, which would hold the exception, and what was asked

    async def _go_on(self) -> None:
        try:
            await asyncio.sleep(0)  # clients that were answered by one batch send their next requests together
            while self._waiting:
                await self._round([self._next() for _ in range(min(self._most, len(self._waiting)))])
        finally:
            self._under_way = None

    def _next(self) -> _Question[_Asked, _Answer]:
        question = self._waiting.popleft()
        del self._by_sameness[self._same(question.asked)]  # from now on an equal question may expect a later answer
        return question

    async def _round(self, questions: Sequence[_Question[_Asked, _Answer]]) -> None:
        try:
            answers = await self._statement([one.asked for one in questions])
        except Exception as error:
            await self._tell(questions, error)
            return
        for question, answer in zip(questions, answers, strict=True):
            for asker in question.askers:
                if not asker.done():  # its task may have been cancelled
                    asker.set_result(answer)

    async def _tell(self, questions: Sequence[_Question[_Asked, _Answer]], error: Exception) -> None:
        """Fail all askers after an outage; after another error, which one question may cause, try each one alone."""
        if len(questions) == 1 or isinstance(error, Unavailable):
            for question in questions:
                for asker in [one for one in question.askers if not one.done()]:
                    asker.set_exception(error)
                question.askers.clear()  # for the same reason as above
        else:
            for question in questions:
                await self._round([question])
