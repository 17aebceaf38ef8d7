"""Removing content over HTTP, and the tags of executions, which tell that it is gone."""

from typing import Any

import httpx
import pytest

from domain.redaction import MESSAGE_REMOVED
from tests.adapters.http.api import Api, slug
from tests.support.values import a_failure

ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def path(execution: Any) -> str:
    return f"/v1/executions/{execution['id']}"


def remove(api: Api, execution: Any) -> httpx.Response:
    return api("DELETE", f"{path(execution)}/content")


def test_removed_content_is_gone_and_the_execution_shows_the_time(api: Api) -> None:
    submitted = api.submit(b"[1, 2]")
    api.produce(b"[2]")
    before = api.get(path(submitted)).json()
    answer = remove(api, submitted)
    assert (answer.status_code, answer.content) == (204, b"")
    left = api.get(path(submitted)).json()
    assert left["content_removed_at"] >= left["finished_at"]
    assert before["logs"] != []
    assert before.pop("result") == [2]
    assert left == before | {"content_removed_at": left["content_removed_at"], "logs": []}
    for gone in ("input", "result"):
        for method in ("GET", "HEAD"):
            assert api(method, f"{path(submitted)}/{gone}", headers={"If-None-Match": "*"}).status_code == 410
        assert slug(api.get(f"{path(submitted)}/{gone}")) == (410, "content-removed")
    (listed,) = api.get("/v1/executions").json()["items"]
    assert listed["content_removed_at"] == left["content_removed_at"]


def test_removing_twice_is_removing_once(api: Api) -> None:
    submitted = api.submit()
    api.produce()
    remove(api, submitted)
    left = api.get(path(submitted)).content
    assert remove(api, submitted).status_code == 204
    assert api.get(path(submitted)).content == left


def test_a_failed_execution_keeps_its_kind_of_error_and_not_its_script_s_text(api: Api) -> None:
    submitted = api.submit()
    api.fail(a_failure("a secret of the dataset"))
    remove(api, submitted)
    left = api.get(path(submitted))
    assert left.json()["error"] == {
        "kind": "script_error", "message": MESSAGE_REMOVED,
        "line": 3, "column": 7, "position_is_exact": True, "stack": None,
        "code": None, "hint": None,
    }  # fmt: skip
    assert "secret" not in left.text + api.get("/v1/executions").text
    assert slug(api.get(f"{path(submitted)}/input")) == (410, "content-removed")
    assert slug(api.get(f"{path(submitted)}/result")) == (409, "execution-failed")


def test_an_unfinished_execution_keeps_its_content(api: Api) -> None:
    submitted = api.submit(b"[1, 2]")
    assert slug(remove(api, submitted)) == (409, "not-finished")
    api.run(api.begin())
    refused = remove(api, submitted)
    assert (slug(refused), refused.json()["detail"]) == ((409, "not-finished"), "The execution is running.")
    assert api.get(f"{path(submitted)}/input").content == b"[1, 2]"


def test_a_cancelled_execution_can_lose_its_dataset(api: Api) -> None:
    submitted = api.submit()
    api.post(f"{path(submitted)}/cancel")
    assert remove(api, submitted).status_code == 204
    assert api.get(path(submitted)).json()["error"]["message"] == "the execution was cancelled"


def test_an_execution_that_is_not_there_has_no_content(api: Api) -> None:
    assert slug(remove(api, {"id": ID})) == (404, "unknown-execution")
    assert slug(remove(api, {"id": "x"})) == (422, "malformed-id")
    assert slug(api("DELETE", f"/v1/executions/{ID}/content?all=1")) == (422, "invalid-query")
    assert slug(api.get(f"/v1/executions/{ID}/content")) == (405, "method-not-allowed")


def test_an_execution_that_ended_has_a_tag_of_all_that_it_shows(api: Api) -> None:
    first, second = api.submit(), api.submit()
    api.produce()
    api.fail(a_failure())
    tags = set()
    for submitted in (first, second):
        shown = api.get(path(submitted))
        tag = shown.headers["etag"]
        assert (shown.headers["cache-control"], tag) == ("private, no-cache", api.get(path(submitted)).headers["etag"])
        same = api.get(path(submitted), headers={"If-None-Match": tag, "Prefer": "wait=1"})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert (same.headers["cache-control"], same.headers["preference-applied"]) == ("private, no-cache", "wait=1")
        head = api("HEAD", path(submitted))
        assert (head.headers["etag"], head.headers["content-length"]) == (tag, str(len(shown.content)))
        remove(api, submitted)
        left = api.get(path(submitted), headers={"If-None-Match": tag})
        assert left.status_code == 200
        assert left.headers["etag"] != tag
        tags |= {tag, left.headers["etag"]}
    assert len(tags) == 4


def test_an_unfinished_execution_has_no_tag_and_is_not_cached(api: Api) -> None:
    submitted = api.submit()
    for state in ("pending", "running"):
        shown = api.get(path(submitted), headers={"If-None-Match": "*"})
        assert (shown.json()["status"], shown.headers["cache-control"]) == (state, "no-store")
        assert "etag" not in shown.headers
        if state == "pending":
            api.run(api.begin())


def test_content_that_depends_on_a_setting_is_part_of_the_tag() -> None:
    tags = set()
    small = Api(inline_result_bytes=3)
    small.host()
    submitted = small.submit()
    small.produce(b"1234")
    for api in (small, Api(executions=small.store.executions)):
        tags.add(api.get(path(submitted)).headers["etag"])
    assert len(tags) == 2
