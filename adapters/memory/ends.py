"""The consequences of an end in the store in memory, at once with it: its event is recorded, and its readers wake."""

from collections.abc import Sequence

from adapters.memory.outbox import MemoryOutbox
from application.executions.completion_signals import WatchedCompletions
from domain.execution import Finished
from domain.version_replays import ReplayReport, VersionReplay


class MemoryEnds:
    """Called by the ports of the store with executions and replays that they have just ended."""

    def __init__(self, endings: WatchedCompletions, outbox: MemoryOutbox) -> None:
        self._endings, self._outbox = endings, outbox

    def record(self, ended: Sequence[Finished]) -> None:
        """Record the ends of executions."""
        for execution in ended:
            self._outbox.record_end(execution)
        self._endings.notify(execution.submission.id for execution in ended)

    def record_replay(self, finished: VersionReplay, report: ReplayReport) -> None:
        """Record the end of a replay on a version."""
        self._outbox.record_replay(finished, report)
        self._endings.notify([finished.id])
