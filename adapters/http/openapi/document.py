"""The OpenAPI 3.1 document, generated from the resources."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apispec import APISpec
from attrs import NOTHING, fields

from adapters.http.openapi.attrs_plugin import AttrsPlugin
from adapters.http.openapi.bodies import Bodies, problem_examples
from adapters.http.openapi.components import BEARER, HEADERS, PATH_PARAMETERS, REQUEST_HEADERS
from adapters.http.openapi.examples import examples
from adapters.http.openapi.info import INFO, SERVERS, TAGS
from adapters.http.openapi.links import links
from adapters.http.openapi.webhooks import webhooks
from adapters.http.operations import PUBLIC, Operation, Resource
from adapters.http.routes import RESOURCES
from application.version import VERSION
from domain.access import AnyScope


def openapi_document(resources: Iterable[Resource] = RESOURCES) -> dict[str, Any]:
    """Build the document as JSON values."""
    plugin, every = AttrsPlugin(), tuple(resources)
    spec = APISpec("Bateia", VERSION, "3.1.0", [plugin], info=dict(INFO), servers=list(SERVERS), tags=list(TAGS))
    for name, header in HEADERS.items():
        spec.components.header(name, dict(header))
    for name, value in (examples(every) | problem_examples(every)).items():
        spec.components.example(name, {"value": value})
    spec.components.security_scheme("bearer", dict(BEARER))
    bodies = Bodies(plugin, every)
    for resource in every:
        operations = {method.lower(): _operation(bodies, resource, one) for method, one in resource.operations.items()}
        spec.path(resource.template, operations=operations, parameters=_path_parameters(resource.template))
    messages = webhooks(plugin)
    document = spec.to_dict() | {"webhooks": messages}
    document["components"]["links"] = links(every)
    parts = ("openapi", "info", "servers", "tags", "paths", "webhooks", "components")
    return {part: document[part] for part in parts}


def openapi_text(document: Mapping[str, Any]) -> str:
    """Format the document as it is served and printed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def openapi_bytes(document: Mapping[str, Any], root_path: str) -> bytes:
    """Encode the document of a service that is published under that path prefix."""
    servers = [{**one, "url": f"{root_path}{one['url']}".rstrip("/") or "/"} for one in SERVERS]
    return openapi_text({**document, "servers": servers}).encode("utf-8")


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", **known} for name, known in PATH_PARAMETERS.items() if f"{{{name}}}" in path]


def _operation(bodies: Bodies, resource: Resource, operation: Operation[Any]) -> dict[str, Any]:
    described = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{operation.description}\n\n{_key_of(operation)}",
        "tags": [resource.tag],
        "security": [] if operation.scope is PUBLIC else [{"bearer": []}, {}],
        "parameters": [*_query(bodies.plugin, operation), *_request_headers(operation)],
        "responses": bodies.responses(operation),
    }
    return described | ({"requestBody": bodies.request(operation)} if operation.bodies else {})


def _key_of(operation: Operation[Any]) -> str:
    match operation.scope:
        case None:
            return "Requires no API key."
        case AnyScope():
            return "Requires an API key, with any scope."
        case scope:
            return f"Requires an API key with the scope `{scope}`."


def _query(plugin: AttrsPlugin, operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for one in fields(operation.query):
        schema = plugin.member(one)
        required = {"required": True} if one.default is NOTHING else {}
        described = {"name": one.name, "in": "query", "description": schema.pop("description")}
        yield described | required | {"schema": schema}


def _request_headers(operation: Operation[Any]) -> Iterator[dict[str, Any]]:
    for name in operation.headers:
        yield {"name": name, "in": "header", **REQUEST_HEADERS[name]}
