"""Commands for objects in stores."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from bateia import stores as objects
from bateia import uploads
from bateia.bodies import StreamBody
from bateia.command.arguments import File, Flag, Limit
from bateia.command.exits import Exit, Unusable
from bateia.command.options import DEFAULTS, All, DatasetFile, Options
from bateia.command.showing import show_items
from bateia.command.standard_input import check_input, input_pieces, is_standard_input, shown_name
from bateia.command.upload_records import UploadRecord
from bateia.documents import Document
from bateia.errors import Refused, Unreachable
from bateia.exchange import Progress
from bateia.problems import RequestTimeout, StoreNotResumable, UnknownUpload
from bateia.resources.stores import list_objects
from bateia.spool import PIECE_BYTES
from bateia.store_urls import StoreUrl, store_url
from bateia.texts import say
from bateia.whole_files import whole_file

Url = Annotated[str, Parameter(help="URL of the object, such as files://in/rows.ndjson.")]


def stores(*, common: All = DEFAULTS) -> int:
    """List the stores, and what may be done in each."""
    items = (one.document for one in common.client.stores.list())
    show_items(common, items, "name", "operations", "resumable", "scripts")
    return Exit.OK


def ls(
    url: Annotated[str, Parameter(help="URL of a store, or of a part of one, such as files://in/.")],
    /,
    *,
    limit: Limit = 1000,
    common: All = DEFAULTS,
) -> int:
    """List the objects whose URLs begin with a URL."""
    show_items(common, common.first(list_objects(url), limit), "url", "size_bytes", "modified_at")
    return Exit.OK


def put(file: DatasetFile, url: Url, /, *, restart: Flag = False, common: All = DEFAULTS) -> int:
    """Write a file as an object; with a slash at the end of the URL, under the file's name.

    A large file goes in parts into stores that allow it: after Ctrl-C or a lost connection, the same command goes on
    where it ended. Standard input is sent as it comes, of any length, and cannot go on.

    Parameters
    ----------
    file
        File to write; - is standard input.
    restart
        Discard what an earlier, interrupted command has sent.
    """
    is_stream = is_standard_input(file)
    if is_stream and restart:
        raise Unusable(say("--restart is for files: standard input is always sent from its beginning"))
    if is_stream and url.endswith("/"):
        raise Unusable(say("standard input has no file name: name the object, as in {url}rows.ndjson", url=url))
    to = store_url(f"{url}{file.name}" if url.endswith("/") else url)
    _ = to.request_path  # an unusable URL is refused before anything is read
    check_input(file)
    with common.output.upload(say("uploading {name}", name=shown_name(file))) as progress:
        written = _put_stream(common, to, progress) if is_stream else _put(common, file, to, progress, restart)
    if not is_stream and written.get("sha256") and written["sha256"] != common.do(objects.digest_of(file)):
        raise objects.ObjectChanged(
            say("{file} changed while it was sent, and {to} has parts of both: send it again", file=file, to=to)
        )
    common.output.value(
        written,
        lambda: common.output.line(
            say("{url}: {size_bytes} bytes", url=written["url"], size_bytes=written["size_bytes"])
        ),
    )
    return Exit.OK


def _put_stream(common: Options, to: StoreUrl, progress: Progress | None) -> Document:
    pieces, digest = input_pieces(), hashlib.sha256()
    first = next(pieces, b"")  # what writes may take a while to begin; the service waits for some seconds only

    def hashed() -> Iterator[bytes]:
        for piece in chain([first], pieces):
            digest.update(piece)
            yield piece

    try:
        written = common.do(objects.write_body(StreamBody(hashed()), to, progress))
    except RequestTimeout:
        common.output.note(say("standard input paused for too long: write it to a file first, and put that"))
        raise
    except (Unreachable, Refused):
        common.output.note(say("standard input cannot be read again: repeat the command with what writes to it"))
        raise
    if written["sha256"] != digest.hexdigest():
        raise objects.ObjectChanged(say("{to} is not what was sent: write it again", to=to))
    return written


def _put(common: Options, file: Path, to: StoreUrl, progress: Progress | None, restart: bool) -> Document:
    size = file.stat().st_size
    if size < uploads.RESUMABLE_FROM_BYTES:
        return common.do(objects.write_object(file, to, progress))
    record = UploadRecord(common.login.url, file, to)
    former = record.read()
    if restart and former is not None:
        _discard(common, to, former)
        former = None
    what = uploads.Transfer(file, to, size, record.write, progress, uploads.PART_BYTES)
    try:
        written = common.do(uploads.upload(what, former))
    except StoreNotResumable:
        return common.do(objects.write_object(file, to, progress))
    except KeyboardInterrupt:
        common.output.note(say("the same command goes on where this one ended"))
        raise
    record.remove()
    return written


def _discard(common: Options, to: StoreUrl, upload: str) -> None:
    try:
        common.do(uploads.discard_upload(to.store, upload))
    except UnknownUpload:
        common.output.note(say("the earlier upload is gone already"))


def get(url: Url, /, *, output: File = None, common: All = DEFAULTS) -> int:
    """Read an object: into a file, which is there in whole or not at all; otherwise to standard output."""
    at = store_url(url)
    _ = at.request_path
    if output is None:
        with tempfile.TemporaryFile() as file:
            _receive(common, at, file)
            file.seek(0)
            for piece in iter(lambda: file.read(PIECE_BYTES), b""):
                sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return Exit.OK
    target = output / at.path.rpartition("/")[2] if output.is_dir() else output
    with whole_file(target) as file:
        size = _receive(common, at, file)
    document = {"url": str(at), "file": str(target), "size_bytes": size}
    common.output.value(document, lambda: common.output.line(str(target)))
    return Exit.OK


def _receive(common: Options, at: StoreUrl, file: Any) -> int:
    with common.output.upload(say("reading {at}", at=at)) as progress:
        return common.do(objects.read_object(at, file, progress))


def rm(url: Url, /, *more: Url, common: All = DEFAULTS) -> int:
    """Delete objects, for good.

    Parameters
    ----------
    more
        More of them.
    """
    for one in [store_url(one) for one in (url, *more)]:
        common.do(objects.delete_object(one))
        common.output.line(say("deleted {one}", one=one))
    common.output.value([url, *more], lambda: None)
    return Exit.OK
