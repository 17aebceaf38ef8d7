"""API keys from the command line: `python -m entrypoints.keys create|list|revoke`.

A new key is written once, to standard output or a file, and nowhere else; information about it goes to standard error.
The database is `DATABASE_URL`, or else the embedded one, which is started if it is not running.
"""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from returns.pipeline import is_successful

from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.connections import connection, open_pool
from adapters.postgres.readiness import PROBE_SECONDS
from adapters.postgres.schema import SchemaConflict, migrate, schema_trouble
from adapters.postgres.session import Pooling
from adapters.system import utc_now, uuid7
from application.access.authorise import FRESH_SECONDS
from application.access.manage_api_keys import CreateKey, create_key, revoke_key
from application.ports.errors import Unavailable
from domain.access import ROLES, SECRET_BYTES, ApiKey, Role, Scope, Token, new_token
from domain.access import token as token_of
from entrypoints.composition.bootstrap import harden_process, interrupt_on_stop, settings_from
from entrypoints.configuration.command_line import EITHER, LOGGED, POOLER, CommandLine
from entrypoints.configuration.logs import configure_logging
from entrypoints.configuration.output import OutputRefused, print_output
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.chosen_database import chosen_database
from entrypoints.embedded_postgres.database_errors import refuse_unreachable, unreachable
from entrypoints.key_reports import created, help_text, revoked


class CommandRefused(Exception):
    """The command cannot be carried out. The message is one line for the operator."""


def parser() -> CommandLine:
    """Create the parser of the command line."""
    top = CommandLine(
        "python -m entrypoints.keys",
        description="Create, list and revoke API keys. The service may be running or stopped.",
        epilog=help_text(),
        settings=tuple(dict.fromkeys((*EITHER, *LOGGED, *POOLER))),
    )
    commands = top.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="create a key and print it once", epilog=help_text())
    create.add_argument("--name", required=True, help="owner or purpose of the key, up to 100 characters")
    create.add_argument(
        "--role",
        action="append",
        default=[],
        type=Role,
        choices=list(Role),
        help="grant the scopes of this role; see below",
    )
    create.add_argument(
        "--scope",
        action="append",
        default=[],
        type=Scope,
        choices=list(Scope),
        help="grant this scope, in addition to any role",
    )
    create.add_argument("--expires-days", type=int, metavar="DAYS", help="days until the key expires (default: never)")
    place = create.add_mutually_exclusive_group()
    place.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the key to this new file, readable only by its owner, instead of printing it",
    )
    place.add_argument(
        "--from-file",
        type=Path,
        metavar="FILE",
        help="create the key from this file instead of a random one; does nothing if the key exists",
    )
    commands.add_parser("list", help="list all keys, including revoked ones (never the secret)")
    commands.add_parser("revoke", help="revoke a key permanently").add_argument("id", type=UUID, help="id of the key")
    return top


async def create(keys: PostgresApiKeys, asked: argparse.Namespace) -> None:
    """Create a key. Its file is complete before the key is stored, so no stored key has lost its text."""
    token = new_token(secrets.token_bytes(SECRET_BYTES)) if asked.from_file is None else _read(asked.from_file)
    if (kept := await keys.find(token.digest)) is not None:
        print(f"keys: key {kept.id} ({kept.name}) already exists", file=sys.stderr)
        return
    scopes, is_first = _scopes_asked(asked), not await keys.any_unrevoked()
    with _written(asked.output, token.text):
        command = CreateKey(name=asked.name, scopes=scopes, days=asked.expires_days)
        made = await create_key(keys, utc_now, uuid7, token, command)
        if not is_successful(made):
            raise CommandRefused(made.failure().reason)
    if asked.output is None and asked.from_file is None:
        _print_token(token, made.unwrap())
    key = made.unwrap()
    expiry = "never expires" if key.expires_at is None else f"expires at {_moment(key.expires_at)}"
    _say(f"created key {key.id} ({key.name}) (scopes: {_scopes(key)}; {expiry})", *created(key, is_first))


def _print_token(token: Token, key: ApiKey) -> None:
    try:
        print_output(token.text)
    except OutputRefused as refusal:
        raise CommandRefused(f"{refusal}; revoke the key {key.id}, which exists, and create another one") from refusal


def _scopes_asked(asked: argparse.Namespace) -> frozenset[Scope]:
    scopes = frozenset(asked.scope).union(*(ROLES[role] for role in asked.role))
    if not scopes:
        raise CommandRefused(f"a key needs at least one scope: use --role {'|'.join(Role)}, or --scope")
    return scopes


def _say(*lines: str) -> None:
    for line in lines:
        print(f"keys: {line}", file=sys.stderr)


async def show(keys: PostgresApiKeys) -> None:
    """Print all keys, newest first."""
    head = ("ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "REVOKED", "LAST USED")
    rows = [head, *(_row(key) for key in await keys.all())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    print_output("\n".join(lines))


async def revoke(keys: PostgresApiKeys, key_id: UUID) -> None:
    """Revoke a key."""
    done = await revoke_key(keys, utc_now, key_id)
    if not is_successful(done):
        raise CommandRefused(f"key {key_id} does not exist")
    others = [key for key in await keys.all() if key.revoked_at is None]
    _say(f"revoked key {key_id}; services refuse it within {FRESH_SECONDS:g} seconds", *revoked(others, utc_now()))


def _read(path: Path) -> Token:
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandRefused(f"{path}: cannot be read: {type(error).__name__}") from error
    if (found := token_of(text)) is None:
        raise CommandRefused(f"{path}: contains no API key (bateia_ followed by 43 letters, digits, - or _)")
    return found


def _row(key: ApiKey) -> tuple[str, ...]:
    times = (key.created_at, key.expires_at, key.revoked_at, key.last_used_at)
    return (str(key.id), key.name, _scopes(key), *(_moment(at) for at in times))


def _scopes(key: ApiKey) -> str:
    return ",".join(sorted(key.scopes))


def _moment(at: object) -> str:
    return "-" if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


@contextmanager
def _written(path: Path | None, text: str) -> Iterator[None]:
    """Write the text to a new file that only its owner may read; delete the file if the block fails."""
    if path is None:
        yield
        return
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as error:
        raise CommandRefused(f"{path}: {error.strerror}") from error
    try:
        yield
    except BaseException:
        path.unlink()
        raise


async def execute(url: str, asked: argparse.Namespace, pooling: Pooling = Pooling.AUTO) -> None:
    """Run the command on that database."""
    async with open_pool(url, "bateia keys", 1, pooling) as pool:
        async with connection(pool, PROBE_SECONDS) as conn:
            if trouble := await schema_trouble(conn):
                raise CommandRefused(trouble)
        keys = PostgresApiKeys(pool)
        match asked.command:
            case "create":
                await create(keys, asked)
            case "list":
                await show(keys)
            case _:
                await revoke(keys, asked.id)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    asked = parser().parse_args(words)
    harden_process()
    settings = settings_from(os.environ)
    configure_logging(settings, "keys")
    interrupt_on_stop()
    return run_command(settings, asked)


def run_command(settings: Settings, asked: argparse.Namespace) -> int:
    """Run the command, or print in one line why it failed; return the exit status."""
    try:
        with chosen_database(settings, os.environ, make=True) as database:
            refuse_unreachable(database.url)
            if database.is_own:
                migrate(database.url)
            asyncio.run(execute(database.url, asked, settings.direct_pooling))
    except (CommandRefused, OutputRefused, SchemaConflict, PostgresUnusable, Unavailable) as refusal:
        print(f"keys: {refusal}", file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"keys: {unreachable(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("keys: interrupted", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
