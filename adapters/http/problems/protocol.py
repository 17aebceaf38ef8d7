"""Problem details of the refusals that the HTTP adapter raises itself: of paths, headers, queries and bodies."""

from typing import assert_never

from adapters.http.problems.access import unauthenticated
from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.media_types import media_type_message
from adapters.http.problems.quoting import quotable
from adapters.http.problems.refusals import (
    BatchTooLarge,
    CrossOriginRefused,
    DatasetTooLarge,
    DocumentTooLarge,
    InvalidDocument,
    InvalidQuery,
    InvalidStorePath,
    MalformedCursor,
    MalformedId,
    MalformedIdempotencyKey,
    MalformedUploadOffset,
    MethodNotAllowed,
    MisdirectedRequest,
    NotAcceptable,
    PreviewDatasetTooLarge,
    ProtocolRefusal,
    ShortDocumentTooLarge,
    TooManyConnections,
    TooMuchInFlight,
    Unauthenticated,
    UnknownPath,
    UnsupportedCharset,
    UnsupportedEncoding,
    UnsupportedMediaType,
)
from adapters.http.problems.retrying import retrying
from adapters.http.problems.stores import invalid_store_path, range_not_satisfiable
from adapters.http.transport.byte_ranges import RangeNotSatisfiable
from adapters.http.transport.codings.decoders import MalformedEncoding
from adapters.http.transport.minimum_rate import BYTES_A_SECOND, MinimumRate, TooSlow
from domain.hint import Hint, hint


def protocol_problem(refusal: ProtocolRefusal) -> ProblemDetails:  # noqa: C901 - one case a refusal, and no other branch
    """Map a refusal to its problem details."""
    match refusal:
        case UnknownPath(path=path, suggestion=similar):
            return ProblemDetails(hint("not-found", path=quotable(path)), advice=_did_you_mean(similar))
        case MethodNotAllowed(method=method, allow=allow):
            allowed = ", ".join(allow)
            message = hint("method-not-allowed", method=quotable(method), allowed=allowed)
            return ProblemDetails(message, headers={"Allow": allowed})
        case MalformedId(code=code, value=value, suggestion=meant):
            suggested = {} if meant is None else {"suggestion": meant}
            return ProblemDetails(hint(code, value=quotable(value), **suggested))
        case MalformedCursor():
            return ProblemDetails(hint("malformed-cursor"))
        case InvalidQuery(faults=faults):
            return ProblemDetails(hint("invalid-query"), faults)
        case InvalidDocument(faults=faults):
            return ProblemDetails(hint("invalid-document"), faults)
        case NotAcceptable(header=header, offered=offered):
            code = "unacceptable-codings" if header == "Accept-Encoding" else "unacceptable-media-types"
            return ProblemDetails(hint(code, offered=", ".join(offered)), headers={"Vary": header})
        case UnsupportedMediaType():
            return ProblemDetails(media_type_message(refusal), headers={"Accept": ", ".join(refusal.accepted)})
        case UnsupportedCharset(accepted=types, sent=sent, charset=charset):
            message = hint("unsupported-charset", charset=quotable(charset), sent=sent)
            return ProblemDetails(message, headers={"Accept": ", ".join(types)})
        case UnsupportedEncoding(accepted=codings, sent=sent):
            accepted = ", ".join(codings)
            message = hint("unsupported-encoding", sent=quotable(sent), accepted=accepted)
            return ProblemDetails(message, headers={"Accept-Encoding": accepted})
        case MalformedEncoding(reason=why, at=at):
            return ProblemDetails(hint(why.code, **dict(why.parameters), at=at))
        case TooSlow(pace=pace):
            return ProblemDetails(_too_slow(pace))
        case TooMuchInFlight(retry_after_seconds=seconds):
            return retrying("too-much-in-flight", seconds)
        case TooManyConnections(retry_after_seconds=seconds):
            return retrying("too-many-connections", seconds, {"Connection": "close"})
        case MisdirectedRequest(host=host, names=names):
            allowed = ", ".join(names)
            known = hint("misdirected-request", host=host, allowed=allowed)
            return ProblemDetails(known if host else hint("invalid-host", allowed=allowed))
        case CrossOriginRefused():
            return ProblemDetails(hint("cross-origin-refused"))
        case Unauthenticated(given=given):
            return unauthenticated(given)
        case MalformedIdempotencyKey(reason=why):
            return ProblemDetails(why)
        case DatasetTooLarge():
            return ProblemDetails(_dataset_too_large(refusal))
        case BatchTooLarge(limit_bytes=limit):
            return ProblemDetails(hint("batch-too-large", limit_bytes=limit))
        case PreviewDatasetTooLarge(size_bytes=size, limit_bytes=limit):
            return ProblemDetails(hint("preview-dataset-too-large", size_bytes=size, limit_bytes=limit))
        case DocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(hint("source-body-too-large", limit_bytes=limit))
        case ShortDocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(hint("document-too-large", limit_bytes=limit))
        case InvalidStorePath(fault=fault):
            return invalid_store_path(fault)
        case MalformedUploadOffset():
            return ProblemDetails(hint("malformed-upload-offset"))
        case RangeNotSatisfiable(size_bytes=size):
            return range_not_satisfiable(size)
        case _:
            assert_never(refusal)


def _did_you_mean(path: str | None) -> Hint | None:
    return None if path is None else hint("did-you-mean-path", suggestion=path)


def _dataset_too_large(refusal: DatasetTooLarge) -> Hint:
    limit, size = refusal.limit_bytes, refusal.size_bytes
    if size is None:
        return hint("dataset-too-large", limit_bytes=limit)
    return hint("dataset-of-known-size-too-large", size_bytes=size, limit_bytes=limit)


def _too_slow(pace: MinimumRate) -> Hint:
    rate = {"rate": f"{BYTES_A_SECOND} bytes/s", "window": f"{pace.window:g}", "pause": f"{pace.idle_timeout:g}"}
    return hint("body-too-slow", **rate)
