"""The JavaScript engines that a script version can run on."""

from enum import StrEnum
from typing import Final


class EngineName(StrEnum):
    """An engine, by the distribution that ships it, as PyPI names it."""

    DUKPY = "dukpy"
    QUICKJS_NG = "quickjs-ng"


DEFAULT_ENGINE: Final = EngineName.QUICKJS_NG
"""The engine of versions that name none, unless the operator sets another."""
