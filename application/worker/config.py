"""Configuration and ports of a worker."""

from collections.abc import Callable, Collection

from attrs import field, frozen

from application.maintenance.periodic import TaskMonitor
from application.ports.live_logs import LiveLogs, RunningLog
from application.ports.queue import Queue
from application.ports.sandbox import RunScript
from application.ports.system import NewId
from domain.execution import Finished
from domain.outcome import Logs


@frozen(kw_only=True)
class WorkerConfig:
    """Configuration of a worker: its name, slots (concurrent runs), attempts per execution, and intervals in seconds.

    It prefetches `prefetch_seconds` of work, but at most `max_prefetch` executions. Claims that wait longer than
    `max_slot_wait_seconds` for a slot are released. Under load, an outcome waits at most `linger_seconds` for others.
    `capped` is true if the queue limits the runs of a script, so that a finished run makes room for another.
    """

    worker: str
    slots: int
    max_attempts: int
    renew_seconds: float
    reclaim_seconds: float
    grace_seconds: float
    poll_seconds: float = 2
    retry_seconds: float = 0.5
    prefetch_seconds: float = 0.05
    max_prefetch: int = 64
    max_slot_wait_seconds: float = 0.5
    linger_seconds: float = 0.03
    capped: bool = False


@frozen(kw_only=True)
class WorkerPorts:
    """The ports of a worker, and the monitor of its background tasks.

    It claims nothing for `resting_engines`: the sandbox could not start a process for them a moment ago. `on_completed`
    gets each execution whose completion it has stored, and returns at once. `running_log` is the sandbox's, and without
    `live_logs` no log is shown before the end of its execution.
    """

    queue: Queue
    run_script: RunScript
    new_id: NewId
    monotonic: Callable[[], float]
    resting_engines: Callable[[], Collection[str]] = tuple
    on_completed: Callable[[Finished], None] = lambda finished: None
    live_logs: LiveLogs | None = None
    running_log: RunningLog = lambda claim_id: Logs()
    monitor: TaskMonitor = field(factory=TaskMonitor)
