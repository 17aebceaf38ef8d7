"""The kinds of zygotes: the properties that a zygote has from its start, so that scripts which differ in them need
different ones."""

from attrs import frozen

from domain.engine import EngineName


@frozen
class ZygoteKind:
    """A zygote's engine, and whether it has `Intl`."""

    engine: EngineName
    intl: bool = False
