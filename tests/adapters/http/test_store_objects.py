"""Objects of stores over HTTP: what is written is read, whole and in ranges; paths lead nowhere else."""

from base64 import b64encode
from hashlib import sha256
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from adapters.http.transport.byte_ranges import byte_range
from domain.access import Scope
from domain.audit import Action
from tests.adapters.http.api import Api, in_pieces, slug

AT: Final = "/v1/stores/files/in/rows%20%C3%A9.ndjson"
DATA: Final = b"0123456789"


def actions(api: Api) -> list[tuple[Action, str | None]]:
    api.run(api.reads.flush())
    return [(one.event.action, one.event.object_url) for one in api.store.audit._trail]


@pytest.mark.parametrize("data", [b"", DATA, bytes(range(256)) * 1_000])
def test_what_is_written_is_read(api: Api, data: bytes) -> None:
    written = api("PUT", AT, content=in_pieces(data[:7], b"", data[7:]))
    assert written.status_code == 201
    assert written.json() == {
        "path": "in/rows é.ndjson",
        "url": "files://in/rows é.ndjson",
        "size_bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "etag": written.headers["etag"],
    }
    assert written.headers["repr-digest"] == f"sha-256=:{b64encode(sha256(data).digest()).decode()}:"
    assert written.headers["location"] == AT
    got, head = api.get(AT), api("HEAD", AT)
    assert (got.status_code, got.content, got.headers["etag"]) == (200, data, written.headers["etag"])
    assert head.content == b""
    for name in ("content-length", "content-type", "content-disposition", "etag", "accept-ranges"):
        assert head.headers[name] == got.headers[name]
    assert (got.headers["content-length"], got.headers["content-disposition"]) == (str(len(data)), "attachment")
    assert api("PUT", AT, content=data).status_code == 200
    url = "files://in/rows é.ndjson"
    expected = [Action.WROTE_OBJECT, Action.WROTE_OBJECT, Action.READ_OBJECT]
    assert actions(api) == [(action, url) for action in expected]


def test_an_object_is_listed_and_deleted(api: Api) -> None:
    for name in ("a", "in/b", "in/c"):
        api("PUT", f"/v1/stores/files/{name}", content=DATA)
    first = api.get("/v1/stores/files?limit=2").json()
    rest = api.get(f"/v1/stores/files?limit=2&cursor={first['next_cursor']}").json()
    assert [one["path"] for one in first["items"] + rest["items"]] == ["a", "in/b", "in/c"]
    assert [one["url"] for one in api.get("/v1/stores/files?prefix=in/").json()["items"]] == [
        "files://in/b",
        "files://in/c",
    ]
    assert rest["next_cursor"] is None
    assert slug(api.get("/v1/stores/files?cursor=x")) == (400, "malformed-cursor")
    assert slug(api.get("/v1/stores/files?prefix=../")) == (422, "invalid-query")
    assert api("DELETE", "/v1/stores/files/a").status_code == 204
    assert slug(api("DELETE", "/v1/stores/files/a")) == slug(api.get("/v1/stores/files/a")) == (404, "unknown-object")
    assert actions(api)[-1] == (Action.DELETED_OBJECT, "files://a")


def test_the_stores_are_listed(api: Api) -> None:
    shown = {one["name"]: one for one in api.get("/v1/stores").json()["items"]}
    assert shown["files"] == {"name": "files", "operations": ["read", "write"], "resumable": True, "scripts": ["*"]}
    _, key = api.key(Scope.READ)
    assert slug(api.get("/v1/stores/nowhere", headers=key)) == (404, "unknown-store")


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/secret",
        "in/%2E%2E/%2e%2e/secret",
        "in%2f..%2fsecret",
        "in%2Frows",
        "in%5C..%5Csecret",
        "in%00",
        "in/%C2%85",
        "in//rows",
        "/etc/passwd",
        "in/",
        "",
        ".bateia/uploads/x",
        "%ff",
        "%ED%A0%80",
        "a%2A",
        "x" * 1_001,
        "x" * 256,
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_hostile_path_is_refused_as_it_is(api: Api, method: str, path: str) -> None:
    assert slug(api(method, f"/v1/stores/files/{path}")) == (422, "invalid-store-path")
    assert api.objects.contents(next(iter(api.objects.stores()))) == {}


def test_a_precondition_protects_an_object(api: Api) -> None:
    only_new = {"If-None-Match": "*"}
    first = api("PUT", AT, content=b"1", headers=only_new)
    assert first.status_code == 201
    assert slug(api("PUT", AT, content=b"2", headers=only_new)) == (412, "precondition-failed")
    assert slug(api("PUT", AT, content=b"2", headers={"If-Match": '"other"'})) == (412, "precondition-failed")
    assert slug(api("DELETE", AT, headers={"If-Match": '"other"'})) == (412, "precondition-failed")
    assert api("PUT", AT, content=b"3", headers={"If-Match": first.headers["etag"]}).status_code == 200
    assert api.get(AT).content == b"3"
    assert slug(api("PUT", f"{AT}2", headers={"If-Match": "*"})) == (412, "precondition-failed")


def test_a_version_that_the_client_has_is_not_sent_again(api: Api) -> None:
    tag = api("PUT", AT, content=DATA).headers["etag"]
    for method in ("GET", "HEAD"):
        answer = api(method, AT, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert Action.READ_OBJECT not in {action for action, _ in actions(api)}


def test_a_coded_body_is_refused(api: Api) -> None:
    answer = api("PUT", AT, content=b"x", headers={"Content-Encoding": "gzip"})
    assert slug(answer) == (415, "unsupported-encoding")


def test_a_range_is_a_slice(api: Api) -> None:
    tag = api("PUT", AT, content=DATA).headers["etag"]

    @given(st.integers(0, 15), st.one_of(st.none(), st.integers(0, 15)))
    @settings(max_examples=25, deadline=None)
    def check(first: int, last: int | None) -> None:
        sent = {"Range": f"bytes={first}-{'' if last is None else last}"}
        answer = api.get(AT, headers=sent)
        if last is not None and last < first:
            assert (answer.status_code, answer.content) == (200, DATA)
        elif first >= len(DATA):
            assert slug(answer) == (416, "range-not-satisfiable")
            assert answer.headers["content-range"] == "bytes */10"
        else:
            end = len(DATA) if last is None else last + 1
            assert (answer.status_code, answer.content) == (206, DATA[first:end])
            assert answer.headers["content-range"] == f"bytes {first}-{min(end, 10) - 1}/10"
            assert api.get(AT, headers=sent | {"If-Range": tag}).content == DATA[first:end]
            assert api.get(AT, headers=sent | {"If-Range": '"other"'}).content == DATA

    check()


@given(st.integers(0, 20), st.binary(max_size=12))
def test_a_suffix_is_a_slice(length: int, data: bytes) -> None:
    found = byte_range(Headers({"Range": f"bytes=-{length}"}), len(data), '"x"')
    if length == 0:
        assert found.failure().size_bytes == len(data)
    elif data:
        wanted = found.unwrap()
        assert wanted is not None
        assert data[wanted.start : wanted.end] == data[-length:]
    else:
        assert found.unwrap() is None


@pytest.mark.parametrize("header", ["bytes=0-1,3-4", "lines=0-1", "bytes=-", "bytes=x", "bytes=0-" + "9" * 30])
def test_another_range_is_ignored(api: Api, header: str) -> None:
    api("PUT", AT, content=DATA)
    assert api.get(AT, headers={"Range": header}).status_code == 200
