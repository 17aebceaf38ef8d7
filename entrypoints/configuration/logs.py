"""Format of the log: one event a line on standard error, from every logger, as JSON or as text.

All code logs through `logging`; only here does structlog make lines of the records. The permitted fields of a line are
listed, so fields that a library adds to its records are dropped.
"""

import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from entrypoints.configuration.settings import Settings

FIELDS: Final = (
    *("request_id", "server_request_id", "method", "route", "status", "milliseconds", "key_id"),
    *("trace_id", "execution_id", "claim_id", "script", "attempt"),
)
"""The fields of an event besides its message, where they apply."""

_ENCODE: Final = json.JSONEncoder(default=str, separators=(",", ":")).encode
"""In ASCII, since a message may have lone surrogates."""

Event = MutableMapping[str, Any]


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

    def say(_: Any, __: str, event: Event) -> Event:
        record: logging.LogRecord = event["_record"]
        at = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": at.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z",
            "level": record.levelname.lower(),
            "process": process,
            "pid": record.process,
            "logger": record.name,
            "event": event["event"],
        }
        more = record.__dict__
        said.update({name: more[name] for name in FIELDS if name in more})
        if "exc_info" in event:
            said["exc_info"] = event["exc_info"]
        return said

    write = _json_line if as_json else _text_line
    return structlog.stdlib.ProcessorFormatter(processors=[say, structlog.processors.format_exc_info, write])


def _wants_json(log_format: str) -> bool:
    return log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())


def _json_line(_: Any, __: str, event: Event) -> str:
    return _ENCODE(event)


def _text_line(_: Any, __: str, event: Event) -> str:
    exception = event.get("exception")
    more = "".join(f" {name}={event[name]}" for name in FIELDS if name in event)
    line = "{time} {level} {process} {pid} {logger}: {event}".format_map(_upper(event)) + more
    return line if exception is None else f"{line}\n{exception}"


def _upper(event: Event) -> Mapping[str, Any]:
    return {**event, "level": event["level"].upper()}
