"""Migrate the database schema: `python -m entrypoints.migrate`. Exit status 0 on success."""

import sys

import psycopg

from adapters.postgres.schema import SchemaConflict, migrate
from entrypoints.composition.bootstrap import start
from entrypoints.configuration.command_line import DIRECT, LOGGED, CommandLine
from entrypoints.embedded_postgres.database_errors import unreachable


def main() -> int:
    """Apply and print pending migrations; return the exit status."""
    CommandLine(
        "python -m entrypoints.migrate",
        description="Migrate the database schema to this version. Migrations already applied are skipped.",
        settings=(*LOGGED, *DIRECT),
    ).parse_args()
    settings = start("migrate")
    try:
        applied = migrate(settings.direct_url)
    except SchemaConflict as conflict:
        print(f"migrate: {conflict}", file=sys.stderr)
        return 1
    except psycopg.Error as error:
        print(f"migrate: {unreachable(error)}", file=sys.stderr)
        return 1
    for migration in applied:
        print(f"migrate: applied {migration.number:04} {migration.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
