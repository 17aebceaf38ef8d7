"""A large result through a real server: every form of it is the same, and after its removal there is no trace of it."""

import gzip
import json
from collections.abc import Callable

import httpx
import psycopg

from tests.adapters.http.api import slug
from tests.support.zstd import zstd
from tests.system.conftest import Service

ROWS = 60_000
MANY = "function process(n) { console.log('sesame'); return Array.from({length: n}, (_, i) => ({i, text: 'sesame'})); }"
THROWS = "function process(d) { throw new Error(d); }"


def raw(service: Service, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Read the answer, and its content as it was sent."""
    with service.client.stream("GET", path, headers={"Accept-Encoding": "identity"} | headers) as answer:
        return answer, b"".join(answer.iter_raw())


def test_a_large_result_is_read_in_every_form_and_gone_when_it_is_removed(start: Callable[..., Service]) -> None:
    service = start()
    service.host("many", MANY)
    execution = service.submit("many", str(ROWS), wait=30).json()
    path = execution["output"]["href"]
    plain, text = raw(service, path)
    assert len(text) == execution["output"]["size_bytes"] == int(plain.headers["content-length"])
    rows = [{"i": number, "text": "sesame"} for number in range(ROWS)]
    assert json.loads(text) == rows
    compressed, packed = raw(service, path, **{"Accept-Encoding": "zstd, gzip;q=0.9"})
    assert zstd.decompress(packed) == text
    lines, zipped = raw(service, path, **{"Accept-Encoding": "gzip", "Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in gzip.decompress(zipped).splitlines()] == rows
    assert len({answer.headers["etag"] for answer in (plain, compressed, lines)}) == 3
    assert raw(service, path, **{"If-None-Match": plain.headers["etag"]})[0].status_code == 304
    head = service.client.head(path, headers={"Accept-Encoding": "identity"})
    assert head.headers["content-length"] == str(len(text))

    service.host("throws", THROWS)
    thrown = service.submit("throws", '"sesame error"', wait=30).json()
    assert "sesame" in thrown["error"]["message"]
    for one in (execution, thrown):
        assert service.client.delete(f"/v1/executions/{one['id']}/content").status_code == 204
        assert slug(service.client.get(one["input"]["href"])) == (410, "content-removed")
    assert service.client.get(path, headers={"If-None-Match": plain.headers["etag"]}).status_code == 410
    left = service.read(execution["id"])
    assert (left["status"], left["logs"], "result" in left) == ("succeeded", [], False)
    with psycopg.connect(service.database_url) as database:
        for table in ("executions", "execution_inputs", "execution_results"):
            rows_left = database.execute(f"select t::text from {table} t".encode()).fetchall()
            assert len(rows_left) == (2 if table == "executions" else 0)
            assert "sesame" not in str(rows_left)
    assert service.stop() == 0
    assert "sesame" not in service.log.read_text()
