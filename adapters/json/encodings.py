"""Recognition of encodings other than UTF-8 in a refused text: UTF-16, UTF-32, and single bytes as in Windows-1252."""

import codecs
from typing import Final

from adapters.json.finding import NOT_UTF_8, TRUNCATED, Finding, finding
from adapters.json.positions import Text

WINDOWS: Final = "windows-1252"
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""Byte order marks, with the names under which iconv and Python honour them. UTF-16's begin some of UTF-32's."""
_UNMARKED: Final = {
    (True, False, False, False): "UTF-32LE",
    (False, False, False, True): "UTF-32BE",
    (True, False): "UTF-16LE",
    (False, True): "UTF-16BE",
}
"""Encodings without a mark, by the bytes of their first character that are not zero (RFC 4627, section 3)."""
_SURROGATE: Final = (b"\xed", range(0xA0, 0xC0))
"""The first two bytes of half a surrogate pair that was encoded as a character."""
_LONGEST_CHARACTER: Final = 4


def wide_encoding(text: Text) -> Finding | None:
    """Recognise UTF-16 or UTF-32, by a byte order mark or by the zeros of the first character."""
    head = bytes(text[:_LONGEST_CHARACTER])
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _wide(name)
    filled = tuple(byte != 0 for byte in head)
    for pattern, name in _UNMARKED.items():
        if filled[: len(pattern)] == pattern:
            return _wide(name)
    return None


def _wide(name: str) -> Finding:
    return Finding(name[: len("UTF-16")].lower(), 0, (("encoding", name),), name)


def invalid_byte(text: Text, at: int) -> Finding:
    """Classify the byte at which text stops being UTF-8: a cut character, a letter in Windows-1252, or another byte."""
    data = bytes(text[at : at + _LONGEST_CHARACTER])
    if at + len(data) == len(text) and _is_cut(data):
        return finding(TRUNCATED, at)
    byte, letter = f"0x{data[0]:02X}", data[:1].decode(WINDOWS, "replace")
    surrogate, half = _SURROGATE
    is_surrogate = data[:1] == surrogate and len(data) > 1 and data[1] in half
    if is_surrogate or not letter.isprintable() or letter == "\N{REPLACEMENT CHARACTER}":
        return finding("not-utf-8-byte", at, byte=byte)
    return Finding(NOT_UTF_8, at, (("byte", byte), ("letter", letter)), WINDOWS)


def _is_cut(data: bytes) -> bool:
    """Tell whether the bytes begin a character of UTF-8 and end inside it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return decoder.decode(data) == "" and decoder.getstate()[0] == data
    except UnicodeDecodeError:
        return False
