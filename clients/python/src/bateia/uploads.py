"""Uploads of large files into stores, as flows: in parts, and from where the last request ended after any failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bateia.bodies import Body
from bateia.documents import Document
from bateia.errors import BateiaError, Refused, Unreachable
from bateia.exchange import Flow, Progress, Request, Retries, RetryPolicy, exchange, pause
from bateia.problems import UnknownUpload, UploadOffset
from bateia.requesting import document_of, json_request, path_to, read
from bateia.spool import PIECE_BYTES
from bateia.store_urls import StoreUrl
from bateia.stores import OCTETS, list_objects

PART_BYTES = 64 * 1024 * 1024
RESUMABLE_FROM_BYTES = 8 * 1024 * 1024
"""The size from which a file goes in parts."""


@dataclass(frozen=True)
class _Part:
    """A part of a file."""

    path: Path
    start: int
    length: int

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, from the beginning of the part."""
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left and (piece := file.read(min(left, PIECE_BYTES))):
                left -= len(piece)
                yield piece


@dataclass(frozen=True)
class Transfer:
    """A file, and the object that it becomes. `began` gets the id of an upload as soon as there is one."""

    file: Path
    to: StoreUrl
    size: int
    began: Callable[[str], None] = field(default=lambda _: None, repr=False)
    progress: Progress | None = field(default=None, repr=False)
    part_bytes: int = PART_BYTES


def path_of(store: str, upload: str) -> str:
    """Make the path of an upload."""
    return path_to("uploads", store, upload)


def begin_upload(to: StoreUrl, size: int) -> Flow[Document]:
    """Begin an upload that can be continued. Raises `StoreNotResumable` if the store has none."""
    request = json_request("POST", "/v1/uploads", {"url": str(to), "size_bytes": size})
    return document_of(request)


def discard_upload(store: str, upload: str) -> Flow[None]:
    """Discard an upload with what has come."""
    yield from exchange(Request("DELETE", path_of(store, upload)))


def upload(what: Transfer, former: str | None = None) -> Flow[Document]:
    """Upload a file, or continue the upload with that id; returned is the object.

    Raises what stopped it if that happens several times in a row without a byte of progress.
    """
    found = None if former is None else (yield from _continued(what, former))
    if found is None:
        found = yield from begin_upload(what.to, what.size)
        what.began(found["id"])
    return (yield from _sent(what, found["id"], int(found["offset"])))


def _sent(what: Transfer, upload: str, offset: int) -> Flow[Document]:
    policy = cast("RetryPolicy", (yield Retries()))
    failures, failure = 0, cast("BateiaError | None", None)
    while True:
        try:
            if failure is not None:
                before, offset = offset, (yield from _offset_after(what, upload, failures, policy))
                failures = 0 if offset > before else failures
            response = yield from exchange(_request(what, upload, offset))
        except UnknownUpload as unknown:
            if failure is None or offset + what.part_bytes < what.size:
                raise
            return (yield from _published(what, unknown))
        except (Unreachable, Refused) as error:
            failure, failures = error, failures + 1
            if failures >= policy.attempts or not _may_pass(error):
                raise
            continue
        if response.status == 201:
            written: Document = response.json()
            return written
        offset, failures, failure = int(response.json()["offset"]), 0, None


def _continued(what: Transfer, upload: str) -> Flow[Document | None]:
    """Read an upload, if it is there and for a file of this size."""
    try:
        found = yield from read(path_of(what.to.store, upload))
    except UnknownUpload:
        return None
    is_same = found["size_bytes"] == what.size and found["url"] == str(what.to)
    return found if is_same else None


def _request(what: Transfer, upload: str, offset: int) -> Request:
    body: Body = _Part(what.file, offset, min(what.part_bytes, what.size - offset))

    def report(done: int, _total: int | None) -> None:
        if what.progress is not None:
            what.progress(offset + done, what.size)

    headers = {"Content-Type": OCTETS, "Upload-Offset": str(offset)}
    return Request("PATCH", path_of(what.to.store, upload), headers=headers, body=body, progress=report)


def _offset_after(what: Transfer, upload: str, failures: int, policy: RetryPolicy) -> Flow[int]:
    """Ask where to continue, after a pause."""
    yield from pause(policy.pause(failures, None))
    return int((yield from read(path_of(what.to.store, upload)))["offset"])


def _may_pass(error: BateiaError) -> bool:
    """Tell whether the upload may go on after the error."""
    return not isinstance(error, Refused) or isinstance(error, UploadOffset) or error.status in (408, 502, 503, 504)


def _published(what: Transfer, unknown: UnknownUpload) -> Flow[Document]:
    """Return the object of an upload that ended, if only the response to its last byte was lost."""
    for one in (yield from list_objects(what.to, 1)):
        if one["path"] == what.to.path and one["size_bytes"] == what.size:
            return one
    raise unknown
