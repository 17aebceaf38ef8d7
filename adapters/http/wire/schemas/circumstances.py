"""Validators of the circumstances of a run, whose faults have codes of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from attrs import frozen
from returns.pipeline import is_successful

from adapters.http.wire.timestamps import clock_text
from adapters.http.wire.validation_errors import Mismatch
from domain.circumstances import EARLIEST_CLOCK, LATEST_CLOCK, SEED_BYTES, valid_clock, valid_seed
from domain.hint import hint

SEED_KEYWORDS: Final[Mapping[str, Any]] = {"pattern": f"^[0-9A-Fa-f]{{{2 * SEED_BYTES}}}$"}
"""The seed's form as keywords of JSON Schema, which has none for a range of times."""


@frozen
class ClockInRange:
    """The validator of a clock."""

    def __call__(self, _: object, __: object, clock: datetime) -> None:
        if not is_successful(valid_clock(clock)):
            bounds = {"earliest": clock_text(EARLIEST_CLOCK), "latest": clock_text(LATEST_CLOCK)}
            raise Mismatch(hint("clock-out-of-range", **bounds))


@frozen
class HexSeed:
    """The validator of a seed."""

    def __call__(self, _: object, __: object, seed: str) -> None:
        if not is_successful(valid_seed(seed)):
            raise Mismatch(hint("invalid-seed", digits=2 * SEED_BYTES))
