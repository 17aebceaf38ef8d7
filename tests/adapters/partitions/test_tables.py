"""Parquet and Arrow: the rows that Polars reads, in any slices, their values as JSON, and every damage refused."""

import asyncio
import datetime as dt
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.partitions.bounds import BOUNDS
from application.ports.job_tasks import InputObject, Inspected, InspectTask, Processed, TaskFailed, TaskReport
from domain.job_requests import Compression, DataFormat, Integers
from domain.partitions import InputFault, PartitionRange, RangeUnit, cut_by_rows
from domain.warnings import NumberWarningKind
from tests.adapters.partitions.folder_store import FolderStore
from tests.adapters.partitions.tasks import JOB, FakeSandbox, a_performer, a_process_task, an_input, error_of

FORMATS = st.sampled_from([DataFormat.PARQUET, DataFormat.ARROW])
NOON = dt.datetime(2024, 1, 31, 12, 30, 0, 5000)  # noqa: DTZ001 - tables have times without a zone


def written(frame: pl.DataFrame, data_format: DataFormat, row_group_size: int | None = None) -> bytes:
    """Write a table."""
    out = io.BytesIO()
    if data_format is DataFormat.PARQUET:
        frame.write_parquet(out, row_group_size=row_group_size)
    else:
        frame.write_ipc(out, compression="zstd")
    return out.getvalue()


def inspect(store: FolderStore, data: bytes, data_format: DataFormat, **changes: Any) -> TaskReport:
    """Inspect a table."""
    version = store.put("in/t", data)
    one = InputObject(version, data_format, changes.pop("compression", Compression.NONE))
    task = InspectTask(job=JOB, input=an_input(**changes), objects=(one,))
    return asyncio.run(a_performer(store, FakeSandbox())(task))


def rows_of(
    store: FolderStore, frame: pl.DataFrame, data_format: DataFormat = DataFormat.PARQUET, **changes: Any
) -> tuple[list[dict[str, Any]], Processed]:
    """Process a whole table; return its rows and the report."""
    version = evolve(store.put("in/t", written(frame, data_format)), rows=frame.height)
    sandbox = FakeSandbox()
    span = PartitionRange(0, RangeUnit.ROWS, 0, frame.height)
    task = a_process_task(version, span, format=data_format, input=an_input(**changes))
    report = asyncio.run(a_performer(store, sandbox)(task))
    assert isinstance(report, Processed), report
    return json.loads(sandbox.trials[0].dataset.text or b""), report


@given(
    numbers=st.lists(st.integers(-5, 5) | st.none(), max_size=40),
    data_format=FORMATS,
    row_group_size=st.integers(1, 50),
    part_bytes=st.integers(50, 900),
)
def test_the_rows_of_all_slices_are_those_of_the_table(
    numbers: list[int | None], data_format: DataFormat, row_group_size: int, part_bytes: int
) -> None:
    frame = pl.DataFrame({"n": numbers, "s": [f"é{n}" for n in numbers]}, schema={"n": pl.Int32, "s": pl.String})
    with TemporaryDirectory() as folder:
        store, sandbox = FolderStore(Path(folder)), FakeSandbox()
        inspected = inspect(store, written(frame, data_format, row_group_size), data_format)
        assert isinstance(inspected, Inspected)
        (version,) = inspected.objects
        assert version.rows == frame.height
        reports = [
            asyncio.run(a_performer(store, sandbox)(a_process_task(version, span, format=data_format)))
            for span in cut_by_rows([version], part_bytes)
        ]
    rows = [row for trial in sandbox.trials for row in json.loads(trial.dataset.text or b"")]
    assert rows == frame.to_dicts()
    taken = sum(report.result.input_bytes for report in reports if isinstance(report, Processed))
    assert taken == (version.size_bytes if reports else 0)


VALUES: dict[str, tuple[pl.Series, Any]] = {
    "date": (pl.Series([NOON.date()]), "2024-01-31"),
    "time": (pl.Series([NOON.time()]), "12:30:00.005"),
    "datetime": (pl.Series([NOON]), "2024-01-31T12:30:00.005000"),
    "milliseconds": (pl.Series([NOON], dtype=pl.Datetime("ms")), "2024-01-31T12:30:00.005"),
    "zoned": (
        pl.Series([NOON]).dt.replace_time_zone("America/Sao_Paulo"),
        "2024-01-31T12:30:00.005000-03:00",
    ),
    "duration": (pl.Series([dt.timedelta(days=1, seconds=3)]), "P1DT3S"),
    "decimal": (pl.Series([Decimal("1.20")]), "1.20"),
    "bytes": (pl.Series([b"\xff\0"]), "/wA="),
    "category": (pl.Series(["a"], dtype=pl.Categorical), "a"),
    "boolean": (pl.Series([True]), True),
    "small": (pl.Series([7], dtype=pl.Int8), 7),
    "float": (pl.Series([1.5], dtype=pl.Float32), 1.5),
    "null": (pl.Series([None]), None),
    "list": (pl.Series([[NOON.date(), None]]), ["2024-01-31", None]),
    "array": (pl.Series([[1, 2]], dtype=pl.Array(pl.Int32, 2)), [1, 2]),
    "struct": (
        pl.Series([{"d": NOON, "n": {"x": Decimal("1.5")}}]),
        {"d": "2024-01-31T12:30:00.005000", "n": {"x": "1.5"}},
    ),
}


@pytest.mark.parametrize("kind", VALUES)
def test_each_type_has_one_form(tmp_path: Path, kind: str) -> None:
    series, value = VALUES[kind]
    frame = pl.DataFrame({"v": pl.concat([series, pl.Series([None], dtype=series.dtype)])})
    rows, _ = rows_of(FolderStore(tmp_path), frame)
    assert rows == [{"v": value}, {"v": None}]


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt64])
def test_integers_of_64_bits_are_numbers_with_a_warning_or_strings(tmp_path: Path, kind: Any) -> None:
    frame = pl.DataFrame({"v": pl.Series([2**53 + 1, 1, None], dtype=kind), "l": [[2**60], [], None]})
    store = FolderStore(tmp_path)
    rows, report = rows_of(store, frame)
    assert rows[0] == {"v": 2**53 + 1, "l": [2**60]}
    (warning,) = report.result.warnings
    assert warning.kind is NumberWarningKind.INTEGER_PRECISION
    assert "1 integers of the column 'v'" in warning.detail
    rows, report = rows_of(store, frame, integers=Integers.STRINGS)
    assert rows == [{"v": str(2**53 + 1), "l": [str(2**60)]}, {"v": "1", "l": []}, {"v": None, "l": None}]
    assert report.result.warnings == ()


def test_numbers_that_are_not_finite_become_null_with_a_warning(tmp_path: Path) -> None:
    rows, report = rows_of(FolderStore(tmp_path), pl.DataFrame({"v": [math.nan, math.inf, 1.0]}))
    assert rows == [{"v": None}, {"v": None}, {"v": 1}]
    assert [one.kind for one in report.result.warnings] == [NumberWarningKind.NON_FINITE_NUMBER]


def test_columns_are_selected_in_the_order_of_the_request(tmp_path: Path) -> None:
    rows, _ = rows_of(FolderStore(tmp_path), pl.DataFrame({"a": [1], "b": [2], "c": [3]}), selected=("c", "a"))
    assert [list(row.items()) for row in rows] == [[("c", 3), ("a", 1)]]


@pytest.mark.parametrize("data_format", [DataFormat.PARQUET, DataFormat.ARROW])
@pytest.mark.parametrize("damage", ["truncated", "other", "empty", "end only"])
def test_what_is_no_table_is_refused(tmp_path: Path, data_format: DataFormat, damage: str) -> None:
    whole = written(pl.DataFrame({"a": list(range(1000))}), data_format)
    data = {"truncated": whole[:-9], "other": b"a,b\n1,2\n" * 9, "empty": b"", "end only": whole[-200:]}[damage]
    error = error_of(inspect(FolderStore(tmp_path), data, data_format))
    assert error.kind is InputFault.INPUT_MALFORMED
    assert "in/t cannot be read as" in error.message
    assert str(tmp_path) not in error.message


def test_a_missing_column_and_a_compressed_table_are_refused(tmp_path: Path) -> None:
    store, data = FolderStore(tmp_path), written(pl.DataFrame({"a": [1]}), DataFormat.PARQUET)
    error = error_of(inspect(store, data, DataFormat.PARQUET, selected=("a", "z")))
    assert (error.kind, error.column) == (InputFault.INPUT_MALFORMED, "z")
    error = error_of(inspect(store, data, DataFormat.PARQUET, compression=Compression.GZIP))
    assert "decompress it" in error.message


def test_a_table_that_has_changed_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    old = store.put("in/t", written(pl.DataFrame({"a": [1]}), DataFormat.PARQUET))
    store.put("in/t", written(pl.DataFrame({"a": [2]}), DataFormat.PARQUET))
    task = a_process_task(old, PartitionRange(0, RangeUnit.ROWS, 0, 1), format=DataFormat.PARQUET)
    assert error_of(asyncio.run(a_performer(store, FakeSandbox())(task))).kind is InputFault.INPUT_CHANGED


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"s": pl.repeat("x" * 1000, 20_000, eager=True)}),
        pl.DataFrame({"n" * 1000: pl.repeat(1, 20_000, eager=True)}),
        pl.DataFrame({"n": pl.repeat(1, 2_000_000, eager=True)}),
    ],
    ids=["texts", "names", "rows"],
)
def test_rows_that_expand_are_refused_before_they_are_made(tmp_path: Path, frame: pl.DataFrame) -> None:
    store = FolderStore(tmp_path)
    version = evolve(store.put("in/t", written(frame, DataFormat.PARQUET)), rows=frame.height)
    assert version.size_bytes < 50_000
    task = a_process_task(version, PartitionRange(0, RangeUnit.ROWS, 0, frame.height), format=DataFormat.PARQUET)
    bounds = evolve(BOUNDS, text_bytes=1_000_000)
    error = error_of(asyncio.run(a_performer(store, FakeSandbox(), bounds)(task)))
    assert (error.kind, "partition.bytes" in error.message) == (InputFault.INPUT_TOO_LARGE, True)


def test_without_polars_a_table_is_refused_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.partitions.polars.find_spec", lambda name: None)
    error = error_of(inspect(FolderStore(tmp_path), b"", DataFormat.PARQUET))
    assert "extra `tables`" in error.message


@settings(max_examples=20)
@given(data_format=FORMATS, damages=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_a_damaged_table_is_refused_or_read_and_raises_nothing(
    data_format: DataFormat, damages: list[tuple[float, int]]
) -> None:
    data = bytearray(written(pl.DataFrame({"n": list(range(99)), "s": ["é"] * 99}), data_format))
    for place, byte in damages:
        data[int(place * (len(data) - 1))] = byte
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        report = inspect(store, bytes(data), data_format)
        if isinstance(report, Inspected):
            (version,) = report.objects
            span = PartitionRange(0, RangeUnit.ROWS, 0, version.rows or 0)
            task = a_process_task(version, span, format=data_format)
            report = asyncio.run(a_performer(store, FakeSandbox())(task))
    assert isinstance(report, Processed | TaskFailed)
