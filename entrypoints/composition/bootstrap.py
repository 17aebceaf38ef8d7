"""Start-up of every process of the service: settings or an error, logging, the tie to its supervisor."""

import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Final

from returns.pipeline import is_successful

from adapters.javascript.confined.confinement import make_non_dumpable
from entrypoints.configuration.logs import configure_logging
from entrypoints.configuration.secret_files import with_secret_files
from entrypoints.configuration.settings import Settings, read_settings
from entrypoints.supervision.parent_death import die_with_parent

_OBJECTS_BETWEEN_COLLECTIONS: Final = 10_000
SWITCH_SECONDS: Final = 0.001
"""The interpreter's own 5 ms are what an event loop would wait at every turn while a thread works on a long text."""


def settings_from(env: Mapping[str, str]) -> Settings:
    """Read the settings, or end the process with status 2 and every problem on standard error."""
    read = with_secret_files(env).bind(read_settings)
    if not is_successful(read):
        print(*read.failure(), sep="\n", file=sys.stderr)
        sys.exit(2)
    return read.unwrap()


def stop_signals() -> tuple[signal.Signals, ...]:
    """List the signals that end a process in order. HUP, which a closing terminal sends, is one of them, unless the
    process was started with it ignored, as under `nohup`."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGTERM, signal.SIGINT, *hang_up)


def interrupt_on_stop() -> None:
    """Raise `KeyboardInterrupt` at a signal to stop, so that all resources are released in order."""
    for number in stop_signals():
        signal.signal(number, signal.default_int_handler)


def harden_process() -> None:
    """Forbid other processes of the user to inspect this one; neither it nor its children leave a core dump."""
    make_non_dumpable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def collect_cycles_rarely() -> None:
    """Exempt the modules from the collection of cycles, and collect when 10,000 further objects are alive, not 700.

    Requests and runs free their objects by reference counts. Some dozens that are under way are 700 objects, so those
    were searched for cycles again and again, and with them, now and then, all modules.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def start(kind: str, *filters: logging.Filter) -> Settings:
    """Start a process of that kind, which needs a database."""
    settings = start_without_database(kind, *filters)
    if not settings.database_url:
        print("DATABASE_URL: required (allowed: postgresql://user:password@host:port/database)", file=sys.stderr)
        sys.exit(2)
    return settings


def start_without_database(kind: str, *filters: logging.Filter) -> Settings:
    """Start a process of that kind."""
    harden_process()
    collect_cycles_rarely()
    sys.setswitchinterval(SWITCH_SECONDS)
    die_with_parent(os.environ)
    settings = settings_from(os.environ)
    configure_logging(settings, kind, *filters)
    return settings
