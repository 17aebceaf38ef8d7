"""Receipts of jobs: the statement about a job that has succeeded, an in-toto Statement v1 with SLSA Provenance v1, like
that of an execution (`receipts`) but with a build type of its own.

Its subject is the manifest, which has the digests of the output's objects. The root of the Merkle tree commits to the
boundaries and digests of all partitions, and so to the results. It derives from the record of the job alone, and stays
the same after the content is removed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

from attrs import asdict, frozen
from returns.result import Failure, Result, Success

from domain.body import digest
from domain.job_outputs import MANIFEST
from domain.job_requests import Verification
from domain.jobs import Job, JobNotFinished, JobOutcome, JobPlan
from domain.partitions import ObjectVersion
from domain.receipts import compact_json, timestamp
from domain.statement import JOB_BUILD_TYPE, MERKLE, PREDICATE_TYPE, STATEMENT_TYPE

MAX_STATED_OBJECTS: Final = 100
MAX_STATED_BYTES: Final = 96 * 1024
"""Bounds of the objects that a statement lists, since a receipt has to stay short. Their digest covers all."""


@frozen
class NoOutput:
    """The job has failed, so there is nothing to state."""

    job: Job


NoJobStatement: TypeAlias = JobNotFinished | NoOutput


def job_statement(job: Job, installation: UUID) -> Result[bytes, NoJobStatement]:
    """Build the statement about a job of that installation, as JSON."""
    if job.finished_at is None:
        return Failure(JobNotFinished(job))
    if job.outcome is None:
        return Failure(NoOutput(job))
    assert job.plan is not None, "it has run"
    return Success(compact_json(_statement(job, job.plan, job.outcome, installation)))


def objects_digest(objects: Sequence[ObjectVersion]) -> str:
    """Identify the objects of an input: the SHA-256 of a line of JSON for each."""
    return digest(b"".join(compact_json(_annotations(one)) + b"\n" for one in objects)).sha256


def _statement(job: Job, plan: JobPlan, outcome: JobOutcome, installation: UUID) -> Mapping[str, Any]:
    output = job.request.output.folder
    subject = {"name": str(job.id), "uri": f"{output}{MANIFEST}", "digest": {"sha256": outcome.manifest_sha256}}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [subject],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": JOB_BUILD_TYPE,
                "externalParameters": {
                    "script": job.script.name.value,
                    "version": job.script.version,
                    "input": str(job.request.input.pattern),
                    "output": str(output),
                },
                "internalParameters": _internal_parameters(job),
                "resolvedDependencies": list(_dependencies(job, plan, outcome)),
            },
            "runDetails": {
                "builder": {"id": f"urn:uuid:{installation}"},
                "metadata": {
                    "invocationId": str(job.id),
                    "startedOn": timestamp(job.started_at or job.submitted_at),
                    "finishedOn": timestamp(job.finished_at or job.submitted_at),
                },
            },
        },
    }


def _internal_parameters(job: Job) -> Mapping[str, Any]:
    request, circumstances = job.request, job.circumstances
    return {
        "engine": job.script.engine,
        "clock": timestamp(circumstances.clock, "milliseconds"),
        "seed": circumstances.seed,
        "limits": asdict(job.limits),
        "merge": request.merge.value,
        "format": request.output.format.value,
        "partition_bytes": request.partition_bytes,
        "verification": _verification(request.verification),
    }


def _verification(wanted: Verification | None) -> Mapping[str, Any] | str:
    if wanted is None:
        return "skipped"
    tolerance = {"absolute": str(wanted.tolerance.absolute), "relative": str(wanted.tolerance.relative)}
    return {"rows": wanted.rows, "tolerance": tolerance}


def _dependencies(job: Job, plan: JobPlan, outcome: JobOutcome) -> Iterator[Mapping[str, Any]]:
    yield {"name": "source", "digest": {"sha256": job.script.sha256}}
    root = {MERKLE: outcome.partitions_root}
    yield {"name": "partitions", "digest": root, "annotations": {"count": plan.partitions}}
    count = {"count": len(plan.objects)}
    yield {"name": "objects", "digest": {"sha256": objects_digest(plan.objects)}, "annotations": count}
    store, left = job.request.input.pattern.store.value, MAX_STATED_BYTES
    for one in plan.objects[:MAX_STATED_OBJECTS]:
        stated = {"name": "object", "uri": f"{store}://{one.path}", "annotations": _annotations(one)}
        left -= len(compact_json(stated))
        if left < 0:
            return
        yield stated


def _annotations(one: ObjectVersion) -> Mapping[str, Any]:
    return {"path": one.path, "size_bytes": one.size_bytes, "etag": one.etag}
