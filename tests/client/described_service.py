"""A service made from the OpenAPI document: it answers each operation with the document's own examples."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import httpx

ID: Final = "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e"
_MOST_REQUESTS: Final = 100
"""Of one operation: a command that asks again and again would never end."""


@dataclass
class DescribedService:
    """Answers requests, refuses what the document does not describe, and counts the operations."""

    document: dict[str, Any]
    missing: frozenset[str] = frozenset()
    """Operations that are answered with 404."""
    calls: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        operation = self._operation(request)
        name = operation["operationId"]
        self.calls[name] += 1
        assert self.calls[name] <= _MOST_REQUESTS, f"{name} is called again and again"
        self._check_query(operation, request)
        self._check_body(operation, request)
        if name in self.missing:
            return httpx.Response(404, json={"type": "/problems/unknown-script", "title": "Script not found"})
        status = max(int(code) for code in operation["responses"] if code.startswith("2"))
        return self._response(operation["responses"][str(status)], status, request)

    @cached_property
    def operations(self) -> dict[str, tuple[str, str, dict[str, Any]]]:
        """The operations by name: method, path and description."""
        return {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
            if "operationId" in operation
        }

    def _operation(self, request: httpx.Request) -> dict[str, Any]:
        path = request.url.raw_path.decode().partition("?")[0]
        for method, template, operation in self.operations.values():
            pattern = re.sub(r"\{(\w+)\}", lambda one: ".+" if one[1] == "path" else "[^/]+", template)
            if method == request.method and re.fullmatch(pattern, path):
                return operation
        raise AssertionError(f"the document has no operation {request.method} {path}")

    def _check_query(self, operation: dict[str, Any], request: httpx.Request) -> None:
        parameters = [self._resolved(one) for one in operation.get("parameters", ())]
        names = {one["name"] for one in parameters if one["in"] == "query"}
        unknown = set(request.url.params) - names
        assert not unknown, f"{operation['operationId']} has no parameter {unknown}"

    def _check_body(self, operation: dict[str, Any], request: httpx.Request) -> None:
        contents = self._resolved(operation.get("requestBody", {})).get("content", {})
        media_type = request.headers.get("content-type", "")
        if not request.content:
            return
        assert media_type in contents, f"{operation['operationId']} takes {list(contents)}, not {media_type}"
        schema = self._resolved(contents[media_type]["schema"])
        if media_type.endswith("json") and schema.get("additionalProperties") is False:
            sent = json.loads(request.content).keys()
            assert set(schema["required"]) <= sent <= schema["properties"].keys(), (operation["operationId"], sent)

    def _response(self, described: dict[str, Any], status: int, request: httpx.Request) -> httpx.Response:
        contents = self._resolved(described).get("content", {})
        if not contents:
            return httpx.Response(status)
        accepted = request.headers.get("accept")
        media_type = accepted if accepted in contents else next(iter(contents))
        ranges = {"Content-Range": "bytes 0-3/4"} if status == 206 else {}
        headers = {"Content-Type": media_type, **ranges}
        if not media_type.endswith("json"):
            return httpx.Response(status, content=b"text", headers=headers)
        return httpx.Response(status, json=self._example(contents[media_type]["schema"]), headers=headers)

    def _resolved(self, described: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in described:
            found: Any = self.document
            for name in described["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            described = {**found, **{name: value for name, value in described.items() if name != "$ref"}}
        return described

    def _example(self, described: dict[str, Any], name: str = "") -> Any:
        schema = self._resolved(described)
        if name == "next_cursor":
            return None
        if "properties" in schema:
            return {member: self._example(one, member) for member, one in schema["properties"].items()}
        if schema.get("examples"):
            return schema["examples"][0]
        if "anyOf" in schema or "oneOf" in schema:
            return self._example((schema.get("anyOf") or schema["oneOf"])[0])
        return self._value(schema)

    def _value(self, schema: dict[str, Any]) -> Any:
        if "enum" in schema or "const" in schema:
            return schema["const"] if "const" in schema else schema["enum"][0]
        kind = schema.get("type", "null")
        match kind if isinstance(kind, str) else kind[0]:
            case "array":
                return [self._example(schema["items"])]
            case "object":
                return {}
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case "string":
                return ID
            case _:
                return None
