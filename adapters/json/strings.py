"""Valid JSON text without the content of its strings, so that the rest can be searched in bulk."""

from typing import Final

from attrs import field, frozen

_QUOTE: Final = b'"'
_BACKSLASH: Final = b"\\"


@frozen(eq=False)
class Piece:
    """A piece of a text that begins at `start`."""

    start: int
    _unescaped: bytes = field(repr=False)
    _inside: bool
    _missing: int

    def bare(self) -> bytes:
        """Remove the content of strings from the piece, but not their quotes."""
        return b'""'.join(self._unescaped.split(_QUOTE)[self._inside :: 2])

    def blanked(self) -> bytes:
        """Replace the content of strings with NULs, which preserves the length of the piece."""
        parts = self._unescaped.split(_QUOTE)
        first = 0 if self._inside else 1
        parts[first::2] = map(bytes, map(len, parts[first::2]))
        return _QUOTE.join(parts)[self._missing :]


class Pieces:
    """A text, processed from its beginning to its end. Between the requested pieces, it only counts quotes."""

    def __init__(self, text: bytes, step_bytes: int) -> None:
        self._text = text
        self._step = max(step_bytes, 2)  # an escape is two bytes long
        self._at = 0  # never between a backslash and the character that it escapes
        self._inside = False

    def piece(self, start: int, end: int) -> Piece:
        """Cut the piece from `start` to `end`; `start` must not be before an earlier piece's."""
        self._skip_to(start)
        return Piece(start, without_escapes(self._text[self._at : end]), self._inside, start - self._at)

    def _skip_to(self, place: int) -> None:
        """Go to the place, or to the backslash before it if that escapes the character there."""
        while part := whole(self._text[self._at : min(self._at + self._step, place)]):
            self._inside ^= without_escapes(part).count(_QUOTE) % 2 == 1
            self._at += len(part)


def without_escapes(part: bytes) -> bytes:
    """Replace the escapes that could look like the end of a string, without changing the length of the part."""
    if _BACKSLASH not in part:
        return part
    return part.replace(b"\\\\", b"__").replace(b'\\"', b"__")


def whole(part: bytes) -> bytes:
    """Cut the part behind its last whole escape."""
    backslashes = len(part) - len(part.rstrip(_BACKSLASH))
    return part[: len(part) - backslashes % 2]
