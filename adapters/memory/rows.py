"""Rows of executions in the memory store, and the predicates that its parts share."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import frozen

from domain.body import Body
from domain.execution import Execution, Failed, Succeeded
from domain.outcome import Logs

NO_LOGS: Final = Logs()


@frozen
class ExecutionRow:
    """An execution with its dataset, until that is removed, and what its run came to."""

    execution: Execution
    dataset: Body | None
    logs: Logs = NO_LOGS
    result: Body | None = None
    leased_until: datetime | None = None


def has_content(execution: Execution) -> bool:
    """Tell whether it has ended and its content was not removed yet."""
    return isinstance(execution, Succeeded | Failed) and execution.content_removed_at is None


def script_of(execution: Execution) -> UUID:
    """Return the id of its script."""
    return execution.submission.script.id
