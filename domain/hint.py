"""Hints: advice on how to mend an error. A hint is a code with parameters; adapters have its text in each language."""

from typing import TypeAlias

from attrs import field, frozen

Parameter: TypeAlias = str | int


@frozen
class Hint:
    """Advice by its code. The parameters fill the placeholders of its text, and may quote a script or its dataset, so
    they never enter a repr."""

    code: str
    parameters: tuple[tuple[str, Parameter], ...] = field(default=(), repr=False)


def hint(code: str, **parameters: Parameter) -> Hint:
    """Build a hint from its code and named parameters."""
    return Hint(code, tuple(parameters.items()))
