"""Limits of a run: wall time, engine memory, result size and log size, as validated values.

CPU time has the same limit as wall time, so it has no member of its own.
"""

from collections.abc import Mapping
from typing import Final

from attrs import asdict, evolve, frozen
from returns.result import Failure, Result, Success

MIB: Final = 1024 * 1024


@frozen
class Limits:
    """Wall time in milliseconds; memory of the engine's heap, encoded result and console output in bytes."""

    wall_ms: int
    memory_bytes: int
    result_bytes: int
    log_bytes: int


@frozen
class LimitOutOfRange:
    """A requested limit is not between `lowest` and `highest`, inclusive."""

    name: str
    value: int
    lowest: int
    highest: int


DEFAULTS: Final = Limits(wall_ms=30_000, memory_bytes=512 * MIB, result_bytes=64 * MIB, log_bytes=64 * 1024)
CEILINGS: Final = Limits(wall_ms=300_000, memory_bytes=1024 * MIB, result_bytes=64 * MIB, log_bytes=1 * MIB)
FLOORS: Final = Limits(wall_ms=10, memory_bytes=4 * MIB, result_bytes=2, log_bytes=0)

MOST_TRIAL_WALL_MS: Final = 5_000
MOST_TRIAL_RESULT_BYTES: Final = 4 * MIB


def trial_limits(limits: Limits) -> Limits:
    """Lower the limits of executions to those of a trial, for which a client waits."""
    return evolve(
        limits,
        wall_ms=min(limits.wall_ms, MOST_TRIAL_WALL_MS),
        result_bytes=min(limits.result_bytes, MOST_TRIAL_RESULT_BYTES),
    )


def resolve_limits(
    requested: Mapping[str, int], defaults: Limits, ceilings: Limits
) -> Result[Limits, tuple[LimitOutOfRange, ...]]:
    """Resolve the limits of a version: requested ones override defaults; every limit out of range is reported.

    `requested` has names of members of `Limits`; any other name is a bug of the caller.
    """
    lowest, highest = asdict(FLOORS), asdict(ceilings)
    refused = tuple(
        LimitOutOfRange(name=name, value=value, lowest=lowest[name], highest=highest[name])
        for name, value in requested.items()
        if not lowest[name] <= value <= highest[name]
    )
    return Failure(refused) if refused else Success(evolve(defaults, **requested))
