"""Merge, description, output and verification of results, and the sandbox's failures."""

import asyncio
import io
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from adapters.partitions.bounds import Bounds
from adapters.partitions.verifying import cut
from application.ports.errors import Unavailable
from application.ports.job_tasks import (
    Described,
    DescribeTask,
    InputObject,
    Merged,
    MergeTask,
    PartialResult,
    TaskReport,
    Verified,
    VerifyTask,
    WriteTask,
    Written,
)
from application.ports.sandbox import (
    MERGE_CALL,
    EngineMissing,
    PartCall,
    RunFailure,
    SandboxLost,
    SandboxUnavailable,
    Trial,
)
from domain.body import digest
from domain.comparison.values import EXACTLY
from domain.job_requests import ColumnType, Compression, DataFormat
from domain.jobs import Column
from domain.outcome import ErrorKind, Logs, Provenance, Rejected, Run, script_error
from domain.partitions import InputFault
from tests.adapters.partitions.folder_store import FolderStore, a_url
from tests.adapters.partitions.tasks import (
    JOB,
    MEASURES,
    FakeSandbox,
    a_performer,
    a_process_task,
    a_script,
    an_input,
    error_of,
)
from tests.adapters.partitions.test_ndjson import VALUES

ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "n": st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False),
            "s": st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
            "b": st.none() | st.booleans(),
        },
    ),
    max_size=6,
)


def stored(store: FolderStore, values: Sequence[Any]) -> tuple[PartialResult, ...]:
    """Store partial results."""
    found = []
    for number, value in enumerate(values):
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        store.put(f"results/{number}.json", text)
        found.append(PartialResult(a_url(f"results/{number}.json"), digest(text).sha256, len(text)))
    return tuple(found)


def perform(store: FolderStore, task: Any, sandbox: Any = None, bounds: Bounds | None = None) -> TaskReport:
    """Perform a task."""
    return asyncio.run(a_performer(store, sandbox or FakeSandbox(), *(() if bounds is None else (bounds,)))(task))


def write(store: FolderStore, values: Sequence[Any], data_format: DataFormat, **changes: Any) -> TaskReport:
    """Write results to `out`, with the columns that they have if these are needed."""
    results = stored(store, values)
    columns = None
    if data_format in (DataFormat.CSV, DataFormat.PARQUET):
        described = perform(store, DescribeTask(job=JOB, number=0, results=results))
        if not isinstance(described, Described):
            return described
        columns = described.columns
    members: dict[str, Any] = {"is_whole": False, "columns": columns, **changes}
    task = WriteTask(job=JOB, number=0, results=results, format=data_format, target=a_url("out"), **members)
    return perform(store, task)


@given(values=st.lists(st.lists(VALUES, max_size=4), max_size=4))
def test_arrays_are_joined_to_one(values: list[list[Any]]) -> None:
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        report = write(store, values, DataFormat.JSON)
        data = store.get("out")
    assert json.loads(data) == [item for value in values for item in value]
    assert report == Written(digest(data).sha256, len(data))


@given(value=VALUES)
def test_a_merged_value_is_written_as_it_is(value: Any) -> None:
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        write(store, [value], DataFormat.JSON, is_whole=True)
        assert json.loads(store.get("out")) == value
        report = write(store, [value], DataFormat.NDJSON, is_whole=True)
        if isinstance(value, list):
            assert [json.loads(line) for line in store.get("out").split(b"\n")[:-1]] == value
        else:
            assert error_of(report).kind is InputFault.OUTPUT_INVALID


@given(rows=ROWS)
@example([{"n": 1}, {"n": 2.5}, {"n": 1e300}, {"s": 'a"b\n'}])
def test_tables_have_the_values_of_the_rows(rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    expected = [{name: row.get(name) for name in names} for row in rows]
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        write(store, [rows], DataFormat.PARQUET)
        assert pl.read_parquet(io.BytesIO(store.get("out"))).to_dicts() == (expected if names else [])
        write(store, [rows], DataFormat.CSV)
        text = store.get("out")
    if names:
        kinds = {"n": pl.Float64, "s": pl.String, "b": pl.Boolean}
        assert pl.read_csv(text, schema={name: kinds[name] for name in names}).to_dicts() == expected
        assert b"1.0," not in text


def test_integers_are_written_to_csv_without_a_point(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    write(store, [[{"a": 1, "b": 2.5, "c": "x"}, {"a": 1e21, "b": None, "c": ""}]], DataFormat.CSV)
    assert store.get("out") == b'a,b,c\n1,2.5,x\n1e+21,,""\n'


def test_columns_are_described_in_their_order_with_their_types(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    results = stored(store, [[{"b": None, "a": 1}], [], [{"c": True, "a": 2.5, "d": None}, {"b": "x"}]])
    kinds = {"b": ColumnType.STRING, "a": ColumnType.NUMBER, "c": ColumnType.BOOLEAN, "d": ColumnType.STRING}
    assert perform(store, DescribeTask(job=JOB, number=0, results=results)) == Described(
        tuple(Column(name, kind) for name, kind in kinds.items())
    )


@pytest.mark.parametrize(
    ("value", "column", "words"),
    [
        ([{"a": 1}, {"a": "x"}], "a", "number in one row and a string"),
        ([{"a": True}, {"a": 1}], "a", "boolean in one row"),
        ([{"a": [1]}], "a", "array or an object"),
        ([1], None, "no object"),
        ([{"a": "\ud800"}], None, "no Unicode"),
        ({"a": 1}, None, "no array"),
        ([{f"c{number}": 1 for number in range(2_001)}], None, "2000"),
    ],
)
def test_results_that_are_no_table_are_refused(tmp_path: Path, value: Any, column: str | None, words: str) -> None:
    store = FolderStore(tmp_path)
    text = json.dumps(value).encode()
    store.put("r", text)
    one = PartialResult(a_url("r"), digest(text).sha256, len(text))
    error = error_of(perform(store, DescribeTask(job=JOB, number=0, results=(one,))))
    assert (error.kind, error.column) == (InputFault.OUTPUT_INVALID, column)
    assert words in error.message


def test_results_are_merged_in_their_order(tmp_path: Path) -> None:
    store, sandbox = FolderStore(tmp_path), FakeSandbox(lambda results: {"all": results})
    task = MergeTask(
        job=JOB, script=a_script(), number=0, results=stored(store, [3, [1], {"a": 2}]), result=a_url("merged")
    )
    report = perform(store, task, sandbox)
    assert json.loads(store.get("merged")) == {"all": [3, [1], {"a": 2}]}
    assert sandbox.trials[0].call == MERGE_CALL
    data = store.get("merged")
    assert report == Merged(PartialResult(a_url("merged"), digest(data).sha256, len(data)))


def test_a_result_that_is_another_one_or_gone_or_too_large_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (one,) = stored(store, [[1, 2]])
    task = MergeTask(job=JOB, script=a_script(), number=0, results=(one,), result=a_url("merged"))
    assert error_of(perform(store, task, bounds=Bounds(text_bytes=4))).kind is InputFault.INPUT_TOO_LARGE
    store.put("results/0.json", b"[1,3]")
    assert error_of(perform(store, task)).kind is InputFault.INPUT_CHANGED
    store.put("results/0.json", b"[1,2,3]")
    assert error_of(perform(store, task)).kind is InputFault.INPUT_CHANGED
    (tmp_path / "results/0.json").unlink()
    assert error_of(perform(store, task)).kind is InputFault.INPUT_MISSING


@given(count=st.integers(1, 40), seed=st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_rows_are_cut_at_places_that_follow_from_the_seed(count: int, seed: str) -> None:
    rows = [b"%d" % number for number in range(count)]
    pieces = cut(rows, seed)
    assert [row for piece in pieces for row in piece] == rows
    assert all(pieces)
    assert pieces == cut(rows, seed)
    assert len(pieces) in range(min(2, count), 6)


def verify(
    store: FolderStore, objects: Sequence[InputObject], sandbox: FakeSandbox, has_merge: bool, rows: int = 5
) -> TaskReport:
    """Verify a script over objects."""
    task = VerifyTask(
        job=JOB,
        input=an_input(columns=(Column("a", ColumnType.NUMBER),)),
        objects=tuple(objects),
        script=a_script(),
        rows=rows,
        has_merge=has_merge,
        tolerance=EXACTLY,
        whole=a_url("whole"),
        pieces=a_url("pieces"),
    )
    return perform(store, task, sandbox)


def objects_of(store: FolderStore) -> list[InputObject]:
    """Store some rows in several formats."""
    frame = pl.DataFrame({"a": [5, 6]})
    out = io.BytesIO()
    frame.write_parquet(out)
    none = Compression.NONE
    return [
        InputObject(store.put("a.ndjson", b'{"a":1}\n\n{"a":2}'), DataFormat.NDJSON, none),
        InputObject(store.put("b.json", b'[{"a":3}]'), DataFormat.JSON, none),
        InputObject(store.put("c.csv", b"a\n4\n"), DataFormat.CSV, none),
        InputObject(evolve(store.put("d.parquet", out.getvalue()), rows=2), DataFormat.PARQUET, none),
    ]


@pytest.mark.parametrize("rows", [1, 3, 5, 100])
def test_the_first_rows_are_processed_whole_and_in_pieces(tmp_path: Path, rows: int) -> None:
    store, sandbox = FolderStore(tmp_path), FakeSandbox()
    report = verify(store, objects_of(store), sandbox, has_merge=False, rows=rows)
    expected = [{"a": number} for number in range(1, min(rows, 6) + 1)]
    whole, *pieces = [json.loads(trial.dataset.text or b"") for trial in sandbox.trials]
    assert whole == expected
    assert [row for piece in pieces for row in piece] == expected
    assert [trial.call for trial in sandbox.trials] == [
        PartCall(0, 1),
        *(PartCall(number, len(pieces)) for number in range(len(pieces))),
    ]
    assert isinstance(report, Verified)
    assert (report.rows, report.whole.sha256) == (len(expected), report.pieces.sha256)
    assert "whole" not in store.paths()


def test_a_script_that_depends_on_the_cuts_is_found_out(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    report = verify(store, objects_of(store), FakeSandbox(lambda rows: [len(rows)]), has_merge=False)
    assert isinstance(report, Verified)
    assert report.whole.sha256 != report.pieces.sha256
    assert json.loads(store.get("whole")) == [5]
    assert sum(json.loads(store.get("pieces"))) == 5


def test_with_a_merge_its_result_is_compared(tmp_path: Path) -> None:
    def work(data: Any) -> Any:
        return sum(one if isinstance(one, int) else 1 for one in data)

    report = verify(FolderStore(tmp_path), objects_of(FolderStore(tmp_path)), FakeSandbox(work), has_merge=True)
    assert isinstance(report, Verified)
    assert report.whole.sha256 == report.pieces.sha256


def test_a_verification_refuses_what_processing_would(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    objects = [InputObject(store.put("a.ndjson", b"1\nx\n"), DataFormat.NDJSON, Compression.NONE)]
    assert error_of(verify(store, objects, FakeSandbox(), has_merge=False)).line == 2
    objects = [InputObject(store.put("a.json", b"{}"), DataFormat.JSON, Compression.NONE)]
    assert error_of(verify(store, objects, FakeSandbox(), has_merge=False)).kind is InputFault.INPUT_MALFORMED
    objects = [InputObject(store.put("a.ndjson", b"1\n2\n"), DataFormat.NDJSON, Compression.NONE)]
    number = error_of(verify(store, objects, FakeSandbox(len), has_merge=False))
    assert number.kind is InputFault.OUTPUT_INVALID


def test_without_rows_there_is_nothing_to_verify(tmp_path: Path) -> None:
    report = verify(FolderStore(tmp_path), [], FakeSandbox(), has_merge=True)
    assert isinstance(report, Verified)
    assert report.rows == 0


class FailingSandbox:
    """A sandbox that fails in one way, so many times."""

    def __init__(self, failure: RunFailure | Run, times: int = 99) -> None:
        self.failure, self.left, self.working = failure, times, FakeSandbox()

    async def __call__(self, trial: Trial) -> Result[Run, RunFailure]:
        """Run a trial."""
        if self.left == 0:
            return await self.working(trial)
        self.left -= 1
        return Success(self.failure) if isinstance(self.failure, Run) else Failure(self.failure)


def test_a_run_that_fails_is_reported_with_its_kind_and_place(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    task = a_process_task(store.put("a", b"1\n"))
    thrown = script_error(ErrorKind.SCRIPT_ERROR, "Error: no", 3, 4)
    run = Run(Rejected(thrown), Logs(), Provenance("fake", MEASURES))
    error = error_of(perform(store, task, FailingSandbox(run)))
    assert (error.kind, error.message) == (ErrorKind.SCRIPT_ERROR, "Error: no (line 3, column 4 of the script)")
    assert error.line is None
    run = Run(Rejected(script_error(ErrorKind.TIMEOUT, "it took long")), Logs(), Provenance("fake", MEASURES))
    assert error_of(perform(store, task, FailingSandbox(run))).kind is ErrorKind.TIMEOUT


def test_a_lost_sandbox_is_tried_once_more(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    task = a_process_task(store.put("a", b"1\n"))
    perform(store, task, FailingSandbox(SandboxLost(), 1))
    assert store.get(task.result.path.value) == b"[1]"
    for failure in (SandboxLost(), SandboxUnavailable()):
        with pytest.raises(Unavailable):
            perform(store, task, FailingSandbox(failure))
    assert error_of(perform(store, task, FailingSandbox(EngineMissing()))).kind is ErrorKind.ENGINE_UNAVAILABLE
