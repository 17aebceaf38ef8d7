"""Stores and their objects, named by URLs such as `files://in/rows.ndjson`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

from bateia import stores, uploads
from bateia.bodies import BytesBody, StreamBody
from bateia.documents import Document
from bateia.exchange import Flow, Progress
from bateia.listing import Listing, query_of
from bateia.problems import StoreNotResumable
from bateia.requesting import path_to, read
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.store_records import ListedObject, Store, Upload, WrittenObject
from bateia.store_urls import StoreUrl, store_url
from bateia.uploads import RESUMABLE_FROM_BYTES, Transfer
from bateia.whole_files import whole_file


def list_stores() -> Listing[Store]:
    """List the stores that the caller may use."""
    return Listing("/v1/stores", Store.of, has_pages=False)


def list_objects(url: str) -> Listing[ListedObject]:
    """List the objects whose URLs begin with a URL, by path."""
    at = store_url(url)
    return Listing(path_to("stores", at.store), ListedObject.of, query_of(prefix=at.path or None))


def read_object(url: str) -> Flow[bytes]:
    """Read an object into memory."""
    file = BytesIO()
    yield from stores.read_object(store_url(url), file)
    return file.getvalue()


def save_object(url: str, path: Path, *, progress: Progress | None = None) -> Flow[int]:
    """Read an object of any size into a file, which is there in whole or not at all; returned is its size."""
    with whole_file(path) as file:
        return (yield from stores.read_object(store_url(url), file, progress))


def write_object(
    url: str, content: bytes | Path | Iterable[bytes], *, progress: Progress | None = None
) -> Flow[WrittenObject]:
    """Write an object: bytes, a file of any size, or pieces that are sent as they come, and only once."""
    to = store_url(url)
    match content:
        case bytes():
            written = stores.write_body(BytesBody(content), to, progress)
        case Path():
            written = _file_written(content, to, progress)
        case _:
            written = stores.write_body(StreamBody(content), to, progress)
    return WrittenObject.from_flow(written)


def _file_written(file: Path, to: StoreUrl, progress: Progress | None) -> Flow[Document]:
    size = file.stat().st_size
    if size >= RESUMABLE_FROM_BYTES:
        try:
            return (yield from uploads.upload(Transfer(file, to, size, progress=progress)))
        except StoreNotResumable:
            pass
    return (yield from stores.write_object(file, to, progress))


def delete_object(url: str) -> Flow[None]:
    """Delete an object, for good."""
    return stores.delete_object(store_url(url))


def upload_file(
    url: str,
    file: Path,
    former: str | None = None,
    *,
    began: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Flow[WrittenObject]:
    """Write a file in parts, or go on with an upload of it that was interrupted, whose id `began` got."""
    what = Transfer(file, store_url(url), file.stat().st_size, began, progress)
    return WrittenObject.from_flow(uploads.upload(what, former))


def read_upload(store: str, upload: str) -> Flow[Upload]:
    """Read an upload into a store, and how many bytes have come."""
    return Upload.from_flow(read(uploads.path_of(store, upload)))


class Stores(Group[C]):
    """Stores and their objects."""

    list = ItemsOf(list_stores)
    objects = ItemsOf(list_objects)
    read = Operation(read_object)
    save = Operation(save_object)
    write = Operation(write_object)
    delete = Operation(delete_object)
    upload = Operation(upload_file)
    upload_state = Operation(read_upload)
    discard_upload = Operation(uploads.discard_upload)
