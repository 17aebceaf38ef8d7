"""Objects in stores with the client library: no byte is lost or doubled, wherever connections break."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from bateia import Client, RetryPolicy, Unreachable
from bateia.problems import UnknownUpload
from bateia.store_urls import InvalidStoreUrl, store_url
from bateia.stores import ObjectChanged, read_object
from bateia.uploads import Transfer, upload
from hypothesis import given
from hypothesis import strategies as st

from tests.client.scripted import http

AT = store_url("files://in/a.bin")
BREAKS = st.lists(st.none() | st.integers(0, 40), max_size=12)


class Store:
    """A store with one object, whose connections break: after some bytes of a body, or (None) not at all."""

    def __init__(self, breaks: list[int | None], content: bytes | None = None) -> None:
        self.breaks, self.content = iter(breaks), content
        self.received = bytearray()
        self.size = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match (request.method, request.url.path):
            case "POST", "/v1/uploads":
                self.size = json.loads(request.content)["size_bytes"]
                return httpx.Response(201, json=self._document)
            case "PATCH", "/v1/uploads/files/u":
                return self._append(request)
            case "GET", "/v1/uploads/files/u" if self.content is None:
                return httpx.Response(200, json=self._document)
            case "GET", "/v1/stores/files":
                return httpx.Response(200, json={"items": self._listed, "next_cursor": None})
            case "GET", "/v1/stores/files/in/a.bin":
                return self._read(request)
            case _:
                return httpx.Response(404, json={"type": "/problems/unknown-upload"})

    @property
    def _document(self) -> dict[str, Any]:
        return {"id": "u", "url": str(AT), "size_bytes": self.size, "offset": len(self.received)}

    @property
    def _listed(self) -> list[dict[str, Any]]:
        return [] if self.content is None else [{"path": AT.path, "url": str(AT), "size_bytes": len(self.content)}]

    def _append(self, request: httpx.Request) -> httpx.Response:
        assert int(request.headers["Upload-Offset"]) == len(self.received)
        kept = next(self.breaks, None)
        self.received += request.content[:kept]
        if len(self.received) == self.size:
            self.content = bytes(self.received)
        if kept is not None:
            raise httpx.ReadError("broken")
        return httpx.Response(200 if self.content is None else 201, json=self._document)

    def _read(self, request: httpx.Request) -> httpx.Response:
        assert self.content is not None
        first, last = (int(one) for one in request.headers["Range"].removeprefix("bytes=").split("-"))
        if first >= len(self.content):
            return httpx.Response(416, json={"type": "/problems/range-not-satisfiable"})
        part = self.content[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(self.content)}", "ETag": '"1"'}
        if request.headers.get("If-Range", '"1"') != '"1"':
            return httpx.Response(200, content=self.content)
        kept = next(self.breaks, None)
        return httpx.Response(206, headers=headers, content=part if kept is None else broken(part[:kept]))


def broken(part: bytes) -> Iterator[bytes]:
    yield part
    raise httpx.ReadError("broken")


def client(store: Store, attempts: int = 100) -> Client:
    return Client(http=http(store), retries=RetryPolicy(attempts, first_pause_seconds=0))


@given(st.binary(min_size=1, max_size=100), st.integers(1, 60), BREAKS)
def test_an_upload_is_whole_wherever_connections_break(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, part_bytes: int, breaks: list[int | None]
) -> None:
    file, store, begun = tmp_path_factory.getbasetemp() / "sent.bin", Store(breaks), list[str]()
    file.write_bytes(data)
    what = Transfer(file, AT, len(data), begun.append, part_bytes=part_bytes)
    written = client(store).do(upload(what))
    assert (store.content, written["size_bytes"], begun) == (data, len(data), ["u"])


@given(st.binary(max_size=100), st.integers(1, 60), BREAKS)
def test_a_read_object_is_whole_wherever_connections_break(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, range_bytes: int, breaks: list[int | None]
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        (tmp_path_factory.getbasetemp() / "received.bin").open("w+b") as file,
    ):
        patch.setattr("bateia.stores.RANGE_BYTES", range_bytes)
        assert client(Store(breaks, data)).do(read_object(AT, file)) == len(data)
        file.seek(0)
        assert file.read() == data


def test_an_upload_ends_if_it_does_not_advance(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    store, begun = Store([1, 0, 0, 0]), list[str]()
    what = Transfer(tmp_path / "a", AT, 3, begun.append)
    with pytest.raises(Unreachable):
        client(store, attempts=3).do(upload(what))
    assert client(store).do(upload(what, begun[0]))["size_bytes"] == 3
    assert (store.content, begun) == (b"abc", ["u"]), "the same upload went on"


def test_an_upload_of_another_size_is_not_continued(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    store, begun = Store([]), list[str]()
    store.size, store.received = 4, bytearray(b"")
    client(store).do(upload(Transfer(tmp_path / "a", AT, 3, begun.append), "u"))
    assert (begun, store.content) == (["u"], b"abc")


def test_a_lost_response_about_the_last_byte_is_no_object_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with pytest.raises(UnknownUpload):
        client(Store([3])).do(upload(Transfer(tmp_path / "a", store_url("files://in/b.bin"), 3)))


def test_an_object_that_is_replaced_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bateia.stores.RANGE_BYTES", 2)
    store = Store([], b"abcd")

    def replaced(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"new") if "If-Range" in request.headers else store(request)

    with (tmp_path / "a").open("w+b") as file, pytest.raises(ObjectChanged, match="read it again"):
        Client(http=http(replaced)).do(read_object(AT, file))


@pytest.mark.parametrize(
    "url", ["rows.ndjson", "files:/a", "Files://a", "://a", "files://", "files://a/", "files://../a"]
)
def test_a_text_that_names_no_object_is_refused(url: str) -> None:
    with pytest.raises(InvalidStoreUrl, match=r"files://in/rows\.ndjson"):
        _ = store_url(url).request_path


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda one: one not in (".", "..")))
def test_every_name_is_one_segment_of_the_path(name: str) -> None:
    name = name.replace("/", "")
    if name not in ("", ".", ".."):
        path = store_url(f"files://in/{name}").request_path
        assert httpx.URL(f"http://a.test{path}").path == f"/v1/stores/files/in/{name}"
