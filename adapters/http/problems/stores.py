"""Problem details of stores, objects and uploads."""

from typing import TypeAlias, assert_never

from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.quoting import quotable
from application.ports.stores import OffsetMismatch, UploadMissing, UploadTooLong
from application.stores.uploads import NotResumable
from application.stores.use import UnknownObject
from domain.hint import hint
from domain.stores import NotForKey, NotForScript, OperationNotAllowed, StoreName, StoreRefused, UnknownStore, UrlFault

_Refusal: TypeAlias = StoreRefused | UnknownObject | UploadMissing | OffsetMismatch | UploadTooLong | NotResumable


def store_problem(refusal: _Refusal) -> ProblemDetails:  # noqa: C901 - one case a refusal, and no other branch
    """Map a refusal of a store to its problem details."""
    match refusal:
        case UnknownStore(store=store):
            return ProblemDetails(hint("unknown-store", store=store.value))
        case OperationNotAllowed(store=store, operation=operation):
            return ProblemDetails(hint(f"store-does-not-{operation}", store=store.value))
        case NotForScript(store=store, script=script):
            return ProblemDetails(hint("store-not-for-script", store=store.value, script=script))
        case NotForKey(store=store, key=key):
            return _not_for_key(store, key)
        case UnknownObject(url=url):
            return ProblemDetails(hint("unknown-object", url=quotable(str(url))))
        case UploadMissing(id=unknown):
            return ProblemDetails(hint("unknown-upload", id=str(unknown)))
        case OffsetMismatch(actual=upload):
            headers = {"Upload-Offset": str(upload.offset)}
            return ProblemDetails(
                hint("upload-offset", offset=upload.offset), headers=headers, upload_offset=upload.offset
            )
        case UploadTooLong(actual=upload):
            return ProblemDetails(hint("upload-too-long", size=upload.size_bytes, offset=upload.offset))
        case NotResumable(store=store):
            return ProblemDetails(hint("store-not-resumable", store=store.value))
        case _:
            assert_never(refusal)


def _not_for_key(store: StoreName, key: str | None) -> ProblemDetails:
    if key is None:
        return ProblemDetails(hint("store-needs-key", store=store.value))
    return ProblemDetails(hint("store-not-for-key", store=store.value, key=quotable(key)))


def invalid_store_path(fault: UrlFault) -> ProblemDetails:
    """Explain what is wrong with a path, by the hint of its fault."""
    return ProblemDetails(hint("invalid-store-path"), advice=hint(fault.value))


def range_not_satisfiable(size_bytes: int) -> ProblemDetails:
    """Name the size of the object, as the RFC asks for."""
    return ProblemDetails(
        hint("range-not-satisfiable", size=size_bytes), headers={"Content-Range": f"bytes */{size_bytes}"}
    )
