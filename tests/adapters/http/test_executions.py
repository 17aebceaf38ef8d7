"""Executions over HTTP."""

import asyncio
import hashlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.outcome import ErrorKind, Rejected, script_error, with_exactness
from domain.warnings import NumberWarningKind, RunWarningKind, number_warning, run_warning
from tests.adapters.http.api import Api, slug
from tests.support.values import a_failure
from tests.support.waiting import eventually_sees

ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def shown(api: Api, execution_id: str) -> Any:
    return api.get(f"/v1/executions/{execution_id}").json()


def test_a_running_execution_has_a_start_and_no_end(api: Api) -> None:
    submitted = api.submit()
    api.run(api.begin())
    running = shown(api, submitted["id"])
    assert (running["status"], running["attempt"], running["finished_at"]) == ("running", 1, None)
    assert running["started_at"] >= running["submitted_at"]


def test_a_pending_execution_shows_its_place_in_the_queue(api: Api) -> None:
    first, second = api.submit(), api.submit()
    assert shown(api, first["id"])["queue"] == {"ahead": 0, "reason": "no_workers"}
    assert shown(api, second["id"])["queue"] == {"ahead": 1, "reason": "no_workers"}
    api.run(api.begin())
    assert shown(api, first["id"])["queue"] is None
    assert shown(api, second["id"])["queue"] == {"ahead": 0, "reason": "slots_busy"}


def test_a_succeeded_execution_shows_result_logs_and_measures(api: Api) -> None:
    submitted = api.submit()
    api.produce(b'{"b": 1.0, "a": 1e400}')
    answer = api.get(f"/v1/executions/{submitted['id']}")
    succeeded = answer.json()
    assert b'"result":{"b": 1.0, "a": 1e400}' in answer.content
    assert succeeded["output"] == {
        "size_bytes": 22,
        "sha256": hashlib.sha256(b'{"b": 1.0, "a": 1e400}').hexdigest(),
        "href": f"/v1/executions/{submitted['id']}/result",
    }
    assert (succeeded["logs"], succeeded["engine"]) == ([{"level": "warn", "message": "careful"}], "an engine 1.0")
    assert succeeded["isolation"] == "version"
    assert succeeded["measures"].items() >= {"wall_ms": 2.5, "cpu_ms": 1.25, "peak_memory_bytes": 9_000_000}.items()
    assert succeeded["measures"]["queued_ms"] >= 0
    assert succeeded["error"] is None


def test_a_failed_execution_shows_its_error(api: Api) -> None:
    submitted = api.submit()
    api.fail(a_failure("boom"))
    failed = shown(api, submitted["id"])
    assert failed["error"] == {
        "kind": "script_error", "message": "boom", "line": 3, "column": 7,
        "position_is_exact": True, "stack": "at process", "code": None, "hint": None,
    }  # fmt: skip
    assert (failed["output"], "result" in failed) == (None, False)


def test_a_result_over_the_inline_size_is_only_behind_its_path() -> None:
    api = Api(inline_result_bytes=3)
    api.host()
    small, large = api.submit(), api.submit()
    api.produce(b"123")
    api.produce(b"1234")
    assert shown(api, small["id"])["result"] == 123
    assert "result" not in shown(api, large["id"])
    assert api.get(shown(api, large["id"])["output"]["href"]).content == b"1234"


def test_warnings_are_shown_of_the_dataset_at_once_and_of_the_result_when_it_has_ended(api: Api) -> None:
    rounded = {
        "kind": "integer-precision",
        "detail": "2 integers are beyond 2^53 and were rounded",
        "first_pointer": "/1/a~1b",
    }
    nulled = {"kind": "non-finite-number", "detail": "1 number is null", "first_pointer": None}
    submitted = api.submit(b'[0, {"a/b": 9007199254740993}, 9007199254740995]')
    assert submitted["warnings"] == [rounded]
    api.produce(warnings=(number_warning(NumberWarningKind.NON_FINITE_NUMBER, "1 number is null"),))
    ended = shown(api, submitted["id"])
    assert ended["warnings"] == [rounded, nulled]
    (listed,) = api.get("/v1/executions").json()["items"]
    assert listed["warnings"] == ended["warnings"]


def test_a_feature_that_differs_from_node_is_shown_after_the_runs_numbers(api: Api) -> None:
    submitted = api.submit()
    numbers = number_warning(NumberWarningKind.NON_FINITE_NUMBER, "1 number is null", "/0")
    api.produce(warnings=(numbers, run_warning(RunWarningKind.UNSUPPORTED_LOCALE, "another locale answered")))
    ended = shown(api, submitted["id"])
    assert ended["warnings"] == [
        {"kind": "non-finite-number", "detail": "1 number is null", "first_pointer": "/0"},
        {"kind": "unsupported-locale", "detail": "another locale answered", "first_pointer": None},
    ]
    (listed,) = api.get("/v1/executions").json()["items"]
    assert listed["warnings"] == ended["warnings"]


@pytest.mark.parametrize("exact", [True, False])
def test_an_error_tells_whether_its_position_is_exact(api: Api, exact: bool) -> None:
    submitted = api.submit()
    api.fail(Rejected(with_exactness(script_error(ErrorKind.SCRIPT_ERROR, "x", 1, 2), exact)))
    assert shown(api, submitted["id"])["error"]["position_is_exact"] is exact
    elsewhere = api.submit()
    api.fail(Rejected(with_exactness(script_error(ErrorKind.TIMEOUT, "x"), exact)))
    assert shown(api, elsewhere["id"])["error"]["position_is_exact"] is None


def test_without_a_warning_the_list_is_empty(api: Api) -> None:
    submitted = api.submit()
    api.fail(a_failure())
    assert (submitted["warnings"], shown(api, submitted["id"])["warnings"]) == ([], [])


def test_a_null_result_is_present(api: Api) -> None:
    submitted = api.submit()
    api.produce(b"null")
    assert shown(api, submitted["id"])["result"] is None
    assert "result" in shown(api, submitted["id"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(value=json_values, indent=st.none() | st.integers(0, 2), ascii_only=st.booleans())
def test_any_result_is_shown_with_its_bytes_unchanged(api: Api, value: Any, indent: int, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    submitted = api.submit()
    api.produce(text)
    answer = api.get(f"/v1/executions/{submitted['id']}")
    assert b'"result":' + text in answer.content
    assert answer.json()["result"] == value
    assert api.get(f"/v1/executions/{submitted['id']}/result").content == text


def test_a_result_has_a_strong_tag_and_its_media_type(api: Api) -> None:
    submitted = api.submit()
    api.produce(b"[2]")
    answer = api.get(f"/v1/executions/{submitted['id']}/result")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == f'"{hashlib.sha256(b"[2]").hexdigest()}"'


def test_there_is_no_result_before_the_end_nor_after_a_failure(api: Api) -> None:
    submitted = api.submit()
    path = f"/v1/executions/{submitted['id']}/result"
    assert slug(api.get(path)) == (409, "not-finished")
    api.fail(Rejected(script_error(ErrorKind.TIMEOUT, "a secret of the dataset")))
    answer = api.get(path)
    assert slug(answer) == (409, "execution-failed")
    assert ("timeout" in answer.text, "secret" in answer.text) == (True, False)


def test_the_dataset_comes_back_byte_for_byte(api: Api) -> None:
    data = b' {"a": 1.50, "a": "\\ud83d"} '
    answer = api.get(f"/v1/executions/{api.submit(data)['id']}/input")
    assert (answer.content, answer.headers["content-type"]) == (data, "application/json")


@pytest.mark.parametrize("path", ["", "/result", "/input"])
def test_an_unknown_execution_and_a_malformed_id_are_distinguished(api: Api, path: str) -> None:
    assert slug(api.get(f"/v1/executions/{ID}{path}")) == (404, "unknown-execution")
    assert slug(api.get(f"/v1/executions/{{{ID}}}{path}")) == (422, "malformed-id")
    assert slug(api.get(f"/v1/executions/{ID.replace('-', '')}{path}")) == (422, "malformed-id")


def test_a_reader_is_answered_when_the_execution_ends(api: Api) -> None:
    submitted = api.submit()

    async def both() -> httpx.Response:
        ending = await api.begin()
        path = f"/v1/executions/{submitted['id']}"
        asked = asyncio.create_task(api.ask("GET", path, headers={"Prefer": "respond-async, wait=99; x"}))
        await eventually_sees(api.watched)
        assert not asked.done()
        await api.store.queue.finish([ending])
        return await asked

    answer = api.run(both())
    assert (answer.json()["status"], answer.headers["preference-applied"]) == ("succeeded", "wait=60")


@pytest.mark.parametrize("preference", ["wait=x", "wait=-1", "await=3", "wait", 'wait="', "respond-async"])
def test_a_preference_that_is_not_understood_is_ignored(api: Api, preference: str) -> None:
    answer = api.get(f"/v1/executions/{api.submit()['id']}", headers={"Prefer": preference})
    assert (answer.status_code, "preference-applied" in answer.headers) == (200, False)


def test_executions_are_listed_newest_first_without_results_and_logs(api: Api) -> None:
    first, second = api.submit(), api.submit()
    api.produce()
    items = api.get("/v1/executions").json()["items"]
    assert [(item["id"], item["status"]) for item in items] == [(second["id"], "pending"), (first["id"], "succeeded")]
    assert not {"result", "logs", "logs_truncated"} & set(items[1])


def test_the_list_keeps_its_filter_from_page_to_page(api: Api) -> None:
    api.host("other")
    wanted = [api.submit(script=name)["id"] for name in ["corporate-cards", "other", "corporate-cards"]]
    answer = api.get("/v1/executions", params={"script": "corporate-cards", "limit": 1})
    assert [item["id"] for item in answer.json()["items"]] == [wanted[2]]
    answer = api.get(answer.links["next"]["url"])
    assert [item["id"] for item in answer.json()["items"]] == [wanted[0]]
    assert answer.json()["next_cursor"] is None


def test_the_list_is_filtered_by_version_status_and_time(api: Api) -> None:
    kept = api.submit()
    api.produce()
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    other = api.submit()

    def listed(**query: str | int) -> list[str]:
        return [item["id"] for item in api.get("/v1/executions", params=query).json()["items"]]

    assert listed(version=1) == listed(status="succeeded") == [kept["id"]]
    assert listed(submitted_from=other["submitted_at"]) == [other["id"]]
    assert listed(submitted_to=other["submitted_at"].replace("Z", "+00:00")) == [kept["id"]]
    assert listed(script=kept["script"]["id"]) == [other["id"], kept["id"]]
    assert listed(replays="true") == listed(replays="false") == [other["id"], kept["id"]]
    assert listed(replay_of=kept["id"]) == []
    assert api.get(f"/v1/executions/{kept['id']}").json()["replay_of"] is None


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("status", "done"),
        ("version", "0"),
        ("version", "1.5"),
        ("version", "9" * 10),
        ("submitted_from", "2026-11-23"),
        ("submitted_from", "2026-11-23T13:38:00"),
        ("submitted_to", "0001-01-01T00:00:00+14:00"),
        ("submitted_to", "2026-02-30T00:00:00Z"),
        ("submitted_to", "2026-11-23T13:38:00 00:00"),
        ("result", "1"),
        ("replays", "yes"),
        ("replays", "True"),
        ("replays", ""),
        ("replay_of", "1"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(api: Api, parameter: str, value: str) -> None:
    answer = api.get("/v1/executions", params={parameter: value})
    assert slug(answer) == (422, "invalid-query")
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_filter_by_a_script_that_is_not_there_is_refused(api: Api) -> None:
    assert slug(api.get("/v1/executions?script=nobody")) == (404, "unknown-script")
    assert slug(api.get("/v1/executions?script=No")) == (422, "malformed-id")
    assert slug(api.get("/v1/executions?cursor=x")) == (400, "malformed-cursor")
