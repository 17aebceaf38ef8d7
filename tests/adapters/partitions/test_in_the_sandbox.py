"""Tasks in the real sandbox: places of parts, merge, and text that the engine is the first to parse."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.job_tasks import (
    InputObject,
    Merged,
    MergeTask,
    PartialResult,
    Processed,
    ProcessTask,
    Verified,
    VerifyTask,
)
from domain.body import digest
from domain.comparison.values import EXACTLY
from domain.engine import EngineName
from domain.job_requests import Compression, DataFormat
from domain.outcome import ErrorKind
from domain.partitions import InputFault
from tests.adapters.javascript.sandboxes import BODIES, Bench, a_bench
from tests.adapters.partitions.folder_store import FolderStore, a_url
from tests.adapters.partitions.tasks import JOB, a_performer, a_process_task, a_script, an_input, error_of

SUM = b"""
function process(rows, part) { return {sum: rows.reduce((total, row) => total + row.a, 0), part}; }
function merge(results) { return {sum: results.reduce((total, one) => total + one.sum, 0)}; }
"""


@pytest.fixture(scope="module", params=list(EngineName))
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with a_bench(engine=request.param, analyses=False) as one:
        yield one


def perform(bench: Bench, store: FolderStore, task: Any) -> Any:
    """Perform a task in the sandbox."""
    return bench.do(a_performer(store, bench.sandbox.run_trial)(task))


def a_task(bench: Bench, store: FolderStore, data: bytes, source: bytes = SUM) -> ProcessTask:
    """Create the task of an object of NDJSON."""
    script = a_script(source, engine=bench.sandbox._default.engine)
    return a_process_task(store.put("a.ndjson", data), script=script, number=3, count=None)


def test_a_partition_is_processed_with_its_place(bench: Bench, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    task = a_task(bench, store, b'{"a":1}\r\n{"a":2.5}\n\n')
    report = perform(bench, store, task)
    assert isinstance(report, Processed)
    data = store.get(task.result.path.value)
    assert json.loads(data) == {"sum": 3.5, "part": {"index": 3, "count": None}}
    assert (report.result.result_sha256, report.result.result_bytes) == (digest(data).sha256, len(data))
    assert report.result.measures.cpu_ms > 0


def test_partial_results_are_merged(bench: Bench, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("r", b'{"sum":2}')
    one = PartialResult(a_url("r"), digest(b'{"sum":2}').sha256, 9)
    script = a_script(SUM, engine=bench.sandbox._default.engine)
    task = MergeTask(job=JOB, script=script, number=0, results=(one, one), result=a_url("merged"))
    assert isinstance(perform(bench, store, task), Merged)
    assert store.get("merged") == b'{"sum":4}'


@pytest.mark.parametrize(("has_merge", "is_same"), [(True, True), (False, None)])
def test_a_sum_is_the_same_only_with_its_merge(
    bench: Bench, tmp_path: Path, has_merge: bool, is_same: bool | None
) -> None:
    store = FolderStore(tmp_path)
    source = SUM.replace(b", part}", b"}")
    version = store.put("a.ndjson", b'{"a":1}\n' * 50)
    task = VerifyTask(
        job=JOB,
        input=an_input(),
        objects=(InputObject(version, DataFormat.NDJSON, Compression.NONE),),
        script=a_script(source, engine=bench.sandbox._default.engine),
        rows=50,
        has_merge=has_merge,
        tolerance=EXACTLY,
        whole=a_url("whole"),
        pieces=a_url("pieces"),
    )
    report = perform(bench, store, task)
    if is_same:
        assert isinstance(report, Verified)
        assert report.whole.sha256 == report.pieces.sha256
    else:
        assert error_of(report).kind is InputFault.OUTPUT_INVALID


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.binary(max_size=8)
    | st.text(alphabet='{}[],:"1a.e-+\\u0/\t', max_size=10).map(str.encode)
    | st.sampled_from([b"\xed\xa0\x80", b"\xff", b"\x01", b"\xc0\x80", b"\xf4\x90\x80\x80"]).map(
        lambda one: b'"%b"' % one
    )
    | st.sampled_from(b"01 1. .5 +1 'a' NaN 1,2 [1,]".split())
    | st.sampled_from([b'{"a":1},{}', b'"\\x41"', b'"\\ud800"', b"1},2,{"])
)
def test_no_line_is_processed_that_is_no_value(bench: Bench, tmp_path: Path, line: bytes) -> None:
    store = FolderStore(tmp_path)
    data = b'{"a":1}\n{"a":%b}\n' % line
    report = perform(bench, store, a_task(bench, store, data, b"function process(rows) { return rows.length; }"))
    is_valid = all(bench.do(BODIES.check(one)).value_or(1) is None for one in data.split(b"\n") if one.strip(b" \t\r"))
    if is_valid:
        assert isinstance(report, Processed)
    else:
        error = error_of(report)
        assert (error.kind, error.line is not None) == (InputFault.INPUT_MALFORMED, True)


def test_an_error_of_the_script_is_its_own(bench: Bench, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    source = b'function process() { throw new SyntaxError("mine"); }'
    error = error_of(perform(bench, store, a_task(bench, store, b'{"a":1}\n', source)))
    assert error.kind is ErrorKind.SCRIPT_ERROR
    assert error.message.startswith("SyntaxError: mine (line 1")
