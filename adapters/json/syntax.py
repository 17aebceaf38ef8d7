"""Validation of JSON text in UTF-8 (RFC 8259), with the place of the first fault.

Absent on purpose: Python objects. Text is checked by skipping through it.
"""

import codecs
import io
import re
from typing import Final

import msgspec

from adapters.json import STEP_BYTES, WHITE_SPACE
from adapters.json.finding import BYTE_ORDER_MARK, EMPTY, NOT_UTF_8, TOO_DEEP, TRUNCATED
from adapters.json.steps import is_valid_in_steps
from application.ports.bodies import MalformedJson

_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_AT: Final = re.compile(r"(?:JSON is malformed: )?(?P<reason>.*?)(?: \(byte (?P<at>\d+)\))?")
_TOO_EARLY: Final = "it ends too early"
_ROOM: Final = b" " * (len("false") - 1)
_TRAILING: Final = "trailing characters"
_SKIPPER: Final = msgspec.json.Decoder(msgspec.Raw)


def fault_of(text: bytes | memoryview) -> MalformedJson | None:
    """Find the first fault of the text, for `diagnose`; None if it is JSON."""
    if text[: len(codecs.BOM_UTF8)] == codecs.BOM_UTF8:
        return MalformedJson("it starts with a byte order mark, which JSON does not allow", 0, code=BYTE_ORDER_MARK)
    if _is_blank(text):
        return MalformedJson("it is empty", len(text), code=EMPTY)
    return encoding_fault(text) or _syntax_fault(text)


def _is_blank(text: bytes | memoryview) -> bool:
    return not any(bytes(text[at : at + STEP_BYTES]).strip(WHITE_SPACE) for at in range(0, len(text), STEP_BYTES))


def encoding_fault(text: bytes | memoryview) -> MalformedJson | None:
    """Find the first byte that is not UTF-8, in steps: one call on all of it would hold the interpreter and memory."""
    if len(text) <= STEP_BYTES and _is_utf_8(text):
        return None
    decoder, held = codecs.getincrementaldecoder("utf-8")(), b""
    for start in range(0, len(text), STEP_BYTES):
        piece = bytes(text[start : start + STEP_BYTES])
        if piece.isascii() and not held:
            continue
        try:
            decoder.decode(piece, final=start + STEP_BYTES >= len(text))
        except UnicodeDecodeError as error:
            at = start - len(held) + error.start
            return MalformedJson(f"it is not UTF-8: {error.reason}", at, code=NOT_UTF_8)
        held, _ = decoder.getstate()
    return None


def _is_utf_8(text: bytes | memoryview) -> bool:
    try:
        str(text, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _syntax_fault(text: bytes | memoryview) -> MalformedJson | None:
    if is_valid_in_steps(text, lambda part: _skip(part) is None):
        return None
    fault = _skip(text)
    if fault is not None and _SURROGATE_ESCAPE.search(text) is not None:
        fault = _skip(text := with_whole_characters(bytes(text)))
    return _after_short_word(text) if fault is not None and _ends_in_short_word(text, fault) else fault


def _ends_in_short_word(text: bytes | memoryview, fault: MalformedJson) -> bool:
    """Tell whether msgspec may have found no room for the rest of a word such as `true`, as in `[t]`."""
    end = bytes(text[-len(_ROOM) :])
    return fault.code == TRUNCATED and not end[-1:].isalpha() and any(one in b"tfn" for one in end)


def _after_short_word(text: bytes | memoryview) -> MalformedJson | None:
    fault = _skip(b"".join((text, _ROOM)))
    is_inside = fault is not None and fault.at is not None and fault.at < len(text)
    return fault if is_inside else MalformedJson(_TOO_EARLY, len(text), code=TRUNCATED)


def with_whole_characters(text: bytes) -> bytes:
    """Replace escapes of half surrogate pairs, which JSON allows and msgspec refuses, by others of the same length."""
    if len(text) <= STEP_BYTES:
        return _SURROGATE_ESCAPE.sub(rb"\\u0041", text)
    whole = io.BytesIO()  # in steps, for each that is replaced costs many times its bytes
    at = 0
    while at < len(text):
        end = _before_escape(text, min(at + STEP_BYTES, len(text)))
        whole.write(_SURROGATE_ESCAPE.sub(rb"\\u0041", text[at:end]))
        at = end
    return whole.getvalue()


def _before_escape(text: bytes, end: int) -> int:
    """Return the end, or the beginning of the escape that it would cut in two."""
    cut = text.rfind(b"\\", end - len("\\uD800") + 1, end)
    return end if cut < 0 or end == len(text) else cut


def _skip(text: bytes | memoryview) -> MalformedJson | None:
    try:
        _SKIPPER.decode(text)
    except msgspec.DecodeError as error:
        return _described(str(error), len(text))
    except RecursionError:
        return MalformedJson("it is nested too deeply", None, code=TOO_DEEP)
    return None


def _described(message: str, size_bytes: int) -> MalformedJson:
    if message == "Input data was truncated":
        return MalformedJson(_TOO_EARLY, size_bytes, code=TRUNCATED)
    found = _AT.fullmatch(message)
    if found is None or found["at"] is None:
        return MalformedJson(message, None)
    behind = 1 if found["reason"] == _TRAILING else 0  # msgspec has read the first of them
    return MalformedJson(found["reason"], int(found["at"]) - behind)
