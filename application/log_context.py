"""The subject of log lines: an execution and its client's trace, added to every line that is logged meanwhile."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from domain.execution import Submission

_fields: Final[ContextVar[Mapping[str, str]]] = ContextVar("about")


class LogContextFilter(logging.Filter):
    """A filter that adds the subject to every record: `execution_id`, `script`, `claim_id` and `trace_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.__dict__.update(_fields.get({}))
        return True


@contextmanager
def log_context(submission: Submission, claim_id: UUID | None = None) -> Iterator[None]:
    """Attribute the log lines of the block to that execution, and to that attempt of it."""
    about = {
        "execution_id": str(submission.id),
        "script": f"{submission.script.name.value}@{submission.script.version}",
    }
    if claim_id is not None:
        about["claim_id"] = str(claim_id)
    if submission.trace is not None:
        about["trace_id"] = submission.trace.trace_id
    token = _fields.set(about)
    try:
        yield
    finally:
        _fields.reset(token)
