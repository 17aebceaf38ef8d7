"""Whether a process in this container works, as an exit status: `python -m entrypoints.health api|worker`.

An API is asked over HTTP whether it is ready. A worker answers nobody, but tells the database every few seconds that it
is there, so the database is asked when it last did. This runs again and again: only the worker's way, which cannot do
without them, imports the settings and psycopg, which take thirty times as long as the question to the API.
"""

import os
import socket
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Final

from entrypoints.command_line import CommandLine

_SECONDS: Final = 5


def api_works() -> bool:
    """Whether the API on this host says that it is ready."""
    port = os.environ.get("BATEIA_PORT") or "8000"
    if not port.isdecimal():
        return False
    with closing(HTTPConnection("127.0.0.1", int(port), timeout=_SECONDS)) as connection:
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, OverflowError, HTTPException):
            return False


def worker_works() -> bool:
    """Whether a worker of this host was seen within a lease."""
    from datetime import timedelta

    import psycopg

    from adapters.postgres.readiness import worker_seen_on
    from entrypoints.process import settings_from

    settings = settings_from(os.environ)
    try:
        return worker_seen_on(socket.gethostname(), settings.database_url, timedelta(seconds=settings.lease_seconds))
    except psycopg.OperationalError:
        return False


def main() -> int:
    """0 if it works, 1 if not."""
    parser = CommandLine(
        "python -m entrypoints.health",
        description="Says by its exit status whether a process on this host works: 0 if it does, 1 if not.",
        settings=("BATEIA_PORT", "DATABASE_URL", "DATABASE_URL_FILE", "BATEIA_LEASE_SECONDS"),
    )
    parser.add_argument("process", choices=("api", "worker"), help="which of them is asked for")
    works = {"api": api_works, "worker": worker_works}[parser.parse_args().process]
    return 0 if works() else 1


if __name__ == "__main__":
    sys.exit(main())
