"""Jobs and partitions survive their columns, whatever characters their names have."""

from typing import Any

import msgspec
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.postgres.job_partition_rows import error_text, partition_from, range_columns, settled_columns
from adapters.postgres.job_rows import job_columns, job_from, plan_columns
from application.ports.jobs import LISTED_OBJECTS, NewJob
from domain.comparison.values import Tolerance
from domain.job_requests import (
    ColumnType,
    CsvOptions,
    DataFormat,
    Integers,
    JobInput,
    JobRequest,
    Merge,
    Verification,
)
from domain.jobs import Column, JobPlan
from domain.outcome import ErrorKind, Measures
from domain.partitions import (
    InputFault,
    ObjectVersion,
    Partition,
    PartitionRange,
    PartitionResult,
    RangeUnit,
    complete,
    partition_error,
    reject,
)
from domain.warnings import NumberWarningKind, RunWarning, RunWarningKind, number_warning
from tests.support.stored_jobs import a_job
from tests.support.values import a_script

texts = st.text(max_size=9)
requests = st.builds(
    lambda base, **members: evolve(base, **members),
    st.just(a_job(a_script()[1]).request),
    merge=st.sampled_from(Merge),
    partition_bytes=st.integers(1, 2**40),
    verification=st.none()
    | st.builds(
        Verification,
        rows=st.integers(1, 20_000),
        tolerance=st.builds(
            Tolerance,
            absolute=st.decimals(0, 1, allow_nan=False, places=12),
            relative=st.decimals(0, 1, allow_nan=False, places=12),
        ),
    ),
)
inputs = st.builds(
    lambda base, **members: evolve(base.input, **members),
    st.just(a_job(a_script()[1]).request),
    format=st.none() | st.sampled_from(DataFormat),
    csv=st.builds(
        CsvOptions,
        delimiter=texts,
        has_header=st.booleans(),
        types=st.dictionaries(texts, st.sampled_from(ColumnType), max_size=3),
    ),
    columns=st.none() | st.lists(texts, min_size=1, max_size=3).map(tuple),
    integers=st.sampled_from(Integers),
)
plans = st.builds(
    JobPlan,
    objects=st.lists(st.builds(ObjectVersion, texts, st.integers(0, 2**50), texts, st.none() | st.integers(0, 9)))
    .map(tuple)
    .map(lambda some: some * 30),
    columns=st.none() | st.lists(st.builds(Column, texts, st.sampled_from(ColumnType))).map(tuple),
    partitions=st.none() | st.integers(0, 9),
)
ranges = st.builds(PartitionRange, st.integers(0, 9), st.sampled_from(RangeUnit), st.integers(0, 9), st.integers(9, 99))
results = st.builds(
    PartitionResult,
    range=ranges,
    rows=st.integers(0, 9),
    input_bytes=st.integers(0, 9),
    input_sha256=st.just("ab" * 32),
    result_sha256=st.none() | st.just("cd" * 32),
    result_bytes=st.integers(0, 9),
    measures=st.builds(Measures, st.floats(0, 9), st.floats(0, 9), st.integers(0, 9)),
    read_ms=st.floats(0, 9),
    warnings=st.lists(
        st.builds(RunWarning, st.sampled_from(RunWarningKind), texts)
        | st.builds(number_warning, st.sampled_from(NumberWarningKind), texts, st.none() | texts)
    ).map(tuple),
)
errors = st.builds(
    partition_error,
    st.sampled_from([*ErrorKind, *InputFault]),
    texts,
    st.none() | st.integers(1, 9),
    st.none() | texts,
)
partitions = st.builds(lambda number, span: Partition(number=number, range=span), st.integers(0, 9), ranges)
settled = st.builds(complete, partitions, results) | st.builds(reject, partitions, errors)


def parsed(text: str | None) -> Any:
    """Parse a column as the driver does."""
    return None if text is None else msgspec.json.decode(text)


@given(requests, inputs, plans)
@settings(max_examples=60)
def test_the_request_and_the_plan_of_a_job_are_read_as_they_were_written(
    request: JobRequest, given_input: JobInput, plan: JobPlan
) -> None:
    job = evolve(a_job(a_script()[1]), request=evolve(request, input=given_input), plan=plan)
    row: dict[str, Any] = job_columns(NewJob(job=job)) | plan_columns(plan)
    row["run_limits"] = parsed(row["run_limits"])
    assert len(parsed(row["plan"])["objects"]) == min(len(plan.objects), LISTED_OBJECTS)
    assert row["objects"] == len(plan.objects)
    source = {"script_name": "corporate-cards", "source_sha256": bytes.fromhex(job.script.sha256)}
    nothing = dict.fromkeys(("started_at", "finished_at", "outcome", "error_kind", "content_removed_at"))
    stored = {"phase": "planning", "is_verified": False, "version_engine": job.script.engine}
    assert job_from(row | source | nothing | stored, "") == job


@given(settled)
def test_a_settled_partition_is_read_as_it_was_written(partition: Partition) -> None:
    spans, columns = range_columns([partition]), settled_columns([partition])
    row = {
        "number": spans["numbers"][0],
        "object_number": spans["object_numbers"][0],
        "unit": spans["units"][0],
        "range_start": spans["starts"][0],
        "range_end": spans["ends"][0],
        "state": columns["states"][0],
        "attempts": columns["attempts"][0],
        "result": parsed(columns["results"][0]),
        "warnings": parsed(columns["warnings"][0]),
        "error_kind": columns["error_kinds"][0],
    }
    text = None if partition.error is None else error_text(partition.error)
    assert partition_from(row, text) == partition
