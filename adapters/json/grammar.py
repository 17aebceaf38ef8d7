"""Classification of faults against JSON's grammar: the parser's reason, and the characters around its place.

The text is UTF-8, and the place is outside of strings, unless the fault is a control character or an escape.
"""

from typing import Final

from adapters.json.finding import BYTE_ORDER_MARK, TRUNCATED, Finding, finding
from adapters.json.place import AHEAD_BYTES, Place
from adapters.json.positions import Text, decoded, is_in_string, last_before, visible
from adapters.json.words import Word, misplaced_word, word_at

_BEGIN_VALUES: Final = '{["'
_LITERALS: Final = ("true", "false", "null")
_CLOSING: Final = "]}"
_TYPOGRAPHIC: Final = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2033\u2032"
_MARK: Final = "\ufeff"
_NO_WHITE_SPACE: Final = "\u200b\u200c\u200d\u2060\u2028\u2029"
"""Invisible characters that are no space to Python either."""
_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
_STRING_PREFIXES: Final = frozenset("bBuUrRfF")
_ESCAPE_CHARACTERS: Final = 6


def grammar_fault(text: Text, at: int, reason: str, in_lines: bool) -> Finding:
    """Classify a fault by the parser's reason and its place; `in_lines` if each line should be a value."""
    place = Place(text, at, reason)
    if place.character == "" or (in_lines and place.character == "\n"):
        return _of_word(place) or finding(TRUNCATED, at)
    return (
        _of_reason(place)
        or _of_character(place)
        or _of_word(place)
        or (_after_value(place, in_lines) if reason == "trailing characters" else _inside(place))
        or finding("json-unexpected-character", at, character=visible(place.character))
    )


def _of_reason(place: Place) -> Finding | None:
    if place.reason.startswith("trailing comma"):
        return finding("json-trailing-comma", last_before(place.text, place.at))
    if place.reason == "invalid number" or _is_cut_word(place):
        return misplaced_word(word_at(place.text, place.at))
    if "escape" not in place.reason:
        return None
    start = max(place.at - _ESCAPE_CHARACTERS, 0)
    found = bytes(place.text[start : place.at]).rfind(b"\\")
    at = place.at if found < 0 else start + found
    escape = decoded(bytes(place.text[at : place.at]), "utf-8") + place.character
    return finding("json-escape", at, escape=visible(escape))


def _is_cut_word(place: Place) -> bool:
    """Tell whether white space ends a word too early, such as `tru` or a minus. In a string it may be the fault."""
    is_white = place.character in " \t\r\n"
    return is_white and place.reason == "invalid character" and not is_in_string(place.text, place.at)


def _of_character(place: Place) -> Finding | None:
    """Recognise a character that is wrong wherever it stands outside of a string, or in one unescaped."""
    one, ahead = place.character, place.ahead
    if one < " ":
        escape = _ESCAPES.get(one, f"\\u{ord(one):04x}")
        return finding("json-control-character", place.at, character=f"U+{ord(one):04X}", escape=escape)
    if one in "'`":
        return finding("json-single-quotes", place.at)
    if one in _TYPOGRAPHIC:
        return finding("json-typographic-quotes", place.at, character=one)
    if one == "#" or ahead.startswith(("//", "/*")):
        return finding("json-comment", place.at)
    if ahead.startswith('\\"'):
        return finding("json-escaped-quotes", place.at)
    if one == _MARK:
        return finding(BYTE_ORDER_MARK, place.at)
    if one.isspace() or one in _NO_WHITE_SPACE:
        return finding("json-white-space", place.at, character=f"U+{ord(one):04X}")
    return None


def _of_word(place: Place) -> Finding | None:
    """Recognise a word that is no value, unless another mistake explains it better."""
    word = word_at(place.text, place.at)
    if not word.text or place.byte_before == b'"':
        return None
    behind = bytes(place.text[place.at : place.at + AHEAD_BYTES])
    if word.text in _STRING_PREFIXES and behind[1:2] in (b"'", b'"'):
        return finding("json-single-quotes", word.start)
    if place.reason == "expected '\"'":
        return _of_name(place, word)
    is_no_value = place.reason == "invalid character" or word.start < place.at < word.end
    return misplaced_word(word) if is_no_value else None


def _of_name(place: Place, word: Word) -> Finding:
    digits = bytes(place.text[max(place.at - 2, 0) : place.at])
    if word.text[:1].isdigit() and digits[:1].isdigit() and digits[1:] == b",":
        return finding("json-decimal-comma", place.at)
    return finding("json-unquoted-name", word.start, token=word.text)


def _begins_value(place: Place) -> bool:
    one, word = place.character, word_at(place.text, place.at).text
    return one in _BEGIN_VALUES or word in _LITERALS or one.isdigit() or (one == "-" and word[1:2].isdigit())


def _after_value(place: Place, in_lines: bool) -> Finding | None:
    """Classify what follows a whole value."""
    one = place.character
    if one == ",":
        return finding("json-comma-after-value", place.at)
    if one in _CLOSING:
        return finding("json-extra-bracket", place.at, character=one)
    if place.byte_before == b'"' and one.isalnum():
        return finding("json-unescaped-quote", place.at)
    if _begins_value(place):
        return finding("json-second-value-on-line" if in_lines else "json-second-value", place.at)
    return finding("json-trailing-text", place.at)


def _inside(place: Place) -> Finding | None:
    """Classify an unexpected character inside an array or an object."""
    one, reason = place.character, place.reason
    if reason == "expected ':'":
        return finding("json-missing-colon", place.at)
    if one in _CLOSING:
        return finding("json-missing-value" if place.previous == b":" else "json-mismatched-bracket", place.at)
    if reason.startswith("expected ',' or"):
        return _between(place)
    if one == ",":
        return finding("json-missing-value" if place.previous == b":" else "json-extra-comma", place.at)
    return None


def _between(place: Place) -> Finding | None:
    """Classify what stands between two items or members instead of a comma."""
    if place.byte_before == b'"' and place.character.isalnum():
        return finding("json-unescaped-quote", place.at)
    return finding("json-missing-comma", place.at) if _begins_value(place) or place.character.isalpha() else None
