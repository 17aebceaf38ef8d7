"""Gates over HTTP, and the promotions that they block."""

from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from domain.access import Scope
from domain.aliases import MOST_ALIASES
from domain.gate import ReplayStanding
from tests.adapters.http.api import SOURCE, Api, slug
from tests.application.test_promotion import Standings

SCRIPT = "/v1/scripts/corporate-cards"
PATH = f"{SCRIPT}/gate"
BOTH = {"aliases": ["live"], "tests": True, "replay": {"last": 3}}
REPLAY = UUID("0199c5f9-7d20-7a4e-b1d8-0c2f4e6a8b90")
STANDING = ReplayStanding(
    id=REPLAY, last=3, is_finished=False, is_accepted=False, total=3, compared=0, different=0, incomplete=3
)


@pytest.fixture(autouse=True)
def known(api: Api) -> Standings:
    """Host a script with two versions, and return its standings."""
    api.host()
    api.post(f"{SCRIPT}/versions", json={"source": f"{SOURCE} // 2"})
    standings = api.store.aliases.tests = api.store.aliases.replays = Standings()
    return standings


def put(api: Api, document: Any, **headers: str) -> Any:
    return api("PUT", PATH, json=document, headers=headers)


def test_a_gate_is_set_replaced_and_removed(api: Api) -> None:
    for answer in (api.get(PATH), api("DELETE", PATH)):
        assert slug(answer) == (404, "unknown-gate")
    first = put(api, BOTH)
    assert (first.status_code, first.json()) == (200, BOTH)
    assert api.get(PATH).json() == BOTH
    assert api.get(PATH, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert put(api, BOTH).headers["etag"] == first.headers["etag"]
    other = {"aliases": ["b", "a", "b"], "tests": False, "replay": {"last": 1000}}
    second = put(api, other, **{"If-Match": first.headers["etag"]})
    assert second.json() == other | {"aliases": ["a", "b"]}
    for headers in ({"If-Match": first.headers["etag"]}, {"If-None-Match": "*"}):
        assert slug(put(api, BOTH, **headers)) == (412, "precondition-failed")
    assert slug(api("DELETE", PATH, headers={"If-Match": first.headers["etag"]})) == (412, "precondition-failed")
    assert api("DELETE", PATH).status_code == 204
    again = put(api, BOTH | {"replay": None}, **{"If-None-Match": "*"})
    assert again.json()["replay"] is None
    assert len({one.headers["etag"] for one in (first, second, again)}) == 3


def test_the_list_of_aliases_has_the_gate_if_it_is_asked_for_and_there_is_one(api: Api) -> None:
    listed = f"{SCRIPT}/aliases"
    assert [api.get(f"{listed}{query}").json() for query in ("", "?gate=true")] == [{"items": []}] * 2
    revision = int(put(api, BOTH).headers["etag"].strip('"'))
    assert api.get(f"{listed}?gate=true").json() == {"items": [], "gate": BOTH | {"revision": revision}}
    assert [api.get(f"{listed}{query}").json() for query in ("", "?gate=false")] == [{"items": []}] * 2
    assert slug(api.get("/v1/scripts/nobody/aliases?gate=true")) == (404, "unknown-script")


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({}, ["/aliases", "/tests"]),
        (BOTH | {"aliases": "live"}, ["/aliases"]),
        (BOTH | {"aliases": []}, ["/aliases"]),
        (BOTH | {"aliases": ["a"] * (MOST_ALIASES + 1)}, ["/aliases"]),
        (BOTH | {"aliases": ["a", 1, None]}, ["/aliases/1", "/aliases/2"]),
        (BOTH | {"aliases": ["a", "Live", "latest", "3"]}, ["/aliases/1", "/aliases/2", "/aliases/3"]),
        (BOTH | {"tests": 1}, ["/tests"]),
        (BOTH | {"replay": 50}, ["/replay"]),
        (BOTH | {"replay": {"last": 0}}, ["/replay/last"]),
        (BOTH | {"replay": {"last": 1001}}, ["/replay/last"]),
        (BOTH | {"replay": {"lost": 1}}, ["/replay/last", "/replay/lost"]),
        ({"aliases": ["live"], "tests": False}, [""]),
        ({"aliases": ["Live"], "tests": False}, ["/aliases/0", ""]),
    ],
)
def test_an_invalid_gate_is_refused_with_each_fault_and_changes_nothing(
    api: Api, document: Any, pointers: list[str]
) -> None:
    answer = put(api, document)
    assert slug(answer) == (422, "invalid-document")
    assert sorted(one["pointer"] for one in answer.json()["errors"]) == sorted(pointers)
    assert slug(api.get(PATH)) == (404, "unknown-gate")


def report(api: Api, version: int | str = 2, language: str = "en") -> Any:
    return api.get(f"{SCRIPT}/versions/{version}/gate", headers={"Accept-Language": language}).json()


def test_a_blocked_promotion_names_every_reason_with_its_link_as_the_report_does(api: Api, known: Standings) -> None:
    assert report(api) == {"version": 2, "passes": True, "reasons": []}
    put(api, BOTH)
    of = f"/v1/scripts/{api.get(SCRIPT).json()['id']}"
    replay = f"{of}/versions/2/replays/{REPLAY}"

    def reasons() -> list[tuple[str, str]]:
        blocked, shown = api.promote(2), report(api)
        assert shown["passes"] == (not shown["reasons"]) == blocked.is_success
        if blocked.is_success:
            api("DELETE", f"{SCRIPT}/aliases/live")
        else:
            assert slug(blocked) == (409, "promotion-blocked")
            assert blocked.json()["reasons"] == shown["reasons"]
            assert api.get(SCRIPT).json()["aliases"] == {}
        texts = [one["detail"] for one in (*shown["reasons"], *report(api, language="pt")["reasons"])]
        assert len({*texts}) == len(texts)
        assert all(text and "{" not in text for text in texts)
        return [(one["code"], one["href"]) for one in shown["reasons"]]

    assert reasons() == [("no-tests", f"{of}/tests"), ("replay-missing", f"{of}/versions/2/replays")]
    known.results = {"a": {1: True}, "b": {2: False}, "c": {2: True}}
    known.replays[2] = [STANDING]
    assert reasons() == [
        ("test-not-run", f"{of}/versions/2/checks"),
        ("test-failed", f"{of}/tests/b"),
        ("replay-not-finished", replay),
    ]
    known.results = {"c": {2: True}}
    known.replays[2] = [evolve(STANDING, is_finished=True, compared=3, incomplete=0, different=2)]
    assert reasons() == [("replay-differs", replay)]
    known.replays[2] = [evolve(known.replays[2][0], is_accepted=True)]
    assert reasons() == []


def test_the_gate_guards_its_aliases_only_and_no_rollback(api: Api) -> None:
    api.promote(1)
    api.promote(2)
    put(api, BOTH)
    assert api.promote(1, "canary").status_code == 201
    assert slug(api.promote(1)) == (409, "promotion-blocked")
    assert api.post(f"{SCRIPT}/aliases/live/rollback").json()["version"] == 1
    assert report(api, "live")["version"] == 1


def test_setting_and_removing_a_gate_need_admin(api: Api) -> None:
    _, author = api.key(Scope.SCRIPTS_WRITE, Scope.READ, Scope.EXECUTIONS_WRITE)
    _, admin = api.key(Scope.ADMIN)
    assert slug(put(api, BOTH, **author)) == (403, "forbidden")
    assert put(api, BOTH, **admin).status_code == 200
    assert slug(api("DELETE", PATH, headers=author)) == (403, "forbidden")
    assert api.get(PATH, headers=author).json() == BOTH
    assert api("DELETE", PATH, headers=admin).status_code == 204
    actions = [one["action"] for one in api.get("/v1/audit", headers=admin).json()["items"]]
    assert [one for one in actions if "gate" in one] == ["removed_gate", "set_gate"]
