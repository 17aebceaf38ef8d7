"""The ports of the store in memory, put over one another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import uuid4

from adapters.memory.activity import MemoryActivity
from adapters.memory.aliases import MemoryAliases
from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from adapters.memory.batches import MemoryBatches
from adapters.memory.delivery_work import MemoryDeliveryWork
from adapters.memory.ends import MemoryEnds
from adapters.memory.executions import MemoryExecutions
from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.installation import MemoryInstallation
from adapters.memory.job_work import MemoryJobWork
from adapters.memory.jobs import MemoryJobs
from adapters.memory.live_logs import MemoryLiveLogs
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.queue import MemoryQueue
from adapters.memory.queue_state import MemoryQueueState
from adapters.memory.replay_work import MemoryReplayWork
from adapters.memory.retention import MemoryExpiredExecutions
from adapters.memory.rows import Rows
from adapters.memory.script_tests import MemoryScriptTests
from adapters.memory.scripts import MemoryScripts
from adapters.memory.status import MemoryStatus
from adapters.memory.version_replays import MemoryVersionReplays
from adapters.memory.version_usage import MemoryVersionUsage
from adapters.memory.webhooks import MemoryWebhooks
from application.executions.completion_signals import WatchedCompletions
from application.executions.log_news import LogNews
from application.ports.system import Clock


class MemoryStore:
    """One process's `audit`, `api_keys`, `scripts`, `activity`, `version_usage`, `aliases`, `script_tests`,
    `executions`, `batches`, `keys`, `queue`, `live_logs`, `log_news`, `queue_state`, `expired`, `endings`,
    `installation`, `status`, `replays`, `replay_work`, `jobs`, `job_work`, `webhooks` and `delivery_work`; and the
    `outbox` and the `ends` that they share.
    """

    def __init__(
        self,
        clock: Clock,
        lease: timedelta,
        wake: Callable[[], None] = lambda: None,
        script_runs: int = 0,
        keys_kept_for: timedelta = timedelta(days=1),
    ) -> None:
        rows = Rows()
        kept, replays = rows.executions, rows.replays
        self.audit: Final = MemoryAudit(clock)
        self.api_keys: Final = MemoryApiKeys(self.audit)
        self.scripts: Final = MemoryScripts(self.audit)
        self.script_tests: Final = MemoryScriptTests(self.scripts)
        self.replays: Final = MemoryVersionReplays(replays, kept, self.audit)
        self.outbox: Final = MemoryOutbox(clock)
        self.aliases: Final = MemoryAliases(self.scripts, clock, self.script_tests, self.replays, self.outbox)
        self.installation: Final = MemoryInstallation(uuid4())
        self.endings: Final = WatchedCompletions()
        self.activity: Final = MemoryActivity(rows)
        self.version_usage: Final = MemoryVersionUsage(rows, self.script_tests)
        self.ends: Final = MemoryEnds(rows, self.endings, self.outbox, self.activity)
        self.executions: Final = MemoryExecutions(kept, self.ends, wake, self.scripts, lambda: clock() + lease)
        self.keys: Final = MemoryIdempotencyKeys(self.executions, clock, keys_kept_for)
        self.batches: Final = MemoryBatches(rows.batches, kept, self.executions, self.keys, self.ends)
        self.expired: Final = MemoryExpiredExecutions(rows, self.scripts, self.keys, clock)
        self.queue: Final = MemoryQueue(kept, self.scripts, self.ends, clock, lease, script_runs)
        self.live_logs: Final = MemoryLiveLogs(kept)
        self.log_news: Final = LogNews(self.live_logs)
        self.queue_state: Final = MemoryQueueState(kept, clock)
        self.replay_work: Final = MemoryReplayWork(replays, self.executions, self.ends, clock, lease)
        self.jobs: Final = MemoryJobs(rows.jobs, self.scripts, self.keys, self.ends)
        self.job_work: Final = MemoryJobWork(rows.jobs, self.scripts, self.ends, clock, lease)
        self.status: Final = MemoryStatus(rows, clock)
        self.webhooks: Final = MemoryWebhooks(self.outbox, self.audit, clock)
        self.delivery_work: Final = MemoryDeliveryWork(self.outbox, self.audit, clock, lease)
