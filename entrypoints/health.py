"""Whether the process in this container works, as an exit status: `python -m entrypoints.health api|worker`.

An API is asked over HTTP whether it is ready. A worker answers nobody; what it does is to tell the database every few
seconds that it is there, so the database is asked when it last did.
"""

import argparse
import os
import socket
import sys
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

import psycopg

from adapters.postgres.readiness import worker_seen_on
from entrypoints.greeting import reachable_host
from entrypoints.process import settings_from
from entrypoints.settings import Settings

_SECONDS = 3


def api_works(settings: Settings) -> bool:
    """Whether the API of these settings says that it is ready."""
    with closing(HTTPConnection(reachable_host(settings), settings.port, timeout=_SECONDS)) as connection:
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def worker_works(settings: Settings) -> bool:
    """Whether a worker of this host was seen within a lease."""
    try:
        return worker_seen_on(socket.gethostname(), settings.database_url, timedelta(seconds=settings.lease_seconds))
    except psycopg.OperationalError:
        return False


def main() -> int:
    """0 if it works, 1 if not."""
    parser = argparse.ArgumentParser("python -m entrypoints.health", description="Whether a process of Bateia works.")
    parser.add_argument("process", choices=("api", "worker"))
    works = {"api": api_works, "worker": worker_works}[parser.parse_args().process]
    return 0 if works(settings_from(os.environ)) else 1


if __name__ == "__main__":
    sys.exit(main())
