"""The windows of periods, the counts of ends, and the estimates of durations."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activity import (
    HOUR,
    SHORTEST_MS,
    Activity,
    Bucket,
    LatestExecution,
    Period,
    count_end,
    duration_bin,
    latest_execution,
    window,
)
from domain.execution import Failed, Pending, Running, State, as_finished, state_of
from domain.outcome import ErrorKind, Run
from domain.transitions import cancel, finish
from tests.support.values import NOON, pendings, runnings, runs, times

ERROR = 2 ** (0.5 / 8) - 1 + 1e-9
durations = st.floats(SHORTEST_MS, 1e7)
LENGTHS = {
    Period.HOUR: HOUR,
    Period.DAY: 24 * HOUR,
    Period.WEEK: 7 * 24 * HOUR,
    Period.MONTH: 30 * 24 * HOUR,
}


@given(st.sampled_from(Period), times)
def test_a_window_has_so_many_equal_buckets_that_begin_at_full_steps_and_end_around_now(
    period: Period, now: datetime
) -> None:
    found = window(period, now)
    assert 24 <= found.count <= 30
    assert found.count * found.step == LENGTHS[period]
    assert found.until == now
    assert found.end - found.step <= now < found.end
    assert list(found.starts) == [found.since + number * found.step for number in range(found.count)]
    midnight = found.since.replace(hour=0, minute=0, second=0, microsecond=0)
    assert (found.since - midnight) % found.step == timedelta()


@given(runnings, runs)
def test_an_end_counts_once_and_as_what_it_is(running: Running, run: Run) -> None:
    finished = finish(running, run, HOUR)
    counted = count_end(finished)
    assert counted.executions == 1
    kind = finished.error.kind if isinstance(finished, Failed) else None
    assert (counted.failed, counted.cancelled) == (
        int(kind not in (None, ErrorKind.CANCELLED)),
        int(kind is ErrorKind.CANCELLED),
    )
    latest = latest_execution(finished)
    assert latest == LatestExecution(
        finished.submission.id,
        finished.submission.script.version,
        state_of(finished),
        finished.submission.submitted_at,
        finished.finished_at,
        kind,
    )


@given(pendings)
def test_a_cancelled_one_is_not_failed_and_one_that_waits_has_no_end(pending: Pending) -> None:
    waiting = latest_execution(pending)
    assert (waiting.state, waiting.finished_at, waiting.error_kind) == (State.PENDING, None, None)
    cancelled = as_finished(cancel(pending, NOON)).unwrap()
    assert count_end(cancelled) == Bucket(1, failed=0, cancelled=1)


@given(st.lists(durations, max_size=60), st.floats(0.01, 1))
def test_an_estimate_is_as_near_to_the_duration_of_its_rank_as_a_bin_is_wide(walls: list[float], share: float) -> None:
    estimate = Activity((), Counter(map(duration_bin, walls))).duration_ms(share)
    if not walls:
        assert estimate is None
        return
    exact = sorted(walls)[ceil(share * len(walls)) - 1]
    assert estimate == pytest.approx(exact, rel=ERROR)


@given(durations, durations)
def test_bins_are_in_the_order_of_durations(one: float, other: float) -> None:
    assert (duration_bin(one) <= duration_bin(other)) or one > other
    assert duration_bin(0) == duration_bin(SHORTEST_MS) <= duration_bin(one)


@given(st.lists(st.builds(Bucket, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_total_is_the_sum_of_the_buckets(buckets: list[Bucket]) -> None:
    total = Activity(buckets).total
    assert total == Bucket(
        sum(one.executions for one in buckets),
        sum(one.failed for one in buckets),
        sum(one.cancelled for one in buckets),
    )


def test_a_week_at_a_quarter_of_a_day() -> None:
    found = window(Period.WEEK, datetime(2026, 11, 23, 13, 41, tzinfo=UTC))
    assert found.since == datetime(2026, 11, 16, 18, tzinfo=UTC)
    assert found.starts[-1] == datetime(2026, 11, 23, 12, tzinfo=UTC)
