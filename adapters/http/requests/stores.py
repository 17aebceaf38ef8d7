"""Reads the places of stores from requests: paths of objects, folders, uploads, and the documents about these.

A path arrives decoded, and is refused rather than repaired: dot segments, encoded slashes, backslashes and control
characters are no part of any path, and so is the stand-in for bytes that are not UTF-8.
"""

import re
from typing import Any, Final
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import (
    InvalidDocument,
    InvalidQuery,
    InvalidStorePath,
    MalformedId,
    MalformedUploadOffset,
    Refusal,
)
from adapters.http.requests.short_documents import read_short_document
from adapters.http.wire.converter import UUID_FORM
from adapters.http.wire.schemas.stores import NewUpload
from adapters.http.wire.validation_errors import Fault
from application.stores.uploads import UploadRef
from application.stores.use import Caller
from domain.hint import hint
from domain.stores import Folder, InvalidStoreUrl, ObjectUrl, StoreName, UrlFault, folder, object_path, object_url
from domain.stores import store_name as parse_store_name

_MOST_BYTES: Final = 16 * 1024
_OFFSET: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_NOT_UTF_8: Final = "\ufffd"


def caller_of(call: RequestContext[Any]) -> Caller:
    """Return the client, with the name of its key."""
    return Caller(call.actor, call.deps.access.name_of(call.actor.key_id))


def store_name(request: Request) -> Result[StoreName, InvalidStorePath]:
    """Read `{store}`: the name of a store."""
    return parse_store_name(request.path_params["store"]).alt(_invalid)


def path_url(request: Request) -> Result[ObjectUrl, InvalidStorePath]:
    """Read `{store}` and `{path}`: an object."""
    text = request.path_params["path"]
    if _NOT_UTF_8 in text:
        return Failure(InvalidStorePath(UrlFault.CHARACTER))
    return Result.do(ObjectUrl(name, path) for name in store_name(request) for path in object_path(text).alt(_invalid))


def folder_of(store: StoreName, prefix: str) -> Result[Folder, InvalidQuery]:
    """Read the query parameter `prefix`: a folder of the store."""
    return folder(f"{store.value}://{prefix}").alt(
        lambda invalid: InvalidQuery((Fault("/prefix", hint(invalid.fault.value)),))
    )


def upload_ref(request: Request) -> Result[UploadRef, InvalidStorePath | MalformedId]:
    """Read `{store}` and `{upload}`: an upload."""
    text = request.path_params["upload"]
    if not UUID_FORM.fullmatch(text):
        return Failure(MalformedId("malformed-upload-id", text))
    return store_name(request).map(lambda name: UploadRef(name, UUID(text)))


def upload_offset(request: Request) -> Result[int, MalformedUploadOffset]:
    """Read the header `Upload-Offset`: where the body continues an upload."""
    lines = request.headers.getlist("upload-offset")
    is_valid = len(lines) == 1 and _OFFSET.fullmatch(lines[0].strip(" \t"))
    return Success(int(lines[0])) if is_valid else Failure(MalformedUploadOffset())


async def read_new_upload(call: RequestContext[Any]) -> Result[tuple[ObjectUrl, int], Refusal]:
    """Read the object that is to be uploaded, and its size."""
    new = await read_short_document(call, NewUpload, _MOST_BYTES)
    if not is_successful(new):
        return Failure(new.failure())
    document = new.unwrap()
    url: Result[ObjectUrl, Refusal] = object_url(document.url).alt(_invalid_member)
    return url.map(lambda one: (one, document.size_bytes))


def _invalid(invalid: InvalidStoreUrl) -> InvalidStorePath:
    return InvalidStorePath(invalid.fault)


def _invalid_member(invalid: InvalidStoreUrl) -> InvalidDocument:
    return InvalidDocument((Fault("/url", hint(invalid.fault.value)),))
