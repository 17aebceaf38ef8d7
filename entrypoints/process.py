"""How every process of the service begins: its settings or a refusal, its log, its tie to whoever started it."""

import logging
import os
import resource
import sys
from collections.abc import Mapping
from typing import Final

from returns.pipeline import is_successful

from adapters.javascript.confined.confinement import make_non_dumpable
from entrypoints.lifeline import die_with_parent
from entrypoints.secret_files import with_secret_files
from entrypoints.settings import Settings, read_settings

_LINE: Final = "%(asctime)s %(levelname)s %(process)d %(name)s [%(correlation_id)s]: %(message)s"


def settings_from(env: Mapping[str, str]) -> Settings:
    """The settings, or the end of the process with status 2 and every problem on standard error."""
    read = with_secret_files(env).bind(read_settings)
    if not is_successful(read):
        print(*read.failure(), sep="\n", file=sys.stderr)
        sys.exit(2)
    return read.unwrap()


def configure_logging(settings: Settings, *filters: logging.Filter) -> None:
    """One line an event on standard error. A filter may put a `correlation_id` on the records that belong to one:
    the id of a request or of a trace."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_LINE, defaults={"correlation_id": "-"}))
    for one in filters:
        handler.addFilter(one)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])


def keep_to_itself() -> None:
    """No other process of its user may look into this one from now on; neither it nor what it starts leaves a dump."""
    make_non_dumpable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def begin(*filters: logging.Filter) -> Settings:
    """The start of a process that needs a database."""
    keep_to_itself()
    die_with_parent(os.environ)
    settings = settings_from(os.environ)
    configure_logging(settings, *filters)
    if not settings.database_url:
        print("DATABASE_URL: it is not given (allowed: postgresql://user:password@host:port/database)", file=sys.stderr)
        sys.exit(2)
    return settings
