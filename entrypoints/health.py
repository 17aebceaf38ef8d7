"""Health check of a process in this container, as an exit status: `python -m entrypoints.health api|worker`.

Both are queried over HTTP: an API whether it is ready; a worker, if it has a port for metrics, whether it reached its
database within a lease. A worker without a port cannot answer, so the database is queried for its last sign of life.
This runs again and again: only that last query imports the settings and psycopg, which takes thirty times as long as a
request.
"""

import os
import socket
import sys
from contextlib import closing, nullcontext
from http.client import HTTPConnection, HTTPException
from typing import Final

from entrypoints.configuration.command_line import EITHER, CommandLine

_SECONDS: Final = 5


def api_works() -> bool:
    """Tell whether the API on this host reports that it is ready."""
    port = _port("BATEIA_PORT", "8000")
    return port is not None and _is_well(port, "/health/ready")


def worker_works() -> bool:
    """Tell whether a worker on this host was seen within a lease."""
    port = _port("BATEIA_WORKER_METRICS_PORT", "0")
    return port is not None and (_is_well(port, "/health") if port else _was_seen())


def _port(setting: str, default: str) -> int | None:
    """Read a port setting; None if it is invalid, since no process would have started with it."""
    text = os.environ.get(setting) or default
    return int(text) if text.isdecimal() else None


def _is_well(port: int, path: str) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=_SECONDS)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, OverflowError, HTTPException):
            return False


def _was_seen() -> bool:
    from datetime import timedelta

    import psycopg

    from adapters.postgres.readiness import worker_seen_on
    from entrypoints.composition.bootstrap import settings_from
    from entrypoints.embedded_postgres.binaries import PostgresUnusable
    from entrypoints.embedded_postgres.embedded import running_database

    settings = settings_from(os.environ)
    given = nullcontext(settings.database_url) if settings.database_url else running_database(settings.data_dir)
    try:
        with given as url:
            return bool(url) and worker_seen_on(socket.gethostname(), url, timedelta(seconds=settings.lease_seconds))
    except (psycopg.OperationalError, PostgresUnusable):
        return False


def main() -> int:
    """Exit status: 0 if healthy, 1 if not."""
    parser = CommandLine(
        "python -m entrypoints.health",
        description="Check the health of a process on this host. Exit status: 0 if healthy, 1 if not.",
        settings=("BATEIA_PORT", "BATEIA_WORKER_METRICS_PORT", *EITHER, "BATEIA_LEASE_SECONDS"),
    )
    parser.add_argument("process", choices=("api", "worker"), help="process to check")
    works = {"api": api_works, "worker": worker_works}[parser.parse_args().process]
    return 0 if works() else 1


if __name__ == "__main__":
    sys.exit(main())
