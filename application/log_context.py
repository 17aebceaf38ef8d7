"""Log context: the request and the execution that are being worked on, on every line that is logged meanwhile."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from attrs import fields, frozen

from domain.execution import Submission


@frozen(kw_only=True)
class LogContext:
    """The fields of the context. An empty one is on no line. Ids are formatted with a line, and most work logs none.

    A caller may choose `request_id`; `server_request_id` is the service's own. `trace_id` is the execution's, if there
    is one, else the request's.
    """

    request_id: str = ""
    server_request_id: UUID | None = None
    trace_id: str = ""
    execution_id: UUID | None = None
    claim_id: UUID | None = None
    script: str = ""


_FIELDS: Final = tuple(one.name for one in fields(LogContext))
_current: Final[ContextVar[LogContext]] = ContextVar("log_context", default=LogContext())  # noqa: B039 - it is frozen


class LogContextFilter(logging.Filter):
    """Puts the fields of the context on every record of a handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        context = _current.get()
        record.__dict__.update({name: value for name in _FIELDS if (value := getattr(context, name))})
        return True


def current_log_context() -> LogContext:
    """Return the context of the running task."""
    return _current.get()


@contextmanager
def in_log_context(context: LogContext) -> Iterator[None]:
    """Replace the context for the block."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def log_context(submission: Submission, claim_id: UUID | None = None) -> AbstractContextManager[None]:
    """Add an execution to the context for the block, and the claim of an attempt. Its trace replaces a request's."""
    outer, trace = current_log_context(), submission.attribution.trace
    return in_log_context(
        LogContext(
            request_id=outer.request_id,
            server_request_id=outer.server_request_id,
            trace_id="" if trace is None else trace.trace_id,
            execution_id=submission.id,
            claim_id=claim_id,
            script=f"{submission.script.name.value}@{submission.script.version}",
        )
    )
