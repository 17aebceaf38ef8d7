"""How every process of the service begins: its settings or a refusal, its log, its tie to whoever started it."""

import logging
import os
import sys

from returns.pipeline import is_successful

from adapters.http.correlation import CorrelationFilter
from adapters.javascript.confinement import make_non_dumpable
from entrypoints.lifeline import die_with_parent
from entrypoints.settings import Settings, read_settings


def settings_of_the_environment() -> Settings:
    """The settings, or the end of the process with status 2 and every problem on standard error."""
    read = read_settings(os.environ)
    if not is_successful(read):
        print(*read.failure(), sep="\n", file=sys.stderr)
        sys.exit(2)
    return read.unwrap()


def configure_logging(settings: Settings) -> None:
    """One line an event on standard error, with the request that it belongs to, if any."""
    handler = logging.StreamHandler()
    handler.addFilter(CorrelationFilter())
    form = "%(asctime)s %(levelname)s %(process)d %(name)s [%(correlation_id)s]: %(message)s"
    logging.basicConfig(level=settings.log_level.upper(), format=form, handlers=[handler])


def begin() -> Settings:
    """The start of a process that needs a database: no other process of its user may look into it from now on."""
    make_non_dumpable()
    die_with_parent(os.environ)
    settings = settings_of_the_environment()
    configure_logging(settings)
    if not settings.database_url:
        print("DATABASE_URL: it is not given (allowed: postgresql://user:password@host:port/database)", file=sys.stderr)
        sys.exit(2)
    return settings
