"""Wire schemas of stores, their objects, and uploads."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le

from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.scripts import MOMENT
from domain.stores import Operation

UPLOAD_ID: Final = "0199c61a-5b7c-7d8e-9f0a-1b2c3d4e5f6a"
MOST_UPLOAD_BYTES: Final = 2**50
_URL: Final = "files://in/cards.ndjson"
_PATH: Final = "in/cards.ndjson"
_SIZE: Final = 73_400_320
_ETAG: Final = '"2f1-4600000-18a3b5c7d9e1f203"'
_SHA256: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_UPLOAD: Final = f"/v1/uploads/files/{UPLOAD_ID}"


@frozen(kw_only=True)
class Store:
    """A store that the API key may use."""

    name: str = field(metadata=describe("Name, with which URLs of its objects begin.", "files"))
    operations: tuple[Operation, ...] = field(metadata=describe("Permitted operations.", ["read", "write"]))
    resumable: bool = field(metadata=describe("True if it takes uploads that can be continued.", True))
    scripts: tuple[str, ...] = field(
        metadata=describe("Globs of the names of the scripts whose jobs may use it.", ["*"])
    )


@frozen(kw_only=True)
class StoreList:
    """The stores that the API key may use."""

    items: tuple[Store, ...] = field(
        metadata=describe(
            "Stores by name.", [{"name": "files", "operations": ["read", "write"], "resumable": True, "scripts": ["*"]}]
        )
    )


@frozen(kw_only=True)
class ListedObject:
    """An object of a store."""

    path: str = field(metadata=describe("Path in the store.", _PATH))
    size_bytes: int = field(validator=ge(0), metadata=describe("Size.", _SIZE))
    etag: str = field(metadata=describe("Entity tag of this version.", _ETAG))
    modified_at: datetime = field(metadata=describe("Time of the last write.", MOMENT))
    url: str = field(metadata=describe("URL, as jobs name it.", _URL))


@frozen(kw_only=True)
class ObjectList:
    """A page of the objects of a folder, by path."""

    items: tuple[ListedObject, ...] = field(
        metadata=describe(
            "Objects of this page.",
            [{"path": _PATH, "size_bytes": _SIZE, "etag": _ETAG, "modified_at": MOMENT, "url": _URL}],
        )
    )
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))


@frozen(kw_only=True)
class WrittenObject:
    """An object that was written."""

    path: str = field(metadata=describe("Path in the store.", _PATH))
    url: str = field(metadata=describe("URL, as jobs name it.", _URL))
    size_bytes: int = field(validator=ge(0), metadata=describe("Size.", _SIZE))
    sha256: str = field(metadata=describe("SHA-256 of its bytes, in hexadecimal digits.", _SHA256))
    etag: str = field(metadata=describe("Entity tag of this version.", _ETAG))


@frozen(kw_only=True)
class NewUpload(RequestModel):
    """An object that is to be uploaded in one request or several."""

    url: str = field(metadata=describe("URL of the object, in a store that takes such uploads.", _URL))
    size_bytes: int = field(
        validator=[ge(0), le(MOST_UPLOAD_BYTES)], metadata=describe("Size of the whole object.", _SIZE)
    )


@frozen(kw_only=True)
class UploadPaths:
    """Paths of what belongs to an upload."""

    self: str = field(alias="upload", metadata=describe("The upload.", _UPLOAD))
    append: str = field(metadata=describe("Continuation of the upload, by a PATCH.", _UPLOAD))


@frozen(kw_only=True)
class Upload:
    """An upload that is not complete."""

    id: UUID = field(metadata=describe("Id of the upload.", UPLOAD_ID))
    url: str = field(metadata=describe("URL of the object that it becomes.", _URL))
    size_bytes: int = field(validator=ge(0), metadata=describe("Size of the whole object.", _SIZE))
    offset: int = field(validator=ge(0), metadata=describe("Bytes that have come, where it continues.", 0))
    links: UploadPaths = field(metadata=describe("Paths of related resources.", {"self": _UPLOAD, "append": _UPLOAD}))
