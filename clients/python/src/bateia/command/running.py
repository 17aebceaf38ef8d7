"""Commands that run scripts and read what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from bateia import operations
from bateia.command.exits import Exit, Unusable
from bateia.command.files import format_of, pieces, save_result
from bateia.command.local import Trial, dataset_text
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.output import json_text
from bateia.datasets import NDJSON, Payload, dataset_payload
from bateia.documents import Batch, Execution, run_error
from bateia.errors import BateiaError
from bateia.matching import exact_text
from bateia.operations import LIVE, Submission
from bateia.results import Result, write_whole
from bateia.spool import pieces_of, spooled

_LOOKS_SECONDS = 0.3


def run(
    source: Path,
    dataset: Path,
    /,
    *,
    watch: Annotated[bool, Parameter(negative="")] = False,
    remote: Annotated[bool, Parameter(negative="")] = False,
    engine: str | None = None,
    clock: str | None = None,
    seed: str | None = None,
    common: All = DEFAULTS,
) -> int:
    """Run a source over a dataset, and save neither. Exit status 1 if the run fails.

    It runs in the sandbox of an installation of the service on this machine, without a server, if BATEIA_SERVICE
    names a checkout or the service is installed beside this command; otherwise as a preview on the server.

    Parameters
    ----------
    source
        File with `function process(data)`.
    dataset
        File with JSON or, named .ndjson or .jsonl, with one value per line; - is standard input.
    watch
        Run again whenever one of the files changes, until Ctrl-C.
    remote
        Run on the server, also if there is an installation here.
    engine
        JavaScript engine.
    clock
        Time that the script sees, such as 2026-03-31T23:59:59Z.
    seed
        Seed of the random numbers: 32 hexadecimal digits.
    """
    given = {"engine": engine, "clock": clock, "seed": seed}
    choices = {name: value for name, value in given.items() if value is not None}
    if not watch:
        return _tried(common, source, dataset_text(dataset), choices, remote)
    if str(dataset) == "-":
        raise Unusable("--watch needs a file: standard input can be read once only")
    return _watched(common, source, dataset, choices, remote)


def _watched(common: Options, source: Path, dataset: Path, choices: dict[str, Any], remote: bool) -> int:
    seen: object = None
    while True:
        state = [(path.stat().st_mtime_ns, path.stat().st_size) for path in (source, dataset) if path.exists()]
        if state != seen and len(state) == 2:
            seen = state
            common.output.note(f"--- {time.strftime('%H:%M:%S')}")
            try:
                _tried(common, source, dataset_text(dataset), choices, remote)
            except (BateiaError, OSError) as error:
                common.output.error(error, Exit.FAILED, common.login.url)
        time.sleep(_LOOKS_SECONDS)


def _tried(common: Options, source: Path, dataset: bytes, choices: dict[str, Any], remote: bool) -> int:
    runner, place = common.runner(remote)
    with common.output.work(f"running {source} {place}"):
        shown = runner(Trial(_source_text(source), dataset, choices))
    error = run_error(shown["error"])
    if common.output.as_json:
        print(exact_text(shown))
        return Exit.OK if error is None else Exit.FAILED
    for line in shown["logs"]:
        common.output.note(f"{line['level']}: {line['message']}", "")
    for warning in (*shown["source_warnings"], *shown["warnings"]):
        common.output.note(f"warning: {warning['detail']}", "yellow")
    if error is not None:
        common.output.note(f"failed {place}: {error}", "red")
        return Exit.FAILED
    common.output.line(exact_text(shown["result"]))
    common.output.note(f"succeeded {place} in {float(shown['wall_ms']):.1f} ms")
    return Exit.OK


def _source_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Unusable(f"{path} is not UTF-8: convert it") from None


def _dataset_payload(dataset: Path) -> Payload:
    if str(dataset) != "-":
        return dataset_payload(dataset)
    body = spooled(iter(lambda: sys.stdin.buffer.read(256 * 1024), b""))
    return Payload(body, "application/json", body.coding)


def submit(
    script: str,
    dataset: Path,
    /,
    *,
    version: str = LIVE,
    wait: Annotated[bool, Parameter(negative="")] = False,
    timeout: float | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    clock: str | None = None,
    seed: str | None = None,
    common: All = DEFAULTS,
) -> int:
    """Submit a dataset to a script, and print the execution's id. Exit status 1 if it is waited for and fails.

    Parameters
    ----------
    script
        Name of the script.
    dataset
        File with JSON, or named .ndjson with one value per line; either as .gz or .zst; - is standard input.
    version
        Number of a version, or an alias.
    wait
        Wait for the outcome, and print the result.
    timeout
        Seconds to wait at most.
    output
        File for the result: .json, .ndjson or .csv. It implies --wait.
    clock
        Time that the script sees, such as 2026-03-31T23:59:59Z.
    seed
        Seed of the random numbers: 32 hexadecimal digits.
    """
    if output is not None:
        format_of(output)
    payload = _dataset_payload(dataset)
    with common.output.upload(f"uploading {dataset.name}") as progress:
        choices = Submission(version, clock, seed, progress=progress)
        execution = common.do(operations.submit_payload(script, payload, choices))
    if not wait and output is None:
        common.output.value(execution.document, lambda: common.output.line(execution.id))
        return Exit.OK
    return _finish(common, execution, timeout, output)


def _finish(common: Options, execution: Execution, timeout: float | None, output: Path | None) -> int:
    try:
        common.output.note(f"execution {execution.id} of version {execution.version}")
        with common.output.work("waiting for the outcome"):
            execution = common.do(operations.wait_for_execution(execution, timeout))
    except KeyboardInterrupt:
        common.output.note(f"the execution goes on: bateia result {execution.id}")
        raise
    _show_logs(common, execution)
    return _show_result(common, execution, output)


def _show_logs(common: Options, execution: Execution) -> None:
    for line in execution.logs:
        common.output.note(f"{line.level}: {line.message}", "")
    for warning in execution.warnings:
        common.output.note(f"warning: {warning['detail']}", "yellow")


def _show_result(common: Options, execution: Execution, output: Path | None) -> int:
    if output is not None:
        save_result(common, execution, output)
        common.output.value(execution.document, lambda: common.output.line(str(output)))
    elif common.output.as_json:
        print(json_text(execution.document))
        return Exit.OK if execution.has_succeeded else Exit.FAILED
    else:
        common.output.line(common.do(operations.result(execution)).text().decode())
    return Exit.OK


def batch(
    script: str,
    datasets: Path,
    /,
    *,
    version: str = LIVE,
    plain: Annotated[bool, Parameter(negative="")] = False,
    wait: Annotated[bool, Parameter(negative="")] = False,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    common: All = DEFAULTS,
) -> int:
    """Submit many datasets, one per line of a file. Exit status 1 if they are waited for and one fails.

    Parameters
    ----------
    script
        Name of the script.
    datasets
        File with lines such as {"ref": "mine", "data": …}.
    version
        Number of a version, or an alias.
    plain
        The lines are the datasets themselves.
    wait
        Wait until all have ended.
    output
        File for the results, one JSON object per line. It implies --wait.
    """
    body = spooled(_wrapped(datasets) if plain else pieces_of(datasets))
    with common.output.upload(f"uploading {datasets.name}") as progress:
        choices = Submission(version, progress=progress)
        one = common.do(operations.submit_lines(script, Payload(body, NDJSON, body.coding), choices))
    if not wait and output is None:
        common.output.value(one.document, lambda: common.output.line(one.id))
        return Exit.OK
    return _finish_batch(common, one, output)


def _wrapped(datasets: Path) -> Iterator[bytes]:
    with datasets.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield b'{"data":' + line.strip() + b"}\n"


def _finish_batch(common: Options, one: Batch, output: Path | None) -> int:
    try:
        common.output.note(f"batch {one.id} of {one.lines} lines")
        with common.output.work("waiting for the batch") as report:
            ended = lambda now: report(now.succeeded + now.failed, now.lines)  # noqa: E731
            one = common.do(operations.wait_for_batch(one, watch=ended))
    except KeyboardInterrupt:
        common.output.note(f"the batch goes on: its id is {one.id}")
        raise
    if output is not None:
        received = Result(operations.NO_EXECUTION)
        common.do(operations.download(f"/v1/batches/{operations.segment(one.id)}/results", received))
        write_whole(output, pieces(received))
    common.output.value(one.document, lambda: _show_batch(common, one))
    return Exit.OK if one.failed == 0 else Exit.FAILED


def _show_batch(common: Options, one: Batch) -> None:
    common.output.line(f"{one.id}: {one.succeeded} succeeded, {one.failed} failed")
    if one.failed:
        for line in common.do(operations.batch_results(one, "failed")):
            common.output.line(f"line {line.line}{f' ({line.ref})' if line.ref else ''}: {line.error}", "red")


def executions(
    *,
    script: str | None = None,
    status: str | None = None,
    batch: str | None = None,
    limit: int = 20,
    common: All = DEFAULTS,
) -> int:
    """List executions, the newest first.

    Parameters
    ----------
    script
        Only those of this script.
    status
        Only those that are pending, running, succeeded or failed.
    batch
        Only those of this batch.
    limit
        Number of executions at most.
    """
    given = {"script": script, "status": status, "batch": batch}
    query = {name: value for name, value in given.items() if value is not None}
    items = common.do(operations.pages("/v1/executions", limit, query))
    columns = ("id", "script", "version", "status", "submitted", "error")

    def cells(one: Any) -> Sequence[object]:
        of, error = one["script"], one["error"]
        return (
            one["id"],
            of["name"],
            of["version"],
            one["status"],
            one["submitted_at"],
            error["kind"] if error else "",
        )

    common.output.value(items, lambda: common.output.table(columns, map(cells, items)))
    return Exit.OK


def logs(execution: str, /, *, common: All = DEFAULTS) -> int:
    """Print the console output and the warnings of an execution."""
    found = common.do(operations.read_execution(execution))

    def show() -> None:
        for line in found.logs:
            common.output.line(f"{line.level}: {line.message}")
        for warning in found.warnings:
            common.output.line(f"warning: {warning['detail']}", "yellow")

    common.output.value({"logs": found.document["logs"], "warnings": list(found.warnings)}, show)
    return Exit.OK


def result(
    execution: str,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    wait: Annotated[bool, Parameter(negative="")] = False,
    common: All = DEFAULTS,
) -> int:
    """Print the result of an execution, or save it. Exit status 1 if the execution failed.

    Parameters
    ----------
    execution
        Id of the execution.
    output
        File for the result: .json, .ndjson or .csv.
    wait
        Wait for the outcome first.
    """
    found = common.do(operations.read_execution(execution))
    if wait:
        return _finish(common, found, None, output)
    if output is not None:
        return _show_result(common, found, output)
    print(common.do(operations.result(found)).text().decode())
    return Exit.OK


def compare(
    before: str,
    after: str,
    /,
    *,
    key: str = "",
    absolute: float = 0,
    relative: float = 0,
    common: All = DEFAULTS,
) -> int:
    """Compare the results of two executions, cell by cell. Exit status 1 if they differ.

    Parameters
    ----------
    before
        Id of the first execution.
    after
        Id of the second one.
    key
        Columns that identify a row, separated by commas; the service proposes some.
    absolute
        Largest difference of numbers that count as equal.
    relative
        The same, as a fraction of the larger number.
    """
    columns = [name for name in key.split(",") if name]
    found = common.do(operations.compare(before, after, columns, absolute=absolute, relative=relative))

    def show() -> None:
        rows = found["rows"]
        if found["equal"]:
            common.output.line("equal")
        elif rows:
            common.output.line(", ".join(f"{rows[name]} {name}" for name in ("equal", "changed", "added", "removed")))
        for one in found["differences"]:
            common.output.line(json_text(one).replace("\n", "").replace("  ", ""))

    common.output.value(found, show)
    return Exit.OK if found["equal"] else Exit.FAILED
