"""SHA-256 of the array that `from_lines` would make of NDJSON, without making it: text of any length, in any pieces.

The lines are not checked to be JSON: the digest of an array that was stored belongs to lines that are.
"""

import hashlib

from adapters.json import WHITE_SPACE


class LineDigest:
    """The digest of the text so far."""

    def __init__(self) -> None:
        self._separator = b"["
        self._array = hashlib.sha256()  # up to the last byte that is no white space
        self._ahead = self._array  # with the white space after it, which counts only inside a line
        self._in_line = False

    def update(self, piece: bytes) -> None:
        """Add the next piece of the text."""
        first, *others = piece.split(b"\n")
        self._extend(first)
        if not others:
            return
        self._in_line = False
        *whole, last = others
        if values := [value for line in whole if (value := line.strip(WHITE_SPACE))]:
            self._begin()
            self._array.update(b",".join(values))
        self._in_line = False
        self._extend(last)

    def sha256(self) -> str:
        """Return the digest if the text ends here."""
        whole = self._array.copy()
        whole.update(b"[]" if self._separator == b"[" else b"]")
        return whole.hexdigest()

    def _extend(self, part: bytes) -> None:
        """Add a part of a line."""
        if not self._in_line:
            part = part.lstrip(WHITE_SPACE)
            if not part:
                return
            self._begin()
        if body := part.rstrip(WHITE_SPACE):
            self._ahead.update(body)
            self._array = self._ahead
            self._ahead = self._array.copy()
        self._ahead.update(part[len(body) :])

    def _begin(self) -> None:
        """Begin a line that is not blank."""
        self._array.update(self._separator)
        self._separator, self._in_line = b",", True
        self._ahead = self._array
