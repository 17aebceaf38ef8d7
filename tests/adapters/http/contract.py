"""Holds every answer of a test against the OpenAPI document: its status, media type, headers, shape and problem."""

import json
import re
from typing import Any, Final

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from adapters.http.openapi.components import HEADERS
from adapters.http.openapi.document import openapi_document
from adapters.http.operations import NDJSON
from adapters.http.problems.mapping import PROBLEM_JSON
from adapters.http.transport.path_segments import decoded
from adapters.http.transport.root_path import local_path

DOCUMENT: Final = openapi_document()


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Find the documented operation, if that path has one of that method."""
    for template, operations in DOCUMENT["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            found: dict[str, Any] | None = operations.get("get" if method == "HEAD" else method.lower())
            return found
    return None


def check(answer: httpx.Response, root_path: str = "") -> None:
    """Fail if the answer says anything that the document does not. The service is published under `root_path`."""
    assert answer.headers["x-request-id"]
    if answer.headers.get("content-type") == PROBLEM_JSON and answer.request.method != "HEAD":
        check_problem(answer, root_path)
    path = decoded(answer.request.url.raw_path.partition(b"?")[0])
    operation = operation_of(answer.request.method, local_path(path, root_path))
    if operation is not None:
        check_documented(answer, operation["responses"])


def check_problem(answer: httpx.Response, root_path: str) -> None:
    problem, path = answer.json(), answer.request.url.raw_path.decode().split("?")[0]
    assert (problem["status"], problem["instance"]) == (answer.status_code, root_path + local_path(path, root_path))
    assert problem["type"].startswith(f"{root_path}/problems/")


def check_documented(answer: httpx.Response, responses: dict[str, Any]) -> None:
    assert str(answer.status_code) in responses, f"{answer.status_code} is not documented"
    response = responses[str(answer.status_code)]
    undocumented = {name.lower() for name in HEADERS} - {name.lower() for name in response["headers"]}
    assert not undocumented & set(answer.headers), "a header is not documented"
    if "content" not in response:
        assert (answer.content, "content-type" in answer.headers) == (b"", False)
        return
    content = response["content"][answer.headers["content-type"].partition(";")[0]]
    if answer.request.method == "HEAD":
        return
    if answer.headers["content-type"] == NDJSON:
        assert all(json.loads(line) is not ... for line in answer.content.split(b"\n")[:-1])
    elif "json" in answer.headers["content-type"]:
        Draft202012Validator(content["schema"] | {"components": DOCUMENT["components"]}).validate(
            json.loads(answer.content)
        )
    if answer.headers["content-type"] == PROBLEM_JSON:
        assert answer.json()["type"].rpartition("/")[2] in content["examples"], "the problem is not documented"
