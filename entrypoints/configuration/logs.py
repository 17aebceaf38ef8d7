"""Format of the log: one event a line on standard error, from every logger, as JSON or as text.

The permitted fields of a line are listed, so fields that a library adds to its records are dropped.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

from entrypoints.configuration.settings import Settings

FIELDS: Final = (
    *("request_id", "server_request_id", "method", "route", "status", "milliseconds", "key_id"),
    *("trace_id", "execution_id", "claim_id", "script", "attempt"),
)
"""The fields of an event besides its message, where they apply."""

_ENCODE: Final = json.JSONEncoder(default=str, separators=(",", ":")).encode
"""In ASCII, since a message may have lone surrogates."""


def configure_logging(settings: Settings, process: str, *filters: logging.Filter) -> None:
    """Configure logging from the settings. Each filter adds its fields to a record: a request's, an execution's."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(process, as_json=_wants_json(settings.log_format)))
    for one in filters:
        handler.addFilter(one)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    logging.captureWarnings(capture=True)


def formatter(process: str, as_json: bool) -> logging.Formatter:
    """Create the formatter of log records for that kind of process."""
    return _JsonLines(process) if as_json else _TextLines(process)


def _wants_json(log_format: str) -> bool:
    return log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())


class _Lines(logging.Formatter):
    """The members of a line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def _origin(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC)
        return {
            "time": at.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z",
            "level": record.levelname.lower(),
            "process": self._process,
            "pid": record.process,
            "logger": record.name,
            "event": record.getMessage(),
        }

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        more = record.__dict__
        return {name: more[name] for name in FIELDS if name in more}

    def _exception(self, record: logging.LogRecord) -> str | None:
        return self.formatException(record.exc_info) if record.exc_info and record.exc_info[1] else None


class _JsonLines(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        exception = self._exception(record)
        more = {} if exception is None else {"exception": exception}
        return _ENCODE(self._origin(record) | self._fields(record) | more)


class _TextLines(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        origin, exception = self._origin(record), self._exception(record)
        origin["level"] = record.levelname
        fields = "".join(f" {name}={value}" for name, value in self._fields(record).items())
        line = "{time} {level} {process} {pid} {logger}: {event}".format_map(origin) + fields
        return line if exception is None else f"{line}\n{exception}"
