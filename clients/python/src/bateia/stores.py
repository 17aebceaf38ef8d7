"""Objects in stores, as flows: lists, reads in ranges, writes and deletions. Large writes are in `uploads`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bateia.bodies import Body
from bateia.documents import Document
from bateia.errors import BateiaError
from bateia.exchange import Flow, Progress, Request, exchange, work
from bateia.problems import RangeNotSatisfiable
from bateia.requesting import document_of, pages
from bateia.spool import FileBody, pieces_of, sha256_of
from bateia.store_urls import StoreUrl
from bateia.texts import say

OCTETS = "application/octet-stream"
RANGE_BYTES = 64 * 1024 * 1024
_MOST_OBJECTS = 1_000_000


class ObjectChanged(BateiaError):
    """The object, or the file, was replaced while it was transferred."""


def list_objects(at: StoreUrl, limit: int = _MOST_OBJECTS) -> Flow[list[Document]]:
    """List the objects whose paths begin with that of the URL, by path."""
    return (yield from pages(f"/v1/stores/{at.store}", limit, {"prefix": at.path} if at.path else None))


def delete_object(at: StoreUrl) -> Flow[None]:
    """Delete an object."""
    yield from exchange(Request("DELETE", at.request_path))


def write_object(file: Path, to: StoreUrl, progress: Progress | None = None) -> Flow[Document]:
    """Write a file as an object, in one request."""
    return write_body(FileBody(file, file.stat().st_size, None), to, progress)


def write_body(body: Body, to: StoreUrl, progress: Progress | None = None) -> Flow[Document]:
    """Write a body as an object, in one request. It appears as a whole, or not at all if its bytes break off."""
    request = Request("PUT", to.request_path, headers={"Content-Type": OCTETS}, body=body, progress=progress)
    return document_of(request)


@dataclass
class _RangeSink:
    """A sink that writes to a file from a position on, however many attempts it takes."""

    file: IO[bytes]
    start: int
    total: int
    progress: Progress | None

    def begin(self) -> None:
        """Discard what an earlier attempt wrote."""
        self.file.seek(self.start)
        self.file.truncate()

    def write(self, piece: bytes) -> None:
        """Write the next piece."""
        self.file.write(piece)
        if self.progress is not None:
            done = self.file.tell()
            self.progress(done, max(done, self.total))


def read_object(at: StoreUrl, file: IO[bytes], progress: Progress | None = None) -> Flow[int]:
    """Read an object into a file, and return its size. After a lost connection, at most 64 MiB are read again.

    Raises `ObjectChanged` if it is replaced meanwhile.
    """
    done, size, etag = 0, 1, ""
    while done < size:
        headers = {"Range": f"bytes={done}-{done + RANGE_BYTES - 1}", **({"If-Range": etag} if etag else {})}
        sink = _RangeSink(file, done, size, progress)
        try:
            response = yield from exchange(Request("GET", at.request_path, headers=headers, sink=sink))
        except RangeNotSatisfiable:
            if done:
                raise
            return 0  # an empty object has no ranges
        total = re.fullmatch(r"bytes \d+-\d+/(\d+)", response.headers.get("content-range", ""))
        if response.status != 206 or total is None:
            raise ObjectChanged(say("{at} was replaced while it was read: read it again", at=at))
        size, etag = int(total[1]), response.headers.get("etag", "")
        done = file.tell()
    return size


def digest_of(file: Path) -> Flow[str]:
    """Compute the SHA-256 of a file."""
    return (yield from work(lambda: sha256_of(pieces_of(file))))
