"""Ports to the aliases of scripts and the history of their moves, to gates, and to the facts that gates ask about."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

from attrs import frozen
from returns.result import Result

from domain.aliases import Alias, AliasMove, AliasName
from domain.audit import ANONYMOUS, Actor
from domain.gate import Gate, ReplayStanding, StoredGate, TestStanding, VersionStanding
from domain.promotion import AliasFacts, Unmoved

_R = TypeVar("_R")


@frozen
class RecordedMove:
    """A stored move. Numbers increase, with gaps, in the order of an alias's moves; `key_name` is its actor's key's."""

    number: int
    move: AliasMove
    key_name: str | None = None


@frozen
class Moved:
    """The alias after a move, which is None if the alias led there already; removed by the move, it is None itself."""

    alias: Alias | None
    move: AliasMove | None


@frozen(kw_only=True)
class MoveRequest:
    """The facts that a move needs: the alias, the version that it is to lead to, and whether its history counts."""

    script_id: UUID
    alias: AliasName
    version: int | None = None
    needs_history: bool = False


DecideMove: TypeAlias = Callable[[AliasFacts], Result[AliasMove | Unmoved, _R]]
DecideGate: TypeAlias = Callable[[StoredGate | None], Result[Gate | None, _R]]


class Aliases(Protocol):
    """The aliases and the gates of scripts. Each change is audited in the same transaction, with the actor `by`."""

    async def all(self, script_id: UUID) -> Sequence[Alias]:
        """List the script's aliases by name; they are few."""
        ...

    async def history(
        self, script_id: UUID, alias: AliasName, before: int | None, limit: int
    ) -> Sequence[RecordedMove]:
        """List up to `limit` moves of the alias, newest first, whose numbers are less than `before`."""
        ...

    async def move(self, request: MoveRequest, decide: DecideMove[_R], by: Actor = ANONYMOUS) -> Result[Moved, _R]:
        """Make the move that `decide` makes of the facts, both under a lock that excludes other moves, and changes of
        tests and gates, of the script. The script must exist."""
        ...

    async def gate(self, script_id: UUID) -> StoredGate | None:
        """Read the script's gate."""
        ...

    async def set_gate(
        self, script_id: UUID, decide: DecideGate[_R], by: Actor = ANONYMOUS
    ) -> Result[StoredGate | None, _R]:
        """Set the gate that `decide` makes of the stored one, under the same lock; remove it if that is None.

        An equal gate keeps its revision.
        """
        ...

    async def standing(self, script_id: UUID, version: int) -> VersionStanding:
        """Read the facts about a version that gates ask for."""
        ...


class TestStandings(Protocol):
    """The results of a script's current tests, for a store that keeps them elsewhere."""

    def tests_of(self, script_id: UUID, version: int) -> tuple[TestStanding, ...]:
        """List the script's current tests, each with its latest result on the version."""
        ...


class ReplayStandings(Protocol):
    """The replays of a version, for a store that keeps them elsewhere."""

    def replays_on(self, script_id: UUID, version: int) -> tuple[ReplayStanding, ...]:
        """List the latest replays on the version, newest first."""
        ...
