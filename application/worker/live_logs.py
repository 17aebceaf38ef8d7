"""Live logs: what the runs of a worker have printed is stored while they go on.

The worker looks at its runs once a second. A run that it sees for the first time is only noted, so one that ends within
a second costs nothing, and no run adds more than one part to its log in a second.
"""

import asyncio
from typing import Final
from uuid import UUID

from attrs import frozen

from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.live_logs import LiveLogs, LogPart, RunningLog
from application.worker.claims import HeldClaims
from domain.execution import Running
from domain.outcome import Logs

LOOK_SECONDS: Final = 1.0


@frozen
class _Sent:
    """The number of stored lines of a run, and whether its log is known to be longer than what is stored of it."""

    lines: int = 0
    truncated: bool = False


_NOTHING: Final = _Sent()


class LogPublisher:
    """Stores the logs of the runs in a register of claims, and deletes those that are no longer shown."""

    def __init__(self, live_logs: LiveLogs, running_log: RunningLog, claims: HeldClaims) -> None:
        self._live_logs, self._running_log, self._claims = live_logs, running_log, claims
        self._sent: dict[UUID, _Sent] = {}

    async def maintain(self, purge_seconds: float, monitor: TaskMonitor) -> None:
        """Publish each second, and purge at that interval, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(periodic(BackgroundTask.PUBLISH_LOGS, LOOK_SECONDS, self.publish, monitor))
            group.create_task(periodic(BackgroundTask.PURGE_LOGS, purge_seconds, self._live_logs.purge, monitor))

    async def publish(self) -> None:
        """Store the lines that have come since the last call. Those that could not be stored are sent again."""
        executing = self._claims.executing
        found = [self._new_part(running) for running in executing if running.claim.id in self._sent]
        self._sent = {one.claim.id: self._sent.get(one.claim.id, _NOTHING) for one in executing}
        parts = [part for part in found if part is not None]
        stored = await self._live_logs.append(parts) if parts else frozenset()
        for part in parts:
            if part.running.claim.id in stored:
                sent = _Sent(part.first_line + len(part.logs.lines), part.logs.truncated)
                self._sent[part.running.claim.id] = sent

    def _new_part(self, running: Running) -> LogPart | None:
        sent, logs = self._sent[running.claim.id], self._running_log(running.claim.id)
        part = LogPart(running, sent.lines, Logs(logs.lines[sent.lines :], logs.truncated))
        is_news = part.logs.lines or part.logs.truncated is not sent.truncated
        return part if is_news else None
