"""The language of messages: those of the command, and of errors. Programs get English, unless they choose otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias

from bateia.portuguese import PORTUGUESE

Language: TypeAlias = Literal["en", "pt"]
CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = {"pt": PORTUGUESE}
"""The messages in other languages by the English ones, which stand where they are used."""
_language: ContextVar[Language] = ContextVar("language", default="en")


def say(message: str, /, **values: object) -> str:
    """Return a message in the chosen language, with values in place of the names in braces."""
    return CATALOGUES.get(_language.get(), {}).get(message, message).format(**values)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Choose the language of the messages within a block."""
    former = _language.set(language)
    try:
        yield
    finally:
        _language.reset(former)
