"""The JavaScript engines that a script version can run on."""

from enum import StrEnum


class EngineName(StrEnum):
    """An engine, by the distribution that ships it, as PyPI names it."""

    DUKPY = "dukpy"
    QUICKJS_NG = "quickjs-ng"
