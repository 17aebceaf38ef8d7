"""Counts of executions by script, with a limit to the number of series."""

from typing import Final

from prometheus_client import Counter

from domain.execution import Failed, Finished
from domain.outcome import ErrorKind

DEFAULT_SCRIPTS: Final = 200
OTHER: Final = "other"
"""The label of all scripts beyond the limit."""


class ScriptCounts:
    """Counts the ends of executions by script and status. The first `most` scripts that a process sees get series."""

    def __init__(self, counter: Counter, most: int) -> None:
        self._counter, self._most = counter, most
        self._known: set[str] = set()

    def observe(self, execution: Finished) -> None:
        """Count an end."""
        self._counter.labels(self._label(execution.submission.script.name.value), _status(execution)).inc()

    def _label(self, script: str) -> str:
        if script not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(script)
        return script


def _status(execution: Finished) -> str:
    if not isinstance(execution, Failed):
        return "succeeded"
    return "cancelled" if execution.error.kind is ErrorKind.CANCELLED else "failed"
