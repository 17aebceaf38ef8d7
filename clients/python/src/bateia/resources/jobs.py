"""Jobs over objects in stores. `Client.job` submits one, and `Client.wait` waits for its end."""

from __future__ import annotations

import json
from typing import Literal, TypeAlias

from bateia import job_documents, job_proof, jobs
from bateia.documents import Document
from bateia.exchange import Flow
from bateia.job_documents import Job
from bateia.listing import Listing, query_of
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.work_records import JobPartition

JobStatus: TypeAlias = Literal["pending", "running", "succeeded", "failed"]
PartitionState: TypeAlias = Literal["waiting", "done", "failed"]


def list_jobs(script: str | None = None, *, status: JobStatus | None = None) -> Listing[Job]:
    """List jobs, the newest first."""
    return Listing("/v1/jobs", job_documents.job, query_of(script=script, status=status))


def read_job(job: str) -> Flow[Job]:
    """Read a job."""
    return jobs.read_job(job)


def list_partitions(job: str, state: PartitionState | None = None) -> Listing[JobPartition]:
    """List the partitions of a job, in the order of the input."""
    return Listing(jobs.path_of(job, "partitions"), JobPartition.of, query_of(state=state))


def read_manifest(job: Job) -> Flow[Document]:
    """Read the manifest of a job's output: the objects with their sizes and digests."""
    manifest: Document = json.loads((yield from jobs.read_manifest(job)))
    return manifest


class Jobs(Group[C]):
    """Jobs."""

    list = ItemsOf(list_jobs)
    get = Operation(read_job)
    partitions = ItemsOf(list_partitions)
    manifest = Operation(read_manifest)
    cancel = Operation(jobs.cancel)
    retry = Operation(jobs.retry)
    delete_content = Operation(jobs.remove_content)
    receipt = Operation(jobs.read_receipt)
    verify = Operation(job_proof.verify)
