"""A script's own retention over HTTP: what sets it, what shows it, and who may."""

from typing import Any

import pytest

from adapters.http.problems.rendering import PROBLEM_JSON
from domain.access import Scope
from tests.adapters.http.api import Api, slug

PATH = "/v1/scripts/corporate-cards/retention"
NONE = {"content_days": None, "rows_days": None}


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def test_a_script_has_none_until_one_is_set_and_shows_it_from_then_on(api: Api) -> None:
    before = api.get("/v1/scripts/corporate-cards").json()
    assert before["retention"] == NONE
    wishes: list[dict[str, Any]] = [
        {"content_days": 30, "rows_days": 36_500},
        {"content_days": None, "rows_days": 1},
        {"content_days": 36_500, "rows_days": "forever"},
        NONE,
    ]
    for wanted in wishes:
        for _ in range(2):
            answer = api("PUT", PATH, json=wanted)
            assert (answer.status_code, answer.json()) == (200, before | {"retention": wanted})
        assert api.get("/v1/scripts").json()["items"] == [answer.json()]


def test_it_outlives_new_versions_and_archiving_and_can_be_set_then(api: Api) -> None:
    wanted = {"content_days": 2, "rows_days": 3}
    api("PUT", PATH, json=wanted)
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "function process() {}"})
    assert api.post("/v1/scripts/corporate-cards/archive").json()["retention"] == wanted
    assert api("PUT", PATH, json=NONE).json()["retention"] == NONE


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({}, ["/content_days", "/rows_days"]),
        ({"content_days": 30}, ["/rows_days"]),
        ({"content_days": 0, "rows_days": 36_501}, ["/content_days", "/rows_days"]),
        ({"content_days": -1, "rows_days": True}, ["/content_days", "/rows_days"]),
        ({"content_days": "30", "rows_days": 1.5}, ["/content_days", "/rows_days"]),
        ({"content_days": "for ever", "rows_days": ["forever"]}, ["/content_days", "/rows_days"]),
        (NONE | {"days": 1}, ["/days"]),
        (30, [""]),
    ],
)
def test_an_invalid_retention_is_refused_with_each_fault_and_changes_nothing(
    api: Api, document: Any, pointers: list[str]
) -> None:
    answer = api("PUT", PATH, json=document)
    assert slug(answer) == (422, "invalid-document")
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert api.get("/v1/scripts/corporate-cards").json()["retention"] == NONE


@pytest.mark.parametrize(
    ("content", "media_type", "refused"),
    [
        (b"{", "application/json", (400, "malformed-json")),
        (b" " * 1_025, "application/json", (413, "document-too-large")),
        (b"{}", "text/javascript", (415, "unsupported-media-type")),
    ],
)
def test_another_body_is_refused(api: Api, content: bytes, media_type: str, refused: tuple[int, str]) -> None:
    answer = api("PUT", PATH, content=content, headers={"Content-Type": media_type})
    assert slug(answer) == refused


@pytest.mark.parametrize(("script", "refused"), [("nobody", (404, "unknown-script")), ("Cards", (422, "malformed-id"))])
def test_a_script_that_is_not_there_has_none(api: Api, script: str, refused: tuple[int, str]) -> None:
    assert slug(api("PUT", f"/v1/scripts/{script}/retention", json=NONE)) == refused


def test_scopes_for_scripts_and_executions_do_not_allow_setting_it(api: Api) -> None:
    _, writer = api.key(Scope.SCRIPTS_WRITE, Scope.EXECUTIONS_WRITE, Scope.READ)
    answer = api("PUT", PATH, json=NONE, headers=writer)
    assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM_JSON)
    _, admin = api.key(Scope.ADMIN)
    assert api("PUT", PATH, json=NONE, headers=admin).status_code == 200


def test_setting_it_is_audited_and_setting_it_again_is_not(api: Api) -> None:
    key_id, admin = api.key(Scope.ADMIN)
    first, _ = [api("PUT", PATH, json=NONE | {"content_days": 9}, headers=admin) for _ in range(2)]
    (deed,) = api.get("/v1/audit?action=set_retention", headers=admin).json()["items"]
    assert (deed["key_id"], deed["request_id"]) == (str(key_id), first.headers["x-request-id"])
    assert deed["script_id"] == first.json()["id"]


def test_for_ever_is_something_else_than_the_most_days(api: Api) -> None:
    wishes = [NONE | {"rows_days": days} for days in (36_500, "forever", "forever", 36_500)]
    assert [api("PUT", PATH, json=wanted).json()["retention"] for wanted in wishes] == wishes
    assert len(api.get("/v1/audit?action=set_retention").json()["items"]) == 3
