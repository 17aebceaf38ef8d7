"""The command that submits a job over data in stores, and the end of those that wait for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from cyclopts import Group, Parameter

from bateia import jobs
from bateia.command.arguments import Clock, Script, Seed, Timeout, Version, Wait, listed
from bateia.command.differences import show_differences
from bateia.command.exits import Exit, Unusable
from bateia.command.options import DEFAULTS, All, Options
from bateia.documents import without_none
from bateia.job_documents import Job, JobRequest
from bateia.operations import LIVE, Submission
from bateia.resources.jobs import list_partitions
from bateia.texts import say

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
        return {**without_none(given), **({"header": False} if self.no_header else {})} or None


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
    version: Version = LIVE,
    clock: Clock = None,
    seed: Seed = None,
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
        return finish(common, started, timeout)
    common.output.value(started.document, lambda: common.output.line(started.id))
    return Exit.OK


def _rows(verify: str | None) -> int | str | None:
    if verify is None or verify == "skip":
        return verify
    if not verify.isascii() or not verify.isdecimal():
        raise Unusable(say("--verify is a number of rows or skip, not {verify}", verify=verify))
    return int(verify)


def finish(common: Options, started: Job, timeout: float | None) -> int:
    """Wait for a job to end, and show what it made, or why it failed."""
    try:
        common.output.note(say("job {id} of version {version}", id=started.id, version=started.version))
        with common.output.work(say("planning")) as report:

            def watch(now: Job) -> None:
                report(round(100 * now.progress), 100, _part(now), now.phase or now.status)

            ended = common.do(jobs.wait_for_job(started, timeout, watch))
    except KeyboardInterrupt:
        common.output.note(say("the job goes on: bateia jobs wait {id}", id=started.id))
        raise
    return _show_end(common, ended)


def _part(now: Job) -> str:
    size, total = now.document["bytes"], now.partitions_total
    megabytes = "/".join(f"{size[name] / 1e6:.1f}" for name in ("done", "total"))
    done = f"{now.partitions_done}/{'?' if total is None else total}"
    return say("{done} partitions, {megabytes} MB", done=done, megabytes=megabytes)


def _show_end(common: Options, ended: Job) -> int:
    common.output.value(ended.document, lambda: _show_outcome(common, ended))
    return Exit.OK if ended.has_succeeded else Exit.FAILED


def _show_outcome(common: Options, ended: Job) -> None:
    if ended.error is None:
        made = ended.document["result"]
        common.output.line(
            say(
                "{output}: {objects} objects, {size_bytes} bytes",
                output=ended.output,
                objects=made["objects"],
                size_bytes=made["size_bytes"],
            )
        )
        return
    common.output.line(f"{ended.id}: {ended.error}", "red")
    if ended.document["differences"]:
        show_differences(common, ended.document["differences"])
    if ended.partitions_failed:
        for one in common.first(list_partitions(ended.id, "failed"), 10):
            common.output.line(say("partition {number}: {value}", number=one["number"], value=fault(one)), "red")
    if ended.document["links"]["retry"]:
        common.output.note(say("bateia jobs retry {id} runs what failed again", id=ended.id))


def fault(partition: Any) -> str:
    """Describe the error of a partition, if it has one."""
    error = partition["error"]
    if error is None:
        return ""
    place = say(" in line {line}", line=error["line"]) if error["line"] else ""
    return f"{error['kind']}{place}: {error['message']}"
