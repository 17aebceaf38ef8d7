"""Removal of a byte order mark from the beginning of a UTF-8 text that arrives in pieces of any size."""

from codecs import BOM_UTF8


class ByteOrderMark:
    """The beginning of a text: held back until it is known to be a byte order mark or something else."""

    def __init__(self) -> None:
        self._held: bytes | None = b""

    def without(self, piece: bytes) -> bytes:
        """Return the part of the text that is known to be no mark, up to the end of the next piece."""
        if self._held is None:
            return piece
        begun = self._held + piece
        self._held = begun if len(begun) < len(BOM_UTF8) and BOM_UTF8.startswith(begun) else None
        return begun.removeprefix(BOM_UTF8) if self._held is None else b""

    def end(self) -> bytes:
        """Return the part of the text that is held back at its end, since no whole mark has come."""
        return self._held or b""
