"""The public keys of receipts, as `GET /v1/receipts/keys` returns them: the document that a verifier trusts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.strict_json import Unreadable, parsed_time, read_object

MAX_KEYS_BYTES: Final = 1024 * 1024
MAX_KEYS: Final = 1000


@frozen(kw_only=True)
class TrustedKey:
    """A public key as PEM. Its id need not be unique: it only selects the keys that are tried."""

    keyid: str
    pem: str
    created_at: datetime | None
    retired_at: datetime | None


class KeysFault(StrEnum):
    """Fault of a JSON object that should be a document of public keys."""

    TOO_LONG = "keys-too-long"
    NO_LIST = "keys-no-list"
    TOO_MANY = "keys-too-many"
    NOT_AN_ENTRY = "keys-not-an-entry"
    WRONG_MEMBER = "keys-wrong-member"
    NOT_A_KEY = "keys-not-a-key"


@frozen
class NotKeys:
    """The reason why a JSON object has no public keys; `place` is the entry's number, from 1."""

    fault: KeysFault
    place: int = 0
    member: str = ""


MalformedKeys: TypeAlias = Unreadable | NotKeys


def parse_public_keys(text: bytes, is_key: Callable[[str], bool]) -> Result[tuple[TrustedKey, ...], MalformedKeys]:
    """Parse a document of at most `MAX_KEYS_BYTES` with at most `MAX_KEYS` keys; `is_key` tests the PEM of each."""
    if len(text) > MAX_KEYS_BYTES:
        return Failure(NotKeys(KeysFault.TOO_LONG))
    members: Result[Mapping[str, Any], MalformedKeys] = read_object(text)
    return members.bind(lambda document: _parsed(document, is_key))


class _Wrong(Exception):
    """The arguments of `NotKeys`."""


def _parsed(document: Mapping[str, Any], is_key: Callable[[str], bool]) -> Result[tuple[TrustedKey, ...], NotKeys]:
    entries = document.get("keys")
    if not isinstance(entries, list):
        return Failure(NotKeys(KeysFault.NO_LIST))
    if len(entries) > MAX_KEYS:
        return Failure(NotKeys(KeysFault.TOO_MANY))
    try:
        return Success(tuple(_key(entry, place, is_key) for place, entry in enumerate(entries, 1)))
    except _Wrong as wrong:
        return Failure(NotKeys(*wrong.args))


def _key(entry: object, place: int, is_key: Callable[[str], bool]) -> TrustedKey:
    if not isinstance(entry, dict):
        raise _Wrong(KeysFault.NOT_AN_ENTRY, place)
    keyid, pem = (_text(entry, name, place) for name in ("keyid", "public_key"))
    if not is_key(pem):
        raise _Wrong(KeysFault.NOT_A_KEY, place)
    created_at, retired_at = (_time(entry, name, place) for name in ("created_at", "retired_at"))
    return TrustedKey(keyid=keyid, pem=pem, created_at=created_at, retired_at=retired_at)


def _text(entry: Mapping[str, Any], name: str, place: int) -> str:
    if not isinstance(text := entry.get(name), str) or not text:
        raise _Wrong(KeysFault.WRONG_MEMBER, place, name)
    return text


def _time(entry: Mapping[str, Any], name: str, place: int) -> datetime | None:
    """Parse a time with its zone; null or no member is none."""
    text = entry.get(name)
    if text is None:
        return None
    if isinstance(text, str) and (at := parsed_time(text)) is not None:
        return at
    raise _Wrong(KeysFault.WRONG_MEMBER, place, name)
