"""Circumstances are validated when they are given, and derive from dataset and time when they are not."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.body import digest
from domain.circumstances import (
    EARLIEST_CLOCK,
    LATEST_CLOCK,
    Circumstances,
    ClockOutOfRange,
    InvalidSeed,
    RequestedCircumstances,
    circumstances,
    circumstances_of_earlier_releases,
    completed,
    derived_circumstances,
    requested_circumstances,
)

SEED = "00112233445566778899aabbccddeeff"
clocks = st.datetimes(EARLIEST_CLOCK.replace(tzinfo=None), LATEST_CLOCK.replace(tzinfo=None), timezones=st.just(UTC))


@given(clocks, st.binary(min_size=16, max_size=16))
def test_a_clock_is_cut_to_milliseconds_and_a_seed_is_lower_case(clock: datetime, seed: bytes) -> None:
    made = circumstances(clock, seed.hex().upper()).unwrap()
    assert timedelta() <= clock - made.clock < timedelta(milliseconds=1)
    assert EARLIEST_CLOCK + timedelta(milliseconds=made.clock_ms) == made.clock
    assert made.seed == seed.hex()


def test_a_clock_in_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert circumstances(moment.astimezone(timezone(timedelta(hours=-3))), SEED) == circumstances(moment, SEED)


def test_a_clock_out_of_range_or_without_a_zone_is_refused() -> None:
    for clock in (
        EARLIEST_CLOCK - timedelta(milliseconds=1),
        LATEST_CLOCK + timedelta(microseconds=1),
        datetime(2026, 3, 1),  # noqa: DTZ001 - a clock without a time zone
    ):
        assert circumstances(clock, SEED) == Failure(ClockOutOfRange(clock))


@given(st.text().filter(lambda text: len(text) != 32))
def test_a_seed_that_is_not_32_hexadecimal_digits_is_refused(seed: str) -> None:
    for wrong in (seed, "g" + SEED[1:], SEED[:-1] + "\n", SEED[:-1] + "٣"):
        assert circumstances(EARLIEST_CLOCK, wrong) == Failure(InvalidSeed(wrong))


@given(st.binary(max_size=20), st.binary(max_size=20), clocks)
def test_derived_circumstances_depend_on_dataset_and_time_alone(one: bytes, other: bytes, at: datetime) -> None:
    derived = derived_circumstances(digest(one), at)
    assert timedelta() <= at - derived.clock < timedelta(milliseconds=1)
    assert (derived == derived_circumstances(digest(other), at)) == (one == other)
    assert derived != derived_circumstances(digest(one), at + timedelta(milliseconds=2))


def test_circumstances_that_were_not_recorded_are_those_of_earlier_releases() -> None:
    """Taken from executions of a release that recorded none."""
    at = datetime(2026, 11, 1, 8, 30, 0, 123_456, tzinfo=UTC)
    earlier = circumstances_of_earlier_releases("ab" * 32, digest(b"[1]"), at)
    assert earlier.clock == datetime(2026, 11, 1, 8, 30, 0, 123_000, tzinfo=UTC)
    assert earlier.seed == "772a911c397fa7d7fe4bdf40d8c4ae5c"


@given(st.none() | clocks, st.none() | st.binary(min_size=16, max_size=16), clocks)
def test_the_part_that_a_submission_sets_is_kept_and_the_rest_derives(
    clock: datetime | None, seed: bytes | None, at: datetime
) -> None:
    requested = requested_circumstances(clock, None if seed is None else seed.hex()).unwrap()
    if requested is None:
        assert (clock, seed) == (None, None)
        return
    dataset = digest(b"[1]")
    whole = at if clock is None else circumstances(clock, "0" * 32).unwrap().clock
    derived = derived_circumstances(dataset, whole)
    made = completed(requested, dataset, at)
    assert made == Circumstances(derived.clock, derived.seed if seed is None else seed.hex())
    assert circumstances(made.clock, made.seed) == Success(made)


def test_the_part_that_a_submission_sets_is_validated() -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - a clock without a time zone
    assert requested_circumstances(naive, None) == Failure(ClockOutOfRange(naive))
    assert requested_circumstances(EARLIEST_CLOCK, "0") == Failure(InvalidSeed("0"))
    assert requested_circumstances(None, SEED.upper()) == Success(RequestedCircumstances(None, SEED))
