"""Texts of requests in messages: cut off, and without characters that would disturb a sentence."""

from typing import Final

_MAX_QUOTED_CHARACTERS: Final = 80


def shortened(text: str, most: int) -> str:
    """Cut a text off beyond so many characters, with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def quotable(text: str) -> str:
    """Shorten a text, and replace backticks and unprintable characters, so that a message can quote it in backticks."""
    cut = shortened(text, _MAX_QUOTED_CHARACTERS)
    return "".join(one if one.isprintable() and one != "`" else "\ufffd" for one in cut)
