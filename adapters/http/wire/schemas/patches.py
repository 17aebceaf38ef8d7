"""Members of JSON merge patches (RFC 7396) that may be left out, which is something else than null there."""

from enum import Enum
from typing import Any, Final

from attrs import frozen
from attrs.validators import and_


class Unchanged(Enum):
    """The value of a member that a patch leaves out."""

    UNCHANGED = "unchanged"


UNCHANGED: Final[Any] = Unchanged.UNCHANGED
"""The default of such a member, whatever its type."""


@frozen(init=False)
class IfGiven:
    """The validators of a member that may be left out: they check it if it is given."""

    validator: Any

    def __init__(self, *validators: Any) -> None:
        self.__attrs_init__(and_(*validators))

    def __call__(self, instance: object, attribute: Any, value: Any) -> None:
        """Check the member."""
        if value is not UNCHANGED:
            self.validator(instance, attribute, value)
