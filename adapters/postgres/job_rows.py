"""Conversion of jobs to columns and back. Their texts are encrypted and decrypted elsewhere (`job_encryption`).

Names of columns and objects come from the data and may have any character, so their columns have the JSON as text.
"""

from typing import Any, Final

import msgspec
from attrs import asdict, frozen

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import dump_value, load_value
from application.ports.jobs import LISTED_OBJECTS, JobRecord, NewJob
from domain.circumstances import Circumstances
from domain.execution import ScriptReference
from domain.job_requests import JobRequest
from domain.jobs import Column, Job, JobCounts, JobError, JobErrorKind, JobOutcome, JobPhase, JobPlan
from domain.limits import Limits
from domain.partitions import ObjectVersion
from domain.script import ScriptName

_COUNTS: Final = {
    "partitions": "partitions",
    "done": "done",
    "failed": "failed",
    "bytes_total": "bytes_total",
    "bytes_done": "bytes_done",
    "rows": "rows_done",
    "result_bytes": "result_bytes",
}


@frozen
class _Plan:
    """A plan as its column has it: the first objects, and the columns."""

    objects: tuple[ObjectVersion, ...]
    columns: tuple[Column, ...] | None = None


def job_columns(new: NewJob) -> dict[str, Any]:
    """Convert a new job without its key, its actor and its guard to columns."""
    job, expected = new.job, new.expected
    return asdict(new.by) | {
        "id": job.id,
        "script_id": job.script.id,
        "version": job.script.version,
        "run_limits": dump_value(job.limits),
        "clock": job.circumstances.clock,
        "seed": job.circumstances.seed,
        "request": dump_value(job.request),
        "submitted_at": job.submitted_at,
        "submitted_by": job.submitted_by,
        "alias": job.alias,
        "attempt": job.attempt,
        "must_be_open": expected.must_be_open,
        "latest": expected.latest,
        "guarded_alias": expected.alias and expected.alias.value,
        "leads_to": expected.leads_to,
    }


def plan_columns(plan: JobPlan) -> dict[str, Any]:
    """Convert a plan to columns."""
    first, more = plan.objects[:LISTED_OBJECTS], plan.objects[LISTED_OBJECTS:]
    return {
        "plan": dump_value(_Plan(first, plan.columns)),
        "more_objects": dump_value(more) if more else None,
        "objects": len(plan.objects),
        "planned": plan.partitions,
        "bytes_total": sum(one.size_bytes for one in plan.objects),
    }


def progress_columns(job: Job) -> dict[str, Any]:
    """Collect the columns that change while a job is carried on."""
    return {
        "phase": job.phase.value,
        "is_verified": job.is_verified,
        "planned": None if job.plan is None else job.plan.partitions,
    }


def end_columns(job: Job) -> dict[str, Any]:
    """Collect the columns of a job's end, but those of its texts."""
    return progress_columns(job) | {
        "status": job.status.value,
        "finished_at": job.finished_at,
        "outcome": dump_value(job.outcome),
        "error_kind": None if job.error is None else job.error.kind.value,
        "error_partition": None if job.error is None else job.error.partition,
    }


def job_from(row: Row, message: str) -> Job:
    """Convert a row with its version's facts to a job, whose error has that message."""
    limits = load_value(row["run_limits"], Limits)
    assert limits is not None, "the column is not null"
    kind = row["error_kind"]
    return Job(
        id=row["id"],
        script=ScriptReference(
            id=row["script_id"],
            name=ScriptName(row["script_name"]),
            version=row["version"],
            sha256=row["source_sha256"].hex(),
            engine=row["version_engine"],
        ),
        limits=limits,
        circumstances=Circumstances(row["clock"], row["seed"]),
        request=msgspec.json.decode(row["request"], type=JobRequest),
        submitted_at=row["submitted_at"],
        submitted_by=row["submitted_by"],
        alias=row["alias"],
        attempt=row["attempt"],
        phase=JobPhase(row["phase"]),
        plan=_plan_from(row),
        is_verified=row["is_verified"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        outcome=load_value(row["outcome"], JobOutcome),
        error=None if kind is None else JobError(JobErrorKind(kind), message, row["error_partition"]),
        content_removed_at=row["content_removed_at"],
    )


def _plan_from(row: Row) -> JobPlan | None:
    if row["plan"] is None:
        return None
    plan = msgspec.json.decode(row["plan"], type=_Plan)
    more = msgspec.json.decode(row["more_objects"] or "[]", type=tuple[ObjectVersion, ...])
    return JobPlan((*plan.objects, *more), plan.columns, row["planned"])


def counts_from(row: Row) -> JobCounts:
    """Read the progress of a job."""
    return JobCounts(**{name: row[column] for name, column in _COUNTS.items()})


def record_from(row: Row, message: str, differences: bytes | None) -> JobRecord:
    """Convert a row of `jobs_page` with its decrypted texts to a job with its progress."""
    job = job_from(row, message)
    return JobRecord(job, counts_from(row), row["submitted_by_name"], differences, row["objects"])
