"""Wire schemas of API keys: the request for a new one, and their representations."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, max_len, min_len, optional

from adapters.http.wire.schemas.collections import DistinctItems
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.scripts import MOMENT
from domain.access import MAX_DAYS, MAX_NAME_CHARACTERS, Role, Scope

API_KEY_ID: Final = "0199c5f2-0000-7000-8000-00000000000c"
EXPIRY: Final = "2026-02-22T13:38:00.000000Z"
EXAMPLE_TOKEN: Final = "bateia_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"  # noqa: S105 - an example, of no key
_SCOPES: Final = ["executions:write", "read"]
_NAME: Final = "Owner or purpose of the key"


@frozen(kw_only=True)
class NewApiKey(RequestModel):
    """An API key to be created: its name, its scopes, and the time for which it is valid."""

    name: str = field(
        validator=[min_len(1), max_len(MAX_NAME_CHARACTERS)],
        metadata=describe(f"{_NAME}, without control characters.", "ingestion"),
    )
    role: Role | None = field(default=None, metadata=describe("Role whose scopes are granted.", "runner"))
    scopes: tuple[Scope, ...] = field(
        default=(),
        validator=DistinctItems(),
        metadata=describe("Scopes that are granted, in addition to those of the role.", _SCOPES),
    )
    expires_in_days: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_DAYS)]),
        metadata=describe("Days until the key expires; never if null or omitted.", 90),
    )


@frozen(kw_only=True)
class CallerKey:
    """The API key of a request."""

    id: UUID = field(metadata=describe("Id of the key.", API_KEY_ID))
    name: str = field(metadata=describe(f"{_NAME}.", "ingestion"))
    scopes: tuple[Scope, ...] = field(metadata=describe("Scopes of the key.", _SCOPES))
    role: Role | None = field(metadata=describe("Role with exactly these scopes; null if there is none.", "runner"))
    created_at: datetime = field(metadata=describe("Time of the creation.", MOMENT))
    expires_at: datetime | None = field(
        metadata=describe("Time from which the key is not valid; null if it does not expire.", EXPIRY)
    )


@frozen(kw_only=True)
class ApiKey(CallerKey):
    """An API key, without its text."""

    revoked_at: datetime | None = field(metadata=describe("Time of the revocation; null if it is not revoked."))
    last_used_at: datetime | None = field(
        metadata=describe("Time of the last use, which may lag behind by some minutes; null before the first.")
    )


@frozen(kw_only=True)
class CreatedApiKey(ApiKey):
    """A new API key with its text, which no other response has."""

    token: str = field(
        repr=False,
        metadata=describe(
            "Text of the key, for `Authorization: Bearer`. Store it: it is not shown again.", EXAMPLE_TOKEN
        ),
    )
    ends_anonymous_access: bool = field(
        metadata=describe(
            "True if no key was needed before: from now on, within some seconds, every request needs one.", False
        )
    )


@frozen(kw_only=True)
class ApiKeyList:
    """A page of API keys, newest first."""

    items: tuple[ApiKey, ...] = field(
        metadata=describe(
            "Keys of this page, revoked ones included.",
            [
                {
                    "id": API_KEY_ID,
                    "name": "ingestion",
                    "scopes": _SCOPES,
                    "role": "runner",
                    "created_at": MOMENT,
                    "expires_at": EXPIRY,
                    "revoked_at": None,
                    "last_used_at": None,
                }
            ],
        )
    )
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))


@frozen(kw_only=True)
class Caller:
    """The access of a request."""

    key: CallerKey | None = field(
        metadata=describe(
            "API key of the request; null if none was needed.",
            {
                "id": API_KEY_ID,
                "name": "ingestion",
                "scopes": _SCOPES,
                "role": "runner",
                "created_at": MOMENT,
                "expires_at": EXPIRY,
            },
        )
    )
    anonymous: bool = field(metadata=describe("True if no key was needed.", False))
    scopes: tuple[Scope, ...] = field(
        metadata=describe("Scopes that the request has: those of its key, or all if none was needed.", _SCOPES)
    )
