"""The ports of the store in memory, put over one another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from adapters.memory.aliases import MemoryAliases
from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from adapters.memory.executions import MemoryExecutions
from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.installation import MemoryInstallation
from adapters.memory.queue import MemoryQueue
from adapters.memory.retention import MemoryExpiredExecutions
from adapters.memory.rows import ExecutionRow
from adapters.memory.scripts import MemoryScripts
from application.executions.completion_signals import WatchedCompletions
from application.ports.system import Clock


class MemoryStore:
    """One process's `audit`, `api_keys`, `scripts`, `aliases`, `executions`, `keys`, `queue`, `expired`, `endings`
    and `installation`."""

    def __init__(
        self,
        clock: Clock,
        lease: timedelta,
        wake: Callable[[], None] = lambda: None,
        script_runs: int = 0,
        keys_kept_for: timedelta = timedelta(days=1),
    ) -> None:
        kept: dict[UUID, ExecutionRow] = {}
        self.audit: Final = MemoryAudit(clock)
        self.api_keys: Final = MemoryApiKeys(self.audit)
        self.scripts: Final = MemoryScripts(self.audit)
        self.aliases: Final = MemoryAliases(self.scripts, clock)
        self.installation: Final = MemoryInstallation(uuid4())
        self.endings: Final = WatchedCompletions()
        self.executions: Final = MemoryExecutions(kept, self.endings, wake, self.scripts, lambda: clock() + lease)
        self.keys: Final = MemoryIdempotencyKeys(self.executions, clock, keys_kept_for)
        self.expired: Final = MemoryExpiredExecutions(kept, self.scripts, self.keys, clock, self.audit)
        self.queue: Final = MemoryQueue(kept, self.scripts, self.endings, clock, lease, script_runs)
