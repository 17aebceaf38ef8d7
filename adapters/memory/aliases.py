"""The port `Aliases` of the store in memory. Nothing else runs between the reading of the facts and the move."""

from collections.abc import Sequence
from itertools import count
from typing import Final, TypeVar
from uuid import UUID

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.memory.outbox import MemoryOutbox
from adapters.memory.scripts import MemoryScripts
from application.ports.aliases import (
    DecideGate,
    DecideMove,
    Moved,
    MoveRequest,
    RecordedMove,
    ReplayStandings,
    TestStandings,
)
from application.ports.system import Clock
from domain.aliases import Alias, AliasMove, AliasName
from domain.audit import ANONYMOUS, Actor, gate_event, move_event
from domain.gate import StoredGate, VersionStanding
from domain.promotion import AliasFacts, Unmoved

_R = TypeVar("_R")


class MemoryAliases:
    """The port `Aliases`. `tests` and `replays` are the other parts of the store that know a version's standing."""

    def __init__(
        self,
        scripts: MemoryScripts,
        clock: Clock,
        tests: TestStandings,
        replays: ReplayStandings,
        outbox: MemoryOutbox,
    ) -> None:
        self._scripts, self._clock, self._audit = scripts, clock, scripts.audit
        self.tests, self.replays, self._outbox = tests, replays, outbox
        self._aliases: dict[tuple[UUID, AliasName], Alias] = {}
        self._gates: dict[UUID, StoredGate] = {}
        self._moves: list[tuple[UUID, RecordedMove]] = []
        self._revisions: Final = count(1)

    async def all(self, script_id: UUID) -> Sequence[Alias]:
        own = (alias for (owner, _), alias in self._aliases.items() if owner == script_id)
        return sorted(own, key=lambda alias: alias.name.value)

    async def history(
        self, script_id: UUID, alias: AliasName, before: int | None, limit: int
    ) -> Sequence[RecordedMove]:
        newest_first = (one for owner, one in reversed(self._moves) if (owner, one.move.alias) == (script_id, alias))
        found = [one for one in newest_first if before is None or one.number < before][:limit]
        return [evolve(one, key_name=self._audit.names.get(one.move.key_id)) for one in found]

    async def move(self, request: MoveRequest, decide: DecideMove[_R], by: Actor = ANONYMOUS) -> Result[Moved, _R]:
        decided = decide(await self._facts(request))
        if not is_successful(decided):
            return Failure(decided.failure())
        move = decided.unwrap()
        return Success(
            Moved(move.alias, None) if isinstance(move, Unmoved) else self._made(request.script_id, move, by)
        )

    async def _facts(self, request: MoveRequest) -> AliasFacts:
        script_id, version = request.script_id, request.version
        stored = self._gates.get(script_id)
        return AliasFacts(
            at=self._clock(),
            alias=self._aliases.get((script_id, request.alias)),
            aliases=len(await self.all(script_id)),
            has_version=version is not None and await self._scripts.version(script_id, version) is not None,
            gate=None if stored is None else stored.gate,
            standing=VersionStanding() if version is None else await self.standing(script_id, version),
            moves=tuple(one.move for one in await self.history(script_id, request.alias, None, len(self._moves))),
        )

    def _made(self, script_id: UUID, decided: AliasMove, by: Actor) -> Moved:
        move, name = evolve(decided, key_id=by.key_id), decided.alias
        self._moves.append((script_id, RecordedMove(len(self._moves) + 1, move)))
        self._audit.record(move_event(script_id, move, by))
        self._outbox.record_move(script_id, move)
        if move.to_version is None:
            del self._aliases[script_id, name]
            alias = None
        else:
            revision, version = len(self._moves), move.to_version
            alias = Alias(script_id=script_id, name=name, version=version, revision=revision, moved_at=move.at)
            self._aliases[script_id, name] = alias
        self._scripts.point(script_id, name, move.to_version)
        return Moved(alias, move)

    async def gate(self, script_id: UUID) -> StoredGate | None:
        return self._gates.get(script_id)

    async def set_gate(
        self, script_id: UUID, decide: DecideGate[_R], by: Actor = ANONYMOUS
    ) -> Result[StoredGate | None, _R]:
        stored = self._gates.get(script_id)
        decided = decide(stored)
        if not is_successful(decided):
            return Failure(decided.failure())
        gate = decided.unwrap()
        if gate != (stored and stored.gate):
            self._gates.pop(script_id, None)
            if gate is not None:
                self._gates[script_id] = StoredGate(gate, next(self._revisions))
            self._audit.record(gate_event(script_id, gate, by))
        return Success(self._gates.get(script_id))

    async def standing(self, script_id: UUID, version: int) -> VersionStanding:
        return VersionStanding(
            tests=self.tests.tests_of(script_id, version), replays=self.replays.replays_on(script_id, version)
        )
