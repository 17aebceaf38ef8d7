"""Moves of aliases: promotion, rollback and removal, each a decision on frozen facts.

A promotion of an alias that the script's gate guards requires a version that meets the gate; a forced one takes place
all the same, and is recorded as such. The history of an alias is a stack: promotions push a version, rollbacks pop it,
and a removal empties it. Rollbacks are never gated, since the version below has been in use. An archived script's
aliases can be moved, so that they are right before it takes executions again.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.aliases import MOST_ALIASES, Alias, AliasMove, AliasName, MoveReason, UnknownAlias
from domain.gate import NOTHING_KNOWN, Gate, GateReason, VersionStanding, unmet_requirements
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed


@frozen(kw_only=True)
class Promotion:
    """A request to point an alias to a version; `force` if it is to be in spite of the gate."""

    alias: AliasName
    version: int
    note: str = ""
    force: bool = False
    precondition: Precondition = UNCONDITIONAL


@frozen(kw_only=True)
class Rollback:
    """A request to undo the alias's latest promotion that is still in force."""

    alias: AliasName
    note: str = ""
    precondition: Precondition = UNCONDITIONAL


@frozen(kw_only=True)
class Removal:
    """A request to remove an alias. `may_unguard` if its actor may remove one that the gate guards."""

    alias: AliasName
    may_unguard: bool = False
    precondition: Precondition = UNCONDITIONAL


@frozen(kw_only=True)
class AliasFacts:
    """The facts on which a move is decided, as of one moment: `at` by the store's clock.

    `alias` is the stored one, `aliases` the number of the script's aliases, and `has_version` tells whether the wanted
    version exists, whose `standing` is known where a gate guards the alias. `moves` are the alias's latest moves, from
    the newest back; for a rollback, as many as `is_settled` asks for.
    """

    at: datetime
    alias: Alias | None
    aliases: int = 0
    has_version: bool = False
    gate: Gate | None = None
    standing: VersionStanding = NOTHING_KNOWN
    moves: tuple[AliasMove, ...] = ()


@frozen
class NoSuchVersion:
    """The script has no version of the number that the alias was to point to."""

    number: int


@frozen
class TooManyAliases:
    """The script has as many aliases as it may have."""

    maximum: int = MOST_ALIASES


@frozen
class PromotionBlocked:
    """The version does not meet the gate, for these reasons."""

    version: int
    reasons: tuple[GateReason, ...]


@frozen
class NothingToRollBack:
    """No promotion of the alias is left that could be undone: its first one led from no version."""

    alias: AliasName


@frozen
class GuardedAlias:
    """The gate guards the alias, so removing it needs the scope that setting the gate needs."""

    alias: AliasName


@frozen
class Unmoved:
    """The alias points to the wanted version already."""

    alias: Alias


PromotionRefused: TypeAlias = PreconditionFailed | NoSuchVersion | TooManyAliases | PromotionBlocked
RollbackRefused: TypeAlias = UnknownAlias | PreconditionFailed | NothingToRollBack
RemovalRefused: TypeAlias = UnknownAlias | PreconditionFailed | GuardedAlias


def promote(wanted: Promotion, facts: AliasFacts) -> Result[AliasMove | Unmoved, PromotionRefused]:
    """Decide a promotion. One to the version that the alias points to changes nothing, whatever the gate says."""
    alias = facts.alias
    revision = None if alias is None else alias.revision
    if not wanted.precondition.holds(revision):
        return Failure(PreconditionFailed(revision))
    if not facts.has_version:
        return Failure(NoSuchVersion(wanted.version))
    if alias is not None and alias.version == wanted.version:
        return Success(Unmoved(alias))
    if alias is None and facts.aliases >= MOST_ALIASES:
        return Failure(TooManyAliases())
    reasons = _blocking(wanted.alias, facts)
    if reasons and not wanted.force:
        return Failure(PromotionBlocked(wanted.version, reasons))
    reason = MoveReason.FORCED if reasons else MoveReason.PROMOTION
    return Success(_move(wanted.alias, facts, wanted.version, reason, wanted.note))


def roll_back(wanted: Rollback, facts: AliasFacts) -> Result[AliasMove, RollbackRefused]:
    """Decide a rollback: back to the version from which the latest promotion in force led."""
    alias = facts.alias
    if alias is None:
        return Failure(UnknownAlias(wanted.alias))
    if not wanted.precondition.holds(alias.revision):
        return Failure(PreconditionFailed(alias.revision))
    undone = promotion_in_force(facts.moves)
    if undone is None or undone.from_version is None:
        return Failure(NothingToRollBack(wanted.alias))
    return Success(_move(wanted.alias, facts, undone.from_version, MoveReason.ROLLBACK, wanted.note))


def remove(wanted: Removal, facts: AliasFacts) -> Result[AliasMove, RemovalRefused]:
    """Decide the removal of an alias; its history remains."""
    alias = facts.alias
    if alias is None:
        return Failure(UnknownAlias(wanted.alias))
    if not wanted.precondition.holds(alias.revision):
        return Failure(PreconditionFailed(alias.revision))
    if facts.gate is not None and facts.gate.guards(wanted.alias) and not wanted.may_unguard:
        return Failure(GuardedAlias(wanted.alias))
    return Success(_move(wanted.alias, facts, None, MoveReason.REMOVAL, ""))


def promotion_in_force(moves: Iterable[AliasMove]) -> AliasMove | None:
    """Find the latest promotion that no rollback has undone, in moves from the newest back; None if there is none."""
    undone = 0
    for move in moves:
        if move.reason is MoveReason.REMOVAL:
            return None
        if move.reason is MoveReason.ROLLBACK:
            undone += 1
        elif undone == 0:
            return move
        else:
            undone -= 1
    return None


def is_settled(moves: Iterable[AliasMove]) -> bool:
    """Tell whether the latest moves suffice for a rollback, so that earlier ones need not be read."""
    moves = tuple(moves)
    return promotion_in_force(moves) is not None or any(one.reason is MoveReason.REMOVAL for one in moves)


def _blocking(alias: AliasName, facts: AliasFacts) -> tuple[GateReason, ...]:
    gate = facts.gate
    return () if gate is None or not gate.guards(alias) else unmet_requirements(gate, facts.standing)


def _move(alias: AliasName, facts: AliasFacts, to: int | None, reason: MoveReason, note: str) -> AliasMove:
    before = None if facts.alias is None else facts.alias.version
    return AliasMove(alias=alias, from_version=before, to_version=to, reason=reason, at=facts.at, note=note)
