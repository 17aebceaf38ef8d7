"""The OpenAPI 3.1 document of the resources, which hold all that it says about operations.

Here are only the words that many operations share: path parameters and headers.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from apispec import APISpec
from attrs import fields

from adapters.http.attrs_plugin import AttrsPlugin
from adapters.http.openapi_bodies import Bodies, problem_examples
from adapters.http.openapi_examples import examples
from adapters.http.openapi_info import INFO, SERVERS, TAGS, VERSION
from adapters.http.openapi_links import links
from adapters.http.operations import Operation, Resource
from adapters.http.routes import RESOURCES
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
}
HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "X-Request-Id": {"description": "Names this request in the service's log.", "schema": {"type": "string"}},
    "Location": {"description": "The path of the resource.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, as `rel="next"`, if there is one.', "schema": {"type": "string"}},
    "ETag": {"description": "A strong entity tag.", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "The wait that was followed.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}},
}


def openapi_document(resources: Iterable[Resource] = RESOURCES) -> dict[str, Any]:
    """The document as JSON values."""
    plugin, every = AttrsPlugin(), tuple(resources)
    spec = APISpec("Bateia", VERSION, "3.1.0", [plugin], info=dict(INFO), servers=list(SERVERS), tags=list(TAGS))
    for name, header in HEADERS.items():
        spec.components.header(name, dict(header))
    for name, value in (examples() | problem_examples(every)).items():
        spec.components.example(name, {"value": value})
    bodies = Bodies(plugin, every)
    for resource in every:
        operations = {method.lower(): _operation(bodies, resource, one) for method, one in resource.operations.items()}
        spec.path(resource.path, operations=operations, parameters=_path_parameters(resource.path))
    document = spec.to_dict()
    document["components"]["links"] = links(every)
    return {part: document[part] for part in ("openapi", "info", "servers", "tags", "paths", "components")}


def openapi_text() -> str:
    """The document as it is served and printed."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", **known} for name, known in PATH_PARAMETERS.items() if f"{{{name}}}" in path]


def _operation(bodies: Bodies, resource: Resource, operation: Operation[Any]) -> dict[str, Any]:
    described = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [resource.tag],
        "parameters": [*_query(bodies.plugin, operation), *_request_headers(operation)],
        "responses": bodies.responses(operation),
    }
    return described | ({"requestBody": bodies.request(operation)} if operation.bodies else {})


def _query(plugin: AttrsPlugin, operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for one in fields(operation.query):
        schema = plugin.member(one)
        yield {"name": one.name, "in": "query", "description": schema.pop("description"), "schema": schema}


def _request_headers(operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for name in operation.headers:
        yield {"name": name, "in": "header", **REQUEST_HEADERS[name]}
