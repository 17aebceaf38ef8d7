"""The database that a command works on: the one of DATABASE_URL, or else the embedded one, running or stopped.

A command connects past a pooler where it can, since some of them need a session of their own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.embedded import Database, embedded_database


@contextmanager
def chosen_database(settings: Settings, env: Mapping[str, str], make: bool = False) -> Iterator[Database]:
    """Provide the database, for the block. A data folder without one is refused, unless `make` permits creating it."""
    if settings.database_url:
        yield Database(settings.direct_url, is_own=False)
        return
    with embedded_database(settings.data_dir, env, make) as database:
        yield database
