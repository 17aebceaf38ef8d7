"""Commands for jobs over data in stores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Group, Parameter

from bateia import job_proof, jobs, requesting
from bateia.command.arguments import File, Limit, Script, Timeout, Wait, Yes, confirm, listed
from bateia.command.exits import Exit, Unusable
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.output import json_text
from bateia.command.proving import show_verification, verification_document
from bateia.command.showing import save_or_print, show_document
from bateia.job_documents import Job, JobRequest
from bateia.operations import LIVE, Submission

JobId = Annotated[str, Parameter(help="Id of the job.")]
_READING = Group("Options of the input", sort_key=50)


@dataclass
class Reading:
    """The options of the input."""

    input_format: Annotated[Literal["json", "ndjson", "csv", "parquet", "arrow"] | None, Parameter(group=_READING)] = (
        None
    )
    """Format of the input, if its names do not tell."""
    columns: Annotated[str, Parameter(group=_READING)] = ""
    """Columns to read, separated by commas."""
    integers: Annotated[Literal["numbers", "strings"] | None, Parameter(group=_READING)] = None
    """Form of 64-bit integers of Parquet and Arrow."""
    delimiter: Annotated[str | None, Parameter(group=_READING)] = None
    """Character between two fields of CSV."""
    decimal: Annotated[str | None, Parameter(group=_READING)] = None
    """Decimal separator of CSV."""
    encoding: Annotated[str | None, Parameter(group=_READING)] = None
    """Encoding of CSV."""
    no_header: Annotated[bool, Parameter(group=_READING, negative="")] = False
    """The first line of CSV has no names of columns."""

    @property
    def csv(self) -> dict[str, Any] | None:
        """The dialect of CSV, if anything about it is given."""
        given = {"delimiter": self.delimiter, "decimal": self.decimal, "encoding": self.encoding}
        dialect: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return {**dialect, **({"header": False} if self.no_header else {})} or None


_READ_AS_NAMED = Reading()


def job(
    script: Script,
    /,
    *,
    source: Annotated[str, Parameter(name="--input")],
    target: Annotated[str, Parameter(name="--output")],
    form: Annotated[Literal["ndjson", "json", "csv", "parquet"], Parameter(name="--format")] = "ndjson",
    merge: Literal["concatenate", "script", "none"] = "concatenate",
    verify: str | None = None,
    tolerance: float | None = None,
    partition_bytes: int | None = None,
    version: str = LIVE,
    clock: str | None = None,
    seed: str | None = None,
    wait: Wait = False,
    timeout: Timeout = None,
    reading: Annotated[Reading, Parameter(name="*")] = _READ_AS_NAMED,
    common: All = DEFAULTS,
) -> int:
    """Run a script over objects in a store, into a folder of a store. Exit status 1 if it is waited for and fails.

    Parameters
    ----------
    source
        URL of the objects, such as 'files://in/*.ndjson'.
    target
        URL of an empty folder, such as files://out/cards/.
    form
        Format of the output.
    merge
        What becomes of the partitions' results: script calls merge(results) of the script.
    verify
        Number of first rows to verify with, or skip.
    tolerance
        Relative difference of numbers that the verification takes for none.
    partition_bytes
        Size of a partition.
    version
        Number of a version, or an alias.
    clock
        Time that the script sees, such as 2026-03-31T23:59:59Z.
    seed
        Seed of the random numbers: 32 hexadecimal digits.
    """
    wanted = JobRequest(
        source,
        target,
        form,
        merge,
        input_format=reading.input_format,
        csv=reading.csv,
        columns=listed(reading.columns),
        integers=reading.integers,
        partition_bytes=partition_bytes,
        verify=_rows(verify),
        tolerance=None if tolerance is None else {"relative": tolerance},
    )
    started = common.do(jobs.submit(script, wanted, Submission(version, clock, seed)))
    if wait:
        return _finish(common, started, timeout)
    common.output.value(started.document, lambda: common.output.line(started.id))
    return Exit.OK


def _rows(verify: str | None) -> int | str | None:
    if verify is None or verify == "skip":
        return verify
    if not verify.isascii() or not verify.isdecimal():
        raise Unusable(f"--verify is a number of rows or skip, not {verify}")
    return int(verify)


def _finish(common: Options, started: Job, timeout: float | None) -> int:
    """Wait for a job to end, and show what it made, or why it failed."""
    try:
        common.output.note(f"job {started.id} of version {started.version}")
        with common.output.work("planning") as report:

            def watch(now: Job) -> None:
                report(round(100 * now.progress), 100, _part(now), now.phase or now.status)

            ended = common.do(jobs.wait_for_job(started, timeout, watch))
    except KeyboardInterrupt:
        common.output.note(f"the job goes on: bateia jobs wait {started.id}")
        raise
    return _show_end(common, ended)


def _part(now: Job) -> str:
    size, total = now.document["bytes"], now.partitions_total
    megabytes = "/".join(f"{size[name] / 1e6:.1f}" for name in ("done", "total"))
    return f"{now.partitions_done}/{'?' if total is None else total} partitions, {megabytes} MB"


def _show_end(common: Options, ended: Job) -> int:
    common.output.value(ended.document, lambda: _show_outcome(common, ended))
    return Exit.OK if ended.has_succeeded else Exit.FAILED


def _show_outcome(common: Options, ended: Job) -> None:
    if ended.error is None:
        made = ended.document["result"]
        common.output.line(f"{ended.output}: {made['objects']} objects, {made['size_bytes']} bytes")
        return
    common.output.line(f"{ended.id}: {ended.error}", "red")
    for one in (ended.document["differences"] or {}).get("differences", ()):
        common.output.line(json_text(one).replace("\n", "").replace("  ", ""))
    if ended.partitions_failed:
        for one in common.do(jobs.list_partitions(ended.id, 10, "failed")):
            common.output.line(f"partition {one['number']}: {_fault(one)}", "red")
    if ended.document["links"]["retry"]:
        common.output.note(f"bateia jobs retry {ended.id} runs what failed again")


def _fault(partition: Any) -> str:
    error = partition["error"]
    if error is None:
        return ""
    place = f" in line {error['line']}" if error["line"] else ""
    return f"{error['kind']}{place}: {error['message']}"


def list_jobs(
    *,
    script: Script | None = None,
    status: Literal["pending", "running", "succeeded", "failed"] | None = None,
    limit: Limit = 20,
    common: All = DEFAULTS,
) -> int:
    """List jobs, the newest first."""
    given = {"script": script, "status": status}
    items = common.do(jobs.list_jobs(limit, {name: value for name, value in given.items() if value is not None}))
    columns = ("id", "script", "version", "status", "done", "output", "error")

    def cells(one: Any) -> tuple[object, ...]:
        of, error = one["script"], one["error"]
        done = f"{one['progress']:.0%}"
        kind = error["kind"] if error else ""
        return one["id"], of["name"], of["version"], one["status"], done, one["output"]["url"], kind

    common.output.value(items, lambda: common.output.table(columns, map(cells, items)))
    return Exit.OK


def show_job(job_id: JobId, /, *, common: All = DEFAULTS) -> int:
    """Show a job: its state, its plan, and its outcome."""
    show_document(common, common.do(jobs.read_job(job_id)).document)
    return Exit.OK


def wait_for_job(job_id: JobId, /, *, timeout: Timeout = None, common: All = DEFAULTS) -> int:
    """Wait for a job to end. Exit status 1 if it fails."""
    return _finish(common, common.do(jobs.read_job(job_id)), timeout)


def partitions(
    job_id: JobId,
    /,
    *,
    state: Literal["waiting", "done", "failed"] | None = None,
    limit: Limit = 100_000,
    common: All = DEFAULTS,
) -> int:
    """List the partitions of a job. With --json, the list can be verified with the job's receipt."""
    items = common.do(jobs.list_partitions(job_id, limit, state))
    columns = ("number", "object", "range", "state", "rows", "error")

    def cells(one: Any) -> tuple[object, ...]:
        span = f"{one['range']['start']}-{one['range']['end']} {one['range']['unit']}"
        rows = "" if one["rows"] is None else one["rows"]
        return one["number"], one["object"], span, one["state"], rows, _fault(one)

    common.output.value(items, lambda: common.output.table(columns, map(cells, items)))
    return Exit.OK


def manifest(job_id: JobId, /, *, output: File = None, common: All = DEFAULTS) -> int:
    """Print the manifest of a job's output: the objects with their sizes and digests."""
    found = common.do(jobs.read_job(job_id))
    save_or_print(common, common.do(jobs.read_manifest(found)), output)
    return Exit.OK


def cancel_job(job_id: JobId, /, *, common: All = DEFAULTS) -> int:
    """Cancel a job: it fails at once, and nothing of its output appears."""
    ended = common.do(jobs.cancel(job_id))
    common.output.value(ended.document, lambda: common.output.line(f"{ended.id} is {ended.status}"))
    return Exit.OK


def retry_job(job_id: JobId, /, *, wait: Wait = False, timeout: Timeout = None, common: All = DEFAULTS) -> int:
    """Run the failed partitions of a job again; the others stay."""
    started = common.do(jobs.retry(job_id))
    if wait:
        return _finish(common, started, timeout)
    common.output.value(started.document, lambda: common.output.line(started.id))
    return Exit.OK


def delete_job_data(job_id: JobId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete what a job's record quotes of data, for good. Objects in stores stay."""
    confirm(common, f"Delete the messages and differences of job {job_id}?", yes)
    common.do(jobs.remove_content(job_id))
    common.output.value({"id": job_id, "removed": True}, lambda: common.output.line(f"deleted the data of {job_id}"))
    return Exit.OK


def job_receipt(
    job_id: JobId,
    /,
    *,
    output: File = None,
    keys_output: Annotated[Path | None, Parameter(help="File for the service's public keys.")] = None,
    common: All = DEFAULTS,
) -> int:
    """Print the signed receipt of a job that has succeeded, or save it."""
    text = common.do(jobs.read_receipt(job_id))
    if keys_output is not None:
        save_or_print(common, common.do(requesting.read_text("/v1/receipts/keys")), keys_output)
    save_or_print(common, text, output)
    return Exit.OK


def verify_job(
    job_id: JobId,
    /,
    *,
    keys: Annotated[Path | None, Parameter(help="File with the public keys that you trust.")] = None,
    common: All = DEFAULTS,
) -> int:
    """Verify a job's receipt, partitions, manifest and output as they are stored. Exit status 1 if one does not hold.

    Every object of the output is read. Without --keys, the keys are those that the service itself shows.
    """
    with common.output.work("verifying"):
        found = common.do(job_proof.verify(job_id, None if keys is None else keys.read_bytes()))
    common.output.value(verification_document(found), lambda: show_verification(common, found))
    return Exit.OK if found.holds else Exit.FAILED
