"""Validators of members that are a number, or something else."""

from typing import Any

from attrs import frozen
from attrs.validators import and_


@frozen(init=False)
class IfNumber:
    """The validators of a member that may be a word or null: they check it if it is a number."""

    validator: Any

    def __init__(self, *validators: Any) -> None:
        self.__attrs_init__(and_(*validators))

    def __call__(self, instance: object, attribute: Any, value: Any) -> None:
        """Check the member."""
        if isinstance(value, int):
            self.validator(instance, attribute, value)
