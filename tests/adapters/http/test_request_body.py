"""The forms in which a dataset may be sent: NDJSON, compressed, in any pieces; and what bounds each of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.transport.memory_budget import MemoryBudget, Use
from adapters.http.transport.minimum_rate import MinimumRate
from domain.body import digest
from domain.limits import MIB
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, in_pieces, slug
from tests.adapters.http.codings import (
    deflate_bomb,
    encoded,
    gzipped,
    pieces_of,
    zstd_bomb,
    zstd_streamed,
    zstd_whole,
)
from tests.support.waiting import eventually_sees

PATH = "/v1/scripts/corporate-cards/executions"
NDJSON_TYPE = {"Content-Type": "application/x-ndjson"}
CODERS = {"gzip": gzipped, "zstd": zstd_whole}

laws = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | finite | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
cuts = st.lists(st.integers(0, 200), max_size=4)


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def small(limit: int, **changes: Any) -> Api:
    """Create an application that accepts datasets of so many bytes."""
    api = Api(max_dataset_bytes=limit, **changes)
    api.host()
    return api


def send(api: Api, pieces: list[bytes], **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.post(PATH, content=in_pieces(*pieces), headers=JSON_TYPE | names)


@laws
@given(value=values, cuts=cuts, data=st.data())
def test_text_is_the_same_dataset_under_any_coding_in_any_pieces(
    api: Api, value: object, cuts: list[int], data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode()
    sent = data.draw(encoded(text))
    plain = send(api, pieces_of(text, cuts)).json()["input"]
    packed = send(api, pieces_of(sent.data, cuts), Content_Encoding=sent.coding).json()["input"]
    assert (plain["sha256"], plain["size_bytes"]) == (digest(text).sha256, len(text))
    assert (packed["sha256"], packed["size_bytes"]) == (plain["sha256"], plain["size_bytes"])
    assert api.get(packed["href"]).content == text


@laws
@given(items=st.lists(values, min_size=1, max_size=5), cuts=cuts, data=st.data())
def test_ndjson_is_the_array_of_its_values_under_any_coding(
    api: Api, items: list[object], cuts: list[int], data: st.DataObject
) -> None:
    lines = [json.dumps(one).encode() for one in items]
    text = b"\n".join(line + data.draw(st.sampled_from([b"", b"\r", b"\n", b" \n"])) for line in lines)
    sent = data.draw(encoded(text))
    headers = NDJSON_TYPE | {"Content-Encoding": sent.coding}
    answer = api.post(PATH, content=in_pieces(*pieces_of(sent.data, cuts)), headers=headers)
    assert api.get(answer.json()["input"]["href"]).content == b"[" + b",".join(lines) + b"]"


@laws
@given(value=values, cuts=cuts, data=st.data())
def test_an_encoded_dataset_that_is_cut_short_is_refused(
    api: Api, value: object, cuts: list[int], data: st.DataObject
) -> None:
    sent = data.draw(encoded(json.dumps(value).encode(), max_parts=1))
    end = data.draw(st.integers(0, len(sent.data) - 1))
    answer = send(api, pieces_of(sent.data[:end], cuts), Content_Encoding=sent.coding)
    assert slug(answer) == (400, "malformed-encoding")
    assert answer.json()["detail"] == f"The encoding is invalid at byte {end}: it ends too early."


@laws
@given(size=st.integers(2, 300), more=st.integers(0, 2), cuts=cuts, data=st.data())
def test_the_limit_is_to_the_decoded_bytes_and_exact(
    size: int, more: int, cuts: list[int], data: st.DataObject
) -> None:
    text = b"1" * (size + more)
    sent = data.draw(encoded(text) | st.just(None))
    body, coding = (text, "identity") if sent is None else (sent.data, sent.coding)
    answer = send(small(size), pieces_of(body, cuts), Content_Encoding=coding)
    assert answer.status_code == (413 if more else 202)
    if more:
        assert slug(answer) == (413, "dataset-too-large")


def test_the_brackets_that_lines_get_are_not_counted() -> None:
    api = small(4)
    assert api.post(PATH, content=b"1\n23", headers=NDJSON_TYPE).json()["input"]["size_bytes"] == 6
    assert slug(api.post(PATH, content=b"1\n2\n3", headers=NDJSON_TYPE)) == (413, "dataset-too-large")


@pytest.mark.parametrize(("coding", "bomb"), [("gzip", deflate_bomb(200)), ("zstd", zstd_bomb(100_000))])
def test_a_bomb_is_refused_at_the_limit_without_reading_on(api: Api, coding: str, bomb: bytes) -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        for start in range(0, len(bomb), 4096):
            read += 4096
            yield bomb[start : start + 4096]

    headers = JSON_TYPE | {"Content-Encoding": coding}
    assert slug(api.post(PATH, content=pieces(), headers=headers)) == (413, "dataset-too-large")
    assert read >= len(bomb), "what is left is discarded, so that the client sees the answer"


@pytest.mark.parametrize(("coding", "empty"), [("gzip", gzipped(b"")), ("zstd", zstd_whole(b""))])
def test_members_that_hold_nothing_do_not_go_on_without_end(coding: str, empty: bytes) -> None:
    assert slug(send(small(10), [empty * 500], Content_Encoding=coding)) == (400, "malformed-json")
    assert slug(send(small(10), [empty * 10_000], Content_Encoding=coding)) == (413, "dataset-too-large")


@pytest.mark.parametrize("coding", ["br", "gzip, zstd", "identity, gzip", "deflate", "gzip;q=1"])
def test_unsupported_codings_are_refused_with_the_supported_ones(api: Api, coding: str) -> None:
    answer = send(api, [b"1"], Content_Encoding=coding)
    assert slug(answer) == (415, "unsupported-encoding")
    assert answer.headers["accept-encoding"] == "zstd, gzip, identity"


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_the_identity_coding_is_none(api: Api, coding: str) -> None:
    assert send(api, [b"1"], Content_Encoding=coding).status_code == 202


@pytest.mark.parametrize(
    ("coding", "body", "detail"),
    [
        ("gzip", b"[1]", "at byte 1: incorrect header check"),
        ("gzip", gzipped(b"[1]") + b"more", "at byte 24: incorrect header check"),
        ("zstd", zstd_whole(b"[1]") + b"more", "at byte 12: no frame begins here"),
        ("zstd", zstd_streamed(b"[1]", window_log=24), "at byte 0: the frame's window of 16 MiB (16,777,216 bytes)"),
    ],
)
def test_a_malformed_encoding_is_refused_with_the_place(api: Api, coding: str, body: bytes, detail: str) -> None:
    answer = send(api, [body], Content_Encoding=coding)
    assert slug(answer) == (400, "malformed-encoding")
    assert detail in answer.json()["detail"]


def test_the_malformed_line_of_ndjson_is_named(api: Api) -> None:
    answer = api.post(PATH, content=b'{"a":1}\n\n{"a":x}\n', headers=NDJSON_TYPE)
    assert slug(answer) == (400, "malformed-json")
    assert "line 3, column 6" in answer.json()["detail"]


def test_ndjson_without_a_byte_is_refused_and_a_blank_line_is_an_empty_array(api: Api) -> None:
    assert slug(api.post(PATH, content=b"", headers=NDJSON_TYPE)) == (400, "malformed-json")
    shown = api.post(PATH, content=b"\n", headers=NDJSON_TYPE).json()
    assert api.get(shown["input"]["href"]).content == b"[]"


@pytest.mark.parametrize("coding", CODERS)
@pytest.mark.parametrize(
    ("media_type", "document"),
    [("text/javascript", SOURCE), ("application/json", json.dumps({"name": "packed", "source": SOURCE}))],
)
def test_scripts_may_come_compressed_too(api: Api, coding: str, media_type: str, document: str) -> None:
    query = "?name=packed" if media_type == "text/javascript" else ""
    headers = {"Content-Type": media_type, "Content-Encoding": coding}
    answer = api.post(f"/v1/scripts{query}", content=CODERS[coding](document.encode()), headers=headers)
    assert answer.status_code == 201
    assert api.get("/v1/scripts/packed/versions/1/source").text == SOURCE


def test_a_compressed_script_is_held_to_the_limit_of_scripts(api: Api) -> None:
    headers = {"Content-Type": "text/javascript", "Content-Encoding": "gzip"}
    answer = api.post("/v1/scripts?name=packed", content=gzipped(b" " * (MIB + 1)), headers=headers)
    assert slug(answer) == (413, "source-too-large")


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_bodies_beyond_the_room_for_all_of_them_are_refused_until_there_is_room(coding: str) -> None:
    text = json.dumps([n * n for n in range(20_000)]).encode()
    body = CODERS.get(coding, bytes)(text)
    api = Api(memory=MemoryBudget(3 * len(text)))
    api.host()
    with api.deps.limits.memory.reserve(Use.REQUEST) as others:
        others.resize(3 * len(text) - 70_000)
        answer = send(api, [body[:50_000], body[50_000:]], Content_Encoding=coding)
        assert slug(answer) == (503, "too-much-in-flight")
        assert answer.headers["retry-after"] == str(TooMuchInFlight().retry_after_seconds)
        assert api.deps.limits.memory.held_bytes == 3 * len(text) - 70_000
    assert send(api, [body[:50_000], body[50_000:]], Content_Encoding=coding).status_code == 202
    assert api.deps.limits.memory.held_bytes == 0


def test_the_array_that_lines_become_needs_room_as_well() -> None:
    lines = b"1\n" * 1_000
    for room, status in ((2 * len(lines) + 1, 503), (2 * len(lines) + 2, 202)):
        api = Api(memory=MemoryBudget(room))
        api.host()
        assert api.post(PATH, content=lines, headers=NDJSON_TYPE).status_code == status
        assert api.deps.limits.memory.held_bytes == 0


@pytest.mark.parametrize("ending", ["it ends", "the client leaves", "the request is cancelled", "it is too large"])
def test_a_request_s_memory_is_reserved_and_released_however_it_ends(ending: str) -> None:
    api = small(1_500)
    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "headers": [(b"host", b"x"), *headers],
    }

    async def held() -> list[int]:
        go_on, seen = asyncio.Event(), []
        messages = [{"type": "http.request", "body": b" " * 1_000, "more_body": True}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await go_on.wait()
            if ending == "the client leaves":
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": b"1" * (600 if "large" in ending else 1), "more_body": False}

        async def swallow(_: Any) -> None:
            pass

        async def holds_all() -> bool:
            return api.deps.limits.memory.held_bytes == 1_000

        task = asyncio.create_task(api.app(scope, receive, swallow))
        await eventually_sees(holds_all)
        seen.append(api.deps.limits.memory.held_bytes)
        if "cancelled" in ending:
            task.cancel()
        go_on.set()
        await asyncio.wait([task])
        return [*seen, api.deps.limits.memory.held_bytes]

    assert api.run(held()) == [1_000, 0]


def test_a_silent_client_is_refused() -> None:
    api = Api(minimum_rate=MinimumRate(idle_timeout=0.02, window=30))
    api.host()

    async def silent() -> AsyncIterator[bytes]:
        yield b"["
        await asyncio.Event().wait()

    answer = api.post(PATH, content=silent(), headers=JSON_TYPE)
    assert slug(answer) == (408, "request-timeout")
    assert answer.headers["connection"] == "close"
    assert "without pauses of 0.02 s" in answer.json()["detail"]


def test_a_large_body_never_holds_up_the_event_loop(api: Api) -> None:
    """A megabyte of zeros takes some milliseconds to inflate: the loop turns meanwhile, once a megabyte or oftener."""
    text = b"[" + b"1," * (16 * MIB) + b"1]"
    turns = 0

    async def meanwhile() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def both() -> int:
        turning = asyncio.create_task(meanwhile())
        before = turns
        answer = await api.ask("POST", PATH, content=gzipped(text), headers=JSON_TYPE | {"Content-Encoding": "gzip"})
        turning.cancel()
        assert answer.status_code == 202
        return turns - before

    assert api.run(both()) > 32
