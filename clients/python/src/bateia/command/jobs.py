"""Commands for jobs over data in stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from bateia import job_proof, jobs
from bateia.command.arguments import File, Limit, Script, Timeout, Wait, Yes, confirm
from bateia.command.exits import Exit
from bateia.command.job_running import fault, finish
from bateia.command.options import DEFAULTS, All
from bateia.command.proving import show_verification, verification_document
from bateia.command.showing import save_or_print, show_document, show_removal
from bateia.resources import jobs as api
from bateia.resources.service import read_receipt_keys
from bateia.texts import say

JobId = Annotated[str, Parameter(help="Id of the job.")]


def list_jobs(
    *,
    script: Script | None = None,
    status: api.JobStatus | None = None,
    limit: Limit = 20,
    common: All = DEFAULTS,
) -> int:
    """List jobs, the newest first."""
    items = common.first(api.list_jobs(script, status=status), limit)
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
    return finish(common, common.do(jobs.read_job(job_id)), timeout)


def partitions(
    job_id: JobId,
    /,
    *,
    state: api.PartitionState | None = None,
    limit: Limit = 100_000,
    common: All = DEFAULTS,
) -> int:
    """List the partitions of a job. With --json, the list can be verified with the job's receipt."""
    items = common.first(api.list_partitions(job_id, state), limit)
    columns = ("number", "object", "range", "state", "rows", "error")

    def cells(one: Any) -> tuple[object, ...]:
        span = f"{one['range']['start']}-{one['range']['end']} {one['range']['unit']}"
        rows = "" if one["rows"] is None else one["rows"]
        return one["number"], one["object"], span, one["state"], rows, fault(one)

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
    common.output.value(
        ended.document, lambda: common.output.line(say("{id} is {status}", id=ended.id, status=ended.status))
    )
    return Exit.OK


def retry_job(job_id: JobId, /, *, wait: Wait = False, timeout: Timeout = None, common: All = DEFAULTS) -> int:
    """Run the failed partitions of a job again; the others stay."""
    started = common.do(jobs.retry(job_id))
    if wait:
        return finish(common, started, timeout)
    common.output.value(started.document, lambda: common.output.line(started.id))
    return Exit.OK


def delete_job_data(job_id: JobId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete what a job's record quotes of data, for good. Objects in stores stay."""
    confirm(common, say("Delete the messages and differences of job {job_id}?", job_id=job_id), yes)
    common.do(jobs.remove_content(job_id))
    show_removal(common, job_id)
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
        save_or_print(common, common.do(read_receipt_keys()), keys_output)
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
    with common.output.work(say("verifying")):
        found = common.do(job_proof.verify(job_id, None if keys is None else keys.read_bytes()))
    common.output.value(verification_document(found), lambda: show_verification(common, found))
    return Exit.OK if found.holds else Exit.FAILED
