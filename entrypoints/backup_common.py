"""Common parts of backup and restore: the archive tools, the summary of a database, the exit of such a command."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from adapters.postgres.archives import ArchiveFailed
from entrypoints.composition.bootstrap import harden_process, interrupt_on_stop, settings_from
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.binaries import PostgresUnusable, find_tools
from entrypoints.embedded_postgres.database_errors import unreachable


class CommandRefused(Exception):
    """The command cannot be carried out. The message is one line for the operator."""


def tools_for(conn: "psycopg.Connection[tuple[object, ...]]", env: Mapping[str, str]) -> Path:
    """Find the folder with the tools that fit the server."""
    return find_tools(env, conn.info.server_version // 10_000)


def summary(rows: Mapping[str, int]) -> str:
    """Summarise a database's content for the operator."""
    tables = {"scripts": "scripts", "executions": "executions", "execution_inputs": "datasets"}
    return ", ".join(f"{rows[table]} {word}" for table, word in tables.items() if table in rows) or "nothing"


def run_command(name: str, work: Callable[[Settings, Mapping[str, str]], str]) -> int:
    """Do the work, print its outcome in one line, and return the exit status."""
    harden_process()
    settings = settings_from(os.environ)
    interrupt_on_stop()
    try:
        print(f"{name}: {work(settings, os.environ)}")
    except (CommandRefused, ArchiveFailed, PostgresUnusable) as refusal:
        return _fail(name, str(refusal))
    except psycopg.Error as error:
        return _fail(name, unreachable(error))
    except OSError as error:
        return _fail(name, f"{error.filename or 'the file'}: {error.strerror or type(error).__name__}")
    except KeyboardInterrupt:
        return _fail(name, "interrupted")
    return 0


def _fail(name: str, why: str) -> int:
    print(f"{name}: {why}", file=sys.stderr)
    return 1
