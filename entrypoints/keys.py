"""API keys from the command line: `python -m entrypoints.keys create|list|revoke`.

A new key's text is written once, to standard output or a file, and nothing of it anywhere else; what is known of it
goes to standard error. The database is `DATABASE_URL`, or else the embedded one, which is started if it does not run.
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

from adapters.postgres.connections import connection, open_pool
from adapters.postgres.keys import PostgresApiKeys
from adapters.postgres.readiness import PROBE_SECONDS
from adapters.postgres.schema import SchemaConflict, migrate, schema_trouble
from adapters.postgres.session import Pooling
from adapters.system import utc_now, uuid7
from application.authorise import FRESH_SECONDS
from application.manage_keys import create_key, revoke_key
from application.messages import Unavailable
from domain.access import ROLES, SECRET_BYTES, ApiKey, Role, Scope, Token, new_token
from domain.access import token as token_of
from entrypoints.chosen_database import chosen_database
from entrypoints.command_line import EITHER, LOGGED, POOLER, CommandLine
from entrypoints.key_reports import created, help_text, revoked
from entrypoints.logs import configure_logging
from entrypoints.postgres_binaries import PostgresUnusable
from entrypoints.process import interrupt_on_stop, keep_to_itself, settings_from
from entrypoints.reaching import refuse_unreachable, unreachable
from entrypoints.settings import Settings


class Refused(Exception):
    """What was asked for cannot be done. The message is one line for the operator."""


def parser() -> CommandLine:
    """The command line."""
    top = CommandLine(
        "python -m entrypoints.keys",
        description="Makes, lists and revokes API keys, whether the service runs or not.",
        epilog=help_text(),
        settings=tuple(dict.fromkeys((*EITHER, *LOGGED, *POOLER))),
    )
    commands = top.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a key and print it, this once", epilog=help_text())
    create.add_argument("--name", required=True, help="says whose it is, or what for; up to 100 characters")
    create.add_argument(
        "--role", action="append", default=[], type=Role, choices=list(Role), help="the scopes of that role; see below"
    )
    create.add_argument(
        "--scope",
        action="append",
        default=[],
        type=Scope,
        choices=list(Scope),
        help="a scope, beside a role's or alone",
    )
    create.add_argument("--expires-days", type=int, metavar="DAYS", help="how long it holds; without: until revoked")
    place = create.add_mutually_exclusive_group()
    place.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write it to this new file, for its owner alone, and do not print it",
    )
    place.add_argument(
        "--from-file",
        type=Path,
        metavar="FILE",
        help="make the key whose text is in this file; nothing happens if there is that key already",
    )
    commands.add_parser("list", help="show all keys there ever were, without their texts")
    commands.add_parser("revoke", help="take a key back, for good").add_argument("id", type=UUID, help="its id")
    return top


async def create(keys: PostgresApiKeys, asked: argparse.Namespace) -> None:
    """Make a key. Its file is whole before the key is kept, so that none is kept whose text is lost."""
    token = new_token(secrets.token_bytes(SECRET_BYTES)) if asked.from_file is None else _read(asked.from_file)
    if (kept := await keys.find(token.digest)) is not None:
        print(f"keys: {kept.id} ({kept.name}) is there already", file=sys.stderr)
        return
    scopes, is_first = _scopes_asked(asked), not await keys.any_unrevoked()
    with _written(asked.output, token.text):
        made = await create_key(keys, utc_now, uuid7, token, name=asked.name, scopes=scopes, days=asked.expires_days)
        if not is_successful(made):
            raise Refused(made.failure().reason)
    if asked.output is None and asked.from_file is None:
        print(token.text)
    key = made.unwrap()
    until = "until it is revoked" if key.expires_at is None else f"until {_moment(key.expires_at)}"
    _say(f"made {key.id} ({key.name}) for {_scopes(key)}, which holds {until}", *created(key, is_first))


def _scopes_asked(asked: argparse.Namespace) -> frozenset[Scope]:
    scopes = frozenset(asked.scope).union(*(ROLES[role] for role in asked.role))
    if not scopes:
        raise Refused(f"a key needs a scope: give --role {'|'.join(Role)}, or --scope")
    return scopes


def _say(*lines: str) -> None:
    for line in lines:
        print(f"keys: {line}", file=sys.stderr)


async def show(keys: PostgresApiKeys) -> None:
    """Print all keys, newest first."""
    head = ("ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "REVOKED", "LAST USED")
    rows = [head, *(_row(key) for key in await keys.all())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


async def revoke(keys: PostgresApiKeys, key_id: UUID) -> None:
    """Take a key back."""
    done = await revoke_key(keys, utc_now, key_id)
    if not is_successful(done):
        raise Refused(f"there is no key {key_id}")
    others = [key for key in await keys.all() if key.revoked_at is None]
    _say(f"{key_id} is revoked; services know within {FRESH_SECONDS:g} seconds", *revoked(others, utc_now()))


def _read(path: Path) -> Token:
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: it cannot be read: {type(error).__name__}") from error
    if (found := token_of(text)) is None:
        raise Refused(f"{path}: it holds no key: bateia_ and 43 letters, digits, - or _")
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
    """The text in a new file that its owner alone may read; the file goes if the block fails."""
    if path is None:
        yield
        return
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    try:
        yield
    except BaseException:
        path.unlink()
        raise


async def carry_out(url: str, asked: argparse.Namespace, pooling: Pooling = Pooling.AUTO) -> None:
    """Do what is asked for in that database."""
    async with open_pool(url, "bateia keys", 1, pooling) as pool:
        async with connection(pool, PROBE_SECONDS) as conn:
            if trouble := await schema_trouble(conn):
                raise Refused(trouble)
        keys = PostgresApiKeys(pool)
        match asked.command:
            case "create":
                await create(keys, asked)
            case "list":
                await show(keys)
            case _:
                await revoke(keys, asked.id)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit status."""
    asked = parser().parse_args(words)
    keep_to_itself()
    settings = settings_from(os.environ)
    configure_logging(settings, "keys")
    interrupt_on_stop()
    return obey(settings, asked)


def obey(settings: Settings, asked: argparse.Namespace) -> int:
    """Do what was asked for, or say in one line why not; the exit status."""
    try:
        with chosen_database(settings, os.environ, make=True) as database:
            refuse_unreachable(database.url)
            if database.is_own:
                migrate(database.url)
            asyncio.run(carry_out(database.url, asked, settings.direct_pooling))
    except (Refused, SchemaConflict, PostgresUnusable, Unavailable) as refusal:
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
