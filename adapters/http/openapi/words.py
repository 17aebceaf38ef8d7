"""The words of the OpenAPI document that many operations share: on path parameters, and on headers either way."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.http.codings.coding import Coding
from adapters.http.schemas.executions import EXECUTION_ID
from adapters.http.schemas.queries import MAX_VERSION_NUMBER
from domain.script import NAME_PATTERN

_UUID: Final = {"type": "string", "format": "uuid"}
PATH_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "script": {
        "description": "A script's id or its name.",
        "schema": {"anyOf": [_UUID, {"type": "string", "pattern": f"^(?:{NAME_PATTERN})$"}]},
        "example": "corporate-cards",
    },
    "n": {
        "description": "A version's number.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_VERSION_NUMBER},
        "example": 1,
    },
    "id": {"description": "An execution's id.", "schema": _UUID, "example": EXECUTION_ID},
    "slug": {
        "description": "The last part of a problem's `type`.",
        "schema": {"type": "string"},
        "example": "name-taken",
    },
}
REQUEST_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Prefer": {
        "description": "`wait=N`: answer when the execution ends, or after N seconds; more than 60 count as 60.",
        "schema": {"type": "string", "examples": ["wait=10"]},
    },
    "Content-Encoding": {
        "description": "How the body is compressed, if it is. Limits to its size are to what it is without that.",
        "schema": {"type": "string", "examples": list(Coding)},  # no enum: names have no case, and none is one too
    },
    "Accept-Encoding": {
        "description": "Content codings and their weights. `zstd` costs the service least; without the header: none.",
        "schema": {"type": "string", "examples": ["zstd, gzip;q=0.5"]},
    },
    "If-None-Match": {
        "description": "Entity tags of what the client has. If one names what it would get, the answer is 304.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "description": "Names this request, so that it can be sent again in safety: the same key with the same dataset "
        "for the same script and version gives the first execution again, for as long as the key is remembered (a day "
        "unless configured otherwise). 1 to 255 printable ASCII characters, in double quotes or as they are.",
        "schema": {"type": "string", "examples": ['"8e03978e-40d5-43dd-bc93-6894a57f9324"']},
    },
    "traceparent": {
        "description": "The trace that this request belongs to (W3C Trace Context); the worker's log continues it. "
        "A malformed one is ignored.",
        "schema": {"type": "string", "examples": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]},
    },
}
HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "X-Request-Id": {"description": "Names this request in the service's log.", "schema": {"type": "string"}},
    "Location": {"description": "The path of the resource.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, as `rel="next"`, if there is one.', "schema": {"type": "string"}},
    "ETag": {
        "description": "A strong entity tag: each representation's own. What has not ended has none.",
        "schema": {"type": "string"},
    },
    "Vary": {"description": "The request's headers that chose the representation.", "schema": {"type": "string"}},
    "Cache-Control": {
        "description": "Who may keep the answer, and how.",
        "schema": {"type": "string"},
    },
    "Content-Encoding": {
        "description": "The content coding, if there is one.",
        "schema": {"type": "string", "enum": ["zstd", "gzip"]},
    },
    "Preference-Applied": {"description": "The wait that was followed.", "schema": {"type": "string"}},
    "Accept": {"description": "The media types that are read here.", "schema": {"type": "string"}},
    "Accept-Encoding": {"description": "The content codings that are read here.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` if an earlier request under the same key made the execution.",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {
        "description": "How to name oneself, and what is wrong with the key that was sent (RFC 6750, section 3).",
        "schema": {"type": "string", "examples": ['Bearer realm="bateia", error="invalid_token"']},
    },
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}},
}
BEARER: Final[Mapping[str, Any]] = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key. As long as the service has none, and its operator allows that, it is open without.",
}
