"""Results, datasets and sources over HTTP: their representations, tags, and conditional requests."""

import asyncio
import gzip
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.json.bodies import JsonBodies
from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body
from tests.adapters.http.api import Api, slug
from tests.adapters.json.texts import array, items, values
from tests.support.stored_bodies import whole
from tests.support.values import a_failure
from tests.support.zstd import zstd

NDJSON = "application/x-ndjson"
RECORDS = b"[" + b",\n ".join(b'{"id": %d, "value": %d.50}' % (number, number) for number in range(3_000)) + b"]"
LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
suffixes = {"identity": "", "gzip": "-gzip", "zstd": "-zstd"}
codings = st.sampled_from([*suffixes])
repeated = st.sampled_from([1, 1, 200, 4_000])


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def produced(api: Api, result: bytes) -> str:
    """Produce a result, and return its path."""
    path = f"/v1/executions/{api.submit()['id']}/result"
    api.produce(result)
    return path


def decoded(answer: httpx.Response, content: bytes) -> bytes:
    match answer.headers.get("content-encoding"):
        case "gzip":
            return gzip.decompress(content)
        case "zstd":
            return zstd.decompress(content)
        case None:
            return content
        case other:
            raise AssertionError(other)


def raw(api: Api, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Read the answer, and its content as it was sent."""

    async def ask() -> tuple[httpx.Response, bytes]:
        transport = httpx.ASGITransport(app=api.app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://bateia") as client,
            client.stream("GET", path, headers={"Accept-Encoding": "identity"} | headers) as answer,
        ):
            return answer, b"".join([chunk async for chunk in answer.aiter_raw()])

    return api.run(ask())


@LAWS
@given(item=values, times=repeated, coding=codings)
def test_every_representation_is_the_result_under_a_tag_of_its_own(
    api: Api, item: bytes, times: int, coding: str
) -> None:
    text = array([item] * times, [b"", b""])
    path = produced(api, text)
    tags = set()
    for accept, expected in [("application/json", text), (NDJSON, lines_of([item] * times))]:
        answer, content = raw(api, path, **{"Accept": accept, "Accept-Encoding": f"{coding}, identity;q=0.1"})
        assert decoded(answer, content) == expected
        assert answer.headers["content-type"] == accept
        sent_as = answer.headers.get("content-encoding", "identity")
        assert sent_as == (coding if len(text) >= 512 else "identity")
        assert answer.headers["etag"].endswith(f'{"-ndjson" if accept == NDJSON else ""}{suffixes[sent_as]}"')
        again, content_again = raw(api, path, **{"Accept": accept, "Accept-Encoding": coding})
        assert (again.headers["etag"], content_again) == (answer.headers["etag"], content)
        tags.add(answer.headers["etag"])
    assert len(tags) == 2


def lines_of(of: list[bytes]) -> bytes:
    return b"".join(item.replace(b"\n", b"").replace(b"\r", b"") + b"\n" for item in of)


@LAWS
@given(of=items, coding=codings, accept=st.sampled_from(["application/json", NDJSON]), weak=st.sampled_from(["", "W/"]))
def test_a_matching_tag_gets_no_body_and_the_tag_of_another_form_does(
    api: Api, of: list[bytes], coding: str, accept: str, weak: str
) -> None:
    path = produced(api, array(of, [b" " * 600, b""]))
    wish = {"Accept": accept, "Accept-Encoding": coding}
    first = api.get(path, headers=wish)
    tag = first.headers["etag"]
    same = api.get(path, headers=wish | {"If-None-Match": f'"other", {weak}{tag}'})
    assert (same.status_code, same.content) == (304, b"")
    for name in ("etag", "vary", "cache-control"):
        assert same.headers[name] == first.headers[name]
    assert not {"content-type", "content-length", "content-encoding"} & set(same.headers)
    sha256 = tag.strip('"').partition("-")[0]
    others = {f'"{sha256}{lines}{suffix}"' for lines in ("", "-ndjson") for suffix in suffixes.values()} - {tag}
    assert api.get(path, headers=wish | {"If-None-Match": ", ".join(others)}).status_code == 200


def test_lines_are_an_array_s_items_with_their_spelling(api: Api) -> None:
    path = produced(api, b' [ 1.50 ,{"a": 1e400,\n "a": [2, 3]} , "\\ud83d,[" ]\n')
    answer = api.get(path, headers={"Accept": NDJSON})
    assert answer.content == b'1.50\n{"a": 1e400, "a": [2, 3]}\n"\\ud83d,["\n'
    assert answer.headers["content-type"] == NDJSON
    assert api.get(path, headers={"Accept": "application/jsonl"}).headers["etag"] == answer.headers["etag"]
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert api.get(produced(api, b"[ ]"), headers={"Accept": NDJSON}).content == b""


@pytest.mark.parametrize("result", [b'{"a": [1]}', b"1", b'"["', b"null"])
def test_a_value_that_is_no_array_has_no_lines(api: Api, result: bytes) -> None:
    path = produced(api, result)
    for method in ("GET", "HEAD"):
        refused = api(method, path, headers={"Accept": NDJSON, "If-None-Match": "*"})
        assert refused.status_code == 406
    refused = api.get(path, headers={"Accept": NDJSON})
    assert (slug(refused), NDJSON in refused.json()["detail"]) == ((406, "not-acceptable"), False)
    second_best = api.get(path, headers={"Accept": f"{NDJSON}, application/json;q=0.1"})
    assert (second_best.content, second_best.headers["content-type"]) == (result, "application/json")


def test_an_unacceptable_request_is_refused_with_the_offered_types(api: Api) -> None:
    path = produced(api, b"[2]")
    dataset = path.replace("result", "input")
    for sent, header in [({"Accept": "text/html"}, "Accept "), ({"Accept-Encoding": "br, *;q=0"}, "Accept-Encoding ")]:
        for one in (path, dataset):
            answer = api.get(one, headers=sent)
            assert slug(answer) == (406, "not-acceptable")
            assert answer.json()["detail"].startswith(header)
    assert slug(api.get(dataset, headers={"Accept": NDJSON})) == (406, "not-acceptable")
    assert slug(api.get("/v1/scripts/corporate-cards/versions/1/source", headers={"Accept-Encoding": "*;q=0"})) == (
        406, "not-acceptable",
    )  # fmt: skip


class Watched(JsonBodies):
    """Notes on which threads pieces are made."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.pieces_made = 0

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        return self._noting(super().pieces(body, parts))

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        return self._noting(super().lines(body, parts))

    def _noting(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.threads.add(threading.get_ident())
            self.pieces_made += 1
            yield piece


def watching(result: bytes) -> tuple[Api, Watched, str]:
    bodies = Watched()
    api = Api(bodies=bodies)
    api.host()
    return api, bodies, produced(api, result)


def test_content_stored_as_zstd_is_sent_as_it_is_stored() -> None:
    api, bodies, path = watching(RECORDS)
    kept = api.run(api.store.executions.result(next(iter(api.store.executions._kept))))
    assert kept is not None
    answer, content = raw(api, path, **{"Accept-Encoding": "gzip, zstd"})
    assert (content, answer.headers["content-encoding"]) == (api.run(whole(kept)).data, "zstd")
    assert bodies.threads == set()


@pytest.mark.parametrize("accept", ["application/json", NDJSON])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_large_content_is_produced_off_the_event_loop(accept: str, coding: str) -> None:
    api, bodies, path = watching(RECORDS)
    answer, content = raw(api, path, **{"Accept": accept, "Accept-Encoding": coding})
    expected = RECORDS[1:-1].replace(b",\n ", b"\n") + b"\n" if accept == NDJSON else RECORDS
    assert decoded(answer, content) == expected
    assert bodies.threads
    assert threading.get_ident() not in bodies.threads


@pytest.mark.parametrize("name", ["result", "input"])
@pytest.mark.parametrize("coding", [*suffixes])
def test_head_has_the_headers_of_get_and_reads_no_body(
    api: Api, name: str, coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/executions/{api.submit(RECORDS)['id']}/{name}"
    api.produce(RECORDS)
    wish = {"Accept-Encoding": coding}
    got, _ = raw(api, path, **wish)
    monkeypatch.setattr(api.store.executions, "result", unread)
    monkeypatch.setattr(api.store.executions, "dataset", unread)
    head = api("HEAD", path, headers=wish)
    assert (head.status_code, head.content) == (200, b"")
    made = {"content-length"} if coding != "identity" else set()
    assert without(head, "x-request-id", *made) == without(got, "x-request-id", *made)
    assert api.get(path, headers=wish | {"If-None-Match": head.headers["etag"]}).status_code == 304
    assert head.headers.get("content-length") == (str(len(RECORDS)) if coding == "identity" else None)


async def unread(_: object) -> Body:
    raise AssertionError("no body is needed")


def without(answer: httpx.Response, *names: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in names}


def test_head_of_lines_has_the_headers_of_get(api: Api) -> None:
    path = produced(api, RECORDS)
    wish = {"Accept": NDJSON, "Accept-Encoding": "gzip"}
    head = api("HEAD", path, headers=wish)
    assert without(head, "x-request-id") == without(raw(api, path, **wish)[0], "x-request-id")


def test_a_dataset_has_its_bytes_in_every_coding(api: Api) -> None:
    path = f"/v1/executions/{api.submit(RECORDS)['id']}/input"
    for coding, suffix in suffixes.items():
        answer, content = raw(api, path, **{"Accept-Encoding": coding})
        assert decoded(answer, content) == RECORDS
        assert answer.headers["etag"].endswith(f'{suffix}"')
        assert answer.headers["cache-control"] == "private, no-cache"


@settings(LAWS, max_examples=30)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1), times=repeated, coding=codings)
def test_a_source_is_returned_unchanged_in_every_coding(api: Api, text: str, times: int, coding: str) -> None:
    source = f"// {text * times}".replace("{{{", "")
    made = api.post("/v1/scripts/corporate-cards/versions", json={"source": source}).json()
    path = made["source"]
    answer, content = raw(api, path, **{"Accept-Encoding": coding, "Accept": "text/html;q=0.1, */*;q=0.1"})
    assert decoded(answer, content) == source.encode()
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["etag"].strip('"').partition("-")[0] == made["sha256"]
    same = api.get(path, headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.headers["cache-control"]) == (304, answer.headers["cache-control"])


def test_a_client_that_leaves_in_the_middle_of_a_large_result_ends_the_work() -> None:
    api, bodies, path = watching(b"[" + b"1234567,\n" * 1_000_000 + b"0]")
    sent: list[Any] = []
    left = asyncio.Event()

    async def receive() -> Any:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == 3:
            left.set()
            await asyncio.Event().wait()  # as a full socket does

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"x")],
        "extensions": {},
    }
    api.run(asyncio.wait_for(api.app(scope | {"asgi": {"spec_version": "2.3"}}, receive, send), 10))
    assert (len(sent), bodies.pieces_made < 10) == (3, True)


def test_a_failed_execution_s_dataset_can_still_be_read(api: Api) -> None:
    path = f"/v1/executions/{api.submit(b'[1, 2]')['id']}/input"
    api.fail(a_failure())
    assert api.get(path).content == b"[1, 2]"
