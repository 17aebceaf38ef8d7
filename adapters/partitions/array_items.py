"""The items of a JSON array as lines, while its text comes in pieces.

Only brackets, strings and the commas between items are distinguished: that each line is one value is for its reader to
check. So the array is valid if the commas are in place, which is checked here, and all lines are values. A line break
within an item becomes a carriage return, which JSON allows in the same places.
"""

import codecs
import re
from typing import Final

from adapters.partitions.faults import TaskRefused, refused
from domain.partitions import InputFault

_QUOTE: Final = b'"'
_SPACE: Final = b" \t\r"
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_BRACKETS: Final = b"[]{}"
_OTHERS: Final = bytes(one for one in range(256) if one not in _BRACKETS)
_BETWEEN_OBJECTS: Final = re.compile(rb"\}[ \t\r]*,[ \t\r]*\{")
_OPENING: Final = frozenset(b"[{")


class ArrayItems:
    """The progress through an array: the depth in brackets, the bytes that may be half an escape or half a byte order
    mark, and white space that belongs to an item if more of the item follows."""

    def __init__(self) -> None:
        self._depth, self._inside, self._held = 0, False, b""
        self._has_begun, self._has_item, self._has_comma, self._has_space = False, False, False, False
        self._out: list[bytes] = []

    def feed(self, piece: bytes) -> bytes:
        """Return what the next piece adds to the lines. Raises `TaskRefused`."""
        begun = self._held + piece.replace(b"\n", b"\r")
        if not self._has_begun:
            begun = self._begin(begun)
        if self._has_begun:
            text = _whole(begun)
            self._held = begun[len(text) :]
            self._scan(text, _without_escapes(text))
        out = b"".join(self._out)
        self._out.clear()
        return out

    def finish(self) -> bytes:
        """Return the end of the lines. Raises `TaskRefused` if the array has not ended."""
        if not self._has_begun or self._depth or self._held:
            raise _malformed("the text ends before the array does" if self._has_begun else "the text is empty")
        return b"\n" if self._has_item else b""

    def _begin(self, text: bytes) -> bytes:
        """Skip the opening bracket and what may precede it. Raises `TaskRefused` if the text is no array."""
        begun = text.removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)
        if not begun or (codecs.BOM_UTF8.startswith(text) and text):
            self._held = text[: len(codecs.BOM_UTF8)]
            return b""
        if begun[:1] != b"[":
            raise _malformed("the text is no array; an object of another format has to be named so in the job")
        self._has_begun, self._depth = True, 1
        return begun[1:]

    def _scan(self, text: bytes, bare: bytes) -> None:
        """Scan a text, of which `bare` is the same without escapes."""
        parts = bare.split(_QUOTE)
        inside, self._inside = self._inside, self._inside ^ (len(parts) % 2 == 0)
        brackets = text.translate(None, _OTHERS)
        start = end = 0
        if b"".join(parts[inside::2]).translate(None, _OTHERS) == brackets:  # none is in a string
            start, end = text.find(b"}") + 1, text.rfind(b"}") + 1
        self._add(text[:start], _blanked(bare[:start], inside))
        inside = inside and not start
        if end > start and self._depth == 1 and self._add_flat(text[start - 1 : end]):
            start = end
        self._add(text[start:], _blanked(bare[start:], inside))

    def _add_flat(self, text: bytes) -> bool:
        """Add objects in which nothing is nested, from the end of the one before; tell whether they are such."""
        count = text.count(b"{")
        if text.translate(None, _OTHERS) != b"}" + b"{}" * count:
            return False
        lines, cuts = _BETWEEN_OBJECTS.subn(b"}\n{", text)
        if cuts != count:
            return False
        self._out.append(lines[1:])
        self._has_comma = True
        return True

    def _add(self, text: bytes, bare: bytes) -> None:
        """Add any text; `bare` is the same with blanked strings."""
        done = 0
        for bracket in _BRACKET.finditer(bare):
            if not self._depth:
                break
            at = bracket.start()
            add = self._open if bare[at] in _OPENING else self._close
            done = add(text, bare, done, at)
        if self._depth > 1:
            self._out.append(text[done:])
        elif self._depth:
            self._add_between(text[done:], bare[done:])
        elif text[done:].strip(_SPACE):
            raise _malformed("there is more text behind the array")

    def _open(self, text: bytes, bare: bytes, done: int, at: int) -> int:
        """Add what precedes an item that is a container, if the bracket opens one; return the end of what was added."""
        self._depth += 1
        if self._depth > 2:
            return done
        self._add_between(text[done:at], bare[done:at])
        self._add_item(b"", False)
        return at

    def _close(self, text: bytes, bare: bytes, done: int, at: int) -> int:
        """Add an item if the bracket closes one, or end the array; return the end of what was added."""
        self._depth -= 1
        if self._depth > 1:
            return done
        if self._depth:
            self._out.append(text[done : at + 1])
        else:
            self._end(text[done:at], bare[done : at + 1])
        return at + 1

    def _end(self, text: bytes, bare: bytes) -> None:
        self._add_between(text, bare[:-1])
        if bare[-1:] != b"]" or (self._has_comma and not self._has_item):
            raise _malformed("the array has a bracket that does not fit, or a comma before its end")

    def _add_between(self, text: bytes, bare: bytes) -> None:
        """Add text at the level of the array itself: commas, white space, strings and other scalars."""
        at = 0
        for number, part in enumerate(bare.split(b",")):
            if number:
                self._add_comma()
            kept = part.lstrip(_SPACE)
            start = at + len(part) - len(kept)
            kept = kept.rstrip(_SPACE)
            if kept:
                self._add_item(text[start : start + len(kept)], start > at)
                self._has_space = start + len(kept) < at + len(part)
            elif part:
                self._has_space = True
            at += len(part) + 1

    def _add_item(self, text: bytes, has_space: bool) -> None:
        if self._has_item and (self._has_space or has_space):
            self._out.append(b" ")
        self._has_item, self._has_space = True, False
        self._out.append(text)

    def _add_comma(self) -> None:
        if not self._has_item:
            raise _malformed("an item is missing before a comma")
        self._out.append(b"\n")
        self._has_item, self._has_comma, self._has_space = False, True, False


def _whole(text: bytes) -> bytes:
    """Cut a text behind its last whole escape."""
    backslashes = len(text) - len(text.rstrip(b"\\"))
    return text[: len(text) - backslashes % 2]


def _without_escapes(text: bytes) -> bytes:
    """Replace the escapes that could look like the end of a string."""
    return text.replace(b"\\\\", b"__").replace(b'\\"', b"__") if b"\\" in text else text


def _blanked(bare: bytes, inside: bool) -> bytes:
    """Replace the content of strings with NULs."""
    parts = bare.split(_QUOTE)
    parts[1 - inside :: 2] = map(bytes, map(len, parts[1 - inside :: 2]))
    return _QUOTE.join(parts)


def _malformed(reason: str) -> TaskRefused:
    return refused(InputFault.INPUT_MALFORMED, f"an object is no JSON array: {reason}")
