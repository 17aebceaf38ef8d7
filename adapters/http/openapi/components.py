"""Components of the OpenAPI document shared by operations: path parameters, headers, and the security scheme."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.http.transport.codings.coding import Coding
from adapters.http.wire.schemas.api_keys import API_KEY_ID
from adapters.http.wire.schemas.executions import BATCH_ID, EXECUTION_ID
from adapters.http.wire.schemas.jobs import JOB_ID
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER
from adapters.http.wire.schemas.reproductions import REPRODUCTION_ID
from adapters.http.wire.schemas.stores import UPLOAD_ID
from adapters.http.wire.schemas.version_replays import REPLAY_ID
from adapters.http.wire.schemas.webhook_deliveries import DELIVERY_ID
from adapters.http.wire.schemas.webhooks import WEBHOOK_ID
from domain.aliases import ALIAS_PATTERN
from domain.script import NAME_PATTERN
from domain.script_tests import TEST_NAME_PATTERN
from domain.stores import MAX_PATH_BYTES

_UUID: Final = {"type": "string", "format": "uuid"}
PATH_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "script": {
        "description": "Script id or name.",
        "schema": {"anyOf": [_UUID, {"type": "string", "pattern": f"^(?:{NAME_PATTERN})$"}]},
        "example": "corporate-cards",
    },
    "n": {
        "description": "Version number, or the name of an alias that leads to the version.",
        "schema": {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MAX_VERSION_NUMBER},
                {"type": "string", "pattern": f"^(?:{ALIAS_PATTERN})$", "not": {"const": "latest"}},
            ]
        },
        "example": 1,
    },
    "test": {
        "description": "Name of a test.",
        "schema": {"type": "string", "pattern": f"^(?:{TEST_NAME_PATTERN})$"},
        "example": "no-rows",
    },
    "alias": {
        "description": "Name of an alias.",
        "schema": {"type": "string", "pattern": f"^(?:{ALIAS_PATTERN})$", "not": {"const": "latest"}},
        "example": "live",
    },
    "id": {"description": "Execution id.", "schema": _UUID, "example": EXECUTION_ID},
    "reproduction": {"description": "Reproduction id.", "schema": _UUID, "example": REPRODUCTION_ID},
    "replay": {"description": "Id of a replay on the version.", "schema": _UUID, "example": REPLAY_ID},
    "batch": {"description": "Batch id.", "schema": _UUID, "example": BATCH_ID},
    "job": {"description": "Job id.", "schema": _UUID, "example": JOB_ID},
    "webhook": {"description": "Webhook id.", "schema": _UUID, "example": WEBHOOK_ID},
    "delivery": {"description": "Delivery id.", "schema": _UUID, "example": DELIVERY_ID},
    "key": {"description": "API key id.", "schema": _UUID, "example": API_KEY_ID},
    "store": {"description": "Name of a store.", "schema": {"type": "string"}, "example": "files"},
    "path": {
        "description": "Path of an object in the store. It may have slashes.",
        "schema": {"type": "string", "maxLength": MAX_PATH_BYTES},
        "example": "in/cards.ndjson",
    },
    "upload": {"description": "Upload id.", "schema": _UUID, "example": UPLOAD_ID},
    "section": {
        "description": "Tag of operations, or `types`.",
        "schema": {"type": "string"},
        "example": "executions",
    },
    "page": {
        "description": "Name of a page of the guide, or of its Markdown.",
        "schema": {"type": "string"},
        "example": "start",
    },
    "slug": {
        "description": "Last segment of a problem's `type`.",
        "schema": {"type": "string"},
        "example": "name-taken",
    },
}
REQUEST_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Prefer": {
        "description": "`wait=N`: delay the response until the execution, the batch, the replay or the job finishes, "
        "or until a log has lines behind `after`, for at most N seconds (maximum 60).",
        "schema": {"type": "string", "examples": ["wait=10"]},
    },
    "Content-Encoding": {
        "description": "Compression of the body. Size limits apply to the decompressed body.",
        "schema": {"type": "string", "examples": list(Coding)},  # no enum: names have no case, and none is one too
    },
    "Accept-Encoding": {
        "description": "Acceptable content codings with weights. `zstd` is the cheapest. Without the header, "
        "the response is not compressed.",
        "schema": {"type": "string", "examples": ["zstd, gzip;q=0.5"]},
    },
    "If-None-Match": {
        "description": "Entity tags of representations the client already has. If one matches, the response is 304; "
        "to a change, 412, and `*` permits it only if the resource does not exist.",
        "schema": {"type": "string"},
    },
    "If-Match": {
        "description": "Entity tags of the resource as the client knows it. If none matches, nothing is changed and "
        "the response is 412. `*` permits the change only if the resource exists.",
        "schema": {"type": "string", "examples": ['"7"']},
    },
    "Idempotency-Key": {
        "description": "Makes the submission safe to retry: the same key with the same dataset, script and version "
        "returns the first execution, until the key expires (after a day, unless configured otherwise), even if that "
        "execution has failed, was cancelled, or its content was removed: to run the dataset again, send a new key. "
        "The same goes for a batch and all of its lines, and for a job. "
        "1 to 255 printable ASCII characters, with or without double quotes.",
        "schema": {"type": "string", "examples": ['"8e03978e-40d5-43dd-bc93-6894a57f9324"']},
    },
    "Range": {
        "description": "One range of bytes. Several ranges are ignored.",
        "schema": {"type": "string", "examples": ["bytes=0-65535"]},
    },
    "If-Range": {
        "description": "Entity tag of the version of which the range is wanted. If it is another one now, the response "
        "has the whole object.",
        "schema": {"type": "string"},
    },
    "Upload-Offset": {
        "description": "Number of bytes of the upload that have come before this body.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "traceparent": {
        "description": "Trace of this request (W3C Trace Context); the worker's log continues it. A malformed header "
        "is ignored.",
        "schema": {"type": "string", "examples": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]},
    },
}
HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "X-Request-Id": {"description": "Identifies this request in the service's log.", "schema": {"type": "string"}},
    "Location": {"description": "Path of the resource.", "schema": {"type": "string"}},
    "Link": {"description": 'Next page, as `rel="next"`, if there is one.', "schema": {"type": "string"}},
    "ETag": {
        "description": "Strong entity tag, different for each representation. Unfinished executions have none.",
        "schema": {"type": "string"},
    },
    "Content-Language": {
        "description": "Language of titles, details and hints, chosen by the request's Accept-Language.",
        "schema": {"type": "string", "enum": ["en", "pt"]},
    },
    "Vary": {"description": "Request headers that determine the representation.", "schema": {"type": "string"}},
    "Cache-Control": {
        "description": "Caching directives.",
        "schema": {"type": "string"},
    },
    "Content-Encoding": {
        "description": "Content coding, if the response is compressed.",
        "schema": {"type": "string", "enum": ["zstd", "gzip"]},
    },
    "Preference-Applied": {"description": "The `wait` preference that was applied.", "schema": {"type": "string"}},
    "Accept": {"description": "Media types accepted in requests.", "schema": {"type": "string"}},
    "Accept-Encoding": {"description": "Content codings accepted in requests.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` if the execution, the batch or the job was created by an earlier request with the same "
        "idempotency key, so that nothing was run now. If it has failed or was cancelled, send a new key to run it "
        "again.",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {
        "description": "Authentication challenge (RFC 6750, section 3).",
        "schema": {"type": "string", "examples": ['Bearer realm="bateia", error="invalid_token"']},
    },
    "Accept-Ranges": {"description": "Unit of ranges: `bytes`.", "schema": {"type": "string", "const": "bytes"}},
    "Content-Range": {
        "description": "Range of the response, and the size of the object.",
        "schema": {"type": "string", "examples": ["bytes 0-65535/73400320"]},
    },
    "Content-Disposition": {
        "description": "`attachment`: a browser saves the content as a file.",
        "schema": {"type": "string", "const": "attachment"},
    },
    "Repr-Digest": {
        "description": "SHA-256 of the object (RFC 9530).",
        "schema": {"type": "string", "examples": ["sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:"]},
    },
    "Upload-Offset": {
        "description": "Number of bytes of the upload that have come.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Retry-After": {"description": "Seconds to wait before retrying.", "schema": {"type": "integer"}},
}
BEARER: Final[Mapping[str, Any]] = {
    "type": "http",
    "scheme": "bearer",
    "description": "API key. Anonymous access is possible while no key exists, on loopback addresses or if the "
    "operator allows it.",
}
