"""The examples of the OpenAPI document match the service's requests and answers, and its links are right."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from adapters.http.openapi.example_files import example_bytes
from adapters.http.problems.messages import codes_of
from adapters.http.problems.rendering import PROBLEM_JSON
from adapters.http.problems.types import PROBLEM_TYPES
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api
from tests.adapters.http.contract import DOCUMENT
from tests.adapters.http.example_story import answers as answers_of_the_story
from tests.adapters.http.example_story import told
from tests.support.replaying import carry_on, runner_of

COMPONENTS: dict[str, Any] = DOCUMENT["components"]
EXAMPLES = {name: one["value"] for name, one in COMPONENTS["examples"].items()}
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
WEBHOOK = {"url": "https://hooks.example.com/", "events": ["alias.moved"]}
UNREMARKABLE = {"text/html", "text/markdown", "text/plain", "application/openmetrics-text"}


def names(content: dict[str, Any]) -> list[str]:
    return [one["$ref"].rpartition("/")[2] for one in content.get("examples", {}).values()]


def requests() -> Iterator[tuple[str, str, str]]:
    """List operation, media type and name of every request's example."""
    for operation, (_, _, described) in OPERATIONS.items():
        for media_type, content in described.get("requestBody", {"content": {}})["content"].items():
            yield from ((operation, media_type, name) for name in names(content) or [""])


def answers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List operation, media type and description of every answer's content."""
    for operation, (_, _, described) in OPERATIONS.items():
        for response in described["responses"].values():
            yield from ((operation, *one) for one in response.get("content", {}).items())


def messages() -> Iterator[tuple[str, dict[str, Any], str]]:
    """List event, schema and name of the example of every webhook message."""
    for event, item in DOCUMENT["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        yield from ((event, content["schema"], name) for name in names(content))


def finished_replay(api: Api) -> str:
    """Replay no execution on the script's first version, and return the replay's id."""
    started = api.post("/v1/scripts/corporate-cards/versions/1/replays", json={"last": 1})
    api.run(carry_on(runner_of(api.store)))
    return str(started.json()["id"])


@pytest.mark.parametrize(("operation", "media_type", "name"), list(requests()))
def test_the_service_takes_the_example_of_a_request(api: Api, operation: str, media_type: str, name: str) -> None:
    if operation != "registerScript":
        api.host("corporate-cards")
    if operation == "rollBack":
        api.promote(1)
        api.post("/v1/scripts/corporate-cards/versions", json={"source": SOURCE + "2"})
        api.promote(2)
    method, path, described = OPERATIONS[operation]
    required = "?name=corporate-cards" if operation == "registerScript" and "script" in media_type else ""
    replay = finished_replay(api) if "{replay}" in path else ""
    webhook = api.post("/v1/webhooks", json=WEBHOOK).json()["id"] if "{webhook}" in path else ""
    of_script = {"script": "corporate-cards", "n": 1, "alias": "live", "test": "no-rows", "replay": replay}
    upload = api.post("/v1/uploads", content=example_bytes("new-upload"), headers=JSON_TYPE).json()["id"]
    of_stores = {"store": "files", "path": "in/cards.ndjson", "upload": upload}
    path = path.format(**of_script, **of_stores, webhook=webhook) + required
    content = example_bytes(name)
    offset = {"Upload-Offset": "0"} if operation == "continueUpload" else {}
    if name == "dataset-reference":
        content = content.replace(json.loads(content)["input_of"].encode(), api.submit()["id"].encode())
    answer = api(method, path, content=content, headers={"Content-Type": media_type} | offset)
    assert answer.is_success, answer.text
    assert str(answer.status_code) in described["responses"]


@pytest.mark.parametrize(("operation", "media_type", "content"), list(answers()))
def test_an_answer_has_examples_of_its_schema(operation: str, media_type: str, content: dict[str, Any]) -> None:
    if media_type in UNREMARKABLE or (operation == "getOpenapi" and media_type != PROBLEM_JSON):
        return
    assert names(content)
    schema = content["schema"] | {"components": COMPONENTS}
    for name in names(content):
        Draft202012Validator(schema).validate(EXAMPLES[name])


def test_every_example_is_used() -> None:
    used = {name for _, _, content in answers() for name in names(content)} | {name for _, _, name in requests()}
    assert used | {name for _, _, name in messages()} == set(EXAMPLES)


@pytest.mark.parametrize(("event", "schema", "name"), list(messages()))
def test_the_example_of_a_message_is_of_its_event_and_matches_no_other_schema(
    event: str, schema: dict[str, Any], name: str
) -> None:
    assert EXAMPLES[name]["type"] == event
    Draft202012Validator(schema | {"components": COMPONENTS}).validate(EXAMPLES[name])
    matching = [
        one
        for one, other, _ in messages()
        if Draft202012Validator(other | {"components": COMPONENTS}).is_valid(EXAMPLES[name])
    ]
    assert matching == [event]


def test_the_example_of_a_problem_is_its_kind() -> None:
    for slug in EXAMPLES.keys() & PROBLEM_TYPES.keys():
        kind = PROBLEM_TYPES[slug]
        shown = EXAMPLES[slug]
        assert (shown["type"], shown["status"]) == (f"http://127.0.0.1:8000{kind.href}", kind.status)
        assert shown["code"] in codes_of(slug)
        assert shown["hint"]
        assert not re.search(r"\{\w+\}", f"{shown['detail']}{shown['hint']}")


def test_the_examples_equal_the_service_s_answers() -> None:
    for name, answer in answers_of_the_story(EXAMPLES).items():
        assert told(answer) == told(EXAMPLES[name]), name


def test_the_example_s_bodies_are_those_of_the_story(api: Api) -> None:
    script = api.post("/v1/scripts", content=example_bytes("new-script"), headers=JSON_TYPE)
    assert api.get(f"{script.headers['location']}/versions/1/source").content == example_bytes("source")
    execution = f"/v1/executions/{api.submit(example_bytes('dataset'))['id']}"
    api.produce(json.dumps(EXAMPLES["result"], separators=(",", ":")).encode())
    assert api.get(f"{execution}/result").json() == EXAMPLES["result"]
    assert api.get(f"{execution}/input").content == example_bytes("dataset")


def links() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Name, target and source (as an example) of every link."""
    for _, _, described in OPERATIONS.values():
        for response in described["responses"].values():
            for name, reference in response.get("links", {}).items():
                link = COMPONENTS["links"][reference["$ref"].rpartition("/")[2]]
                yield name, link, EXAMPLES[names(response["content"]["application/json"])[0]]


def test_a_link_leads_to_an_operation_and_gives_it_all_of_its_path() -> None:
    found = list(links())
    for name, link, example in found:
        _, path, _ = OPERATIONS[link["operationId"]]
        assert name == link["operationId"]
        assert link["parameters"].keys() == set(re.findall(r"{(\w+)}", path))
        in_body = {name: one for name, one in link["parameters"].items() if one != f"$request.path.{name}"}
        assert all(example[member.removeprefix("$response.body#/")] for member in in_body.values())
    targets = {
        name for name, (_, path, _) in OPERATIONS.items() if re.search("{(script|id|batch|job|webhook|key)}", path)
    }
    assert {name for name, _, _ in found} == targets
