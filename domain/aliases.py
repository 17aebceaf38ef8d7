"""Aliases: names that point to versions of a script and can be moved, and the history of their moves.

A request may name a version by its number or by an alias. If it names none, it gets the version of the alias `live` if
there is one, and the latest version otherwise.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

ALIAS_PATTERN: Final = r"[a-z][a-z0-9-]{0,62}"
MOST_ALIASES: Final = 100
_LATEST: Final = "latest"


@frozen
class AliasName:
    """The name of an alias. Build it with `alias_name`."""

    value: str


LIVE: Final = AliasName("live")
"""The alias of submissions that name no version."""

VersionRef: TypeAlias = int | AliasName
"""A reference to a version of a script: its number or an alias."""


@frozen
class InvalidAliasName:
    """The name is not a slug that begins with a letter, or it is `latest`, which always means the latest version."""

    name: str


@frozen
class UnknownAlias:
    """The script has no alias of that name."""

    name: AliasName


@frozen
class SelectedVersion:
    """The version that a reference leads to, and the alias that led there, if one did."""

    number: int
    alias: AliasName | None = None


class MoveReason(StrEnum):
    """The reason of a move. The values are part of the wire format and the database schema.

    `FORCED`: a promotion in spite of the script's gate.
    """

    PROMOTION = "promotion"
    FORCED = "forced"
    ROLLBACK = "rollback"
    REMOVAL = "removal"


@frozen(kw_only=True)
class Alias:
    """An alias. `revision` is the number of its latest move, and changes with each."""

    script_id: UUID
    name: AliasName
    version: int
    revision: int
    moved_at: datetime


@frozen(kw_only=True)
class AliasMove:
    """A move of an alias, from no version when it was created and to none when it was removed."""

    alias: AliasName
    from_version: int | None
    to_version: int | None
    reason: MoveReason
    at: datetime
    note: str = ""
    key_id: UUID | None = None


def alias_name(text: str) -> Result[AliasName, InvalidAliasName]:
    """Parse the name of an alias, which cannot be mistaken for a number."""
    if re.fullmatch(ALIAS_PATTERN, text) and text != _LATEST:
        return Success(AliasName(text))
    return Failure(InvalidAliasName(text))


def select_version(
    wanted: VersionRef | None, latest: int, aliases: Mapping[AliasName, int]
) -> Result[SelectedVersion, UnknownAlias]:
    """Find the version that a request refers to. The number in it need not exist."""
    if wanted is None:
        return Success(SelectedVersion(aliases[LIVE], LIVE) if LIVE in aliases else SelectedVersion(latest))
    if isinstance(wanted, int):
        return Success(SelectedVersion(wanted))
    if wanted in aliases:
        return Success(SelectedVersion(aliases[wanted], wanted))
    return Failure(UnknownAlias(wanted))
