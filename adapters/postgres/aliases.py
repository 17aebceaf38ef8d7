"""The port `Aliases` on PostgreSQL. A move is one transaction: a lock of the script's row, the facts, and the move."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar
from uuid import UUID

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.postgres.alias_rows import (
    alias_from,
    gate_from,
    gate_json,
    move_columns,
    recorded_from,
    replay_standing_from,
    stored_gate_from,
)
from adapters.postgres.audit import audit_event_columns
from adapters.postgres.connections import Connection, Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from application.ports.aliases import DecideGate, DecideMove, Moved, MoveRequest, RecordedMove
from domain.aliases import Alias, AliasMove, AliasName
from domain.audit import ANONYMOUS, Actor, gate_event, move_event
from domain.gate import MOST_REPLAYS, NOTHING_KNOWN, StoredGate, TestStanding, VersionStanding
from domain.promotion import AliasFacts, Unmoved, is_settled

_R = TypeVar("_R")

_FIRST_MOVES: Final = 16


class PostgresAliases:
    """Aliases, moves and gates in their tables."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @repeated_if_lost
    async def all(self, script_id: UUID) -> Sequence[Alias]:
        async with connection(self._pool) as conn:
            rows = await _rows(conn, "aliases", script_id=script_id)
        return [alias_from(row) for row in rows]

    @repeated_if_lost
    async def history(
        self, script_id: UUID, alias: AliasName, before: int | None, limit: int
    ) -> Sequence[RecordedMove]:
        async with connection(self._pool) as conn, planned_by_values(conn):
            return await _moves(conn, script_id, alias, before, limit)

    async def move(self, request: MoveRequest, decide: DecideMove[_R], by: Actor = ANONYMOUS) -> Result[Moved, _R]:
        async with self._locked(request.script_id) as (conn, lock):
            decided = decide(await _facts(conn, request, lock))
            if not is_successful(decided):
                return Failure(decided.failure())
            move = decided.unwrap()
            if isinstance(move, Unmoved):
                return Success(Moved(move.alias, None))
            moved, has_event = await _make(conn, request.script_id, evolve(move, key_id=by.key_id), by)
        if has_event:
            notifier_of(self._pool).notify_events()
        return Success(moved)

    @repeated_if_lost
    async def gate(self, script_id: UUID) -> StoredGate | None:
        async with connection(self._pool) as conn:
            return await _gate(conn, script_id)

    async def set_gate(
        self, script_id: UUID, decide: DecideGate[_R], by: Actor = ANONYMOUS
    ) -> Result[StoredGate | None, _R]:
        async with self._locked(script_id) as (conn, _):
            stored = await _gate(conn, script_id)
            decided = decide(stored)
            if not is_successful(decided):
                return Failure(decided.failure())
            gate = decided.unwrap()
            if gate == (stored and stored.gate):
                return Success(stored)
            columns = {"gate": gate_json(gate)} | audit_event_columns(gate_event(script_id, gate, by))
            rows = await _rows(conn, "set_gate", **columns)
            return Success(stored_gate_from(rows[0]) if rows else None)

    @repeated_if_lost
    async def standing(self, script_id: UUID, version: int) -> VersionStanding:
        async with connection(self._pool) as conn:
            return await _standing(conn, script_id, version)

    @asynccontextmanager
    async def _locked(self, script_id: UUID) -> AsyncIterator[tuple[Connection, Row]]:
        async with connection(self._pool) as conn, conn.transaction():
            (lock,) = await _rows(conn, "lock_script", script_id=script_id)
            yield conn, lock


async def _rows(conn: Connection, name: str, **parameters: Any) -> list[Row]:
    return list(await (await conn.execute(query(name), parameters)).fetchall())


async def _moves(
    conn: Connection, script_id: UUID, alias: AliasName, before: int | None, limit: int
) -> list[RecordedMove]:
    rows = await _rows(conn, "alias_moves", script_id=script_id, alias=alias.value, before=before, limit=limit)
    return [recorded_from(row) for row in rows]


async def _facts(conn: Connection, request: MoveRequest, lock: Row) -> AliasFacts:
    """Read what the decision needs: the standing where a gate asks for it, and the moves that a rollback may undo."""
    script_id, name, version = request.script_id, request.alias, request.version
    (row,) = await _rows(conn, "alias_facts", script_id=script_id, alias=name.value, version=version)
    gate = None if row["gate"] is None else gate_from(row["gate"])
    is_gated = gate is not None and gate.guards(name) and version is not None
    return AliasFacts(
        at=lock["now"],
        alias=None if row["move"] is None else alias_from({"script_id": script_id, "name": name.value, **row}),
        aliases=row["aliases"],
        has_version=row["has_version"],
        gate=gate,
        standing=await _standing(conn, script_id, version) if is_gated and version is not None else NOTHING_KNOWN,
        moves=await _undoable(conn, script_id, name) if request.needs_history else (),
    )


async def _undoable(conn: Connection, script_id: UUID, alias: AliasName) -> tuple[AliasMove, ...]:
    limit = _FIRST_MOVES
    while True:
        moves = tuple(one.move for one in await _moves(conn, script_id, alias, None, limit))
        if is_settled(moves) or len(moves) < limit:
            return moves
        limit *= 4


async def _make(conn: Connection, script_id: UUID, move: AliasMove, by: Actor) -> tuple[Moved, bool]:
    """Make a move, and tell whether its event was recorded for a webhook."""
    columns = move_columns(script_id, move) | audit_event_columns(move_event(script_id, move, by))
    (row,) = await _rows(conn, "add_move", **columns)
    if move.to_version is None:
        return Moved(None, move), row["has_event"]
    alias = Alias(
        script_id=script_id, name=move.alias, version=move.to_version, revision=row["number"], moved_at=move.at
    )
    return Moved(alias, move), row["has_event"]


async def _gate(conn: Connection, script_id: UUID) -> StoredGate | None:
    rows = await _rows(conn, "gate", script_id=script_id)
    return stored_gate_from(rows[0]) if rows else None


async def _standing(conn: Connection, script_id: UUID, version: int) -> VersionStanding:
    tests = await _rows(conn, "test_standings", script_id=script_id, version=version)
    replays = await _rows(conn, "replay_standings", script_id=script_id, version=version, limit=MOST_REPLAYS)
    return VersionStanding(
        tests=tuple(TestStanding(row["name"], row["passed"]) for row in tests),
        replays=tuple(replay_standing_from(row) for row in replays),
    )
