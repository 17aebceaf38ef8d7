"""The verification of a job's receipt with what the service stores now, as a flow."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bateia import jobs
from bateia.documents import Document
from bateia.exchange import Flow
from bateia.job_verification import ExpectedJob, OutputObject, listed_objects, verified_job
from bateia.merkle import PartitionTree
from bateia.problems import UnknownObject
from bateia.proof import DigestSink
from bateia.requesting import download, read, read_text
from bateia.spool import pieces_of, sha256_of
from bateia.store_urls import store_url
from bateia.verification import Verification


def verify(job_id: str, keys: bytes | None = None) -> Flow[Verification]:
    """Verify the receipt of a job, its partitions, its manifest, and all objects of its output, which are read.

    Without `keys`, those of the service are taken, which proves only that the service agrees with itself.
    """
    job = yield from jobs.read_job(job_id)
    receipt = yield from jobs.read_receipt(job.id)
    trusted = keys if keys is not None else (yield from read_text("/v1/receipts/keys"))
    root = yield from partitions_root(job.id)
    manifest = yield from jobs.read_manifest(job)
    objects = []
    for name, listed in listed_objects(manifest):
        objects.append(OutputObject(name, listed, (yield from _stored_digest(job.output, name))))
    digest = hashlib.sha256(manifest).hexdigest()
    return verified_job(receipt, trusted, ExpectedJob(job.id, None, root, digest, None, objects))


def partitions_root(job: str) -> Flow[str]:
    """Compute the root over the partitions of a job, a page at a time."""
    tree, query = PartitionTree(), {"limit": "200"}
    while True:
        page: Document = yield from read(jobs.path_of(job, "partitions"), query)
        tree.add(page["items"])
        if page["next_cursor"] is None:
            return tree.root()
        query["cursor"] = page["next_cursor"]


def _stored_digest(output: str, listed: str) -> Flow[str | None]:
    received = DigestSink()
    name = listed.rpartition("/")[2]
    try:
        yield from download(store_url(f"{output}{name}").request_path, received)
    except UnknownObject:
        return None
    return received.digest.hexdigest()


def folder_objects(folder: Path) -> tuple[str, list[OutputObject]]:
    """Compute the digest of a folder's manifest, and those of its objects. No file outside of the folder is read."""
    manifest = (folder / jobs.MANIFEST).read_bytes()
    names = [(listed.rpartition("/")[2], digest) for listed, digest in listed_objects(manifest)]
    objects = [OutputObject(name, digest, _file_digest(folder, name)) for name, digest in names]
    return hashlib.sha256(manifest).hexdigest(), objects


def _file_digest(folder: Path, name: str) -> str | None:
    if name in ("", ".", "..") or "\0" in name or not (folder / name).is_file():
        return None
    return sha256_of(pieces_of(folder / name))
