"""The results of a batch over HTTP: lines, streamed in their order."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http.transport.memory_budget import MemoryBudget, Use
from adapters.system import utc_now
from application.batches import results
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.ports.access import AuditFilter
from application.ports.batches import BatchLine
from application.ports.errors import Unavailable
from application.ports.stored_bodies import StoredBody
from domain.audit import Action
from domain.limits import MIB
from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import Api, slug
from tests.adapters.http.test_batches import ID, LINES, PATH, path, sent
from tests.support.values import a_failure

VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
REFERENCES: Final = st.none() | st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=9)
BLANKS: Final = st.sampled_from([b"\n", b"\n\n", b"\r\n", b" \n\t\n"])


@frozen
class Line:
    """A line of a batch: the client's id of it, its dataset, how its execution ends, and whether its content goes."""

    reference: str | None
    dataset: Any
    outcome: Any
    is_removed: bool

    @property
    def text(self) -> bytes:
        named = {} if self.reference is None else {"ref": self.reference}
        return json.dumps(named | {"data": self.dataset}).encode()


OUTCOMES: Final = st.none() | st.builds(lambda value: (value,), VALUES) | st.builds(a_failure, st.text(max_size=9))
BATCHES: Final = st.lists(st.builds(Line, REFERENCES, VALUES, OUTCOMES, st.booleans()), min_size=1, max_size=9)


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def read(api: Api, batch: Any, query: str = "", **headers: str) -> list[Any]:
    answer = api.get(path(batch, f"/results{query}"), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.content == b"" or answer.content.endswith(b"\n")
    assert api.deps.limits.memory.held_bytes == 0
    return [json.loads(line) for line in answer.content.split(b"\n")[:-1]]


def finished(api: Api, *texts: bytes) -> Any:
    """Submit a batch of as many lines, which succeed with these results."""
    batch = sent(api, b"\n".join([b'{"data":0}'] * len(texts)))
    for text in texts:
        api.produce(text)
    return batch


def reads(api: Api) -> int:
    """Count the audited reads of batches."""
    api.run(api.reads.flush())
    return len(api.run(api.store.audit.page(AuditFilter(action=Action.READ_BATCH), None, 100)))


async def end(api: Api, lines: list[Line]) -> None:
    """Let the executions end as their lines say, from the first one to the last that does."""
    for line in lines:
        if line.outcome is None:
            return
        if isinstance(line.outcome, tuple):
            await api.work_to(json.dumps(line.outcome[0]).encode())
        else:
            await api.work(line.outcome)


def expected(api: Api, batch: Any, number: int, line: Line) -> Any:
    """Build the line of an execution from its own document."""
    listed = api.get(f"/v1/executions?limit=200&batch={batch['id']}").json()["items"]
    (found,) = [one for one in listed if one["batch"]["line"] == number]
    shown = api.get(f"/v1/executions/{found['id']}").json()
    assert shown["batch"] == {"id": batch["id"], "line": number, "ref": line.reference}
    built = {"line": number, "ref": line.reference, "execution": shown["id"], "status": shown["status"]}
    built |= {name: shown[name] for name in ("error", "content_removed_at", "result") if name in shown}
    return {name: value for name, value in built.items() if value is not None or name == "result"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=BATCHES, blank=BLANKS, after=st.integers(0, 10), data=st.data())
def test_the_lines_are_the_executions_documents(
    lines: list[Line], blank: bytes, after: int, data: st.DataObject
) -> None:
    api = Api()
    api.host()
    batch = sent(api, blank.join(one.text for one in lines))
    api.run(end(api, lines))
    for number, line in enumerate(lines, 1):
        if line.is_removed:
            of = expected(api, batch, number, line)["execution"]
            api("DELETE", f"/v1/executions/{of}/content")  # refused if it has not finished
    every = [expected(api, batch, number, line) for number, line in enumerate(lines, 1)]
    assert read(api, batch) == every
    assert read(api, batch, f"?after_line={after}") == every[after:]
    status = data.draw(st.sampled_from(["pending", "running", "succeeded", "failed"]))
    assert read(api, batch, f"?status={status}&after_line={after}") == [
        one for one in every[after:] if one["status"] == status
    ]


@pytest.mark.parametrize("after", [0, 1, 199, 200, 201, 449, 450, 451, 999_999_999])
def test_lines_beyond_a_page_are_read_to_the_end(api: Api, after: int) -> None:
    batch = sent(api, b'{"data":0}\n' * 450)
    assert [one["line"] for one in read(api, batch, f"?after_line={after}")] == [*range(after + 1, 451)]


def test_a_response_continues_after_any_line(api: Api) -> None:
    batch = finished(api, *(b'{"n":%d}' % number for number in range(7)))
    whole = api.get(path(batch, "/results")).content
    for at, byte in enumerate(whole):
        if byte == ord("\n"):
            last = json.loads(whole[:at].rpartition(b"\n")[2])["line"]
            assert whole[: at + 1] + api.get(path(batch, f"/results?after_line={last}")).content == whole


@pytest.mark.parametrize("query", ["after_line=-1", "after_line=x", "status=done", "limit=1", "after_line=1000000000"])
def test_an_invalid_query_is_refused(api: Api, query: str) -> None:
    assert slug(api.get(path(sent(api), f"/results?{query}"))) == (422, "invalid-query")


def test_results_are_as_they_were_produced_each_on_one_line(api: Api) -> None:
    batch = finished(api, b'{"a": 1.10,\r\n "b": "\\n\xc3\xa9", "a": 1e400}', b"null", b'"\\u2028"')
    lines = api.get(path(batch, "/results")).content.split(b"\n")
    assert lines[0].endswith(b'"status":"succeeded","result":{"a": 1.10, "b": "\\n\xc3\xa9", "a": 1e400}}')
    assert lines[1].endswith(b'"result":null}')
    assert lines[2].endswith(b'"result":"\\u2028"}')
    assert lines[3:] == [b""]


def test_an_error_has_a_hint_in_the_language_of_the_client(api: Api) -> None:
    batch = sent(api, b'{"data":{"rows":[]}}')
    message = "TypeError: data.filter is not a function (data is an object: {rows: […]})"
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, message, 2, 28)))
    english, portuguese = (read(api, batch, **{"Accept-Language": one})[0]["error"] for one in ("en", "pt"))
    assert english["hint"].startswith("The dataset is an object")
    assert portuguese["hint"] != english["hint"]
    assert portuguese["code"] == english["code"] == "dataset-object"


SIZES: Final = [0, 1, 64 * 1024 - 200, 64 * 1024, 600_000, 600_000, MIB - 2, MIB - 1, 2 * MIB, 5, 3 * MIB]


@pytest.mark.parametrize("text", [b"x", b"\\n", "é".encode(), b"\\\\"], ids=["plain", "escaped", "wide", "slashes"])
def test_results_of_any_size_are_sent_whole_and_in_their_order(api: Api, text: bytes) -> None:
    texts = [b'"%b"' % (text * (size // len(text))) for size in SIZES]
    batch = finished(api, *texts)
    lines = api.get(path(batch, "/results")).content.split(b"\n")[:-1]
    assert [json.loads(line)["line"] for line in lines] == [*range(1, len(SIZES) + 1)]
    for line, sent_text in zip(lines, texts, strict=True):
        assert line.endswith(b'"result":%b}' % sent_text)


def test_head_has_the_headers_of_get_and_reads_nothing(api: Api) -> None:
    batch = finished(api, b"1")
    answer, got = api("HEAD", path(batch, "/results")), api.get(path(batch, "/results"))
    assert (answer.status_code, answer.content) == (200, b"")
    for name in ("content-type", "cache-control", "x-content-type-options"):
        assert answer.headers[name] == got.headers[name]
    assert "content-length" not in answer.headers
    assert reads(api) == 1
    assert api("HEAD", f"/v1/batches/{ID}/results").status_code == 404


def test_a_read_of_results_is_audited_once_a_response(api: Api) -> None:
    key_id, bearer = api.key()
    batch = api.post(PATH, content=b'{"data":0}\n' * 300, headers=LINES | bearer).json()
    assert len(read(api, batch, **bearer)) == 300
    read(api, batch, "?after_line=300", **bearer)
    api.run(api.reads.flush())
    (entry,) = api.get("/v1/audit?action=read_batch", headers=bearer).json()["items"]
    assert (entry["batch_id"], entry["key_id"]) == (batch["id"], str(key_id))
    assert (entry["script_name"], entry["version"], entry["execution_id"]) == ("corporate-cards", 1, None)


def test_results_are_refused_while_their_reads_cannot_be_audited(api: Api) -> None:
    full = Api(reads=AuditReadBuffer(api.store.audit, utc_now, capacity=0))
    full.host()
    batch = sent(full)
    assert slug(full.get(path(batch, "/results"))) == (503, "unavailable")
    assert full.deps.limits.memory.held_bytes == 0


def test_what_cannot_be_read_at_all_is_a_problem_and_no_broken_response(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent(api)

    async def broken(*_: Any) -> Any:
        raise Unavailable("the database")

    monkeypatch.setattr(api.store.batches, "lines", broken)
    assert slug(api.get(path(batch, "/results"))) == (503, "unavailable")
    assert (reads(api), api.deps.limits.memory.held_bytes) == (0, 0)


@contextmanager
def full(api: Api, budget: int, room: int) -> Iterator[None]:
    """Leave no more room than that in the memory budget."""
    with api.deps.limits.memory.reserve(Use.REQUEST) as others:
        assert others.resize(budget - room)
        yield


def test_results_without_room_in_memory_are_refused() -> None:
    api = Api(memory=MemoryBudget(32 * MIB))
    api.host()
    batch = finished(api, b"1", b'"%b"' % (b"x" * 2 * MIB))
    with full(api, 32 * MIB, MIB):
        answer = api.get(path(batch, "/results"))
        assert slug(answer) == (503, "too-much-in-flight")
        assert api("HEAD", path(batch, "/results")).status_code == 200
    assert len(read(api, batch)) == 2


@pytest.mark.parametrize("received", [1, 2, 3, 9])
def test_nothing_more_is_read_once_the_client_has_left(
    api: Api, received: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = finished(api, *[b'"%b"' % (b"x" * 300_000)] * 12)
    found: list[BatchLine] = []
    read_lines = api.store.batches.lines

    async def counted(*wanted: Any) -> Any:
        page = await read_lines(*wanted)
        found.extend(page)
        return page

    monkeypatch.setattr(api.store.batches, "lines", counted)
    got = api.run(api.messages(path(batch, "/results"), received))
    assert (got[0]["status"], len(got)) == (200, received)
    assert len(found) <= 2 * (results.PAGE_BYTES // 300_000), "a page is sent and another one read at most"
    assert api.deps.limits.memory.held_bytes == 0
    assert reads(api) == 1


@pytest.mark.parametrize("received", [2, 9, 30])
def test_a_client_that_leaves_within_a_large_result_releases_its_memory(api: Api, received: int) -> None:
    batch = finished(api, b'"%b"' % (b"x" * 4 * MIB))
    got = api.run(api.messages(path(batch, "/results"), received))
    assert (got[0]["status"], len(got)) == (200, received)
    assert api.deps.limits.memory.held_bytes == 0


def test_no_message_is_longer_than_some_pieces(api: Api) -> None:
    batch = finished(api, b'"%b"' % (b"x" * 4 * MIB), b'"%b"' % (b"x" * 900_000), *[b"1"] * 50)
    got = api.run(api.messages(path(batch, "/results"), 10_000))
    assert max(len(one.get("body", b"")) for one in got) <= 256 * 1024
    assert sum(len(one.get("body", b"")) for one in got) > 4 * MIB + 900_000
    assert not got[-1]["more_body"]


def test_a_response_that_breaks_off_releases_its_memory(
    api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database went away within a large result."""
    batch = finished(api, b"1", b'"%b"' % os.urandom(MIB).hex().encode())
    whole = api.store.executions.result

    async def broken(execution_id: Any) -> StoredBody | None:
        stored = await whole(execution_id)
        assert stored is not None

        async def parts() -> Any:
            async for part in stored.parts():
                yield part
                raise Unavailable("the database")

        return evolve(stored, parts=parts)

    monkeypatch.setattr(api.store.executions, "result", broken)
    got = api.run(api.messages(path(batch, "/results"), 10_000))
    assert got[0]["status"] == 200
    assert got[-1]["more_body"], "the server closes a connection whose response has no end"
    assert "the database" in caplog.text
    assert api.deps.limits.memory.held_bytes == 0


@pytest.mark.parametrize(("before", "status"), [(1, 503), (100_000, 200)])
def test_a_large_result_without_room_refuses_the_response_or_breaks_it_off(
    monkeypatch: pytest.MonkeyPatch, before: int, status: int
) -> None:
    """Its stored form is read in larger parts than was provided for."""
    api = Api(memory=MemoryBudget(32 * MIB))
    api.host()
    batch = finished(api, b'"%b"' % (b"x" * before), b'"%b"' % (b"x" * 4 * MIB))
    whole = api.store.executions.result

    async def in_larger_parts(execution_id: Any) -> StoredBody | None:
        stored = await whole(execution_id)
        assert stored is not None
        return evolve(stored, held_bytes=32 * MIB)

    monkeypatch.setattr(api.store.executions, "result", in_larger_parts)
    got = api.run(api.messages(path(batch, "/results"), 10_000))
    assert (got[0]["status"], got[-1].get("more_body", False)) == (status, status == 200)
    assert api.deps.limits.memory.held_bytes == 0


def test_no_result_is_lost_that_is_removed_meanwhile(api: Api) -> None:
    """The whole batch is gone after its content was removed, and single lines say so before."""
    batch = finished(api, b"1", b"2")
    first = read(api, batch)[0]
    assert api("DELETE", f"/v1/executions/{first['execution']}/content").status_code == 204
    shown = read(api, batch)
    assert shown[0].keys() == {"line", "execution", "status", "content_removed_at"}
    assert (shown[0]["status"], shown[1]["result"]) == ("succeeded", 2)
