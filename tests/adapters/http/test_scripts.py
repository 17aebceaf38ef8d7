"""Scripts over HTTP."""

import re
import threading
from typing import Any

import pytest

from adapters.http.requests.documents import read_document
from domain.limits import CEILINGS, DEFAULTS
from domain.versions import MAX_SOURCE_BYTES
from tests.adapters.http.api import SOURCE, Api, slug

JAVASCRIPT = {"Content-Type": "text/javascript; charset=UTF-8"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_a_script_is_hosted_and_found_where_the_answer_says(api: Api) -> None:
    answer = api.post("/v1/scripts", json={"name": "corporate-cards", "source": SOURCE, "description": "cards"})
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/scripts/{shown['id']}"
    assert TIME.fullmatch(shown.pop("created_at"))
    assert api.get(answer.headers["location"]).json().items() >= shown.items()
    del shown["id"]
    assert shown == {
        "name": "corporate-cards",
        "description": "cards",
        "latest_version": 1,
        "engine": "quickjs-ng",
        "archived_at": None,
        "retention": {"content_days": None, "rows_days": None},
        "aliases": {},
    }


@pytest.mark.parametrize("media_type", ["text/javascript", "application/javascript", "Text/JavaScript; charset=utf-8"])
def test_a_script_is_hosted_from_the_file_itself(api: Api, media_type: str) -> None:
    answer = api.post("/v1/scripts?name=cards", content=SOURCE.encode(), headers={"Content-Type": media_type})
    assert answer.status_code == 201
    assert api.get("/v1/scripts/cards/versions/1/source").content == SOURCE.encode()


def test_a_script_is_found_by_id_and_by_name(api: Api) -> None:
    shown = api.host("cards")
    assert api.get("/v1/scripts/cards").json() == api.get(f"/v1/scripts/{shown['id'].upper()}").json() == shown


def test_limits_are_stored_with_the_version_and_completed(api: Api) -> None:
    limits = {"wall_ms": 1000.0, "log_bytes": None}
    assert api.post("/v1/scripts", json={"name": "a", "source": SOURCE, "limits": limits}).status_code == 201
    kept = api.get("/v1/scripts/a/versions/1").json()["limits"]
    assert (kept["wall_ms"], kept["log_bytes"]) == (1000, DEFAULTS.log_bytes)


def test_a_taken_name_is_refused_even_if_its_script_is_archived(api: Api) -> None:
    api.host("cards")
    assert api.post("/v1/scripts/cards/archive").json()["archived_at"] is not None
    assert slug(api.post("/v1/scripts", json={"name": "cards", "source": SOURCE})) == (409, "name-taken")


def test_a_source_that_cannot_run_is_refused_with_each_fault_and_its_place(api: Api) -> None:
    answer = api.post("/v1/scripts", json={"name": "cards", "source": "{{{"})
    assert slug(answer) == (422, "invalid-script")
    assert answer.json()["errors"] == [
        {"code": "script-error", "detail": "unexpected token", "line": 1, "column": 2, "position_is_exact": True},
        {"code": "script-error", "detail": "no process", "line": None, "column": None, "position_is_exact": None},
    ]


@pytest.mark.parametrize("source", [b"", b" \n", b"a\xff"])
def test_a_file_that_is_blank_or_not_utf8_is_an_invalid_script(api: Api, source: bytes) -> None:
    assert slug(api.post("/v1/scripts?name=cards", content=source, headers=JAVASCRIPT)) == (422, "invalid-script")


def test_a_lone_surrogate_in_a_source_is_an_invalid_script(api: Api) -> None:
    text = rb'{"name": "cards", "source": "\ud83d"}'
    answer = api.post("/v1/scripts", content=text, headers={"Content-Type": "application/json"})
    assert slug(answer) == (422, "invalid-script")


def test_a_source_over_the_limit_is_refused_however_it_is_sent(api: Api) -> None:
    source = "x" * (MAX_SOURCE_BYTES + 1)
    as_file = api.post("/v1/scripts?name=cards", content=source.encode(), headers=JAVASCRIPT)
    assert slug(as_file) == (413, "source-too-large")
    assert slug(api.post("/v1/scripts", json={"name": "a", "source": source})) == (413, "source-too-large")
    assert slug(api.post("/v1/scripts", json={"name": "a", "source": source * 8})) == (413, "source-too-large")


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"name": "a", "source": SOURCE, "limits": None}, ["/limits"]),
        ([], [""]),
        ({}, ["/source", "/name"]),
        ({"name": "Cards", "source": SOURCE}, ["/name"]),
        ({"name": "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e", "source": SOURCE}, ["/name"]),
        ({"name": "a", "source": 3}, ["/source"]),
        ({"name": "a", "source": SOURCE, "extra": 1, "a/b~": 2}, ["/a~1b~0", "/extra"]),
        ({"name": "a", "source": SOURCE, "description": "x" * 2001}, ["/description"]),
        ({"name": "a", "source": SOURCE, "description": "\0"}, ["/description"]),
        ({"name": "a", "source": SOURCE, "description": None}, ["/description"]),
        ({"name": "a", "source": SOURCE, "limits": 3}, ["/limits"]),
        ({"name": "a", "source": SOURCE, "limits": {"wall_ms": "3"}}, ["/limits/wall_ms"]),
        ({"name": "a", "source": SOURCE, "limits": {"wall_ms": True}}, ["/limits/wall_ms"]),
        ({"name": "a", "source": SOURCE, "limits": {"wall_ms": 50.5}}, ["/limits/wall_ms"]),
        ({"name": "a", "source": SOURCE, "limits": {"wall_ms": 1, "cpu_ms": 1}}, ["/limits/wall_ms", "/limits/cpu_ms"]),
        ({"name": "a", "source": SOURCE, "limits": {"wall_ms": CEILINGS.wall_ms + 1}}, ["/limits/wall_ms"]),
    ],
)
def test_each_invalid_member_is_pointed_to(api: Api, document: object, pointers: list[str]) -> None:
    answer = api.post("/v1/scripts", json=document)
    assert slug(answer) == (422, "invalid-document")
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", "empty"),
        (b'{"name": ', "line 1, column 10"),
        ('{"ñ": ]'.encode(), "line 1, column 7"),
        (b'"\xff"', "line 1, column 2"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "byte order mark"),
        (b"\n[NaN]", "`NaN` is not JSON, at line 2, column 2"),
        (b"[" * 100_000, "deeply"),
        (b"9" * 5000, "digits"),
    ],
)
def test_a_document_that_is_not_json_is_refused_with_the_place(api: Api, text: bytes, place: str) -> None:
    answer = api.post("/v1/scripts", content=text, headers={"Content-Type": "application/json"})
    assert slug(answer) == (400, "malformed-json")
    assert place in answer.json()["detail"]


@pytest.mark.parametrize("media_type", [None, "text/plain", "text/javascript; charset=latin-1", "application/jsonx"])
def test_another_media_type_is_refused_and_the_right_ones_are_named(api: Api, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    answer = api.post("/v1/scripts?name=cards", content=b"x", headers=headers)
    assert slug(answer) == (415, "unsupported-media-type")
    assert answer.headers["accept"] == "application/json, text/javascript, application/javascript"


def test_an_unknown_content_coding_is_refused(api: Api) -> None:
    headers = JAVASCRIPT | {"Content-Encoding": "br"}
    answer = api.post("/v1/scripts?name=cards", content=b"x", headers=headers)
    assert slug(answer) == (415, "unsupported-encoding")
    assert answer.headers["accept-encoding"] == "zstd, gzip, identity"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "name"),
        ("?name=Cards", "name"),
        ("?name=0199c5f27a3e7c419d523f6a1b2c4d5e", "name"),
        ("?nome=a", "nome"),
        ("?a/b~=a", "a/b~"),
    ],
)
def test_a_file_needs_a_valid_name_in_the_query(api: Api, query: str, parameter: str) -> None:
    answer = api.post(f"/v1/scripts{query}", content=SOURCE.encode(), headers=JAVASCRIPT)
    assert slug(answer) == (422, "invalid-query")
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_document_takes_its_name_from_its_member_only(api: Api) -> None:
    answer = api.post("/v1/scripts?name=b", json={"name": "a", "source": SOURCE})
    assert slug(answer) == (422, "invalid-query")


def test_scripts_are_listed_newest_first_page_by_page(api: Api) -> None:
    names = [api.host(f"script-{number}")["name"] for number in range(5)]
    seen, link = [], "/v1/scripts?limit=2"
    while link:
        answer = api.get(link)
        seen += [item["name"] for item in answer.json()["items"]]
        link = answer.links["next"]["url"] if "next" in answer.links else ""
        assert (answer.json()["next_cursor"] is None) == (link == "")
    assert seen == names[::-1]


def test_a_full_last_page_has_no_next_one(api: Api) -> None:
    api.host("a"), api.host("b")
    assert api.get("/v1/scripts?limit=2").json()["next_cursor"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=", "limit=1&limit=2", "size=3"])
def test_a_list_refuses_parameters_that_it_does_not_have_or_cannot_follow(api: Api, query: str) -> None:
    assert slug(api.get(f"/v1/scripts?{query}")) == (422, "invalid-query")


@pytest.mark.parametrize("cursor", ["", "x", "AAAAAAAAAAAAAAAAAAAAAB", "é", "AAAAAAAAAAAAAAAAAAAAAA=="])
def test_a_cursor_that_no_list_gave_is_refused(api: Api, cursor: str) -> None:
    assert slug(api.get("/v1/scripts", params={"cursor": cursor})) == (400, "malformed-cursor")


def test_archiving_closes_a_script_and_unarchiving_opens_it(api: Api) -> None:
    api.host("cards")
    archived = api.post("/v1/scripts/cards/archive").json()
    assert TIME.fullmatch(archived["archived_at"])
    assert api.post("/v1/scripts/cards/archive").json() == archived
    assert slug(api.post("/v1/scripts/cards/versions", json={"source": "1"})) == (409, "script-archived")
    assert api.post("/v1/scripts/cards/unarchive").json()["archived_at"] is None
    assert api.post("/v1/scripts/cards/versions", json={"source": "1"}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("GET", "/versions/1/source"),
        ("POST", "/archive"),
        ("POST", "/unarchive"),
    ],
)
@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("nobody", (404, "unknown-script")),
        ("0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e", (404, "unknown-script")),
        ("Cards", (422, "malformed-id")),
        ("cards%0A", (422, "malformed-id")),
        ("0199c5f27a3e7c419d523f6a1b2c4d5e", (422, "malformed-id")),
    ],
)
def test_an_unknown_script_and_a_malformed_id_are_distinguished(
    api: Api, method: str, path: str, script: str, problem: tuple[int, str]
) -> None:
    assert slug(api(method, f"/v1/scripts/{script}{path}")) == problem


MANY_VALUES = [
    b"[" + b"[]," * 400_000 + b"0]",
    b'{"name":"cards","source":"x","more":[' + b"{}," * 400_000 + b"0]}",
    b"{" + b",".join(b'"%d":0' % number for number in range(100_000)) + b"}",
]


@pytest.mark.parametrize("text", MANY_VALUES, ids=["lists", "objects", "members"])
@pytest.mark.parametrize("path", ["/v1/scripts", "/v1/scripts/corporate-cards/versions"])
def test_a_document_with_more_values_than_any_may_have_is_refused_unparsed(
    api: Api, path: str, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.host()
    monkeypatch.setattr("adapters.http.requests.documents._parse", lambda *_: pytest.fail("it was parsed"))
    answer = api.post(path, content=text, headers={"Content-Type": "application/json"})
    assert slug(answer) == (422, "invalid-document")
    assert answer.json()["errors"] == [
        {"pointer": "", "code": "too-many-values", "detail": "must have at most 1000 values"}
    ]


def test_a_long_document_is_read_off_the_event_loop(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content of its source does not count as values."""
    threads = set()

    def noting(text: bytes, shape: type[Any]) -> Any:
        threads.add(threading.get_ident())
        return read_document(text, shape)

    monkeypatch.setattr("adapters.http.requests.script_upload.read_document", noting)
    source = SOURCE + "// " + '[[],{"a": "\\\\"},' * 30_000
    assert api.post("/v1/scripts", json={"name": "cards", "source": source}).status_code == 201
    assert api.post("/v1/scripts/cards/versions", json={"source": source + " "}).status_code == 201
    assert threads
    assert threading.get_ident() not in threads
