"""What a field says about itself beside its type and its validators."""

from typing import Final

ABSENT: Final = "absent"
DESCRIPTION: Final = "description"
EXAMPLE: Final = "example"


def about(description: str, example: object = None, *, absent: bool = False) -> dict[str, object]:
    """Field metadata. `absent` marks a member that is left out, instead of null, when its value is None."""
    return {DESCRIPTION: description, EXAMPLE: example, ABSENT: absent}


class Sent:
    """What clients send, as opposed to what they get: a shape without room for members that it does not know."""

    __slots__ = ()
