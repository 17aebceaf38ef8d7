"""The kinds of zygotes: the properties that a zygote has from its start, so that scripts which differ in them need
different ones."""

from functools import lru_cache
from typing import Final

from attrs import frozen

from domain.engine import EngineName

_NAMES_OF_INTL: Final = (b"Intl", b"toLocale", b"localeCompare", b"timeZone")

_REMEMBERED: Final = 16
"""Sources that are not searched again for each of their runs."""


@frozen(cache_hash=True)
class ZygoteKind:
    """A zygote's engine, and whether it has `Intl`."""

    engine: EngineName
    intl: bool = False


@lru_cache(_REMEMBERED)
def kind_for(engine: EngineName, source: bytes) -> ZygoteKind:
    """Choose the kind of zygote for a source: one with `Intl` if one of its names is anywhere in it."""
    return ZygoteKind(engine, any(name in source for name in _NAMES_OF_INTL))
