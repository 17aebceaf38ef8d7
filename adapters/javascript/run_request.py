"""A worker's request to a zygote and its child for one run, derived from the run's own values. Pure."""

import hashlib
from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from adapters.javascript import wire
from adapters.javascript.child_output import longest
from adapters.javascript.findings import MOST_BYTES
from application.ports.sandbox import Call, MergeCall, PartCall, Trial, WholeCall
from domain.circumstances import SEED_BYTES, Circumstances
from domain.limits import MIB, Limits

_MIN_STATE_BITS: Final = 16
"""So that a derived seed, a digest, has fewer once in 2^58 executions."""
_CHECK_TIME_MS: Final = 1_577_836_800_000
"""A check runs at the start of 2020, so that its outcome is independent of the time."""
_ANALYSIS: Final = Limits(wall_ms=5_000, memory_bytes=256 * MIB, result_bytes=0, log_bytes=0)
"""The limits of an analysis: some 200 to 800 kB of source a second, and some 200 bytes for each of them."""
_SPARE_ADDRESS_SPACE_BYTES: Final = 512 * MIB


@frozen
class RunRequest:
    """One run: the clock and the kernel's limits, the child's input, and the most bytes of its output.

    `may_stay` allows the child to serve another run after it.
    """

    wall_ms: int
    cpu_seconds: int
    address_space_bytes: int
    request: Sequence[bytes] = field(repr=False)
    answer_bytes: int
    may_stay: bool = False


def run_request(
    limits: Limits, source: bytes, dataset: bytes, circumstances: Circumstances, may_stay: bool = False
) -> RunRequest:
    """Build a run of `source` over `dataset`."""
    beginning = _Beginning(circumstances.clock_ms, _generator_state(circumstances.seed), may_stay)
    return _order(wire.Mode.RUN, limits, source, dataset, beginning)


def trial_request(trial: Trial, dataset: bytes) -> RunRequest:
    """Build the request of a trial: a run of `process`, over a whole dataset or a part of one, or of `merge`."""
    state = _generator_state(trial.circumstances.seed)
    beginning = _Beginning(trial.circumstances.clock_ms, state, part=_place_of(trial.call))
    return _order(_MODES[type(trial.call)], trial.limits, trial.source.data, dataset, beginning)


_MODES: Final = {WholeCall: wire.Mode.RUN, PartCall: wire.Mode.PART, MergeCall: wire.Mode.MERGE}


def _place_of(call: Call) -> tuple[int, int]:
    return (call.index, call.count or 0) if isinstance(call, PartCall) else (0, 0)


def _generator_state(seed: str) -> bytes:
    """Make the first state of the generator, xoshiro128**, which is the seed itself unless it has few bits.

    Such a state gives many zeros at first, that of no bits zeros for ever. Seeds that people make up are like that;
    derived ones never are.
    """
    state = bytes.fromhex(seed)
    return (
        state if int.from_bytes(state).bit_count() >= _MIN_STATE_BITS else hashlib.sha256(state).digest()[:SEED_BYTES]
    )


def check_request(source: bytes, limits: Limits, wall_ms: int) -> RunRequest:
    """Build the request of a check that `source` defines `process`."""
    beginning = _Beginning(_CHECK_TIME_MS, bytes(range(16)))
    return _order(wire.Mode.CHECK, evolve(limits, wall_ms=wall_ms), source, b"null", beginning)


def analysis_request(source: bytes) -> RunRequest:
    """Build the request of an analysis of `source` for faults of a run; none of it is executed."""
    order = _order(wire.Mode.ANALYSE, _ANALYSIS, source, b"", _Beginning(_CHECK_TIME_MS, bytes(16)))
    return evolve(order, answer_bytes=MOST_BYTES)


@frozen
class _Beginning:
    """The time that a script sees, in milliseconds, its generator's first state, whether its child may stay, and the
    place of a part."""

    now_ms: int
    state: bytes
    may_stay: bool = False
    part: tuple[int, int] = (0, 0)


def _order(mode: wire.Mode, limits: Limits, source: bytes, dataset: bytes, beginning: _Beginning) -> RunRequest:
    now, state, wall_ms = beginning.now_ms, beginning.state, limits.wall_ms
    header = wire.HEADER.pack(
        mode,
        beginning.may_stay,
        wall_ms,
        limits.log_bytes,
        limits.result_bytes,
        len(source),
        len(dataset),
        limits.memory_bytes,
        now,
        *wire.SEED.unpack(state),
        *beginning.part,
    )
    return RunRequest(
        wall_ms=wall_ms,
        cpu_seconds=wall_ms // 1000 + 2,
        # the engine's heap, its text once more on the way out, the dataset, and the interpreter with its allocator
        address_space_bytes=2 * limits.memory_bytes + _rounded_up(len(dataset)) + _SPARE_ADDRESS_SPACE_BYTES,
        request=(header + source, dataset),
        answer_bytes=longest(limits),
        may_stay=beginning.may_stay,
    )


def _rounded_up(dataset_bytes: int) -> int:
    """Round up to a power of two, so that the runs of a script over small datasets agree in their address space."""
    return max(MIB, 1 << (dataset_bytes - 1).bit_length())
