"""Read and move the aliases of scripts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar, assert_never

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.aliases import Aliases, Moved, MoveRequest, RecordedMove
from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownScript, UnknownVersion, read_script
from domain.aliases import Alias, AliasName, UnknownAlias
from domain.audit import Actor
from domain.preconditions import PreconditionFailed
from domain.promotion import (
    GuardedAlias,
    NoSuchVersion,
    NothingToRollBack,
    Promotion,
    PromotionBlocked,
    PromotionRefused,
    Removal,
    RemovalRefused,
    Rollback,
    RollbackRefused,
    TooManyAliases,
    promote,
    remove,
    roll_back,
)
from domain.script import Script

_A = TypeVar("_A")
_R = TypeVar("_R")


@frozen
class AliasNotFound:
    """The script has no alias of that name."""

    script: Script
    alias: AliasName


@frozen
class Blocked:
    """The script's gate does not let the promotion pass."""

    script: Script
    blocked: PromotionBlocked


AliasUnknown: TypeAlias = UnknownScript | AliasNotFound
PromoteRefused: TypeAlias = UnknownScript | UnknownVersion | PreconditionFailed | TooManyAliases | Blocked
RollBackRefused: TypeAlias = AliasUnknown | PreconditionFailed | NothingToRollBack
RemoveRefused: TypeAlias = AliasUnknown | PreconditionFailed | GuardedAlias
AliasRefused: TypeAlias = PromoteRefused | RollBackRefused | RemoveRefused


async def with_script(
    scripts: Scripts, script_ref: ScriptRef, step: Callable[[Script], Awaitable[Result[_A, _R]]]
) -> Result[_A, _R | UnknownScript]:
    """Take the step with the script of that id or name."""
    found = await read_script(scripts, script_ref)
    return await step(found.unwrap()) if is_successful(found) else Failure(found.failure())


@frozen(kw_only=True)
class AliasUseCases:
    """The use cases of aliases with their ports bound, once for each process."""

    scripts: Scripts
    aliases: Aliases

    async def all(self, script_ref: ScriptRef) -> Result[Sequence[Alias], UnknownScript]:
        """List a script's aliases."""

        async def listed(script: Script) -> Result[Sequence[Alias], UnknownScript]:
            return Success(await self.aliases.all(script.id))

        return await with_script(self.scripts, script_ref, listed)

    async def find(self, script_ref: ScriptRef, name: AliasName) -> Result[Alias, AliasUnknown]:
        """Find an alias of a script."""

        async def found(script: Script) -> Result[Alias, AliasUnknown]:
            alias = next((one for one in await self.aliases.all(script.id) if one.name == name), None)
            return Success(alias) if alias is not None else Failure(AliasNotFound(script, name))

        return await with_script(self.scripts, script_ref, found)

    async def history(
        self, script_ref: ScriptRef, name: AliasName, before: int | None, limit: int
    ) -> Result[Sequence[RecordedMove], AliasUnknown]:
        """List moves of an alias, newest first, even of one that was removed."""

        async def listed(script: Script) -> Result[Sequence[RecordedMove], AliasUnknown]:
            moves = await self.aliases.history(script.id, name, before, limit)
            return Success(moves) if moves or before is not None else Failure(AliasNotFound(script, name))

        return await with_script(self.scripts, script_ref, listed)

    async def promote(self, script_ref: ScriptRef, wanted: Promotion, actor: Actor) -> Result[Moved, PromoteRefused]:
        """Point an alias to a version."""

        async def promoted(script: Script) -> Result[Moved, PromoteRefused]:
            request = MoveRequest(script_id=script.id, alias=wanted.alias, version=wanted.version)
            moved = await self.aliases.move(request, lambda facts: promote(wanted, facts), actor)
            return moved.alt(lambda why: _promotion_refused(script, why))

        return await with_script(self.scripts, script_ref, promoted)

    async def roll_back(self, script_ref: ScriptRef, wanted: Rollback, actor: Actor) -> Result[Moved, RollBackRefused]:
        """Undo the latest promotion of an alias."""

        async def rolled_back(script: Script) -> Result[Moved, RollBackRefused]:
            request = MoveRequest(script_id=script.id, alias=wanted.alias, needs_history=True)
            moved = await self.aliases.move(request, lambda facts: roll_back(wanted, facts), actor)
            return moved.alt(lambda why: _rollback_refused(script, why))

        return await with_script(self.scripts, script_ref, rolled_back)

    async def remove(self, script_ref: ScriptRef, wanted: Removal, actor: Actor) -> Result[Moved, RemoveRefused]:
        """Remove an alias."""

        async def removed(script: Script) -> Result[Moved, RemoveRefused]:
            request = MoveRequest(script_id=script.id, alias=wanted.alias)
            moved = await self.aliases.move(request, lambda facts: remove(wanted, facts), actor)
            return moved.alt(lambda why: _removal_refused(script, why))

        return await with_script(self.scripts, script_ref, removed)


def _promotion_refused(script: Script, refusal: PromotionRefused) -> PromoteRefused:
    match refusal:
        case NoSuchVersion(number=number):
            return UnknownVersion(script, number)
        case PromotionBlocked():
            return Blocked(script, refusal)
        case PreconditionFailed() | TooManyAliases():
            return refusal
        case _:
            assert_never(refusal)


def _rollback_refused(script: Script, refusal: RollbackRefused) -> RollBackRefused:
    return AliasNotFound(script, refusal.name) if isinstance(refusal, UnknownAlias) else refusal


def _removal_refused(script: Script, refusal: RemovalRefused) -> RemoveRefused:
    return AliasNotFound(script, refusal.name) if isinstance(refusal, UnknownAlias) else refusal
