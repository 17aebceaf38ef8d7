"""Tests of scripts over HTTP: written, read, run, and required by a new version."""

import json
from typing import Any
from uuid import UUID

import pytest

from domain.access import Scope
from domain.audit import Action
from domain.outcome import ErrorKind, Rejected, script_error
from domain.script_tests import MOST_TESTS
from tests.adapters.http.api import JSON_TYPE, Api, slug

TESTS = "/v1/scripts/corporate-cards/tests"
VERSIONS = "/v1/scripts/corporate-cards/versions"
THROWS = "function process() { throw Error('boom') }"
EMPTY: dict[str, Any] = {"dataset": [], "expected": {"result": []}}


def put(api: Api, name: str = "empty", body: Any = EMPTY, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api("PUT", f"{TESTS}/{name}", content=content, headers=JSON_TYPE | headers)


@pytest.fixture
def api() -> Api:
    api = Api()
    api.host()
    return api


def test_a_test_is_shown_as_it_was_written_byte_for_byte(api: Api) -> None:
    expected = b'{"result": {"x": 0.10}, "tolerance": {"absolute": 0.1}, "subset": true}'
    put_response = put(api, body=b'{"dataset": [1.50, {"a": 1, "a": 1e2}], "expected": %b}' % expected)
    assert put_response.status_code == 201
    shown = api.get(f"{TESTS}/empty")
    assert shown.content == put_response.content
    assert b'"dataset":[1.50, {"a": 1, "a": 1e2}]' in shown.content
    assert b'"result":{"x": 0.10}' in shown.content
    assert shown.json()["expected"]["tolerance"] == {"absolute": 0.1, "relative": 0}
    assert put_response.headers["location"].endswith("/tests/empty")
    (listed,) = api.get(TESTS).json()["items"]
    assert "dataset" not in listed
    assert listed["expected"] == {"subset": True, "tolerance": {"absolute": 0.1, "relative": 0}}
    assert listed == {name: listed.get(name, value) for name, value in shown.json().items() if name != "dataset"}


def test_clock_and_seed_are_stored_as_they_are_sent(api: Api) -> None:
    sent = {"clock": "2026-01-01T00:00:00.000Z", "seed": "0f" * 16}
    shown = put(api, body=EMPTY | sent).json()
    assert (shown["clock"], shown["seed"]) == ("2026-01-01T00:00:00.000000Z", "0f" * 16)


def test_an_expected_error_is_shown(api: Api) -> None:
    body = {"dataset": None, "expected": {"error": {"kind": "script_error", "message": "boom"}}}
    shown = put(api, body=body).json()
    assert (shown["dataset"], shown["expected"]) == (None, {"error": {"kind": "script_error", "message": "boom"}})
    assert api.get(TESTS).json()["items"][0]["expected"] == {"error": {"kind": "script_error"}}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/dataset", "/expected"]),
        ({"dataset": 1}, ["/expected"]),
        ({"dataset": 1, "expected": None}, ["/expected"]),
        ({"dataset": 1, "expected": 1}, ["/expected"]),
        ({"dataset": 1, "expected": {}}, ["/expected"]),
        ({"dataset": 1, "expected": {"result": None, "error": {"kind": "timeout"}}}, ["/expected"]),
        ({"dataset": 1, "expected": {"error": {"kind": "cancelled"}}}, ["/expected/error/kind"]),
        ({"dataset": 1, "expected": {"error": {"kind": "no_such"}}}, ["/expected/error/kind"]),
        (
            {"dataset": 1, "expected": {"error": {"kind": "timeout"}, "subset": True, "tolerance": {}}},
            ["/expected/tolerance", "/expected/subset"],
        ),
        (
            {"dataset": 1, "expected": {"result": 1, "tolerance": {"absolute": -1, "relative": -0.5}}},
            ["/expected/tolerance/absolute", "/expected/tolerance/relative"],
        ),
        ({"dataset": 1, "expected": {"result": 1, "tolerance": {"absolute": "1"}}}, ["/expected/tolerance/absolute"]),
        ({"dataset": 1, "expected": {"result": 1, "subset": 1}}, ["/expected/subset"]),
        ({"dataset": 1, "expected": {"result": 1}, "subset": True}, ["/subset"]),
        ({"dataset": 1, "expected": {"result": 1}, "note": 1}, ["/note"]),
        ({"dataset": 1, "expected": {"result": 1, "results": 1}}, ["/expected/results"]),
        ({"dataset": 1, "expected": {"result": 1}, "seed": "x"}, ["/seed"]),
        (
            {"from_execution": str(UUID(int=1)), "dataset": 1, "expected": {"result": 1}, "seed": "0f" * 16},
            ["/dataset", "/expected", "/seed"],
        ),
        ({"from_execution": "x"}, ["/from_execution"]),
        ([1], [""]),
        ("x", [""]),
    ],
)
def test_an_invalid_test_is_refused_with_the_place(api: Api, body: Any, pointers: list[str]) -> None:
    refused = put(api, body=body)
    assert slug(refused) == (422, "invalid-document")
    assert [one["pointer"] for one in refused.json()["errors"]] == pointers


def test_an_infinite_tolerance_is_no_number(api: Api) -> None:
    refused = put(api, body=b'{"dataset": 1, "expected": {"result": 1, "tolerance": {"relative": 1e999}}}')
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/expected/tolerance/relative"]


def test_names_and_sizes_are_bounded(api: Api) -> None:
    assert slug(put(api, "Empty")) == (422, "malformed-id")
    assert slug(api.get(f"{TESTS}/a_b")) == (422, "malformed-id")
    assert slug(put(api, body={"dataset": "x" * (1 << 20), "expected": {"result": 1}})) == (413, "test-too-large")
    assert slug(put(api, body={"dataset": 1, "expected": {"result": "x" * (1 << 20)}})) == (413, "test-too-large")
    assert slug(put(api, body=b" " * (3 << 20))) == (413, "document-too-large")
    longest = {"dataset": "x" * ((1 << 20) - 2), "expected": {"result": "y" * ((1 << 20) - 2)}}
    assert put(api, body=longest).status_code == 201
    assert slug(put(api, body=b"{")) == (400, "malformed-json")
    many = b'{"dataset": 1, "expected": {"result": 1}, "seed": [' + b"1," * 5_000 + b"1]}"
    assert slug(put(api, body=many)) == (422, "invalid-document")


def test_the_number_of_tests_is_bounded(api: Api) -> None:
    for number in range(MOST_TESTS):
        assert put(api, f"t{number}").status_code == 201
    assert slug(put(api, "more")) == (409, "too-many-tests")
    assert put(api, "t0").status_code == 200


def test_changes_are_conditional_on_the_tag(api: Api) -> None:
    tag = put(api, **{"If-None-Match": "*"}).headers["etag"]
    assert slug(put(api, **{"If-None-Match": "*"})) == (412, "precondition-failed")
    assert api.get(f"{TESTS}/empty", headers={"If-None-Match": tag}).status_code == 304
    changed = put(api, **{"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert slug(put(api, **{"If-Match": tag})) == (412, "precondition-failed")
    assert slug(put(api, "other", **{"If-Match": "*"})) == (412, "precondition-failed")
    assert slug(api("DELETE", f"{TESTS}/empty", headers={"If-Match": tag})) == (412, "precondition-failed")
    assert api("DELETE", f"{TESTS}/empty", headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert slug(api("DELETE", f"{TESTS}/empty")) == (404, "unknown-test")
    assert slug(api.get(f"{TESTS}/empty")) == (404, "unknown-test")
    assert slug(api.get("/v1/scripts/none/tests")) == (404, "unknown-script")


def test_an_execution_becomes_a_test(api: Api) -> None:
    _, key = api.key()
    execution = api.post("/v1/scripts/corporate-cards/executions", content=b"[1.0]", headers=JSON_TYPE | key).json()
    named = {"from_execution": execution["id"], "tolerance": {"relative": 0.5}, "subset": True}
    _, writer = api.key(Scope.SCRIPTS_WRITE)
    assert slug(put(api, body=named, **writer)) == (403, "forbidden")
    assert slug(put(api, body=named, **key)) == (409, "not-finished")
    api.produce(b'{"a": 2.50}')
    written = put(api, body=named, **key)
    assert written.status_code == 201
    assert b'"result":{"a": 2.50}' in written.content
    assert b'"dataset":[1.0]' in written.content
    shown = api.get(f"/v1/executions/{execution['id']}", headers=key).json()
    assert [written.json()[name] for name in ("from_execution", "clock", "seed", "created_by")] == [
        execution["id"],
        shown["clock"],
        shown["seed"],
        "a key",
    ]
    assert written.json()["expected"]["subset"] is True
    api.run(api.reads.flush())
    audited = [one["action"] for one in api.get("/v1/audit?limit=9", headers=key).json()["items"]]
    assert {Action.READ_INPUT, Action.READ_RESULT, Action.WROTE_TEST} <= set(audited)
    assert api("DELETE", f"/v1/executions/{execution['id']}/content", headers=key).status_code == 204
    assert slug(put(api, body=named, **key)) == (410, "content-removed")
    assert b'"dataset":[1.0]' in api.get(f"{TESTS}/empty", headers=key).content


def test_a_failed_execution_becomes_a_test_of_its_error(api: Api) -> None:
    execution = api.submit()
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    written = put(api, body={"from_execution": execution["id"], "subset": True})
    assert written.json()["expected"] == {"error": {"kind": "script_error", "message": "boom"}}


def test_executions_that_make_no_test_are_refused(api: Api) -> None:
    api.host("other")
    assert slug(put(api, body={"from_execution": str(UUID(int=7))})) == (404, "unknown-execution")
    foreign = api.submit(script="other")
    assert slug(put(api, body={"from_execution": foreign["id"]})) == (409, "execution-of-another-script")
    api.produce()
    large = api.submit(json.dumps("x" * (1 << 20)).encode())
    api.produce()
    assert slug(put(api, body={"from_execution": large["id"]})) == (413, "test-too-large")
    long = api.submit()
    api.produce(json.dumps("x" * (1 << 20)).encode())
    assert slug(put(api, body={"from_execution": long["id"]})) == (413, "test-too-large")
    cancelled = api.submit()
    api.post(f"/v1/executions/{cancelled['id']}/cancel")
    assert slug(put(api, body={"from_execution": cancelled["id"]})) == (409, "no-run")


def test_a_version_is_checked(api: Api) -> None:
    put(api)
    put(api, "wrong", {"dataset": {"a": 1}, "expected": {"result": {"a": 2}}})
    report = api.post(f"{VERSIONS}/1/checks").json()
    assert (report["version"], report["passed"]) == (1, False)
    assert report["counts"] == {"passed": 1, "failed": 1, "not_run": 0}
    passed, wrong = report["tests"]
    assert (passed["name"], passed["passed"], passed["failure"]) == ("empty", True, None)
    assert wrong["failure"] == {
        "code": "different-result",
        "detail": "The value at `/a` differs from the expected one.",
        "differences": [{"pointer": "/a", "expected": 2, "actual": 1}],
    }
    standings = api.get(f"{VERSIONS}/1/checks").json()
    assert [(one["name"], one["passed"]) for one in standings["tests"]] == [("empty", True), ("wrong", False)]
    put(api)
    assert api.get(f"{VERSIONS}/1/checks").json()["tests"][0]["passed"] is None
    assert slug(api.post(f"{VERSIONS}/9/checks")) == (404, "unknown-version")


def test_a_new_version_is_reported_with_its_checks(api: Api) -> None:
    unchecked = api.post(VERSIONS, json={"source": "// 2"})
    assert (unchecked.status_code, unchecked.json()["checks"]) == (201, None)
    put(api)
    put(api, "fails", {"dataset": 1, "expected": {"error": {"kind": "timeout"}}})
    revised = api.post(VERSIONS, json={"source": THROWS}, headers={"Accept-Language": "pt"})
    checks = revised.json()["checks"]
    assert (revised.status_code, checks["version"], checks["counts"]["failed"]) == (201, 3, 2)
    codes = [one["failure"]["code"] for one in checks["tests"]]
    assert codes == ["unexpected-error", "different-error"]
    assert checks["tests"][0]["failure"]["detail"].startswith("Era esperado um resultado")
    same = api.post(VERSIONS, json={"source": THROWS})
    assert (same.status_code, same.json()["checks"]["version"]) == (200, 3)


def test_a_restored_version_is_checked_as_any_new_one_and_stored_all_the_same(api: Api) -> None:
    assert api.post(VERSIONS, json={"source": THROWS}).status_code == 201
    put(api)
    for version, passed in ((1, True), (2, False)):
        restored = api.post(f"{VERSIONS}/{version}/restoration")
        checks = restored.json()["checks"]
        assert (restored.status_code, checks["version"], checks["passed"]) == (201, 2 + version, passed)
        (standing,) = api.get(f"{VERSIONS}/{2 + version}/checks").json()["tests"]
        assert standing["passed"] is passed


def test_required_tests_decide_whether_a_version_is_stored(api: Api) -> None:
    assert api.post(f"{VERSIONS}?tests=required", json={"source": "// 2"}).status_code == 201
    put(api)
    refused = api.post(f"{VERSIONS}?tests=required", json={"source": THROWS})
    assert slug(refused) == (422, "tests-failed")
    assert refused.json()["checks"]["tests"][0]["failure"]["code"] == "unexpected-error"
    assert api.get("/v1/scripts/corporate-cards").json()["latest_version"] == 2
    stored = api.post(f"{VERSIONS}?tests=required", content=b"// 3", headers={"Content-Type": "text/javascript"})
    assert (stored.status_code, stored.json()["checks"]["passed"]) == (201, True)
    assert api.get(f"{VERSIONS}/3/checks").json()["tests"][0]["passed"] is True
    assert api.post(f"{VERSIONS}?tests=required", json={"source": "// 3"}).status_code == 200
    put(api, body={"dataset": 1, "expected": {"result": 2}})
    assert slug(api.post(f"{VERSIONS}?tests=required", json={"source": "// 3"})) == (422, "tests-failed")
    assert slug(api.post(f"{VERSIONS}?tests=wanted", json={"source": "// 4"})) == (422, "invalid-query")


def test_a_key_that_may_not_read_gets_no_quotes(api: Api) -> None:
    _, admin = api.key()
    _, writer = api.key(Scope.SCRIPTS_WRITE)
    put(api, "secret", {"dataset": "secret-1", "expected": {"result": "secret-2"}}, **admin)
    put(api, "throws", {"dataset": "secret-1", "expected": {"error": {"kind": "timeout"}}}, **admin)
    for path, body in (
        (f"{VERSIONS}/1/checks", None),
        (VERSIONS, {"source": THROWS}),
        (f"{VERSIONS}?tests=required", {"source": "// 3"}),
    ):
        for_reader, for_writer = (api.post(path, json=body, headers=key) for key in (admin, writer))
        assert "secret" not in for_writer.text.replace('"name":"secret"', "")
        assert "boom" not in for_writer.text
        report = for_writer.json().get("checks", for_writer.json())
        assert report["counts"] == {"passed": 0, "failed": 2, "not_run": 0}
        assert for_reader.status_code in (200, 201, 422)
    assert slug(api.get(f"{TESTS}/secret", headers=writer)) == (403, "forbidden")


def test_an_archived_script_keeps_its_tests_and_runs_none(api: Api) -> None:
    put(api)
    api.post("/v1/scripts/corporate-cards/archive")
    assert slug(put(api)) == (409, "script-archived")
    assert slug(api.post(f"{VERSIONS}/1/checks")) == (409, "script-archived")
    assert api.get(f"{TESTS}/empty").status_code == 200
    assert api.get(f"{VERSIONS}/1/checks").status_code == 200
    assert api("DELETE", f"{TESTS}/empty").status_code == 204
