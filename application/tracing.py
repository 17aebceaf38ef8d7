"""The trace of the execution that a log line is about, on every line that is logged meanwhile, whoever logs it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from domain.execution import Submission

_NONE: Final = "-"
_trace_id: Final[ContextVar[str]] = ContextVar("trace_id", default=_NONE)


class TraceFilter(logging.Filter):
    """Puts the trace's id on every record of a handler, as its `correlation_id`, so that a format can name it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.correlation_id = _trace_id.get()
        return True


@contextmanager
def traced(submission: Submission) -> Iterator[None]:
    """The block is about that execution."""
    token = _trace_id.set(_NONE if submission.trace is None else submission.trace.trace_id)
    try:
        yield
    finally:
        _trace_id.reset(token)
