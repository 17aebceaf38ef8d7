"""Bring all data keys under the current master key: `python -m entrypoints.rewrap [--dry-run]`.

Exit status 0 once no other master key is needed any more, 1 while one is.
"""

import asyncio
import sys
from collections.abc import Mapping

import psycopg
from returns.pipeline import is_successful

from adapters.postgres.connections import open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from application.messages import Unavailable
from application.rewrap_keys import KeyCounts, key_counts, rewrap_keys
from application.sealing import Seals
from entrypoints.command_line import SEALING, CommandLine
from entrypoints.process import begin
from entrypoints.reaching import refuse_unreachable, unreachable
from entrypoints.seals import MasterKeysRefused, seals_of
from entrypoints.settings import Settings


async def rewrap(settings: Settings, seals: Seals, dry_run: bool) -> int:
    """Rewrap, or with `dry_run` say what there is to do; the exit status."""
    async with open_pool(settings.database_url, "bateia rewrap", 1, settings.pooling) as pool:
        data_keys = PostgresDataKeys(pool)
        if dry_run:
            return _say(await key_counts(data_keys, seals))
        rewrapped = await rewrap_keys(data_keys, seals, lambda keys: _print(f"{keys} data keys rewrapped"))
    if not is_successful(rewrapped):
        _print("there is no current master key to rewrap under")
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
    """Do as the command line says; the exit status."""
    parser = CommandLine(
        "python -m entrypoints.rewrap",
        description="Brings all data keys under the current master key. The service may be at work meanwhile.",
        settings=SEALING,
    )
    parser.add_argument("--dry-run", action="store_true", help="say what there is to do, and do nothing")
    dry_run = parser.parse_args().dry_run
    settings = begin("rewrap")
    try:
        seals = seals_of(settings)
        refuse_unreachable(settings.database_url)
        return asyncio.run(rewrap(settings, seals, dry_run))
    except (MasterKeysRefused, Unavailable) as error:
        print(f"rewrap: {error}", file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"rewrap: {unreachable(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
