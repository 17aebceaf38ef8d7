"""Classification of words where JSON has a value or a name: NaN, True, 007, an unquoted text."""

import re
from typing import Final

from attrs import frozen

from adapters.json.finding import Finding, finding
from adapters.json.positions import Text, decoded, visible

_REACH_BYTES: Final = 32
_MOST_CHARACTERS: Final = 20
_IN_WORDS: Final = re.compile(rb"[A-Za-z0-9_$.+\-\x80-\xff]*")
_AT_END: Final = re.compile(rb"[A-Za-z0-9_$.+\-\x80-\xff]*\Z")

_LITERALS: Final = {"true": "true", "false": "false", "null": "null", "none": "null"}
"""JSON's literals by the same words in lower case, as Python and others write them."""
_MISTAKES: Final = (
    (re.compile(r"(?:[+-]?(?:nan|inf|infinity)|NaT|NA)\Z", re.IGNORECASE), "json-not-a-number"),
    (re.compile(r"undefined\Z"), "json-undefined"),
    (re.compile(r"-?0[0-9]"), "json-leading-zero"),
    (re.compile(r"[+.-]*[0-9]|[+-]+\Z"), "json-number"),
    (re.compile(""), "json-unquoted-text"),
)
"""Beginnings of words, each with its code; the first that matches counts."""


@frozen
class Word:
    """The characters around an offset that white space, brackets, quotes, commas and colons delimit."""

    start: int
    end: int
    text: str


def word_at(text: Text, at: int) -> Word:
    """Read the word around an offset; it may be empty."""
    start = max(at - _REACH_BYTES, 0)
    before = _AT_END.search(bytes(text[start:at]))
    behind = _IN_WORDS.match(bytes(text[at : at + _REACH_BYTES]))
    begun = before[0] if before else b""
    whole = begun + (behind[0] if behind else b"")
    shown = visible(decoded(whole, "utf-8"))[:_MOST_CHARACTERS]
    return Word(at - len(begun), at - len(begun) + len(whole), shown)


def misplaced_word(word: Word) -> Finding:
    """Classify a word that is no JSON value."""
    if (literal := _LITERALS.get(word.text.lower())) is not None:
        return finding("json-python-literal", word.start, token=word.text, literal=literal)
    code = next(code for pattern, code in _MISTAKES if pattern.match(word.text))
    return finding(code, word.start, token=word.text)
