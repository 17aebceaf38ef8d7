"""Metadata of schema fields: description, example, optional presence, and the shape of JSON text."""

from typing import Final

ABSENT: Final = "absent"
DESCRIPTION: Final = "description"
EXAMPLE: Final = "example"
SHAPE: Final = "shape"


def describe(
    description: str, example: object = None, *, absent: bool = False, shape: object = None
) -> dict[str, object]:
    """Build field metadata. `absent` marks a member that is omitted, rather than null, when its value is None; `shape`
    is the type that its JSON text has."""
    return {DESCRIPTION: description, EXAMPLE: example, ABSENT: absent, SHAPE: shape}


class RequestModel:
    """Marks a request schema: unknown members are rejected."""

    __slots__ = ()
