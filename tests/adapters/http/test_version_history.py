"""Notes and authors of versions, the differences between their sources, their restoration, and descriptions."""

import json
from typing import Any

import pytest
from attrs import evolve

from adapters.http.transport.memory_budget import MemoryBudget
from domain.access import Scope
from domain.engine import EngineName
from domain.limits import CEILINGS, MIB
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug
from tests.adapters.http.contract import DOCUMENT
from tests.support.unified_diff import apply_diff

SCRIPT = "/v1/scripts/corporate-cards"
PATH = f"{SCRIPT}/versions"
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
FILE = {"Content-Type": "text/javascript"}
NEW: dict[str, Any] = {"name": "corporate-cards", "source": SOURCE}


def test_a_version_has_the_note_and_the_author_of_its_creation_and_keeps_them(api: Api) -> None:
    _, key = api.key()
    api.post("/v1/scripts", json=NEW | {"note": "Primeira 💳"}, headers=key)
    created = [
        api.post(PATH, json={"source": "two", "note": "n" * 500}, headers=key),
        api.post(f"{PATH}?note=with%20refunds", content="three", headers=FILE | key),
        api.post(PATH, json={"source": "three", "note": "another"}, headers=key),
    ]
    assert [one.status_code for one in created] == [201, 201, 200]
    shown = api.get(PATH, headers=key).json()["items"]
    assert [(one["note"], one["created_by"]) for one in shown] == [
        ("with refunds", "a key"),
        ("n" * 500, "a key"),
        ("Primeira 💳", "a key"),
    ]
    unchecked = [one | {"checks": None} for one in (shown[0], shown[0], shown[1])]
    assert [created[2].json(), created[1].json(), created[0].json()] == unchecked
    assert api.get(f"{PATH}/1", headers=key).json() == shown[2]


def test_a_version_without_a_note_or_a_key_has_none(api: Api) -> None:
    api.host()
    api.post("/v1/scripts?name=a&note=first", content="1", headers=FILE)
    shown = [api.get(f"/v1/scripts/{name}/versions/1").json() for name in ("corporate-cards", "a")]
    assert [(one["note"], one["created_by"]) for one in shown] == [("", None), ("first", None)]


@pytest.mark.parametrize(
    ("note", "code"),
    [("x" * 501, "too-long"), ("a\0", "invalid-character"), (None, "not-a-string"), (["x"], "not-a-string")],
)
def test_an_invalid_note_is_refused_wherever_it_is_sent(api: Api, note: Any, code: str) -> None:
    api.host()
    document = {"json": {"source": "two", "note": note}}
    answers = [api.post("/v1/scripts", json=NEW | {"name": "b", "note": note}), api.post(PATH, **document)]
    answers.append(api.post(f"{PATH}/1/restoration", json={"note": note}))
    if isinstance(note, str):
        answers.append(api.post(PATH, params={"note": note}, content="two", headers=FILE))
    for answer in answers:
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error.get("pointer", f"/{error.get('parameter')}"), error["code"]) == ("/note", code)
    assert api.get(SCRIPT).json()["latest_version"] == 1


@pytest.mark.parametrize("path", ["/v1/scripts", PATH])
def test_a_note_in_the_query_goes_with_a_file_only(api: Api, path: str) -> None:
    api.host()
    answer = api.post(f"{path}?note=x", json={"name": "b", "source": "two"})
    assert slug(answer) == (422, "invalid-query")
    assert [error["code"] for error in answer.json()["errors"]] == ["only-for-files"]


@pytest.fixture
def sources(api: Api) -> list[bytes]:
    """Host a script with three versions, whose lines end in several ways."""
    texts = [b"a\r\nb\n\xe2\x80\xa8c", b"a\nb\n\xe2\x80\xa8c\n", b"".join(b"%d\n" % one for one in range(5_000))]
    api.post("/v1/scripts?name=corporate-cards", content=texts[0], headers=FILE)
    for text in texts[1:]:
        api.post(PATH, content=text, headers=FILE)
    return [b"", *texts]


@pytest.mark.parametrize(
    ("number", "query", "against"), [(1, "", 0), (2, "", 1), (3, "", 2), (1, "?against=3", 3), (2, "?against=2", 2)]
)
def test_the_diff_of_a_version_makes_it_of_the_other_one(
    api: Api, sources: list[bytes], number: int, query: str, against: int
) -> None:
    answer = api.get(f"{PATH}/{number}/diff{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/x-diff; charset=utf-8"
    assert apply_diff(sources[against], answer.content) == sources[number]
    assert (answer.content == b"") == (number == against)


def test_a_diff_is_immutable_and_read_again_from_the_client_s_copy(api: Api, sources: list[bytes]) -> None:
    answer, other = api.get(f"{PATH}/3/diff"), api.get(f"{PATH}/3/diff?against=1")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["etag"] != other.headers["etag"]
    again = api.get(f"{PATH}/3/diff?against=2", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = api("HEAD", f"{PATH}/3/diff", headers={"Accept-Encoding": "identity"})
    assert (head.headers["content-length"], head.content) == (str(len(answer.content)), b"")
    packed = api.get(f"{PATH}/3/diff", headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", answer.content)
    assert slug(api.get(f"{PATH}/3/diff", headers={"Accept": "application/json"})) == (406, "not-acceptable")


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("4/diff", (404, "unknown-version")),
        ("1/diff?against=4", (404, "unknown-version")),
        ("0/diff", (422, "malformed-id")),
        ("1/diff?against=0", (422, "invalid-query")),
        ("1/diff?against=x", (422, "invalid-query")),
        ("1/diff?agains=1", (422, "invalid-query")),
    ],
)
def test_a_version_that_is_not_there_is_not_compared(
    api: Api, sources: list[bytes], path: str, refused: tuple[int, str]
) -> None:
    assert slug(api.get(f"{PATH}/{path}")) == refused


def test_large_sources_are_compared_only_while_there_is_memory(api: Api, sources: list[bytes]) -> None:
    narrow = Api(scripts=api.store.scripts, memory=MemoryBudget(MIB))
    assert narrow.get(f"{PATH}/2/diff").status_code == 200
    assert slug(narrow.get(f"{PATH}/3/diff")) == (503, "too-much-in-flight")
    assert narrow.deps.limits.memory.held_bytes == 0


def test_a_restored_version_is_the_next_one_with_the_same_source_engine_and_limits(api: Api) -> None:
    _, key = api.key()
    first = {"source": "one", "engine": "dukpy", "limits": {"wall_ms": 77}, "note": "first"}
    api.post("/v1/scripts", json=NEW | first, headers=key)
    api.post(PATH, json={"source": "two"}, headers=key)
    answer = api.post(f"{PATH}/1/restoration", json={"note": "back"}, headers=key)
    shown, former = answer.json(), api.get(f"{PATH}/1", headers=key).json()
    own = {"number", "created_at", "note", "source", "checks"}
    assert (answer.status_code, shown["number"], shown["note"], shown["created_by"]) == (201, 3, "back", "a key")
    assert {name: shown[name] for name in shown.keys() - own} == {name: former[name] for name in former.keys() - own}
    assert answer.headers["location"].endswith("/versions/3")
    again = api.post(f"{PATH}/1/restoration", headers=key)
    assert (again.status_code, again.json()) == (200, shown)
    audited = api.get("/v1/audit", headers=key).json()["items"]
    assert [(one["action"], one["version"], one["key_name"]) for one in audited if one["version"] == 3] == [
        ("revised", 3, "a key")
    ]


def test_a_version_is_restored_without_a_body_too(api: Api) -> None:
    api.host()
    api.post(PATH, json={"source": "two", "note": "second"})
    assert api.post(f"{PATH}/1/restoration").json()["note"] == ""
    assert api.post(f"{PATH}/2/restoration", json={}).json()["note"] == ""
    described = DOCUMENT["paths"]["/v1/scripts/{script}/versions/{n}/restoration"]["post"]
    assert described["requestBody"]["required"] is False


def test_limits_above_the_present_ceilings_are_restored_as_they_were(api: Api) -> None:
    limits = {"limits": {"wall_ms": 20_000}}
    api.post("/v1/scripts", json=NEW | {"source": "one"} | limits)
    api.post(PATH, json={"source": "two"})
    lowered = Api(scripts=api.store.scripts, limit_ceilings=evolve(CEILINGS, wall_ms=10_000))
    assert slug(lowered.post(PATH, json={"source": "three"} | limits)) == (422, "invalid-document")
    restored = lowered.post(f"{PATH}/1/restoration")
    assert (restored.status_code, restored.json()["limits"]["wall_ms"]) == (201, 20_000)


@pytest.mark.parametrize(
    ("path", "document", "refused"),
    [
        (f"{PATH}/9/restoration", {}, (404, "unknown-version")),
        ("/v1/scripts/nobody/versions/1/restoration", {}, (404, "unknown-script")),
        (f"{PATH}/X/restoration", {}, (422, "malformed-id")),
        (f"{PATH}/1/restoration", {"source": "x"}, (422, "invalid-document")),
        (f"{PATH}/1/restoration", [], (422, "invalid-document")),
    ],
)
def test_another_restoration_is_refused(api: Api, path: str, document: Any, refused: tuple[int, str]) -> None:
    api.host()
    assert slug(api.post(path, json=document)) == refused


def test_nothing_is_restored_to_an_archived_script_or_for_an_engine_that_is_not_installed(api: Api) -> None:
    api.post("/v1/scripts", json=NEW | {"engine": "dukpy"})
    api.post(PATH, json={"source": "two"})
    lacking = Api(engines=(EngineName.QUICKJS_NG,), scripts=api.store.scripts)
    missing = lacking.post(f"{PATH}/1/restoration")
    assert slug(missing) == (409, "engine-not-installed")
    assert "dukpy" in missing.json()["detail"]
    assert "quickjs-ng" in missing.json()["hint"]
    api.post(f"{SCRIPT}/archive")
    assert slug(api.post(f"{PATH}/1/restoration")) == (409, "script-archived")
    assert api.get(SCRIPT).json()["latest_version"] == 2


@pytest.mark.parametrize("headers", [MERGE_PATCH, JSON_TYPE])
def test_a_description_is_changed_once_and_nothing_else_is(api: Api, headers: dict[str, str]) -> None:
    before = api.host()
    api.post(f"{SCRIPT}/archive")
    before |= {"archived_at": api.get(SCRIPT).json()["archived_at"]}
    for text in ("💳" * 2_000, "", ""):
        content = json.dumps({"description": text}).encode()
        answer = api("PATCH", SCRIPT, content=content, headers=headers)
        assert (answer.status_code, answer.json()) == (200, before | {"description": text})
        assert api.get(SCRIPT).json() == answer.json()
    described = api.get("/v1/audit?action=described").json()["items"]
    assert [one["script_id"] for one in described] == [before["id"]] * 2


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"description": "new", "name": "other"}, ["/name"]),
        ({"description": "new", "archived_at": None, "latest_version": 2}, ["/archived_at", "/latest_version"]),
        ({}, ["/description"]),
        ({"description": None}, ["/description"]),
        ({"description": "x" * 2_001}, ["/description"]),
        ({"description": "\0"}, ["/description"]),
        ([{"op": "replace", "path": "/description", "value": "new"}], [""]),
    ],
)
def test_other_changes_of_a_script_are_refused_by_name(api: Api, document: Any, pointers: list[str]) -> None:
    before = api.host()
    answer = api("PATCH", SCRIPT, json=document, headers=MERGE_PATCH)
    assert slug(answer) == (422, "invalid-document")
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert api.get(SCRIPT).json() == before


@pytest.mark.parametrize(
    ("content", "media_type", "refused"),
    [
        (b"{", "application/merge-patch+json", (400, "malformed-json")),
        (b" " * (32 * 1024 + 1), "application/json", (413, "document-too-large")),
        (b"{}", "text/plain", (415, "unsupported-media-type")),
    ],
)
def test_another_body_of_a_change_is_refused(
    api: Api, content: bytes, media_type: str, refused: tuple[int, str]
) -> None:
    api.host()
    assert slug(api("PATCH", SCRIPT, content=content, headers={"Content-Type": media_type})) == refused


def test_the_history_is_for_readers_and_changes_of_it_are_for_those_who_write_scripts(api: Api) -> None:
    api.host()
    (_, reader), (_, writer) = api.key(Scope.READ), api.key(Scope.SCRIPTS_WRITE)
    path = f"{PATH}/1/restoration"
    change = {"json": {"description": "new"}}
    assert [slug(api.post(path, headers=reader))[0], api.post(path, headers=writer).status_code] == [403, 200]
    assert [api("PATCH", SCRIPT, headers=one, **change).status_code for one in (reader, writer)] == [403, 200]
    assert [api.get(f"{PATH}/1/diff", headers=one).status_code for one in (reader, writer)] == [200, 403]
