"""The file of signing keys: read, created and rotated. At any moment it is whole or not there.

Files that this creates can be read by their owner alone.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from returns.result import Failure, Result

from adapters.signing.signing_keys import SigningKeys, parse_signing_keys, signing_keys_text


def read_key_file(path: Path) -> Result[SigningKeys, str]:
    """Read the keys, or the reason why not, in words that repeat nothing of them."""
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        return Failure(f"it cannot be read ({type(error).__name__})")
    return parse_signing_keys(text).alt(str)


def create_key_file(path: Path, keys: SigningKeys) -> None:
    """Write keys to a new file. Raises `FileExistsError`, of all who do it at once for all but one."""
    with _written_beside(path, keys, None) as new:
        path.hardlink_to(new)


def change_key_file(path: Path, change: Callable[[SigningKeys], SigningKeys]) -> Result[SigningKeys, str]:
    """Replace the keys of a file, one change after another. Owner and mode of the file stay."""
    with _locked(path.resolve()) as (file, found):
        changed = read_key_file(file).map(change)
        return changed.map(lambda keys: _replace(file, keys, found))


def _replace(path: Path, keys: SigningKeys, former: os.stat_result) -> SigningKeys:
    with _written_beside(path, keys, former) as new:
        new.rename(path)
    return keys


@contextmanager
def _locked(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Lock the file that has that name, which is another one after each change."""
    while True:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            found = os.fstat(descriptor)
            if os.path.samestat(found, path.stat()):
                yield path, found
                return
        finally:
            os.close(descriptor)


@contextmanager
def _written_beside(path: Path, keys: SigningKeys, former: os.stat_result | None) -> Iterator[Path]:
    """Provide a whole, durable file in the same folder; once the block has named it, the name is made durable too."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(signing_keys_text(keys))
            file.flush()
            if former is not None:
                os.fchown(descriptor, former.st_uid, former.st_gid)
                os.fchmod(descriptor, former.st_mode & 0o777)
            os.fsync(descriptor)
        yield new
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
    _flush_folder(path.parent)


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
