"""Bring all data keys under the current master key: `python -m entrypoints.rewrap [--dry-run]`.

Exit status 0 once no other master key is needed any more, 1 while one is. The database is `DATABASE_URL`, or else the
embedded one, which is started if it does not run.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

import psycopg
from returns.pipeline import is_successful

from adapters.postgres.connections import open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.schema import SchemaConflict, migrate
from adapters.postgres.session import Pooling
from application.maintenance.rotate_master_key import KeyCounts, key_counts, rotate_master_key
from application.ports.encryption import Keyring
from application.ports.errors import Unavailable
from entrypoints.composition.bootstrap import harden_process, interrupt_on_stop, settings_from
from entrypoints.configuration.command_line import EITHER, SEALING, CommandLine
from entrypoints.configuration.keyring import MasterKeysRefused, keyring_of
from entrypoints.configuration.logs import configure_logging
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.chosen_database import chosen_database
from entrypoints.embedded_postgres.database_errors import refuse_unreachable, unreachable


async def rewrap(url: str, pooling: Pooling, seals: Keyring, dry_run: bool) -> int:
    """Rewrap, or with `dry_run` report what remains; return the exit status."""
    async with open_pool(url, "bateia rewrap", 1, pooling) as pool:
        data_keys = PostgresDataKeys(pool)
        if dry_run:
            return _say(await key_counts(data_keys, seals))
        rewrapped = await rotate_master_key(data_keys, seals, lambda keys: _print(f"{keys} data keys rewrapped"))
    if not is_successful(rewrapped):
        _print("no master key is configured to rewrap under")
        return 1
    return _say(rewrapped.unwrap())


def _say(counts: KeyCounts) -> int:
    _print(f"{counts.current} data keys are under the current master key")
    _say_each(counts.outdated, "data keys are still under")
    _say_each(counts.unknown, "data keys cannot be rewrapped without")
    return 1 if counts.outdated or counts.unknown else 0


def _say_each(counts: Mapping[str, int], what: str) -> None:
    for master_key_id, keys in sorted(counts.items()):
        _print(f"{keys} {what} the master key {master_key_id}")


def _print(line: str) -> None:
    print(f"rewrap: {line}", file=sys.stderr, flush=True)


def main() -> int:
    """Run the command line; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.rewrap",
        description="Rewrap all data keys under the current master key. The service may be running.",
        settings=tuple(dict.fromkeys((*EITHER, *SEALING))),
    )
    parser.add_argument("--dry-run", action="store_true", help="report what remains to be done, without doing it")
    dry_run = parser.parse_args().dry_run
    harden_process()
    settings = settings_from(os.environ)
    configure_logging(settings, "rewrap")
    interrupt_on_stop()
    return _carry_out(settings, dry_run)


def _carry_out(settings: Settings, dry_run: bool) -> int:
    """Rewrap, or print in one line why it failed; return the exit status."""
    try:
        seals = keyring_of(settings)
        with chosen_database(settings, os.environ) as database:
            refuse_unreachable(database.url)
            if database.is_own:
                migrate(database.url)
            return asyncio.run(rewrap(database.url, settings.direct_pooling, seals, dry_run))
    except (MasterKeysRefused, SchemaConflict, PostgresUnusable, Unavailable) as refusal:
        _print(str(refusal))
    except psycopg.OperationalError as error:
        _print(unreachable(error))
    except KeyboardInterrupt:
        _print("interrupted")
    return 1


if __name__ == "__main__":
    sys.exit(main())
