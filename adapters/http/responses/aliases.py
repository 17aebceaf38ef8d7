"""Aliases, their moves, and gates as the shapes of the wire."""

from adapters.http.wire.schemas.aliases import Alias, Move
from adapters.http.wire.schemas.gates import Gate, ReplayRequirement, RevisedGate
from application.ports.aliases import RecordedMove
from domain.aliases import Alias as StoredAlias
from domain.gate import StoredGate


def alias(stored: StoredAlias) -> Alias:
    """Represent an alias."""
    return Alias(
        name=stored.name.value,
        version=stored.version,
        revision=stored.revision,
        moved_at=stored.moved_at,
        script_id=stored.script_id,
    )


def move(recorded: RecordedMove) -> Move:
    """Represent a move, without the id of its actor's key."""
    one = recorded.move
    return Move(
        from_version=one.from_version,
        to_version=one.to_version,
        reason=one.reason,
        note=one.note,
        at=one.at,
        by=recorded.key_name,
    )


def gate(stored: StoredGate) -> Gate:
    """Represent a gate."""
    last = stored.gate.replay_last
    return Gate(
        aliases=tuple(sorted(one.value for one in stored.gate.aliases)),
        tests=stored.gate.tests,
        replay=None if last is None else ReplayRequirement(last=last),
    )


def revised_gate(stored: StoredGate) -> RevisedGate:
    """Represent a gate with its revision."""
    shown = gate(stored)
    return RevisedGate(aliases=shown.aliases, tests=shown.tests, replay=shown.replay, revision=stored.revision)
