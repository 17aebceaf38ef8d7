"""Restore a backup into the database: `python -m entrypoints.restore FILE`. Exit status 0 on success.

Stop the service first. Without DATABASE_URL the data folder may be missing or empty: it is created. The backup is
loaded in one transaction, so a failure leaves the database unchanged. Executions that were running at the time of the
backup are still marked as running, under claims that no worker renews; the first worker reclaims them.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from adapters.postgres.archives import is_archive_of_ours, load_archive
from adapters.postgres.queries import query
from adapters.postgres.table_checksums import count_rows
from entrypoints.backup_common import CommandRefused, run_command, summary, tools_for
from entrypoints.configuration.command_line import EITHER, CommandLine
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.embedded import embedded_postgres


def restore(file: Path, replace: bool, settings: Settings, env: Mapping[str, str]) -> str:
    """Restore the backup; return a summary."""
    file.open("rb").close()  # report an unreadable file before starting a server
    with _database(settings, env) as url:
        with psycopg.connect(url, autocommit=True) as conn:
            tools = tools_for(conn, env)
            _refuse_while_in_use(conn)
            _refuse_to_lose(count_rows(conn), replace)
        if not is_archive_of_ours(file, tools):
            raise CommandRefused(f"{file} is not a Bateia backup")
        load_archive(file, url, tools)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("analyze")
            return f"restored {file}: {summary(count_rows(conn))}"


@contextmanager
def _database(settings: Settings, env: Mapping[str, str]) -> Iterator[str]:
    if settings.database_url:
        yield settings.direct_url
        return
    with embedded_postgres(settings.data_dir, env=env) as url:
        yield url


def _refuse_while_in_use(conn: "psycopg.Connection[tuple[object, ...]]") -> None:
    users = sorted(str(name) for (name,) in conn.execute(query("other_clients")))
    if users:
        raise CommandRefused(f"the service is using this database ({', '.join(users)}): stop it first")


def _refuse_to_lose(held: Mapping[str, int], replace: bool) -> None:
    if held and "schema_migrations" not in held:
        raise CommandRefused(
            f"the database contains tables that are not Bateia's ({', '.join(held)}); nothing was changed"
        )
    if held and not replace:
        raise CommandRefused(f"the database is not empty ({summary(held)}); use --replace to delete its content")


def main() -> int:
    """Restore into the configured database; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.restore",
        description="Restore a backup into the database, all or nothing. Stop the service first.\n"
        "Set PG_BIN to the folder of PostgreSQL's programs if they are not found.",
        settings=EITHER,
    )
    parser.add_argument("file", type=Path, help="backup file")
    parser.add_argument("--replace", action="store_true", help="delete the database's current content")
    given = parser.parse_args()
    return run_command("restore", partial(restore, given.file, given.replace))


if __name__ == "__main__":
    sys.exit(main())
