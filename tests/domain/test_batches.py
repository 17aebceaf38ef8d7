"""A batch counts the ends of its executions, whichever come together, and finishes with the last of them."""

from datetime import datetime, timedelta
from typing import Final

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.batches import (
    Batch,
    BatchAlreadyFinished,
    BatchCounts,
    BatchNotFinished,
    BatchStatus,
    as_unfinished,
    cancel,
    counts_of,
    record_ends,
    remove_content,
    status_of,
)
from tests.support.values import NOON, a_pending, a_script, an_id, times

_SCRIPT: Final = a_pending(a_script()[1]).submission.script
LATER: Final = NOON + timedelta(hours=1)


def a_batch(lines: int = 3) -> Batch:
    return Batch(id=an_id(), script=_SCRIPT, lines=lines, submitted_at=NOON)


def finished() -> Batch:
    return record_ends(a_batch(), 2, 1, LATER)


@given(st.lists(st.booleans(), min_size=1, max_size=9), st.data())
def test_it_finishes_with_the_last_end_whichever_ends_are_counted_together(
    successes: list[bool], data: st.DataObject
) -> None:
    batch, left = a_batch(len(successes)), list(successes)
    while left:
        assert batch.finished_at is None
        together = [left.pop() for _ in range(data.draw(st.integers(1, len(left))))]
        at = data.draw(times)
        batch = record_ends(batch, sum(together), len(together) - sum(together), at)
        assert batch.unfinished == len(left)
    assert batch.finished_at == max(at, NOON)
    assert (batch.succeeded, batch.failed) == (sum(successes), len(successes) - sum(successes))


@pytest.mark.parametrize(("succeeded", "failed"), [(-1, 0), (0, -1), (3, 1), (0, 4)])
def test_no_execution_ends_twice(succeeded: int, failed: int) -> None:
    with pytest.raises(AssertionError):
        record_ends(a_batch(), succeeded, failed, LATER)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 99))
def test_counts_add_up_to_the_lines_however_late_the_running_were_counted(
    pending: int, succeeded: int, failed: int, running: int
) -> None:
    batch = evolve(a_batch(pending + succeeded + failed), succeeded=succeeded, failed=failed)
    counts = counts_of(batch, running)
    assert counts.pending + counts.running == pending
    assert counts.running == min(running, pending)
    assert (counts.succeeded, counts.failed) == (succeeded, failed)


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (BatchCounts(3, 0, 0, 0), BatchStatus.PENDING),
        (BatchCounts(2, 1, 0, 0), BatchStatus.RUNNING),
        (BatchCounts(2, 0, 1, 0), BatchStatus.RUNNING),
        (BatchCounts(2, 0, 0, 1), BatchStatus.RUNNING),
        (BatchCounts(0, 1, 1, 1), BatchStatus.RUNNING),
        (BatchCounts(0, 0, 2, 1), BatchStatus.FINISHED),
    ],
)
def test_its_state_follows_from_the_counts(counts: BatchCounts, status: BatchStatus) -> None:
    assert status_of(counts) is status


def test_content_is_removed_once_and_only_when_it_has_finished() -> None:
    unfinished = a_batch()
    assert remove_content(unfinished, LATER) == Failure(BatchNotFinished(unfinished))
    removed = remove_content(finished(), LATER + timedelta(hours=1)).unwrap()
    assert removed.content_removed_at == LATER + timedelta(hours=1)
    assert remove_content(removed, LATER + timedelta(hours=2)) == Success(removed)


def test_content_is_removed_no_earlier_than_the_end() -> None:
    assert remove_content(finished(), NOON).unwrap().content_removed_at == LATER


def test_only_a_batch_that_has_not_finished_is_unfinished() -> None:
    batch = a_batch()
    assert as_unfinished(batch) == Success(batch)
    ended = finished()
    assert as_unfinished(ended) == Failure(BatchAlreadyFinished(ended))


@given(times, times)
def test_the_first_cancellation_counts_and_is_no_earlier_than_the_submission(first: datetime, second: datetime) -> None:
    batch = cancel(a_batch(), first)
    assert batch.cancelled_at == max(first, NOON)
    assert cancel(batch, second) == batch
