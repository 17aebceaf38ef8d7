"""A part of queues that tests put before another one."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from application.ports.queue import Claimed
from domain.execution import Pending, Running


class WithoutReplays:
    """A queue in which no replay is pending."""

    async def claim_replays(
        self, count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
    ) -> Sequence[Claimed]:
        return ()
