"""Partitions cover their objects exactly, and go from waiting to done or failed and, if they failed, back."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from domain.outcome import ErrorKind, Measures
from domain.partitions import (
    InputFault,
    ObjectVersion,
    Partition,
    PartitionRange,
    PartitionResult,
    PartitionState,
    RangeUnit,
    complete,
    cut_by_bytes,
    cut_by_rows,
    partition_error,
    reject,
    reopen,
)
from domain.text_limits import truncate

SPAN = PartitionRange(0, RangeUnit.BYTES, 0, 9)
objects = st.lists(
    st.builds(ObjectVersion, st.just("a"), st.integers(0, 300), st.just("e"), st.none() | st.integers(0, 50)),
    max_size=4,
)


def covered(ranges: list[PartitionRange], sizes: dict[int, int]) -> None:
    """Check that ranges follow each other in each object from its beginning to its end, without empty ones."""
    ends = {}
    for number, own in groupby(ranges, key=lambda one: one.object_number):
        assert number not in ends
        ends[number] = 0
        for one in own:
            assert (one.start, one.end > one.start) == (ends[number], True)
            ends[number] = one.end
    assert ends == {number: size for number, size in sizes.items() if size}
    assert list(ends) == sorted(ends)


@given(objects, st.integers(1, 100))
def test_bytes_are_cut_every_so_many_and_each_is_in_one_partition(found: list[ObjectVersion], size: int) -> None:
    ranges = list(cut_by_bytes(found, size))
    covered(ranges, {number: one.size_bytes for number, one in enumerate(found)})
    assert all(one.unit is RangeUnit.BYTES and one.end - one.start <= size for one in ranges)
    assert len(ranges) == sum(-(-one.size_bytes // size) for one in found)


@given(st.integers(1, 300), st.integers(0, 3000), st.integers(1, 100))
def test_bytes_that_expand_are_cut_by_what_they_become(size: int, text: int, part: int) -> None:
    ranges = list(cut_by_bytes([ObjectVersion("a", size, "e", text_bytes=text)], part))
    covered(ranges, {0: size})
    longest = max(one.end - one.start for one in ranges)
    assert longest <= part
    assert longest == 1 or longest * max(size, text) <= part * size


@given(objects, st.integers(1, 100))
def test_rows_are_cut_by_the_bytes_that_they_take_on_average(found: list[ObjectVersion], size: int) -> None:
    ranges = list(cut_by_rows(found, size))
    covered(ranges, {number: one.rows or 0 for number, one in enumerate(found)})
    assert all(one.unit is RangeUnit.ROWS for one in ranges)
    for number, one in enumerate(found):
        own = [span.end - span.start for span in ranges if span.object_number == number]
        assert len(own) <= max(1, -(-one.size_bytes // size))
        assert len(set(own[:-1])) <= 1


@given(st.text(max_size=20), st.none() | st.text(max_size=20), st.sampled_from([*ErrorKind, *InputFault]))
def test_a_partition_is_settled_and_only_a_failed_one_waits_again(
    message: str, column: str | None, kind: ErrorKind | InputFault
) -> None:
    waiting = Partition(number=1, range=SPAN)
    error = partition_error(kind, message, 3, column)
    assert (error.message, error.column) == (truncate(message), None if column is None else truncate(column))
    failed = reject(waiting, error)
    assert (failed.state, failed.attempts, failed.error) == (PartitionState.FAILED, 1, error)
    again = reopen(failed)
    assert (again.state, again.attempts, again.error) == (PartitionState.WAITING, 1, None)
    result = PartitionResult(
        range=SPAN,
        rows=1,
        input_bytes=9,
        input_sha256="a",
        result_sha256="b",
        result_bytes=2,
        measures=Measures(1, 1, 1),
    )
    done = complete(again, result)
    assert (done.state, done.attempts, done.result, done.error) == (PartitionState.DONE, 2, result, None)
    assert reopen(done) == done
    assert reopen(waiting) == waiting


def test_an_error_quotes_nothing_in_logs() -> None:
    error = partition_error(ErrorKind.SCRIPT_ERROR, "the secret", 1, "the secret")
    assert "secret" not in repr(reject(Partition(number=0, range=SPAN), error))
