"""The sampler: reproduces one in so many of the executions that a worker has completed, in the background.

It costs a completion one count. The executions to reproduce wait in a bounded queue; when that is full, or the store is
away, they are skipped. Their replays queue behind all other work, few at a time. The sampler looks for their ends
itself, so it does not matter which worker runs them; those under way when the process stops are not counted.
"""

import logging
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from attrs import define, evolve
from returns.pipeline import is_successful

from application.executions.reproduce import Reproduce, ReproductionRefused
from application.executions.stored_datasets import DatasetAltered
from application.executions.use_cases import ReproductionUseCases
from application.ports.errors import Unavailable
from application.ports.operations import CheckReadiness, Readiness, check_outcome
from domain.execution import Failed, Finished, Succeeded
from domain.reproduction import Comparison, Difference, Inconclusive, Reproduced

log: Final = logging.getLogger(__name__)

MOST_QUEUED: Final = 64
MOST_UNDER_WAY: Final = 4
STEP_SECONDS: Final = 1.0


class SampleOutcome(StrEnum):
    """The outcome of a sampled execution, as metrics name it.

    `IMPOSSIBLE`: it could not be reproduced, or its replay proved nothing.
    """

    SAME = "same"
    DIFFERENT = "different"
    IMPOSSIBLE = "impossible"


@define
class ReproductionAlarm:
    """The differences found since this process started."""

    differences: int = 0

    @property
    def trouble(self) -> str:
        """Description of the differences; empty if there are none."""
        if self.differences == 0:
            return ""
        return f"sampled executions that differ from their reproductions: {self.differences}; the log names them"


class ReproductionSampler:
    """Samples one in `every` of the executions that are offered. `observe` gets the outcome of each sample."""

    def __init__(
        self,
        reproductions: ReproductionUseCases,
        every: int,
        observe: Callable[[SampleOutcome], None],
        alarm: ReproductionAlarm,
    ) -> None:
        self._reproductions, self._every = reproductions, every
        self._observe, self._alarm = observe, alarm
        self._completed = 0
        self._queued: deque[UUID] = deque()
        self._under_way: dict[UUID, UUID] = {}

    def offer(self, finished: Finished) -> None:
        """Count a stored execution, and choose it if it is its turn and there is room. Replays do not count."""
        if not isinstance(finished, Succeeded) or finished.submission.replay_of is not None:
            return
        self._completed += 1
        if self._completed % self._every == 0 and len(self._queued) < MOST_QUEUED:
            self._queued.append(finished.submission.id)

    async def step(self) -> None:
        """Examine the replays that have ended, and start others. An execution is skipped if the store is away."""
        for replay_id, original_id in tuple(self._under_way.items()):
            await self._look_or_drop(original_id, replay_id)
        while self._queued and len(self._under_way) < MOST_UNDER_WAY:
            await self._start(self._queued.popleft())

    async def _start(self, execution_id: UUID) -> None:
        original = await self._reproductions.find_reproducible(execution_id)
        if not is_successful(original):
            return self._refused(execution_id, original.failure())
        started = await self._reproductions.reproduce(Reproduce(original=original.unwrap()))
        if not is_successful(started):
            return self._refused(execution_id, started.failure())
        if not started.unwrap().is_shared:  # a client has asked for the same, and keeps what it gets
            self._under_way[started.unwrap().replay.submission.id] = execution_id
        return None

    def _refused(self, execution_id: UUID, refusal: ReproductionRefused) -> None:
        if isinstance(refusal, DatasetAltered):
            return self._differs(execution_id, "its stored dataset is not the recorded one")
        log.info("execution %s cannot be reproduced: %s", execution_id, type(refusal).__name__)
        return self._observe(SampleOutcome.IMPOSSIBLE)

    async def _look_or_drop(self, original_id: UUID, replay_id: UUID) -> None:
        """Look at a replay again after an outage, but not after another failure, which would keep others waiting."""
        try:
            await self._look_at(original_id, replay_id)
        except Unavailable:
            raise
        except Exception:  # damaged rows, for example
            del self._under_way[replay_id]
            self._observe(SampleOutcome.IMPOSSIBLE)
            raise

    async def _look_at(self, original_id: UUID, replay_id: UUID) -> None:
        found = await self._reproductions.find(original_id, replay_id)
        if not is_successful(found):  # retention has deleted one of the two
            del self._under_way[replay_id]
            return self._observe(SampleOutcome.IMPOSSIBLE)
        original, replay = found.unwrap().original, found.unwrap().replay
        if isinstance(replay, Succeeded | Failed):
            examined = await self._reproductions.examine(original, replay)
            await self._conclude(original_id, replay_id, examined.comparison)
            del self._under_way[replay_id]
        return None

    async def _conclude(self, original_id: UUID, replay_id: UUID, comparison: Comparison) -> None:
        match comparison:
            case Reproduced():
                await self._discard(replay_id, SampleOutcome.SAME)
            case Difference(of=aspect):
                self._differs(original_id, f"the {aspect} differs in its replay {replay_id}")
            case Inconclusive(reason=reason):
                await self._discard(replay_id, SampleOutcome.IMPOSSIBLE)
                log.info("the replay %s of execution %s proves nothing: %s", replay_id, original_id, reason)
            case _:
                assert_never(comparison)

    async def _discard(self, replay_id: UUID, outcome: SampleOutcome) -> None:
        """Remove the content of a replay that shows no difference, first, since an outage repeats the whole look."""
        await self._reproductions.remove_content(replay_id)
        self._observe(outcome)

    def _differs(self, execution_id: UUID, how: str) -> None:
        self._alarm.differences += 1
        self._observe(SampleOutcome.DIFFERENT)
        log.error("execution %s is not reproducible: %s", execution_id, how)


def with_reproductions(check: CheckReadiness, alarm: ReproductionAlarm) -> CheckReadiness:
    """Add the differences that the sampler of this process has found to the result of a check."""

    async def check_both() -> Readiness:
        return evolve(await check(), reproductions=check_outcome(alarm.trouble))

    return check_both
