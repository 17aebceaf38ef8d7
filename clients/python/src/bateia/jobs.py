"""Jobs over data in stores, as flows: submission, waiting, manifest, retry, cancellation, removal and receipt."""

from __future__ import annotations

import uuid

from bateia import job_documents
from bateia.exchange import Flow, Request, exchange
from bateia.job_documents import Job, JobRequest
from bateia.operations import SUBMISSION, Submission
from bateia.requesting import awaited, json_request, path_to, read_text
from bateia.store_urls import store_url
from bateia.waiting import Watch, until_finished

MANIFEST = "_manifest.json"


def path_of(job: str, *more: str) -> str:
    """Make the path of a job, or of what belongs to it."""
    return path_to("jobs", job, *more)


def submit(script: str, wanted: JobRequest, choices: Submission = SUBMISSION) -> Flow[Job]:
    """Submit a job. It is not submitted twice, however often the request is sent."""
    headers = {"Idempotency-Key": choices.idempotency_key or str(uuid.uuid4())}
    request = json_request("POST", choices.path(script, "jobs"), wanted.document, query=choices.query, headers=headers)
    return job_documents.job((yield from exchange(request)).json())


def read_job(job: str, wait_seconds: int = 0) -> Flow[Job]:
    """Read a job."""
    return job_documents.job((yield from awaited(path_of(job), wait_seconds)))


def wait_for_job(job: Job, timeout: float | None = None, watch: Watch | None = None) -> Flow[Job]:
    """Wait for a job to end. `watch` gets it each time that it has been read."""
    return (yield from until_finished(job, lambda seconds: read_job(job.id, seconds), timeout, watch))


def read_manifest(job: Job) -> Flow[bytes]:
    """Read the manifest of a job's output: the objects with their sizes and digests."""
    return (yield from read_text(store_url(f"{job.output}{MANIFEST}").request_path))


def cancel(job: str) -> Flow[Job]:
    """Cancel a job: it fails, and nothing of its output appears."""
    return job_documents.job((yield from exchange(Request("POST", path_of(job, "cancel"), repeatable=True))).json())


def retry(job: str) -> Flow[Job]:
    """Run the failed partitions of a job again. It is not sent twice: that would be refused."""
    return job_documents.job((yield from exchange(Request("POST", path_of(job, "retry")))).json())


def remove_content(job: str) -> Flow[None]:
    """Delete what a job's record quotes of data; the objects of input and output stay."""
    yield from exchange(Request("DELETE", path_of(job, "content")))


def read_receipt(job: str) -> Flow[bytes]:
    """Read the signed receipt of a job that has succeeded."""
    return (yield from read_text(path_of(job, "receipt")))
