"""The OpenAPI 3.1 document of the resources, which hold all that it says about operations.

Here are only the words that many operations share: path parameters, headers, and the refusals that each can give.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from apispec import APISpec
from attrs import fields

from adapters.http import problem_types as types
from adapters.http.attrs_plugin import AttrsPlugin
from adapters.http.content_codings import Coding
from adapters.http.operations import JSON, Answer, Content, Operation, Resource
from adapters.http.problem_types import ProblemType
from adapters.http.problems import PROBLEM_JSON
from adapters.http.routes import RESOURCES
from adapters.http.schemas.problems import Problem
from adapters.http.schemas.queries import MAX_VERSION_NUMBER
from application.version import VERSION
from domain.script import NAME_PATTERN

COMMON_REFUSALS: Final = (
    types.INVALID_QUERY,
    types.HEAD_TOO_LARGE,
    types.INTERNAL_ERROR,
    types.UNAVAILABLE,
    types.TOO_MANY_CONNECTIONS,
)
REFUSAL_HEADERS: Final[Mapping[int, tuple[str, ...]]] = {415: ("Accept", "Accept-Encoding"), 503: ("Retry-After",)}

_UUID: Final = {"type": "string", "format": "uuid"}
PATH_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "script": {
        "description": "A script's id or its name.",
        "schema": {"anyOf": [_UUID, {"type": "string", "pattern": f"^(?:{NAME_PATTERN})$"}]},
    },
    "n": {
        "description": "A version's number.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_VERSION_NUMBER},
    },
    "id": {"description": "An execution's id.", "schema": _UUID},
    "slug": {"description": "The last part of a problem's `type`.", "schema": {"type": "string"}},
}
REQUEST_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Prefer": {
        "description": "`wait=N`: answer when the execution ends, or after N seconds; more than 60 count as 60.",
        "schema": {"type": "string", "examples": ["wait=10"]},
    },
    "Content-Encoding": {
        "description": "How the body is compressed, if it is. Limits to its size are to what it is without that.",
        "schema": {"type": "string", "enum": list(Coding)},
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
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}},
}


def openapi_document(resources: Iterable[Resource] = RESOURCES) -> dict[str, Any]:
    """The document as JSON values."""
    plugin = AttrsPlugin()
    info = {"description": "Hosts JavaScript scripts and runs them, sandboxed, over JSON datasets."}
    spec = APISpec("Bateia", VERSION, "3.1.0", [plugin], info=info)
    for name, header in HEADERS.items():
        spec.components.header(name, dict(header))
    for kind in types.PROBLEM_TYPES.values():
        spec.components.example(kind.slug, _example(kind))
    for resource in resources:
        operations = {
            method.lower(): _operation(plugin, resource, operation) for method, operation in resource.operations.items()
        }
        spec.path(resource.path, operations=operations, parameters=_path_parameters(resource.path))
    document = spec.to_dict()
    return {part: document[part] for part in ("openapi", "info", "paths", "components")}


def openapi_text() -> str:
    """The document as it is served and printed."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", **known} for name, known in PATH_PARAMETERS.items() if f"{{{name}}}" in path]


def _operation(plugin: AttrsPlugin, resource: Resource, operation: Operation[Any]) -> dict[str, Any]:
    described = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [resource.tag],
        "parameters": [*_query(plugin, operation), *_request_headers(operation)],
        "responses": _responses(plugin, operation),
    }
    if operation.bodies:
        described["requestBody"] = {"required": True, "content": _contents(plugin, operation.bodies)}
    return described


def _query(plugin: AttrsPlugin, operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for one in fields(operation.query):
        schema = plugin.member(one)
        yield {"name": one.name, "in": "query", "description": schema.pop("description"), "schema": schema}


def _request_headers(operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for name in operation.headers:
        yield {"name": name, "in": "header", **REQUEST_HEADERS[name]}


def _contents(plugin: AttrsPlugin, contents: Iterable[Content]) -> dict[str, Any]:
    return {
        one.media_type: {"schema": plugin.schema(one.shape) if isinstance(one.shape, type) else dict(one.shape)}
        for one in contents
    }


def _responses(plugin: AttrsPlugin, operation: Operation[Any]) -> dict[str, Any]:
    responses = {str(one.status): _answer(plugin, one) for one in operation.answers}
    kinds = sorted({*operation.refusals, *COMMON_REFUSALS}, key=lambda kind: (kind.status, kind.slug))
    for status, same in groupby(kinds, key=lambda kind: kind.status):
        refusal, answer = _refusal(plugin, list(same)), responses.get(str(status))
        responses[str(status)] = refusal if answer is None else _joined(answer, refusal)
    return dict(sorted(responses.items()))


def _answer(plugin: AttrsPlugin, answer: Answer) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description, "headers": _headers(answer.headers)}
    if answer.content is None:
        return described
    return described | {"content": _contents(plugin, [answer.content, *answer.alternatives])}


def _refusal(plugin: AttrsPlugin, kinds: list[ProblemType]) -> dict[str, Any]:
    return {
        "description": " ".join(f"`{kind.slug}`: {kind.title}." for kind in kinds),
        "headers": _headers(REFUSAL_HEADERS.get(kinds[0].status, ())),
        "content": {
            PROBLEM_JSON: _contents(plugin, [Content(JSON, Problem)])[JSON]
            | {"examples": {kind.slug: kind.slug for kind in kinds}}
        },
    }


def _example(kind: ProblemType) -> dict[str, Any]:
    return {"value": {"type": kind.href, "title": kind.title, "status": kind.status, "instance": "/v1/scripts"}}


def _headers(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in ("X-Request-Id", *names)}


def _joined(answer: dict[str, Any], refusal: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": f"{answer['description']} Or {refusal['description']}",
        "headers": answer["headers"] | refusal["headers"],
        "content": answer["content"] | refusal["content"],
    }
