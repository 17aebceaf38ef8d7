"""Uploads over HTTP, and bodies and responses that a client breaks off over a real connection."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.http.transport.minimum_rate import MinimumRate
from adapters.stores.configuration import StoreDefinition
from adapters.stores.stores import ConfiguredStores
from adapters.system import utc_now, uuid7
from application.ports.stores import StoreFull, StoreUnavailable
from application.stores.use import StorePorts
from domain.access import Scope
from domain.stores import StoreName
from tests.adapters.http.api import JSON_TYPE, Api, in_pieces, slug
from tests.adapters.http.served import Served, served
from tests.support.waiting import eventually_sees

OCTETS: Final = {"Content-Type": "application/octet-stream"}
FILES: Final = StoreName("files")
DATA: Final = bytes(range(256)) * 1_000


def begin(api: Api, size_bytes: int = 10) -> Any:
    answer = api.post("/v1/uploads", json={"url": "files://in/x", "size_bytes": size_bytes})
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["links"]["self"]
    return answer.json()


def append(api: Api, upload: Any, offset: int, data: bytes) -> Any:
    headers = OCTETS | {"Upload-Offset": str(offset)}
    return api("PATCH", upload["links"]["append"], content=in_pieces(data), headers=headers)


def test_an_upload_comes_in_parts(api: Api) -> None:
    upload = begin(api)
    part = append(api, upload, 0, b"01234")
    assert (part.status_code, part.json()["offset"], part.headers["upload-offset"]) == (200, 5, "5")
    wrong = append(api, upload, 0, b"01234")
    assert slug(wrong) == (409, "upload-offset")
    assert (wrong.json()["upload_offset"], wrong.headers["upload-offset"]) == (5, "5")
    assert slug(append(api, upload, 5, b"567890")) == (413, "upload-too-long")
    assert api.get(upload["links"]["self"]).json()["offset"] == 5
    whole = append(api, upload, 5, b"56789")
    assert (whole.status_code, whole.json()["url"]) == (201, "files://in/x")
    assert api.get(whole.headers["location"]).content == b"0123456789"
    assert slug(append(api, upload, 10, b"")) == (404, "unknown-upload")


def test_an_upload_of_nothing_is_complete_with_its_first_append(api: Api) -> None:
    assert append(api, begin(api, 0), 0, b"").status_code == 201
    assert api.get("/v1/stores/files/in/x").content == b""


def test_an_upload_is_discarded(api: Api) -> None:
    at = begin(api)["links"]["self"]
    assert api("DELETE", at).status_code == 204
    for method in ("GET", "DELETE"):
        assert slug(api(method, at)) == (404, "unknown-upload")
        assert slug(api(method, "/v1/uploads/files/x")) == (422, "malformed-id")


def test_the_upload_of_another_key_is_unknown(api: Api) -> None:
    (_, one), (_, other) = api.key(Scope.EXECUTIONS_WRITE), api.key(Scope.EXECUTIONS_WRITE)
    new = json.dumps({"url": "files://in/x", "size_bytes": 1})
    at = api.post("/v1/uploads", content=new, headers=JSON_TYPE | one).json()["links"]["self"]
    assert api.get(at, headers=one).status_code == 200
    assert slug(api.get(at, headers=other)) == (404, "unknown-upload")


@pytest.mark.parametrize("offset", [None, "-1", "x", "01", "9" * 30, "1.0"])
def test_a_malformed_offset_is_refused(api: Api, offset: str | None) -> None:
    headers = OCTETS | ({} if offset is None else {"Upload-Offset": offset})
    answer = api("PATCH", begin(api)["links"]["append"], content=b"x", headers=headers)
    assert slug(answer) == (400, "malformed-upload-offset")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(StoreUnavailable("away"), 503, "store-unavailable"), (StoreFull("full"), 507, "store-full")],
)
def test_a_store_that_fails_is_a_problem_that_passes(
    api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, kind: str
) -> None:
    async def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(api.objects, "write", fail)
    answer = api("PUT", "/v1/stores/files/x", content=b"x")
    assert slug(answer) == (status, kind)
    assert ("retry-after" in answer.headers) == (status == 503)


@asynccontextmanager
async def folder_served(folder: Path, **changes: Any) -> AsyncIterator[tuple[Served, ConfiguredStores]]:
    stores = ConfiguredStores([StoreDefinition(FILES, folder.as_uri())])
    api = Api(**changes)
    ports = StorePorts(stores=stores, uploads=stores.uploads(), audit=api.store.audit, clock=utc_now, new_id=uuid7)
    async with served(Api(store_ports=ports, **changes).app) as server:
        yield server, stores


def request(method: str, path: str, length: int = 0, **headers: str) -> bytes:
    lines = {"Host": "127.0.0.1:8000", "Content-Length": str(length)} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode()


async def ask(server: Served, head: bytes, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    client = await server.connect()
    await client.send(head + body)
    return await client.answer()


async def test_a_broken_connection_changes_no_object_and_keeps_an_upload(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    async with folder_served(folder) as (server, _):
        put = "/v1/stores/files/in/x"
        client = await server.connect()
        await client.send(request("PUT", put, len(DATA)) + DATA[:100_000])

        async def writes() -> bool:
            return any((folder / ".bateia" / "writing").glob("*"))

        await eventually_sees(writes)
        client.writer.transport.abort()

        async def has_gone() -> bool:
            return not await writes()

        await eventually_sees(has_gone)
        assert (await ask(server, request("GET", put)))[0] == 404

        new = json.dumps({"url": "files://in/x", "size_bytes": len(DATA)}).encode()
        begun = await ask(server, request("POST", "/v1/uploads", len(new), Content_Type="application/json"), new)
        at = json.loads(begun[2])["links"]["self"]
        octets = {"Content_Type": "application/octet-stream"}
        client = await server.connect()
        await client.send(request("PATCH", at, len(DATA), Upload_Offset="0", **octets) + DATA[:100_000])

        async def appends() -> bool:
            parts = list((folder / ".bateia" / "uploads").glob("*.part"))
            return bool(parts) and parts[0].stat().st_size == 100_000

        await eventually_sees(appends)
        second = await server.connect()  # it waits for the first, and continues behind it
        await second.send(request("PATCH", at, 1, Upload_Offset="0", **octets) + b"x")
        client.writer.transport.abort()
        refused = await second.answer()
        assert (refused[0], refused[1]["upload-offset"]) == (409, "100000")

        async def is_kept() -> bool:
            return bool(json.loads((await ask(server, request("GET", at)))[2])["offset"] == 100_000)

        await eventually_sees(is_kept)
        rest = DATA[100_000:]
        done = await ask(server, request("PATCH", at, len(rest), Upload_Offset="100000", **octets), rest)
        assert done[0] == 201
        assert (folder / "in" / "x").read_bytes() == DATA
        assert (await ask(server, request("GET", put, Range="bytes=-7")))[2] == DATA[-7:]
        head = await server.connect()
        await head.send(request("HEAD", put, Connection="close"))
        assert b"content-length: 256000\r\n" in await head.ended()
        for path in (b"..%2f..%2fetc/passwd", b"../../etc/passwd", b"%2e%2e/x", b"..%5cx", b"in/./x"):
            assert (await ask(server, request("GET", f"/v1/stores/files/{path.decode()}")))[0] == 422


async def test_a_slow_client_is_refused_and_keeps_an_object_as_it_was(tmp_path: Path) -> None:
    pace = MinimumRate(idle_timeout=0.05)
    async with folder_served(tmp_path / "files", minimum_rate=pace) as (server, _):
        answer = await ask(server, request("PUT", "/v1/stores/files/x", 10), b"12345")
        assert answer[0] == 408
        assert list((tmp_path / "files").glob("*")) == [tmp_path / "files" / ".bateia"]
        assert list((tmp_path / "files" / ".bateia" / "writing").glob("*")) == []
