"""The OpenAPI document: valid, complete, committed, and read off the classes that check requests."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from apispec import APISpec
from attrs import field, make_class
from attrs.validators import deep_iterable, ge, gt, in_, instance_of, le, lt, matches_re, max_len, min_len, optional
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.http.openapi.attrs_plugin import AttrsPlugin, constraints
from adapters.http.openapi.components import HEADERS
from adapters.http.openapi.document import openapi_document
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.routes import FILES, RESOURCES
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.patches import IfGiven
from application.version import VERSION
from domain.limits import FLOORS
from domain.script import MAX_DESCRIPTION_CHARACTERS, NAME_PATTERN
from domain.webhooks import EventType
from tests.adapters.http.api import Api

DOCUMENT = openapi_document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    operation for path in DOCUMENT["paths"].values() for operation in path.values() if isinstance(operation, dict)
]


def test_the_document_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_the_committed_document_is_the_one_that_is_printed(repository: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "entrypoints.openapi"], cwd=repository, capture_output=True, check=True
    ).stdout
    assert printed == (repository / "docs" / "openapi.json").read_bytes()


def test_the_served_document_is_the_same(api: Api) -> None:
    assert api.get("/openapi.json").json() == DOCUMENT


def test_the_version_is_the_projects(repository: Path) -> None:
    assert tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_routes_and_documented_operations_are_the_same(api: Api) -> None:
    routed = {
        (route.endpoint.resource.template, method)  # type: ignore[attr-defined]
        for route in api.app.routes
        for method in route.endpoint.resource.operations  # type: ignore[attr-defined]
    }
    documented = {
        (path, method.upper()) for path, item in DOCUMENT["paths"].items() for method in item if method != "parameters"
    }
    files = {(one.template, "GET") for one in FILES}  # parts of pages, which no client requests by themselves
    assert routed == documented | files
    assert not documented & files


def test_no_two_resources_share_a_path_and_no_two_operations_a_name() -> None:
    names = [operation.name for resource in RESOURCES for operation in resource.operations.values()]
    assert len(names) == len(set(names))
    assert len({resource.path for resource in (*RESOURCES, *FILES)}) == len(RESOURCES) + len(FILES)


def test_every_parameter_of_a_path_is_described() -> None:
    for path, item in DOCUMENT["paths"].items():
        assert re.findall(r"{(\w+)}", path) == [one["name"] for one in item.get("parameters", [])]


def test_every_operation_documents_the_request_id_and_its_failures() -> None:
    for operation in OPERATIONS:
        assert {"422", "500", "503"} <= set(operation["responses"])
        assert all("X-Request-Id" in response["headers"] for response in operation["responses"].values())
        assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_every_kind_of_problem_is_documented_where_it_can_occur() -> None:
    examples = {
        slug
        for operation in OPERATIONS
        for response in operation["responses"].values()
        for slug in response.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    assert examples == set(PROBLEM_TYPES) - {"method-not-allowed"}  # which no operation gives


def test_every_header_that_is_described_is_used() -> None:
    used = {name for one in OPERATIONS for response in one["responses"].values() for name in response["headers"]}
    assert used == set(HEADERS)


def test_every_event_is_a_webhook_with_signed_messages_of_the_schema_of_its_deliveries() -> None:
    assert set(DOCUMENT["webhooks"]) == {one.value for one in EventType}
    schemas = []
    for item in DOCUMENT["webhooks"].values():
        operation = item["post"]
        headers = {one["name"]: one["in"] for one in operation["parameters"] if one["required"]}
        assert headers == dict.fromkeys(("webhook-id", "webhook-timestamp", "webhook-signature"), "header")
        assert operation["requestBody"]["required"]
        schemas.append(operation["requestBody"]["content"]["application/json"]["schema"])
    assert SCHEMAS["Delivery"]["properties"]["payload"]["anyOf"] == schemas


def test_a_patch_requires_no_member() -> None:
    changes = SCHEMAS["WebhookChanges"]
    assert (changes["required"], changes["additionalProperties"]) == ([], False)
    assert all("default" not in one for one in changes["properties"].values())
    assert changes["properties"]["scripts"]["type"] == ["array", "null"]
    assert changes["properties"]["url"]["type"] == "string"


def test_the_checks_of_a_request_are_documented() -> None:
    new = SCHEMAS["NewScript"]
    assert new["properties"]["name"]["pattern"] == f"^(?:{NAME_PATTERN})$"
    assert new["properties"]["description"]["maxLength"] == MAX_DESCRIPTION_CHARACTERS
    assert new["properties"]["source"]["minLength"] == 1
    assert (set(new["required"]), new["additionalProperties"]) == ({"name", "source"}, False)
    assert SCHEMAS["NewLimits"]["properties"]["wall_ms"]["minimum"] == FLOORS.wall_ms


def test_a_limit_that_is_null_is_the_default_one_and_is_documented_so() -> None:
    wall = SCHEMAS["NewLimits"]["properties"]["wall_ms"]
    assert (wall["type"], wall["minimum"]) == (["integer", "null"], FLOORS.wall_ms)
    assert SCHEMAS["NewVersion"]["properties"]["source"]["type"] == "string"


def test_null_and_absent_members_are_documented() -> None:
    execution = SCHEMAS["Execution"]
    assert set(execution["properties"]) - set(execution["required"]) == {"result"}
    assert "type" not in execution["properties"]["result"]
    assert execution["properties"]["engine"]["type"] == ["string", "null"]
    assert execution["properties"]["error"]["anyOf"] == [{"$ref": "#/components/schemas/RunError"}, {"type": "null"}]


@pytest.mark.parametrize(
    ("validator", "of", "keywords"),
    [
        (None, "string", {}),
        (ge(1), "integer", {"minimum": 1}),
        (gt(1), "integer", {"exclusiveMinimum": 1}),
        (le(1), "integer", {"maximum": 1}),
        (lt(1), "integer", {"exclusiveMaximum": 1}),
        (min_len(1), "string", {"minLength": 1}),
        (max_len(1), "string", {"maxLength": 1}),
        (min_len(1), "array", {"minItems": 1}),
        (max_len(1), "array", {"maxItems": 1}),
        (matches_re("a|b"), "string", {"pattern": "^(?:a|b)$"}),
        (in_([1, 2]), "integer", {"enum": [1, 2]}),
        (optional([ge(1), le(2)]), "integer", {"minimum": 1, "maximum": 2}),
        (optional([min_len(1), max_len(2)]), ["array", "null"], {"minItems": 1, "maxItems": 2}),
        (optional([min_len(1), max_len(2)]), ["string", "null"], {"minLength": 1, "maxLength": 2}),
        (IfGiven(min_len(1), max_len(2)), "string", {"minLength": 1, "maxLength": 2}),
    ],
)
def test_validators_are_read_as_keywords(validator: Any, of: object, keywords: dict[str, Any]) -> None:
    assert constraints(validator, of) == keywords


@pytest.mark.parametrize("validator", [instance_of(int), deep_iterable(instance_of(int))])
def test_a_validator_without_a_keyword_is_an_error_not_a_gap(validator: Any) -> None:
    with pytest.raises(TypeError, match="has no keyword"):
        constraints(validator, "integer")


def test_two_classes_of_one_name_are_an_error_and_not_one_schema() -> None:
    one, other = (make_class("Links", {"a": field(type=str, metadata=describe("A path."))}) for _ in range(2))
    plugin = AttrsPlugin()
    APISpec("", "", "3.1.0", [plugin])
    assert plugin.schema(one) == plugin.schema(one) == {"$ref": "#/components/schemas/Links"}
    with pytest.raises(TypeError, match="would have one name"):
        plugin.schema(other)
