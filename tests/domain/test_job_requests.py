"""The request of a job: formats by extension, streams, and the faults that no single member shows."""

from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.job_requests import (
    Compression,
    CsvOptions,
    DataFormat,
    InvalidJobRequest,
    JobInput,
    JobOutput,
    JobRequest,
    Merge,
    RequestFault,
    checked,
    compression_of,
    format_of,
    is_stream,
)
from domain.stores import folder, object_pattern

EXTENSIONS: Final = {
    "json": DataFormat.JSON,
    "ndjson": DataFormat.NDJSON,
    "jsonl": DataFormat.NDJSON,
    "csv": DataFormat.CSV,
    "tsv": DataFormat.CSV,
    "parquet": DataFormat.PARQUET,
    "arrow": DataFormat.ARROW,
    "feather": DataFormat.ARROW,
    "txt": None,
}
COMPRESSIONS: Final = {"": Compression.NONE, ".gz": Compression.GZIP, ".ZST": Compression.ZSTD}
REQUEST: Final = JobRequest(
    input=JobInput(pattern=object_pattern("lake://in/rows.ndjson").unwrap()),
    output=JobOutput(folder("lake://out/").unwrap(), DataFormat.NDJSON),
    merge=Merge.CONCATENATE,
)


@given(st.sampled_from([*EXTENSIONS]), st.sampled_from([*COMPRESSIONS]), st.sampled_from(["a", "x.y/a", "a.b", "gz"]))
def test_an_extension_tells_format_and_compression(extension: str, compression: str, stem: str) -> None:
    path = f"{stem}.{extension}{compression}"
    assert (format_of(path), compression_of(path)) == (EXTENSIONS[extension], COMPRESSIONS[compression])


@pytest.mark.parametrize("path", ["json", "in/csv", "in.csv/rows", ".json", "in/.gz", "gz", "csv.gz", "rows."])
def test_a_name_without_an_extension_tells_no_format(path: str) -> None:
    assert format_of(path) is None


@given(st.sampled_from(DataFormat), st.sampled_from(Compression), st.booleans())
def test_a_table_is_never_a_stream_and_all_else_is_one_unless_its_lines_are_rows(
    data_format: DataFormat, compression: Compression, has_long_fields: bool
) -> None:
    is_table = data_format in (DataFormat.PARQUET, DataFormat.ARROW)
    has_lines = data_format is DataFormat.NDJSON or (data_format is DataFormat.CSV and not has_long_fields)
    csv = CsvOptions(has_newlines_in_fields=has_long_fields)
    expected = not is_table and not (has_lines and compression is Compression.NONE)
    assert is_stream(data_format, compression, csv) == expected


def with_csv(**members: Any) -> JobRequest:
    return evolve(REQUEST, input=evolve(REQUEST.input, csv=CsvOptions(**members)))


def with_input(url: str, **members: Any) -> JobRequest:
    return evolve(REQUEST, input=JobInput(pattern=object_pattern(url).unwrap(), **members))


def with_output(data_format: DataFormat, merge: Merge = Merge.CONCATENATE) -> JobRequest:
    return evolve(REQUEST, output=evolve(REQUEST.output, format=data_format), merge=merge)


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST,
        with_csv(delimiter=";", decimal=",", encoding="windows-1252"),
        with_csv(delimiter="\t"),
        with_input("lake://in/*"),
        with_input("lake://in/rows.txt", format=DataFormat.NDJSON, columns=("a",)),
        with_output(DataFormat.JSON, Merge.SCRIPT),
        with_output(DataFormat.PARQUET, Merge.NONE),
    ],
)
def test_a_request_without_contradictions_is_accepted(request_: JobRequest) -> None:
    assert checked(request_) == Success(request_)


@pytest.mark.parametrize(
    ("request_", "pointer", "fault"),
    [
        *(
            (with_csv(delimiter=text), "/input/csv/delimiter", RequestFault.DELIMITER)
            for text in ("", ",,", "é", '"', "\n", "\r", "\ud800")
        ),
        (with_csv(decimal=";"), "/input/csv/decimal", RequestFault.DECIMAL),
        (with_csv(decimal=","), "/input/csv/decimal", RequestFault.DECIMAL),
        (with_csv(encoding="utf-16"), "/input/csv/encoding", RequestFault.ENCODING),
        (with_input("lake://in/a.txt"), "/input/format", RequestFault.UNKNOWN_FORMAT),
        (with_output(DataFormat.JSON, Merge.NONE), "/merge", RequestFault.MERGE_WITHOUT_ROWS),
    ],
)
def test_a_contradiction_is_named_by_its_member(request_: JobRequest, pointer: str, fault: RequestFault) -> None:
    assert checked(request_) == Failure(InvalidJobRequest(pointer, fault))
