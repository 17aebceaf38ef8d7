"""The signing keys of a process, from a file or from its environment, and those of a service with its own database."""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import evolve
from returns.pipeline import is_successful

from adapters.signing.key_file import create_key_file, read_key_file
from adapters.signing.signer import Ed25519Signer, FileSigner, WatchedSigner
from adapters.signing.signing_keys import KEY_BYTES, SigningKeys, new_signing_key, parse_signing_keys
from adapters.system import utc_now
from application.ports.operations import CheckReadiness, Readiness, check_outcome
from entrypoints.configuration.settings import Settings

_FILE_NAME: Final = "signing-keys"


class SigningKeysRefused(Exception):
    """The signing keys cannot be used. The message is one line for the operator, and repeats nothing of them."""


def signer_of(settings: Settings) -> WatchedSigner | None:
    """Create the signer that the settings configure, None if they do not. Raises `SigningKeysRefused`."""
    if settings.signing_keys and settings.signing_keys_file:
        raise SigningKeysRefused("BATEIA_SIGNING_KEYS and BATEIA_SIGNING_KEYS_FILE are both set: set only one")
    if settings.signing_keys_file is not None:
        return FileSigner(settings.signing_keys_file, _usable_keys(settings.signing_keys_file))
    if not settings.signing_keys:
        return None
    keys = parse_signing_keys(settings.signing_keys)
    if not is_successful(keys):
        raise SigningKeysRefused(f"BATEIA_SIGNING_KEYS: {keys.failure()}")
    return Ed25519Signer(keys.unwrap())


def own_key_file(settings: Settings) -> Path | None:
    """Find the file of signing keys in the data folder, or create it, unless keys are configured.

    Raises `SigningKeysRefused`.
    """
    if settings.signing_keys or settings.signing_keys_file:
        return None
    path = settings.data_dir.resolve() / _FILE_NAME
    try:
        with suppress(FileExistsError):
            create_key_file(path, new_keys())
    except OSError as error:
        raise SigningKeysRefused(f"{path} cannot be created: {error.strerror}") from error
    _usable_keys(path)
    return path


def new_keys() -> SigningKeys:
    """Create a list with one new key."""
    return SigningKeys((new_signing_key(secrets.token_bytes(KEY_BYTES), utc_now()),))


def with_signing(check: CheckReadiness, signer: WatchedSigner | None) -> CheckReadiness:
    """Extend the check with the trouble of the signing keys."""

    async def checked() -> Readiness:
        return evolve(await check(), signing=check_outcome("" if signer is None else signer.trouble))

    return checked


def _usable_keys(path: Path) -> SigningKeys:
    keys = read_key_file(path)
    if not is_successful(keys):
        raise SigningKeysRefused(f"the file of signing keys {path} is unusable: {keys.failure()}")
    return keys.unwrap()
