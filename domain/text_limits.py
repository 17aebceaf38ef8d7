"""Sanitises untrusted text before it is stored: invalid characters, excess length and impossible positions."""

import re
from typing import Final

MAX_TEXT_CHARACTERS: Final = 8_192
"""Maximum length of a stored message, and of a stored stack."""

MAX_PLACE: Final = 2**31 - 1
"""Maximum line or column; a greater one is forged."""

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def invalid_at(text: str, most_characters: int) -> int | None:
    """Find the first character that no store accepts, or that is one too many; None if there is none."""
    found = _UNSTORABLE.search(text, 0, most_characters)
    if found is not None:
        return found.start()
    return most_characters if len(text) > most_characters else None


def sanitize(text: str) -> str:
    """Replace every character that UTF-8 or a text column rejects (lone surrogates, NUL) with U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def truncate(text: str) -> str:
    """Sanitise a text and truncate it to `MAX_TEXT_CHARACTERS`."""
    return sanitize(text[:MAX_TEXT_CHARACTERS])


def valid_position(number: int | None) -> int | None:
    """Return a line or column, counted from 1; None if it is impossible."""
    return number if number is not None and 1 <= number <= MAX_PLACE else None
