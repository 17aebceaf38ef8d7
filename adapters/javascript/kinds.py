"""The kinds of zygotes: the properties that a zygote has from its start, so that scripts which differ in them need
different ones."""

from typing import Final

from attrs import frozen

from domain.engine import EngineName

_NAMES_OF_INTL: Final = (b"Intl", b"toLocale", b"localeCompare", b"timeZone")


@frozen
class ZygoteKind:
    """A zygote's engine, and whether it has `Intl`."""

    engine: EngineName
    intl: bool = False


def kind_for(engine: EngineName, source: bytes) -> ZygoteKind:
    """The kind of zygote that a source needs: one with `Intl` if a name of that is anywhere in it."""
    return ZygoteKind(engine, any(name in source for name in _NAMES_OF_INTL))
