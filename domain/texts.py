"""Text of others, made fit to be kept: cleaned of what stores cannot hold, clipped, and with possible places only."""

import re
from typing import Final

MAX_TEXT_CHARACTERS: Final = 8_192
"""What is kept of a message, and of a stack."""

MAX_PLACE: Final = 2**31 - 1
"""No line or column is greater; what claims to be one is forged."""

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with every character that UTF-8 or a text column cannot hold (lone surrogates, NUL) as U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def kept_text(text: str) -> str:
    """The text as it is kept: storable, and clipped to `MAX_TEXT_CHARACTERS`."""
    return storable(text[:MAX_TEXT_CHARACTERS])


def kept_place(number: int | None) -> int | None:
    """A line or a column if it can be one, counted from 1."""
    return number if number is not None and 1 <= number <= MAX_PLACE else None
