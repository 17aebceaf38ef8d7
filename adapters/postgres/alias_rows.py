"""Conversion of the rows of aliases, moves and gates to domain values, and back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import asdict
from psycopg.types.json import Jsonb

from adapters.postgres.connections import Row
from application.ports.aliases import RecordedMove
from domain.aliases import Alias, AliasMove, AliasName, MoveReason
from domain.gate import Gate, ReplayStanding, StoredGate


def alias_from(row: Row) -> Alias:
    """Convert a row to an alias."""
    return Alias(
        script_id=row["script_id"],
        name=AliasName(row["name"]),
        version=row["version"],
        revision=row["move"],
        moved_at=row["moved_at"],
    )


def move_columns(script_id: UUID, move: AliasMove) -> dict[str, Any]:
    """Map a move to its columns."""
    return asdict(move) | {"script_id": script_id, "alias": move.alias.value, "reason": move.reason.value}


def recorded_from(row: Row) -> RecordedMove:
    """Convert a row to a stored move."""
    move = AliasMove(
        alias=AliasName(row["alias"]),
        from_version=row["from_version"],
        to_version=row["to_version"],
        reason=MoveReason(row["reason"]),
        at=row["at"],
        note=row["note"],
        key_id=row["key_id"],
    )
    return RecordedMove(row["number"], move, row["key_name"])


def gate_json(gate: Gate | None) -> Jsonb | None:
    """Map a gate to its JSON column."""
    if gate is None:
        return None
    names = sorted(one.value for one in gate.aliases)
    return Jsonb({"aliases": names, "tests": gate.tests, "replay_last": gate.replay_last})


def gate_from(value: Mapping[str, Any]) -> Gate:
    """Convert the JSON column to a gate."""
    aliases = frozenset(map(AliasName, value["aliases"]))
    return Gate(aliases=aliases, tests=value["tests"], replay_last=value["replay_last"])


def stored_gate_from(row: Row) -> StoredGate:
    """Convert a row to a gate with its revision."""
    return StoredGate(gate_from(row["gate"]), row["revision"])


def replay_standing_from(row: Row) -> ReplayStanding:
    """Convert a row to the facts about a replay."""
    return ReplayStanding(**row)
