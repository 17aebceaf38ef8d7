"""The place of a fault in a text, and the characters around it."""

from typing import Final

from attrs import field, frozen

from adapters.json.positions import Text, decoded, last_before

AHEAD_BYTES: Final = 16


@frozen
class Place:
    """A fault's offset and reason, and the text around it."""

    text: Text = field(repr=False)
    at: int
    reason: str

    @property
    def ahead(self) -> str:
        """The characters from the fault on."""
        return decoded(bytes(self.text[self.at : self.at + AHEAD_BYTES]), "utf-8")

    @property
    def character(self) -> str:
        """The character at the fault."""
        return self.ahead[:1]

    @property
    def byte_before(self) -> bytes:
        """The byte right before the fault."""
        return bytes(self.text[max(self.at - 1, 0) : self.at])

    @property
    def previous(self) -> bytes:
        """The last byte before the fault that is not white space."""
        before = last_before(self.text, self.at)
        return bytes(self.text[before : before + 1]) if before >= 0 else b""
