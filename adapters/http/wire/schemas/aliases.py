"""Wire schemas of aliases and of their history."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, max_len, optional

from adapters.http.wire.schemas.gates import RevisedGate
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from domain.aliases import MoveReason
from domain.notes import MAX_NOTE_CHARACTERS

_NOTE = "Reason of the move, in plain text."


@frozen(kw_only=True)
class NewRollback(RequestModel):
    """A rollback of an alias."""

    note: str = field(
        default="", validator=max_len(MAX_NOTE_CHARACTERS), metadata=describe(_NOTE, "Totals are wrong since Monday")
    )


@frozen(kw_only=True)
class NewPromotion(RequestModel):
    """A promotion: the version that the alias is to lead to."""

    version: int = field(
        validator=[ge(1), le(MAX_VERSION_NUMBER)], metadata=describe("Number of the version, which must exist.", 1)
    )
    note: str = field(
        default="", validator=max_len(MAX_NOTE_CHARACTERS), metadata=describe(_NOTE, "Amounts in cents since May")
    )
    force: bool = field(
        default=False,
        metadata=describe("Promote even if the gate blocks it; needs the scope `admin` and a note.", False),
    )


@frozen(kw_only=True)
class Alias:
    """A name that leads to a version of a script, and can be moved."""

    name: str = field(metadata=describe("Name of the alias, unique for the script.", "live"))
    version: int = field(validator=ge(1), metadata=describe("Number of the version that it leads to.", 1))
    revision: int = field(
        validator=ge(1), metadata=describe("Revision of the alias, another one after each move; also its ETag.", 1)
    )
    moved_at: datetime = field(metadata=describe("Time of its latest move.", MOMENT))
    script_id: UUID = field(metadata=describe("Script id.", SCRIPT_ID))


@frozen(kw_only=True)
class AliasList:
    """The aliases of a script, by name."""

    items: tuple[Alias, ...] = field(metadata=describe("All of them, at most 100."))
    gate: RevisedGate | None = field(
        default=None,
        metadata=describe("Gate of the script, if it has one; only in lists whose request asks for it.", absent=True),
    )


@frozen(kw_only=True)
class Move:
    """A move of an alias."""

    from_version: int | None = field(
        validator=optional(ge(1)), metadata=describe("Version that it led to before; null if it was created.", 2)
    )
    to_version: int | None = field(
        validator=optional(ge(1)), metadata=describe("Version that it leads to since; null if it was removed.", 3)
    )
    reason: MoveReason = field(metadata=describe("Reason of the move.", "promotion"))
    note: str = field(metadata=describe("Note of its actor; may be empty.", "Amounts in cents since May"))
    at: datetime = field(metadata=describe("Time of the move.", MOMENT))
    by: str | None = field(metadata=describe("Name of the API key that moved it; null if none was needed.", "ci"))


@frozen(kw_only=True)
class MoveList:
    """A page of an alias's history, newest first."""

    items: tuple[Move, ...] = field(metadata=describe("Moves of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
