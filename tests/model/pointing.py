"""Users' acts on aliases."""

from typing import TypeAlias

from attrs import evolve, frozen
from returns.result import Failure, Result

from application.ports.aliases import Moved
from application.scripts.aliases import (
    AliasNotFound,
    AliasUseCases,
    Blocked,
    PromoteRefused,
    RemoveRefused,
    RollBackRefused,
)
from application.scripts.read import UnknownScript, UnknownVersion
from domain.aliases import AliasName
from domain.audit import ANONYMOUS
from domain.promotion import GuardedAlias, NothingToRollBack, Promotion, Removal, Rollback
from domain.script import ScriptName
from tests.model.environments import Api, World
from tests.model.ledger import Ledger

Stack: TypeAlias = tuple[int, ...]


def _aliases(api: Api) -> AliasUseCases:
    return AliasUseCases(scripts=api.scripts, aliases=api.aliases)


def _point(ledger: Ledger, name: str, alias: AliasName, stack: Stack) -> None:
    """Record where the alias leads: the versions to which rollbacks lead, and on top the present one."""
    hosted = ledger.scripts[name]
    others = {one: other for one, other in hosted.aliases.items() if one != alias}
    ledger.scripts[name] = evolve(hosted, aliases=others | {alias: stack} if stack else others)


@frozen
class Promote:
    """A user points an alias to a version, which may not exist."""

    api: int
    name: str
    alias: AliasName
    version: int

    async def act(self, world: World) -> Result[Moved, PromoteRefused]:
        wanted = Promotion(alias=self.alias, version=self.version)
        return await _aliases(world.apis[self.api]).promote(ScriptName(self.name), wanted, ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[Moved, PromoteRefused]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or self.version > len(hosted.versions):
            assert isinstance(answer.failure(), UnknownScript if hosted is None else UnknownVersion)
            return
        stack = hosted.aliases.get(self.alias, ())
        if stack[-1:] != (self.version,) and not ledger.lets_pass(hosted, self.alias, self.version):
            assert isinstance(answer.failure(), Blocked)
            return
        moved = answer.unwrap()
        assert moved.alias is not None
        assert moved.alias.version == self.version
        assert (moved.move is None) == (stack[-1:] == (self.version,))
        if moved.move is not None:
            assert moved.move.from_version == (stack[-1] if stack else None)
            _point(ledger, self.name, self.alias, (*stack, self.version))


@frozen
class RollBack:
    """A user rolls an alias back."""

    api: int
    name: str
    alias: AliasName

    async def act(self, world: World) -> Result[Moved, RollBackRefused]:
        wanted = Rollback(alias=self.alias)
        return await _aliases(world.apis[self.api]).roll_back(ScriptName(self.name), wanted, ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[Moved, RollBackRefused]) -> None:
        hosted = ledger.scripts.get(self.name)
        stack = () if hosted is None else hosted.aliases.get(self.alias, ())
        if len(stack) > 1:
            moved = answer.unwrap()
            assert moved.alias is not None
            assert moved.alias.version == stack[-2]
            _point(ledger, self.name, self.alias, stack[:-1])
        elif stack:
            assert answer == Failure(NothingToRollBack(self.alias))
        else:
            assert isinstance(answer.failure(), UnknownScript if hosted is None else AliasNotFound)


@frozen
class RemoveAlias:
    """A user removes an alias."""

    api: int
    name: str
    alias: AliasName

    async def act(self, world: World) -> Result[Moved, RemoveRefused]:
        wanted = Removal(alias=self.alias)
        return await _aliases(world.apis[self.api]).remove(ScriptName(self.name), wanted, ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[Moved, RemoveRefused]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or self.alias not in hosted.aliases:
            assert isinstance(answer.failure(), UnknownScript if hosted is None else AliasNotFound)
            return
        if hosted.gate is not None and hosted.gate.guards(self.alias):
            assert answer == Failure(GuardedAlias(self.alias))
            return
        assert answer.unwrap().alias is None
        _point(ledger, self.name, self.alias, ())
