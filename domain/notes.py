"""Notes: short free texts of clients about the changes of a version, or the reason of a move."""

from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.text_limits import invalid_at

MAX_NOTE_CHARACTERS: Final = 500


@frozen
class Note:
    """A note, possibly empty. Build it with `valid_note`."""

    value: str


NO_NOTE: Final = Note("")


@frozen
class InvalidNote:
    """The note is too long, or contains a character that text columns reject (NUL, a lone surrogate)."""

    at: int


def valid_note(text: str) -> Result[Note, InvalidNote]:
    """Parse a note of at most `MAX_NOTE_CHARACTERS` that any store accepts."""
    at = invalid_at(text, MAX_NOTE_CHARACTERS)
    return Success(Note(text)) if at is None else Failure(InvalidNote(at))
