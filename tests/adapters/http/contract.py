"""Holds every answer of a test against the OpenAPI document: its status, media type, headers, shape and problem."""

import json
import re
from typing import Any, Final

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from starlette.datastructures import Headers

from adapters.http.language import preferred_language
from adapters.http.openapi.components import HEADERS
from adapters.http.openapi.document import openapi_document
from adapters.http.operations import NDJSON
from adapters.http.problems.messages import CATALOGUE
from adapters.http.problems.rendering import PROBLEM_JSON
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.requests.parameters import has_body
from adapters.http.transport.path_segments import decoded
from adapters.http.transport.root_path import local_path

DOCUMENT: Final = openapi_document()


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Find the documented operation, if that path has one of that method."""
    for template, operations in DOCUMENT["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template).replace(r"\{path\}", ".*"))
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
        check_request_body(answer, operation)


def check_request_body(answer: httpx.Response, operation: dict[str, Any]) -> None:
    """Fail if a request without a body succeeded, and the document says that its operation requires one."""
    if answer.is_success and not has_body(Headers(dict(answer.request.headers))):
        assert not operation.get("requestBody", {}).get("required", False)


def check_problem(answer: httpx.Response, root_path: str) -> None:
    problem, path = answer.json(), answer.request.url.raw_path.decode().split("?")[0]
    assert (problem["status"], problem["instance"]) == (answer.status_code, root_path + local_path(path, root_path))
    assert re.fullmatch(r"(https?://[^/]+)?" + re.escape(root_path) + r"/problems/[a-z-]+", problem["type"])
    check_texts(answer, problem)


def check_texts(answer: httpx.Response, problem: dict[str, Any]) -> None:
    """Fail unless the codes are known, their texts are filled, and the language is the one that was asked for."""
    assert CATALOGUE[problem["code"]].type == problem["type"].rpartition("/")[2]
    assert problem["hint"] if answer.status_code < 500 else problem["detail"]
    for error in problem.get("errors", ()):
        assert CATALOGUE[error["code"]].type in (None, CATALOGUE[problem["code"]].type)
        assert error["detail"] or "line" in error
    language = preferred_language(Headers(dict(answer.request.headers)))
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"].split(", ")
    assert problem["title"] == text_of(PROBLEM_TYPES[CATALOGUE[problem["code"]].type or ""], language).title


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
