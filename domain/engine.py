"""The JavaScript engines that a script version can run on."""

from enum import StrEnum
from typing import Final


class EngineName(StrEnum):
    """An engine, by the distribution that ships it, as PyPI names it."""

    DUKPY = "dukpy"
    QUICKJS_NG = "quickjs-ng"


_EXACT: Final = frozenset({EngineName.QUICKJS_NG})


def has_exact_positions(engine: str) -> bool:
    """Tell whether the positions of an engine's errors can be exact. dukpy only knows the positions of calls.

    `engine` is an engine's name, followed by versions or not. An unknown one is not known to be exact.
    """
    return engine.partition(" ")[0] in _EXACT


DEFAULT_ENGINE: Final = EngineName.QUICKJS_NG
"""The engine of versions that name none, unless the operator sets another."""
