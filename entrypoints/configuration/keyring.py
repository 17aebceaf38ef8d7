"""The master keys of a process, from a file or from its environment."""

from returns.pipeline import is_successful

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import master_keys
from application.ports.encryption import NO_ENCRYPTION, Keyring
from entrypoints.configuration.settings import Settings


class MasterKeysRefused(Exception):
    """The master keys cannot be used. The message is one line for the operator, and repeats nothing of them."""


def keyring_of(settings: Settings) -> Keyring:
    """Create the keyring that the settings configure. Raises `MasterKeysRefused`."""
    if settings.master_keys and settings.master_keys_file:
        raise MasterKeysRefused("BATEIA_MASTER_KEYS and BATEIA_MASTER_KEYS_FILE are both set: set only one")
    if settings.master_keys_file is not None:
        return _keyring("BATEIA_MASTER_KEYS_FILE", _read(settings))
    return _keyring("BATEIA_MASTER_KEYS", settings.master_keys) if settings.master_keys else NO_ENCRYPTION


def _read(settings: Settings) -> str:
    assert settings.master_keys_file is not None
    try:
        return settings.master_keys_file.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise MasterKeysRefused(f"BATEIA_MASTER_KEYS_FILE cannot be read ({type(error).__name__})") from None


def _keyring(setting: str, text: str) -> Keyring:
    keys = master_keys(text)
    if not is_successful(keys):
        raise MasterKeysRefused(f"{setting}: {keys.failure()}")
    return AesKeyring(keys.unwrap())
