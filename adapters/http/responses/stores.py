"""Stores, objects and uploads as the shapes of the wire, and the responses that stream objects."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from adapters.http.operations import OCTETS
from adapters.http.responses.conditional import REVALIDATED
from adapters.http.responses.documents import document
from adapters.http.transport.byte_ranges import ByteRange
from adapters.http.transport.codings.encoding import cut
from adapters.http.wire.schemas import stores as shapes
from application.ports.stores import StoredObject, StoreInfo
from application.stores.uploads import StoredUpload
from application.stores.use import revision_of
from application.stores.write import Written
from domain.limits import MIB
from domain.stores import ObjectUrl, Operation, StoreName

SENDING_BYTES: Final = 5 * MIB
"""The longest piece of a store, and the parts of it that are on their way."""


def object_href(root: str, url: ObjectUrl) -> str:
    """Build the path of an object."""
    return f"{root}/v1/stores/{url.store.value}/{quote(url.path.value)}"


def upload_href(root: str, found: StoredUpload) -> str:
    """Build the path of an upload."""
    return f"{root}/v1/uploads/{found.url.store.value}/{found.upload.id}"


def store(info: StoreInfo) -> shapes.Store:
    """Represent a store."""
    permitted = tuple(one for one in Operation if one in info.rules.operations)
    return shapes.Store(
        name=info.name.value, operations=permitted, resumable=info.can_resume, scripts=info.rules.scripts
    )


def listed_object(name: StoreName, about: StoredObject) -> shapes.ListedObject:
    """Represent an object of a list."""
    return shapes.ListedObject(
        path=about.path,
        size_bytes=about.size_bytes,
        etag=entity_tag(about),
        modified_at=about.modified_at,
        url=f"{name.value}://{about.path}",
    )


def entity_tag(about: StoredObject) -> str:
    """Return the strong entity tag of an object."""
    return f'"{revision_of(about.etag)}"'


def written_response(root: str, one: Written) -> Response:
    """Respond with an object that was written."""
    about, digest = one.written.object, one.written.digest
    shape = shapes.WrittenObject(
        path=about.path,
        url=str(one.url),
        size_bytes=about.size_bytes,
        sha256=digest.sha256,
        etag=entity_tag(about),
    )
    headers = {
        "Location": object_href(root, one.url),
        "ETag": entity_tag(about),
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(digest.sha256)).decode()}:",
    }
    return document(shape, 200 if one.has_replaced else 201, headers)


def upload_response(root: str, found: StoredUpload, status: int = 200) -> Response:
    """Respond with an upload."""
    href, one = upload_href(root, found), found.upload
    shape = shapes.Upload(
        id=one.id,
        url=str(found.url),
        size_bytes=one.size_bytes,
        offset=one.offset,
        links=shapes.UploadPaths(upload=href, append=href),
    )
    headers = {"Upload-Offset": str(one.offset), "Cache-Control": "no-store"}
    return document(shape, status, headers | ({"Location": href} if status == 201 else {}))


def object_headers(about: StoredObject, wanted: ByteRange | None) -> Mapping[str, str]:
    """Build the headers of an object, or of a part of it. No browser shows it or runs anything in it."""
    start, end = (0, about.size_bytes) if wanted is None else (wanted.start, wanted.end)
    part = {} if wanted is None else {"Content-Range": f"bytes {start}-{end - 1}/{about.size_bytes}"}
    return part | {
        "Content-Type": OCTETS,
        "Content-Length": str(end - start),
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "ETag": entity_tag(about),
        "Cache-Control": REVALIDATED,
    }


def object_head(about: StoredObject) -> Response:
    """Respond with the headers of an object alone."""
    return Response(None, headers=dict(object_headers(about, None)))


def object_response(about: StoredObject, wanted: ByteRange | None, pieces: AsyncIterator[bytes]) -> Response:
    """Respond with an object, or a part of it, as the client receives it."""
    headers = dict(object_headers(about, wanted))
    return StreamingResponse(_parts(pieces), 200 if wanted is None else 206, headers)


async def _parts(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        for part in cut(piece):
            yield part
