"""The file of signing keys from the command line: `python -m entrypoints.signing_keys new|rotate|public FILE`.

A running service notices a changed file by itself. Private keys are never printed.
"""

import secrets
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from returns.pipeline import is_successful

from adapters.http.responses.receipt_keys import receipt_keys
from adapters.http.wire.json import json_bytes
from adapters.signing.key_file import change_key_file, create_key_file, read_key_file
from adapters.signing.signer import Ed25519Signer
from adapters.signing.signing_keys import KEY_BYTES, SigningKeys, new_signing_key, rotated
from adapters.system import utc_now
from entrypoints.composition.bootstrap import harden_process
from entrypoints.configuration.command_line import CommandLine
from entrypoints.configuration.output import OutputRefused, print_output
from entrypoints.configuration.signing import new_keys


class CommandRefused(Exception):
    """The command cannot be carried out. The message is one line for the operator."""


def parser() -> CommandLine:
    """Create the parser of the command line."""
    top = CommandLine(
        "python -m entrypoints.signing_keys",
        description="Create and rotate the signing keys of receipts, in the file that BATEIA_SIGNING_KEYS_FILE names.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    for name, purpose in (
        ("new", "create a file with a new key, readable only by its owner"),
        ("rotate", "put a new key into the file, and retire the former one: only its public key stays, to verify"),
        ("public", "print the public keys as JSON, as GET /v1/receipts/keys responds"),
    ):
        commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.").add_argument(
            "file", type=Path, metavar="FILE", help="file of signing keys"
        )
    return top


def create(path: Path) -> None:
    """Create a file with one key."""
    keys = new_keys()
    try:
        create_key_file(path, keys)
    except FileExistsError:
        raise CommandRefused(f"{path}: exists already (`rotate` replaces its key)") from None
    _say(f"created {path} with the key {keys.current.keyid}")


def rotate(path: Path) -> None:
    """Replace the key that signs."""

    def change(keys: SigningKeys) -> SigningKeys:
        return rotated(keys, new_signing_key(secrets.token_bytes(KEY_BYTES), utc_now()))

    changed = change_key_file(path, change)
    if not is_successful(changed):
        raise CommandRefused(f"{path}: {changed.failure()}")
    keys = changed.unwrap()
    _say(f"the key {keys.current.keyid} signs now; former keys that still verify: {len(keys.keys) - 1}")


def show(path: Path) -> None:
    """Print the public keys."""
    keys = read_key_file(path)
    if not is_successful(keys):
        raise CommandRefused(f"{path}: {keys.failure()}")
    print_output(json_bytes(receipt_keys(Ed25519Signer(keys.unwrap()).public_keys())).decode())


def _say(line: str) -> None:
    print(f"signing_keys: {line}", file=sys.stderr)


def run_command(asked: Namespace) -> None:
    """Run the command. Raises `CommandRefused`."""
    try:
        {"new": create, "rotate": rotate, "public": show}[asked.command](asked.file)
    except OSError as error:
        raise CommandRefused(f"{_refused_path(asked.file, error)}: {error.strerror}") from error


def _refused_path(file: Path, error: OSError) -> Path:
    """Find the path that was refused: the file, or its folder if no other file can be written beside it."""
    path = file.resolve()
    is_beside = error.filename is not None and Path(error.filename).name.startswith(f"{path.name}.")
    return path.parent if is_beside else file


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    asked = parser().parse_args(words)
    harden_process()
    try:
        run_command(asked)
    except (CommandRefused, OutputRefused) as refusal:
        _say(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
