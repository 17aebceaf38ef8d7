"""Aliases over HTTP: promotion, rollback, removal, history, and the versions that aliases lead to."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from domain.access import Scope
from domain.aliases import LIVE
from domain.gate import Gate, StoredGate
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug

SCRIPT = "/v1/scripts/corporate-cards"
PATH = f"{SCRIPT}/aliases/live"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    """Host a script with versions 1 to 3."""
    api.host()
    for number in (2, 3):
        assert api.post(f"{SCRIPT}/versions", json={"source": f"{SOURCE} // {number}"}).status_code == 201


def led(api: Api) -> Any:
    return api.get(SCRIPT).json()["aliases"]


def run_on(api: Api, path: str = "executions", **headers: str) -> tuple[int, Any]:
    """Submit, and return the version and the alias that the execution records."""
    answer = api.post(f"{SCRIPT}/{path}", content=b"[1]", headers=JSON_TYPE | headers)
    assert answer.status_code == 202, answer.text
    details = api.run(api.store.executions.report(UUID(answer.json()["id"]), 0))
    assert details is not None
    submission = details.execution.submission
    assert submission.script.version == answer.json()["script"]["version"]
    return submission.script.version, submission.attribution.alias


def test_an_alias_is_created_moved_rolled_back_and_removed(api: Api) -> None:
    created = api.promote(1, note="first")
    assert (created.status_code, created.json()["name"], created.json()["version"]) == (201, "live", 1)
    assert created.headers["etag"] == f'"{created.json()["revision"]}"'
    assert api.get(PATH).json() == created.json()
    moved = api.promote(3)
    assert (moved.status_code, moved.json()["version"], led(api)) == (200, 3, {"live": 3})
    assert api.promote(3).json() == moved.json()
    back = api.post(f"{PATH}/rollback", json={"note": "wrong totals"})
    assert (back.status_code, back.json()["version"], led(api)) == (200, 1, {"live": 1})
    assert back.headers["etag"] == f'"{back.json()["revision"]}"'
    assert slug(api.post(f"{PATH}/rollback")) == (409, "nothing-to-roll-back")
    assert api("DELETE", PATH).status_code == 204
    assert (led(api), api.get(f"{SCRIPT}/aliases").json()) == ({}, {"items": []})
    for answer in (api.get(PATH), api("DELETE", PATH), api.post(f"{PATH}/rollback")):
        assert slug(answer) == (404, "unknown-alias")
    history = api.get(f"{PATH}/history").json()["items"]
    assert [(one["from_version"], one["to_version"], one["reason"], one["note"]) for one in history] == [
        (1, None, "removal", ""),
        (3, 1, "rollback", "wrong totals"),
        (1, 3, "promotion", ""),
        (None, 1, "promotion", "first"),
    ]


def test_the_history_is_read_page_by_page_with_the_names_of_keys(api: Api) -> None:
    for number in (1, 2, 3):
        api.promote(number)
    _, key = api.key()
    api.promote(1, headers=key)
    first = api.get(f"{PATH}/history?limit=3", headers=key)
    assert [(one["to_version"], one["by"]) for one in first.json()["items"]] == [(1, "a key"), (3, None), (2, None)]
    second = api.get(first.links["next"]["url"], headers=key).json()
    assert ([one["to_version"] for one in second["items"]], second["next_cursor"]) == ([1], None)
    assert slug(api.get(f"{PATH}/history?cursor=x", headers=key)) == (400, "malformed-cursor")
    assert slug(api.get(f"{SCRIPT}/aliases/other/history", headers=key)) == (404, "unknown-alias")


def test_versions_and_lists_show_their_aliases(api: Api) -> None:
    for name, number in (("live", 1), ("canary", 3), ("a", 1)):
        api.promote(number, name)
    assert led(api) == api.get("/v1/scripts").json()["items"][0]["aliases"] == {"a": 1, "canary": 3, "live": 1}
    assert [one["name"] for one in api.get(f"{SCRIPT}/aliases").json()["items"]] == ["a", "canary", "live"]
    shown = api.get(f"{SCRIPT}/versions").json()["items"]
    assert [one["aliases"] for one in shown] == [["canary"], [], ["a", "live"]]
    assert api.get(f"{SCRIPT}/versions/1").json() == api.get(f"{SCRIPT}/versions/live").json() == shown[2]
    same = api.post(f"{SCRIPT}/versions", json={"source": f"{SOURCE} // 3"})
    assert (same.status_code, same.json()["aliases"]) == (200, ["canary"])
    assert api.post(f"{SCRIPT}/versions", json={"source": f"{SOURCE} // 4"}).json()["aliases"] == []


def test_submissions_run_live_if_it_exists_and_otherwise_the_latest_version(api: Api) -> None:
    assert run_on(api) == (3, None)
    api.promote(1)
    assert run_on(api) == run_on(api, "versions/live/executions") == (1, "live")
    assert run_on(api, "versions/1/executions") == (1, None)
    api.promote(2, "canary")
    assert run_on(api, "versions/canary/executions") == (2, "canary")
    api.post(f"{PATH}/rollback")  # of its only promotion: nothing
    api.promote(2)
    assert run_on(api) == (2, "live")
    api("DELETE", PATH)
    assert run_on(api) == (3, None)
    assert slug(api.post(f"{SCRIPT}/versions/live/executions", content=b"1", headers=JSON_TYPE)) == (
        404,
        "unknown-version",
    )


def test_the_same_request_after_a_promotion_returns_its_first_execution(api: Api) -> None:
    api.promote(1)
    keyed = JSON_TYPE | {"Idempotency-Key": "k"}
    first = api.post(f"{SCRIPT}/executions", content=b"[1]", headers=keyed)
    api.promote(2)
    again = api.post(f"{SCRIPT}/executions", content=b"[1]", headers=keyed)
    assert (again.json()["id"], again.json()["script"]["version"]) == (first.json()["id"], 1)
    assert again.headers["idempotent-replayed"] == "true"
    other = api.post(f"{SCRIPT}/versions/live/executions", content=b"[1]", headers=keyed)
    assert slug(other) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("path", ["", "/source", "/gate"])
def test_a_version_is_read_by_an_alias(api: Api, path: str) -> None:
    assert slug(api.get(f"{SCRIPT}/versions/live{path}")) == (404, "unknown-version")
    api.promote(2)
    assert api.get(f"{SCRIPT}/versions/live{path}").content == api.get(f"{SCRIPT}/versions/2{path}").content


def test_a_move_needs_the_revision_that_the_client_knows(api: Api) -> None:
    first = api.promote(1, headers={"If-None-Match": "*"}).headers["etag"]
    assert slug(api.promote(2, headers={"If-None-Match": "*"})) == (412, "precondition-failed")
    assert slug(api.promote(2, "other", headers={"If-Match": "*"})) == (412, "precondition-failed")
    second = api.promote(2, headers={"If-Match": f'"x", {first}'}).headers["etag"]
    refused = api.promote(3, headers={"If-Match": first})
    assert slug(refused) == (412, "precondition-failed")
    assert second.strip('"') in refused.json()["detail"]
    outdated: list[dict[str, str]] = [
        {"If-Match": first},
        {"If-Match": f"W/{second}"},
        {"If-Match": second.strip('"')},
        {"If-Match": ""},
        {"If-None-Match": second},
    ]
    for headers in outdated:
        assert slug(api.promote(3, headers=headers)) == (412, "precondition-failed"), headers
        assert slug(api.post(f"{PATH}/rollback", headers=headers)) == (412, "precondition-failed")
        assert slug(api("DELETE", PATH, headers=headers)) == (412, "precondition-failed")
    assert led(api) == {"live": 2}
    assert api.post(f"{PATH}/rollback", headers={"If-Match": second}).json()["version"] == 1
    assert slug(api.post(f"{PATH}/rollback", headers={"If-Match": second})) == (412, "precondition-failed")
    assert api("DELETE", PATH, headers={"If-Match": "*"}).status_code == 204


def test_an_alias_that_the_client_has_is_not_sent_again(api: Api) -> None:
    tag = api.promote(1).headers["etag"]
    again = api.get(PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    api.promote(2)
    assert api.get(PATH, headers={"If-None-Match": tag}).json()["version"] == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("latest", "alias-is-reserved"),
        ("3", "alias-is-a-number"),
        ("Live", "alias-in-upper-case"),
        ("LATEST", "malformed-alias"),
        ("1st", "malformed-alias"),
        ("_x", "malformed-alias"),
        ("a" * 64, "malformed-alias"),
        ("li ve", "malformed-alias"),
        ("live\n", "malformed-alias"),
        ("lïve", "malformed-alias"),
        ("-", "malformed-alias"),
        ("0" * 10, "malformed-alias"),
    ],
)
def test_an_alias_has_a_name_that_cannot_be_mistaken(api: Api, name: str, code: str) -> None:
    for answer in (api.promote(1, quote(name)), api.get(f"{SCRIPT}/aliases/{quote(name)}")):
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    if code == "alias-in-upper-case":
        assert "`live`" in answer.json()["hint"]
    assert led(api) == {}


@pytest.mark.parametrize(("name", "code"), [("latest", "latest-as-version"), ("Live", "malformed-version-number")])
def test_what_is_neither_a_number_nor_an_alias_names_no_version(api: Api, name: str, code: str) -> None:
    assert api.get(f"{SCRIPT}/versions/{name}").json()["code"] == code


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({}, ["/version"]),
        ({"version": "2"}, ["/version"]),
        ({"version": 0}, ["/version"]),
        ({"version": 10**9}, ["/version"]),
        ({"version": True}, ["/version"]),
        ({"version": 2, "note": "x" * 501}, ["/note"]),
        ({"version": 2, "note": "a\0"}, ["/note"]),
        ({"version": 2, "note": None}, ["/note"]),
        ({"version": 2, "force": "yes"}, ["/force"]),
        ({"version": 2, "force": True}, ["/note"]),
        ({"version": 2, "force": True, "note": " \t"}, ["/note"]),
        ({"version": 2, "extra": 1}, ["/extra"]),
    ],
)
def test_an_invalid_promotion_is_refused_with_each_fault_and_changes_nothing(
    api: Api, document: Any, pointers: list[str]
) -> None:
    answer = api("PUT", PATH, json=document)
    assert slug(answer) == (422, "invalid-document")
    assert [one["pointer"] for one in answer.json()["errors"]] == pointers
    assert led(api) == {}


def test_a_promotion_to_what_does_not_exist_is_refused(api: Api) -> None:
    assert slug(api.promote(4)) == (404, "unknown-version")
    assert slug(api.promote(1, script="unknown")) == (404, "unknown-script")
    assert slug(api("PUT", PATH, content=b"{}", headers={"Content-Type": "text/csv"})) == (
        415,
        "unsupported-media-type",
    )
    assert slug(api("PUT", PATH, content=b"{", headers=JSON_TYPE)) == (400, "malformed-json")
    assert slug(api("PUT", PATH, content=b'"%b"' % (b"x" * 9_000), headers=JSON_TYPE)) == (413, "document-too-large")


def test_the_aliases_of_an_archived_script_can_be_moved(api: Api) -> None:
    api.promote(3)
    api.post(f"{SCRIPT}/archive")
    assert api.promote(1).status_code == 200
    assert api.post(f"{PATH}/rollback").json()["version"] == 3
    api.promote(2)
    api.post(f"{SCRIPT}/unarchive")
    assert run_on(api) == (2, "live")


def test_a_script_has_at_most_a_hundred_aliases(api: Api) -> None:
    for number in range(100):
        assert api.promote(1, f"a{number}").status_code == 201
    assert slug(api.promote(1, "b")) == (409, "too-many-aliases")
    assert api.promote(2, "a5").status_code == 200
    api("DELETE", f"{SCRIPT}/aliases/a5")
    assert api.promote(1, "b").status_code == 201


def guard(api: Api) -> None:
    stored = StoredGate(Gate(aliases=frozenset({LIVE}), tests=True), 1)
    api.store.aliases._gates[api.run(api.store.scripts.page(None, 1))[0].id] = stored


def test_each_operation_needs_its_scope_and_force_needs_admin_and_a_note_whatever_the_gate_says(api: Api) -> None:
    api.promote(1)
    _, author = api.key(Scope.SCRIPTS_WRITE)
    _, reader = api.key(Scope.READ)
    _, admin = api.key(Scope.ADMIN)
    _, both = api.key(Scope.SCRIPTS_WRITE, Scope.ADMIN)
    for key in (reader, admin):
        answers = [api(method, path, headers=key) for method, path in (("DELETE", PATH), ("POST", f"{PATH}/rollback"))]
        for answer in (api.promote(2, headers=key), *answers):
            assert slug(answer) == (403, "forbidden")
    assert slug(api.get(PATH, headers=author)) == (403, "forbidden")
    forced: dict[str, Any] = {"force": True, "note": "urgent"}
    refused = api.promote(2, headers=author, **forced)
    assert (slug(refused), 'scope="admin"' in refused.headers["www-authenticate"]) == ((403, "forbidden"), True)
    assert api.promote(2, headers=both, **forced).status_code == 200
    guard(api)
    assert slug(api.promote(3, headers=author, **forced)) == (403, "forbidden")
    assert slug(api.promote(3, headers=both)) == (409, "promotion-blocked")
    assert api.promote(3, headers=both, **forced).status_code == 200
    reasons = [one["reason"] for one in api.get(f"{PATH}/history", headers=reader).json()["items"]]
    assert reasons == ["forced", "promotion", "promotion"]
    guarded = api("DELETE", PATH, headers=author)
    assert (guarded.status_code, guarded.json()["code"]) == (403, "guarded-alias")
    assert 'scope="admin"' in guarded.headers["www-authenticate"]
    assert api.post(f"{PATH}/rollback", headers=author).status_code == 200
    assert api("DELETE", PATH, headers=both).status_code == 204


def test_an_invalid_note_of_a_rollback_is_refused(api: Api) -> None:
    api.promote(1)
    api.promote(2)
    documents: list[Any] = [{"note": "x" * 501}, {"note": "\ud800"}, {"version": 1}, []]
    for document in documents:
        answer = api.post(f"{PATH}/rollback", content=json.dumps(document), headers=JSON_TYPE)
        assert slug(answer) == (422, "invalid-document")
    assert led(api) == {"live": 2}
