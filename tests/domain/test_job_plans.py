"""Laws of the cut of a job's input."""

from hypothesis import given
from hypothesis import strategies as st

from domain.job_plans import (
    NumberedObject,
    find_fault,
    is_read_as_stream,
    needs_inspection,
    ranges_of,
    resolve_format,
    too_many_partitions,
    with_rows,
)
from domain.job_requests import CsvOptions, DataFormat, JobInput
from domain.jobs import MAX_PARTITIONS, JobErrorKind
from domain.partitions import ObjectVersion, RangeUnit
from domain.stores import object_pattern

ALL = JobInput(pattern=object_pattern("lake://in/**").unwrap())
objects = st.builds(
    ObjectVersion, st.sampled_from(["a.ndjson", "b.csv", "c.parquet"]), st.integers(0, 900), st.just("1"), st.just(70)
)


@given(st.integers(0, 9), objects, st.integers(1, 90))
def test_ranges_are_adjacent_and_cover_their_object(number: int, version: ObjectVersion, size: int) -> None:
    ranges = list(ranges_of(ALL, NumberedObject(number, version), size))
    is_table = version.path == "c.parquet"
    end = 70 if is_table else version.size_bytes
    bounds = [one.start for one in ranges] + [end]
    assert bounds[0] == 0
    assert [one.end for one in ranges] == bounds[1:]
    assert all(one.start < one.end for one in ranges)
    assert {one.object_number for one in ranges} <= {number}
    assert {one.unit for one in ranges} <= {RangeUnit.ROWS if is_table else RangeUnit.BYTES}


def test_formats_are_those_of_the_request_or_of_extensions() -> None:
    named = JobInput(pattern=ALL.pattern, format=DataFormat.CSV)
    assert resolve_format(ALL, "a.ndjson.gz") is DataFormat.NDJSON
    assert resolve_format(ALL, "a.txt") is None
    assert resolve_format(named, "a.txt") is resolve_format(named, "a.ndjson") is DataFormat.CSV


def test_streams_and_objects_to_look_into() -> None:
    long_fields = JobInput(pattern=ALL.pattern, csv=CsvOptions(has_newlines_in_fields=True))
    streams = ["a.json", "a.ndjson.gz", "a.csv.zst"]
    assert [one for one in (*streams, "a.ndjson", "a.csv", "a.parquet", "a.txt") if is_read_as_stream(ALL, one)] == (
        streams
    )
    assert is_read_as_stream(long_fields, "a.csv")
    inspected = ["a.csv", "a.csv.gz", "a.parquet", "a.arrow"]
    assert [one for one in (*inspected, "a.json", "a.ndjson", "a.txt") if needs_inspection(ALL, one)] == inspected


def test_inputs_that_cannot_be_planned() -> None:
    one = ObjectVersion("in/a.ndjson", 1, "1")
    assert find_fault(ALL, [one] * MAX_PARTITIONS) is None
    assert find_fault(ALL, [one] * (MAX_PARTITIONS + 1)) == too_many_partitions()
    missing, unknown = find_fault(ALL, []), find_fault(ALL, [one, ObjectVersion("in/b.txt", 1, "1")])
    assert missing is not None
    assert unknown is not None
    assert (missing.kind, unknown.kind) == (JobErrorKind.INPUT_MISSING, JobErrorKind.INPUT_MALFORMED)
    assert too_many_partitions().kind is JobErrorKind.INPUT_TOO_LARGE


def test_objects_that_were_inspected_have_rows() -> None:
    a, b = ObjectVersion("a.ndjson", 1, "1"), ObjectVersion("b.parquet", 1, "1")
    counted = ObjectVersion("b.parquet", 1, "1", rows=7)
    assert with_rows([a, b], [counted]) == (a, counted)
