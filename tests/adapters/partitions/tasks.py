"""Tasks for tests, and a sandbox in their place that records what it gets."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from returns.result import Result, Success

from adapters.json.bodies import JsonBodies
from adapters.partitions.bounds import BOUNDS, Bounds
from adapters.partitions.performer import TaskPerformer
from application.ports.job_tasks import InputObject, Processed, ProcessTask, TaskFailed, TaskInput, TaskScript
from application.ports.sandbox import RunFailure, Trial
from application.ports.stores import ObjectStores
from domain.circumstances import Circumstances
from domain.job_requests import Compression, CsvOptions, DataFormat, Integers
from domain.limits import DEFAULTS
from domain.outcome import ErrorKind, Logs, Measures, Produced, Provenance, Rejected, Run, script_error
from domain.partitions import ObjectVersion, PartitionError, PartitionRange, RangeUnit, cut_by_bytes
from tests.adapters.partitions.folder_store import STORE, FolderStore, a_url

BODIES: Final = JsonBodies()
JOB: Final = UUID(int=7)
CIRCUMSTANCES: Final = Circumstances(datetime(2024, 5, 6, tzinfo=UTC), "5" * 32)
COMMAS: Final = CsvOptions()
MEASURES: Final = Measures(wall_ms=1, cpu_ms=1, peak_memory_bytes=1)


def a_script(source: bytes = b"", engine: str = "quickjs-ng") -> TaskScript:
    """Create the script of tasks."""
    return TaskScript(
        source=source, source_sha256="0" * 64, engine=engine, limits=DEFAULTS, circumstances=CIRCUMSTANCES
    )


def an_input(csv: CsvOptions = COMMAS, **changes: Any) -> TaskInput:
    """Create the input of tasks."""
    members: dict[str, Any] = {"selected": None, "integers": Integers.NUMBERS, "columns": None, **changes}
    return TaskInput(store=STORE, csv=csv, **members)


class FakeSandbox:
    """A sandbox that applies a Python function, and the datasets that it got."""

    def __init__(self, work: Callable[[Any], Any] = lambda data: data) -> None:
        self.work = work
        self.trials: list[Trial] = []

    async def __call__(self, trial: Trial) -> Result[Run, RunFailure]:
        """Run a trial."""
        self.trials.append(trial)
        assert trial.dataset.text is not None
        try:
            data = json.loads(trial.dataset.text)
        except ValueError:
            syntax = script_error(ErrorKind.SCRIPT_ERROR, "SyntaxError: no JSON")
            return Success(Run(Rejected(syntax), Logs(), Provenance("fake", MEASURES)))
        result = json.dumps(self.work(data), separators=(",", ":"), ensure_ascii=False)
        body = (await BODIES.encode(result.encode())).unwrap()
        return Success(Run(Produced(body), Logs(), Provenance("fake", MEASURES)))


def a_performer(
    store: FolderStore, run: Callable[[Trial], Awaitable[Result[Run, RunFailure]]], bounds: Bounds = BOUNDS
) -> TaskPerformer:
    """Create the port over a folder."""
    return TaskPerformer(cast("ObjectStores", store), run, BODIES, bounds)


def a_process_task(version: ObjectVersion, span: PartitionRange | None = None, **changes: Any) -> ProcessTask:
    """Create the task of a partition, which is by default the whole object."""
    one = InputObject(version, changes.pop("format", DataFormat.NDJSON), changes.pop("compression", Compression.NONE))
    members: dict[str, Any] = {
        "job": JOB,
        "input": an_input(),
        "object": one,
        "script": a_script(),
        "number": 1,
        "range": span or PartitionRange(0, RangeUnit.BYTES, 0, version.size_bytes),
        "count": 1,
        "text": None,
        "result": a_url(f".bateia/jobs/7/results/{changes.get('number', 1)}.json"),
        **changes,
    }
    return ProcessTask(**members)


async def rows_of_cuts(
    store: FolderStore, version: ObjectVersion, part_bytes: int, **changes: Any
) -> tuple[list[list[Any]], list[Processed]]:
    """Process an object cut into ranges; return the rows of each partition, and the reports."""
    sandbox, reports, rows = FakeSandbox(), [], []
    perform = a_performer(store, sandbox)
    for number, span in enumerate(cut_by_bytes([version], part_bytes), 1):
        before = len(sandbox.trials)
        report = await perform(a_process_task(version, span, number=number, **changes))
        assert isinstance(report, Processed), report
        given = sandbox.trials[before:]
        rows.append(json.loads(given[0].dataset.text or b"") if given else [])
        reports.append(report)
    return rows, reports


def error_of(report: object) -> PartitionError:
    """Return the error of a task that must have failed."""
    assert isinstance(report, TaskFailed), report
    return report.error
