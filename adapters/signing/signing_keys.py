"""Signing keys as an operator writes them, one a line: id, `private` or `public`, key, creation, and retirement if any.

A private key is a seed of 32 bytes in base64, a public one its 32 bytes; times are those of RFC 3339. The first private
key signs. The others verify, private ones too, so that a key can be published before it signs. A retired key is public.
Errors name the line by its number, and repeat nothing of it.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from attrs import evolve, field, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

KEY_BYTES: Final = 32
_KEYID_DIGITS: Final = 32
_PRIVATE: Final = "private"
_PUBLIC: Final = "public"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_HEAD: Final = "# id, private or public, key in base64, creation, retirement; see docs/provenance.md\n"


@frozen
class SigningKey:
    """A key pair, or only the public key of one. `public` is the key itself; `seed` makes the private key."""

    keyid: str
    public: bytes
    seed: bytes | None = field(repr=False)
    created_at: datetime
    retired_at: datetime | None = None

    @property
    def pem(self) -> str:
        """The public key as PEM (SubjectPublicKeyInfo)."""
        return _public_key(self.public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


@frozen
class SigningKeys:
    """Keys with different ids, in the order of their lines. The first one with a seed signs."""

    keys: tuple[SigningKey, ...]

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return next(one for one in self.keys if one.seed is not None)


@frozen
class MalformedSigningKeys:
    """The reason why text is no list of signing keys. `line` is None if it is about the whole list."""

    line: int | None
    wrong: str

    def __str__(self) -> str:
        return self.wrong if self.line is None else f"line {self.line} {self.wrong}"


def parse_signing_keys(text: str) -> Result[SigningKeys, MalformedSigningKeys]:
    """Parse a list of keys, separated by line breaks or commas. Blank lines and those that begin with # are skipped."""
    found: list[SigningKey] = []
    for number, line in enumerate(_lines(text), 1):
        if not line or line.startswith("#"):
            continue
        read = _key(line)
        wrong = read.failure() if not is_successful(read) else _repetition(found, read.unwrap())
        if wrong:
            return Failure(MalformedSigningKeys(number, wrong))
        found.append(read.unwrap())
    if not any(one.seed for one in found):
        return Failure(MalformedSigningKeys(None, "no line has a private key that could sign"))
    return Success(SigningKeys(tuple(found)))


def signing_keys_text(keys: SigningKeys) -> str:
    """Write keys so that `parse_signing_keys` reads the same ones."""
    return _HEAD + "".join(f"{' '.join(_words(one))}\n" for one in keys.keys)


def new_signing_key(seed: bytes, at: datetime) -> SigningKey:
    """Create a key from `KEY_BYTES` random bytes. Its id is the beginning of the SHA-256 of its public key in DER."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(
        sha256(der).hexdigest()[:_KEYID_DIGITS], public.public_bytes_raw(), seed, at.replace(microsecond=0)
    )


def rotated(keys: SigningKeys, new: SigningKey) -> SigningKeys:
    """Put a new key before the others, of which those with a seed are retired, and lose it."""
    return SigningKeys((new, *(_retired(one, new.created_at) for one in keys.keys)))


def _retired(key: SigningKey, at: datetime) -> SigningKey:
    return key if key.seed is None else evolve(key, seed=None, retired_at=max(at, key.created_at))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, and the parts of each that commas separate, unless it is a comment."""
    for line in map(str.strip, text.split("\n")):
        if line.startswith("#"):
            yield line
        else:
            yield from map(str.strip, line.split(","))


def _key(line: str) -> Result[SigningKey, str]:
    words = line.split()
    if len(words) not in (4, 5) or not _ID.fullmatch(words[0]) or words[1] not in (_PRIVATE, _PUBLIC):
        return Failure(
            "is not: an id (letters, digits, '.', '_', '-'), `private` or `public`, a key, the time of its creation, "
            "and that of its retirement if it is retired"
        )
    times = [_time(one) for one in words[3:]]
    if None in times:
        return Failure("has a time that is not like 2026-11-27T18:30:00Z")
    return _decoded(words[2]).bind(lambda key: _dated(words, key, [one for one in times if one is not None]))


def _dated(words: list[str], key: bytes, times: list[datetime]) -> Result[SigningKey, str]:
    is_private = words[1] == _PRIVATE
    if is_private and times[1:]:
        return Failure("has a retired key that is private: a retired key must be public")
    if times != sorted(times):
        return Failure("has a key that was retired before it was created")
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw() if is_private else key
    return Success(SigningKey(words[0], public, key if is_private else None, *times))


def _decoded(text: str) -> Result[bytes, str]:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return Failure("has a key that is not base64")
    return Success(key) if len(key) == KEY_BYTES else Failure(f"has a key that is not {KEY_BYTES} bytes long")


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC) if _TIME.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _repetition(found: list[SigningKey], key: SigningKey) -> str:
    if any(one.keyid == key.keyid for one in found):
        return "repeats the id of another line"
    return "repeats the key of another line" if any(one.public == key.public for one in found) else ""


def _words(key: SigningKey) -> list[str]:
    secret = (_PUBLIC, key.public) if key.seed is None else (_PRIVATE, key.seed)
    times = [one.isoformat().replace("+00:00", "Z") for one in (key.created_at, key.retired_at) if one is not None]
    return [key.keyid, secret[0], base64.b64encode(secret[1]).decode("ascii"), *times]


def _public_key(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)
