"""Metadata of schema fields: description, example, and optional presence."""

from typing import Final

ABSENT: Final = "absent"
DESCRIPTION: Final = "description"
EXAMPLE: Final = "example"


def describe(description: str, example: object = None, *, absent: bool = False) -> dict[str, object]:
    """Build field metadata. `absent` marks a member that is omitted, rather than null, when its value is None."""
    return {DESCRIPTION: description, EXAMPLE: example, ABSENT: absent}


class RequestModel:
    """Marks a request schema: unknown members are rejected."""

    __slots__ = ()
