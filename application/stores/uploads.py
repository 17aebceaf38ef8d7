"""Uploads that can be continued, into stores that can do so. Each is its creator's alone."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.errors import Unavailable
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong
from application.ports.system import Clock
from application.stores.use import Caller, StorePorts, record, usable
from application.stores.write import Written
from domain.audit import Action
from domain.stores import ObjectUrl, Operation, StoreName, StoreRefused

FORGOTTEN_AFTER: Final = timedelta(days=7)

log: Final = logging.getLogger(__name__)


@frozen
class NotResumable:
    """The store takes no uploads that can be continued."""

    store: StoreName


@frozen
class UploadRef:
    """An upload into a store."""

    store: StoreName
    id: UUID


@frozen
class StoredUpload:
    """An upload, and the object that it becomes."""

    url: ObjectUrl
    upload: Upload


UploadRefused: TypeAlias = StoreRefused | UploadMissing | OffsetMismatch | UploadTooLong | NotResumable


async def begin_upload(
    ports: StorePorts, url: ObjectUrl, size_bytes: int, caller: Caller
) -> Result[StoredUpload, UploadRefused]:
    """Begin an upload of an object of that size."""
    allowed = _resumable(ports, url.store, caller)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    upload = Upload(
        id=ports.new_id(),
        path=url.path,
        size_bytes=size_bytes,
        offset=0,
        created_at=ports.clock(),
        created_by=caller.actor.key_id,
    )
    await ports.uploads.begin(url.store, upload)
    return Success(StoredUpload(url, upload))


async def find_upload(ports: StorePorts, ref: UploadRef, caller: Caller) -> Result[StoredUpload, UploadRefused]:
    """Find an upload of the caller's. Those of others are as if they were not there."""
    allowed = _resumable(ports, ref.store, caller)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    upload = await ports.uploads.find(ref.store, ref.id)
    if upload is None or upload.created_by != caller.actor.key_id:
        return Failure(UploadMissing(ref.id))
    return Success(StoredUpload(ObjectUrl(ref.store, upload.path), upload))


async def append_upload(
    ports: StorePorts, found: StoredUpload, offset: int, pieces: AsyncIterator[bytes], caller: Caller
) -> Result[StoredUpload | Written, UploadRefused]:
    """Append bytes, and publish the object once all have come. An upload whose last bytes came before, but which was
    not published then, is published by an append of nothing."""
    store, upload = found.url.store, found.upload
    appended = await ports.uploads.append(store, upload.id, offset, pieces)
    if not is_successful(appended):
        return Failure(appended.failure())
    now = appended.unwrap()
    if now.offset < now.size_bytes:
        return Success(StoredUpload(found.url, now))
    await record(ports, Action.WROTE_OBJECT, found.url, caller)
    replaced = await ports.stores.head(found.url) is not None
    completed = await ports.uploads.complete(store, upload.id)
    return completed.map(lambda written: Written(found.url, written, replaced))


async def discard_upload(ports: StorePorts, ref: UploadRef, caller: Caller) -> Result[None, UploadRefused]:
    """Remove an upload of the caller's."""
    found = await find_upload(ports, ref, caller)
    if not is_successful(found):
        return Failure(found.failure())
    return Success(None) if await ports.uploads.discard(ref.store, ref.id) else Failure(UploadMissing(ref.id))


async def forget_uploads(ports: StorePorts, clock: Clock) -> int:
    """Remove the uploads of all stores that were not continued for a week. A store that fails delays no other."""
    count, failed = 0, None
    for name, info in ports.stores.stores().items():
        if info.can_resume:
            try:
                count += await ports.uploads.forget(name, clock() - FORGOTTEN_AFTER)
            except Unavailable as error:
                failed = error
    if count:
        log.info("removed %d uploads that were not continued", count)
    if failed is not None:
        raise failed
    return count


def _resumable(ports: StorePorts, store: StoreName, caller: Caller) -> Result[None, UploadRefused]:
    info = usable(ports, store, Operation.WRITE, caller)
    if not is_successful(info):
        return Failure(info.failure())
    return Success(None) if info.unwrap().can_resume else Failure(NotResumable(store))
