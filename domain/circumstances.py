"""The circumstances of a run: the time that its script sees, and the seed of its random numbers.

With source, dataset, limits and engine they determine the outcome. They derive from the dataset and the time of the
submission, not from the source, so that two versions draw the same random numbers from the same dataset. A
submission may set either or both; a seed that it does not set derives from the clock that it sets.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.body import Digest

EARLIEST_CLOCK: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_CLOCK: Final = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
SEED_BYTES: Final = 16

_MILLISECOND: Final = timedelta(milliseconds=1)
_SEED: Final = re.compile(rf"[0-9a-f]{{{2 * SEED_BYTES}}}")


@frozen
class Circumstances:
    """`clock` is in whole milliseconds, `seed` 32 lower-case hexadecimal digits. Build it with `circumstances`."""

    clock: datetime
    seed: str

    @property
    def clock_ms(self) -> int:
        """The clock in milliseconds since 1970."""
        return (self.clock - EARLIEST_CLOCK) // _MILLISECOND


@frozen
class RequestedCircumstances:
    """The clock and the seed that a submission sets, at least one of them. Build it with `requested_circumstances`."""

    clock: datetime | None
    seed: str | None


@frozen
class ClockOutOfRange:
    """The clock is before `EARLIEST_CLOCK` or after `LATEST_CLOCK`, or it has no time zone."""

    clock: datetime


@frozen
class InvalidSeed:
    """The seed is not 32 hexadecimal digits."""

    seed: str


def circumstances(clock: datetime, seed: str) -> Result[Circumstances, ClockOutOfRange | InvalidSeed]:
    """Validate a clock, of which fractions of milliseconds are dropped, and a seed, whose digits become lower-case."""
    return Result.do(Circumstances(at, digits) for at in valid_clock(clock) for digits in valid_seed(seed))


def requested_circumstances(
    clock: datetime | None, seed: str | None
) -> Result[RequestedCircumstances | None, ClockOutOfRange | InvalidSeed]:
    """Validate the clock and the seed of a submission, as `circumstances` does; None if it sets neither."""
    if clock is None and seed is None:
        return Success(None)
    return Result.do(
        RequestedCircumstances(at, digits)
        for at in (Success(None) if clock is None else valid_clock(clock))
        for digits in (Success(None) if seed is None else valid_seed(seed))
    )


def valid_clock(clock: datetime) -> Result[datetime, ClockOutOfRange]:
    """Validate a clock and drop its fractions of milliseconds."""
    if clock.tzinfo is None or not EARLIEST_CLOCK <= clock <= LATEST_CLOCK:
        return Failure(ClockOutOfRange(clock))
    return Success(_at((clock - EARLIEST_CLOCK) // _MILLISECOND))


def valid_seed(seed: str) -> Result[str, InvalidSeed]:
    """Validate a seed and write its digits in lower case."""
    digits = seed.lower()
    return Success(digits) if _SEED.fullmatch(digits) else Failure(InvalidSeed(seed))


def completed(requested: RequestedCircumstances | None, dataset: Digest, submitted_at: datetime) -> Circumstances:
    """Derive the part that the submission does not set, which is all of it for None."""
    if requested is None:
        return derived_circumstances(dataset, submitted_at)
    derived = derived_circumstances(dataset, requested.clock or submitted_at)
    return Circumstances(requested.clock or derived.clock, requested.seed or derived.seed)


def derived_circumstances(dataset: Digest, submitted_at: datetime) -> Circumstances:
    """Derive the circumstances of a run over that dataset."""
    clock = submitted_at.replace(microsecond=submitted_at.microsecond // 1000 * 1000)
    return Circumstances(clock, _seed(f"bateia seed 2 {dataset.sha256} {(clock - EARLIEST_CLOCK) // _MILLISECOND}"))


def circumstances_of_earlier_releases(source_sha256: str, dataset: Digest, submitted_at: datetime) -> Circumstances:
    """Derive the circumstances of runs that recorded none: their seeds depended on the source, their clocks were
    rounded."""
    clock_ms = round(submitted_at.timestamp() * 1000)
    return Circumstances(_at(clock_ms), _seed(f"{source_sha256} {dataset.sha256} {clock_ms}"))


def _seed(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[: 2 * SEED_BYTES]


def _at(milliseconds: int) -> datetime:
    return EARLIEST_CLOCK + milliseconds * _MILLISECOND
