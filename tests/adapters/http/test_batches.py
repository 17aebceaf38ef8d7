"""Batches over HTTP: submitting, reading, listing, cancelling and clearing them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from adapters.http.transport.memory_budget import MemoryBudget, Use
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import Action
from domain.batch_lines import MAX_BATCH_LINES
from domain.limits import MIB
from tests.adapters.http.api import Api, in_pieces, slug
from tests.adapters.http.served import connections, served
from tests.support.values import a_failure
from tests.support.waiting import eventually_sees

PATH: Final = "/v1/scripts/corporate-cards/batches"
LINES: Final = {"Content-Type": "application/x-ndjson"}
TWO: Final = b'{"ref":"a","data":[1]}\n{"data":null}\n'
ID: Final = "0199c602-4d10-7e5a-9c3b-1a2b3c4d5e6f"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def send(api: Api, lines: bytes = TWO, path: str = PATH, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return api.post(path, content=lines, headers=LINES | dict(headers or {}))


def sent(api: Api, lines: bytes = TWO) -> Any:
    answer = send(api, lines)
    assert answer.status_code == 202, answer.text
    return answer.json()


def path(batch: Any, below: str = "") -> str:
    return f"/v1/batches/{batch['id']}{below}"


def executions(api: Api, batch: Any) -> list[Any]:
    """List the executions of a batch, in the order of their lines."""
    answer = api.get(f"/v1/executions?limit=200&batch={batch['id']}")
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


def nothing_is_stored(api: Api) -> bool:
    listed = [api.get(one).json()["items"] for one in ("/v1/executions", "/v1/batches")]
    return listed == [[], []] and api.deps.limits.memory.held_bytes == 0


def actions(api: Api) -> list[Action]:
    api.run(api.reads.flush())
    return [one.event.action for one in api.run(api.store.audit.page(AuditFilter(), None, 100))]


def test_each_line_becomes_an_execution_of_the_latest_version(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    answer = send(api, b'{"data": [1.0], "ref": "a"}\n\n  \r\n{"data":{"x":1}}')
    shown = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, path(shown))
    assert answer.headers["cache-control"] == "no-store"
    assert (shown["status"], shown["lines"], shown["progress"], shown["script"]["version"]) == ("pending", 2, 0, 2)
    assert shown["counts"] == {"pending": 2, "running": 0, "succeeded": 0, "failed": 0}
    assert {name for name, value in shown.items() if value is None} == {
        "alias", "submitted_by", "cancelled_at", "finished_at", "content_removed_at"
    }  # fmt: skip
    assert shown["links"] == {
        "self": path(shown),
        "results": path(shown, "/results"),
        "executions": f"/v1/executions?batch={shown['id']}",
        "cancel": path(shown, "/cancel"),
    }
    first, second = executions(api, shown)
    assert first["batch"] == {"id": shown["id"], "line": 1, "ref": "a"}
    assert second["batch"] == {"id": shown["id"], "line": 2, "ref": None}
    assert [api.get(one["input"]["href"]).content for one in (first, second)] == [b"[1.0]", b'{"x":1}']
    assert api.get(f"/v1/executions/{first['id']}").json()["batch"] == first["batch"]
    assert api.get(path(shown)).json() == shown


def test_a_batch_runs_a_named_version_with_the_requested_clock_and_seed(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    api.promote(1, "stable")
    seed = "0" * 32
    answer = send(
        api, path=f"/v1/scripts/corporate-cards/versions/stable/batches?clock=2020-02-02T00:00:00Z&seed={seed}"
    )
    assert (answer.status_code, answer.json()["alias"], answer.json()["script"]["version"]) == (202, "stable", 1)
    for one in executions(api, answer.json()):
        shown = api.get(f"/v1/executions/{one['id']}").json()
        assert (shown["alias"], shown["clock"], shown["seed"]) == ("stable", "2020-02-02T00:00:00.000000Z", seed)


def test_an_execution_that_was_submitted_alone_is_in_no_batch(api: Api) -> None:
    batch = sent(api)
    alone = api.submit()
    assert alone["batch"] is None
    assert alone["id"] not in {one["id"] for one in executions(api, batch)}
    assert api.get(f"/v1/executions?batch={ID}").json()["items"] == []


def test_the_key_that_submitted_a_batch_is_named_and_audited(api: Api) -> None:
    _, bearer = api.key()
    shown = send(api, headers=bearer).json()
    assert shown["submitted_by"] == "a key"
    entry = api.get("/v1/audit", headers=bearer).json()["items"][0]
    assert (entry["action"], entry["batch_id"], entry["key_name"]) == ("submitted_batch", shown["id"], "a key")
    assert (entry["script_name"], entry["version"], entry["execution_id"]) == ("corporate-cards", 1, None)


@pytest.mark.parametrize("name", ["application/ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8"])
def test_other_names_of_the_media_type_are_accepted(api: Api, name: str) -> None:
    assert send(api, headers={"Content-Type": name}).status_code == 202


def test_a_body_that_is_no_lines_is_refused(api: Api) -> None:
    answer = send(api, headers={"Content-Type": "application/json"})
    assert slug(answer) == (415, "unsupported-media-type")
    assert answer.headers["accept"] == "application/x-ndjson"
    assert nothing_is_stored(api)


@pytest.mark.parametrize(
    ("lines", "line", "code"),
    [
        (b"[1]", 1, "batch-line-no-object"),
        (b'{"data":1}\n\n"x"\n', 3, "batch-line-no-object"),
        (b'{"data":1}\n{"ref":"a"}', 2, "batch-line-no-data"),
        (b"\r\n\n{}", 3, "batch-line-no-data"),
        (b'{"data":1,"dataset":2}', 1, "batch-line-unknown-member"),
        (b'{"data":1,"ref":""}', 1, "batch-line-reference"),
        (b'{"data":1,"ref":null}', 1, "batch-line-reference"),
        (b'{"data":1,"ref":7}', 1, "batch-line-reference"),
        (b'{"data":1,"ref":"a\\nb"}', 1, "batch-line-reference"),
        (b'{"data":1,"ref":"%b"}' % (b"x" * 256), 1, "batch-line-reference"),
    ],
)
def test_an_invalid_line_refuses_the_batch_and_is_named(api: Api, lines: bytes, line: int, code: str) -> None:
    answer = send(api, b"\n".join((lines, b'{"data":2}')))
    problem = answer.json()
    assert (slug(answer), problem["code"]) == ((422, "invalid-batch-line"), code)
    assert problem["position"] == {"offset": None, "line": line, "column": None, "excerpt": None}
    assert f"ine {line} " in problem["detail"]
    portuguese = send(api, lines, headers={"Accept-Language": "pt"}).json()
    assert f"linha {line} " in portuguese["detail"]
    assert nothing_is_stored(api)


def test_a_member_of_a_line_is_quoted_cut_off_and_harmless(api: Api) -> None:
    problem = send(api, b'{"data":1,"`%b":2}' % (b"x" * 300)).json()
    assert problem["detail"] == f"Line 1 has the member `\ufffd{'x' * 39}`, which is unknown."


@pytest.mark.parametrize(
    ("lines", "line", "column"),
    [(b'{"data":1}\n{"data":[1,]}', 2, 11), (b'\n{"data":1', 2, 10), (b'{"data":1} {"data":2}', 1, 12)],
)
def test_a_line_that_is_not_json_is_refused_with_its_place(api: Api, lines: bytes, line: int, column: int) -> None:
    answer = send(api, lines)
    assert slug(answer) == (400, "malformed-json")
    assert (answer.json()["position"]["line"], answer.json()["position"]["column"]) == (line, column)
    assert f"line {line}, column {column}" in answer.json()["detail"]
    assert nothing_is_stored(api)


@pytest.mark.parametrize("lines", [b"", b"\n", b" \r\n\t\n"])
def test_a_batch_without_a_line_is_refused(api: Api, lines: bytes) -> None:
    assert slug(send(api, lines)) == (422, "empty-batch")
    assert nothing_is_stored(api)


def test_a_batch_has_as_many_lines_as_the_limits_say_and_no_more(api: Api) -> None:
    most = api.get("/v1/limits").json()["batch_lines"]
    assert most == MAX_BATCH_LINES == 10_000
    assert slug(send(api, b'{"data":0}\n' * (most + 1))) == (413, "too-many-lines")
    assert nothing_is_stored(api)
    assert sent(api, b'\n{"data":0}' * most)["counts"]["pending"] == most


def test_the_lines_together_have_the_limit_of_a_dataset() -> None:
    api = Api(max_dataset_bytes=len(TWO))
    api.host()
    assert send(api).status_code == 202
    for content in (TWO + b"\n", in_pieces(TWO, b"\n")):
        answer = api.post(PATH, content=content, headers=LINES)
        assert (slug(answer), answer.json()["code"]) == ((413, "dataset-too-large"), "batch-too-large")


def test_a_batch_is_admitted_whole_or_not_at_all() -> None:
    api = Api(depth=3)
    api.host()
    sent(api)
    answer = send(api)
    assert (slug(answer), answer.headers["retry-after"]) == ((503, "queue-full"), "5")
    assert len(api.get("/v1/executions").json()["items"]) == 2


def test_an_archived_script_takes_no_batch(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/archive")
    assert slug(send(api)) == (409, "script-archived")


@pytest.mark.parametrize(
    ("of", "problem"),
    [
        ("nobody/batches", (404, "unknown-script")),
        ("Nobody/batches", (422, "malformed-id")),
        ("corporate-cards/versions/2/batches", (404, "unknown-version")),
        ("corporate-cards/versions/x/batches", (404, "unknown-version")),
        ("corporate-cards/versions/latest/batches", (422, "malformed-id")),
        ("corporate-cards/batches?seed=1", (422, "invalid-query")),
    ],
)
def test_a_batch_for_nothing_is_refused(api: Api, of: str, problem: tuple[int, str]) -> None:
    assert slug(send(api, path=f"/v1/scripts/{of}")) == problem
    assert nothing_is_stored(api)


def test_a_batch_without_room_in_memory_is_refused() -> None:
    budget = MemoryBudget(8 * MIB)
    api = Api(memory=budget)
    api.host()
    with budget.reserve(Use.REQUEST) as others:
        assert others.resize(8 * MIB - 2 * len(TWO))
        assert slug(send(api)) == (503, "too-much-in-flight")
    assert nothing_is_stored(api)
    assert send(api).status_code == 202


@pytest.mark.parametrize("kept", range(0, len(TWO) + 1, 5))
def test_a_client_that_leaves_while_it_sends_leaves_nothing(api: Api, kept: int) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": TWO[:kept], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answers: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def answer(message: Message) -> None:
        answers.append(message)

    headers = [(b"host", b"bateia"), (b"content-type", b"application/x-ndjson"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": headers}
    api.run(api.app(scope, receive, answer))
    assert answers == []
    assert nothing_is_stored(api)


def test_a_connection_that_ends_within_a_batch_leaves_nothing(api: Api) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nhost: bateia\r\ncontent-type: application/x-ndjson\r\ncontent-length: 99\r\n\r\n"

    async def send_and_leave() -> None:
        async with served(api.app) as server:
            client = await server.connect()
            await client.send(head.encode() + TWO)
            await connections(server, 1)
            client.writer.transport.abort()
            await connections(server, 0)

    api.run(send_and_leave())
    assert nothing_is_stored(api)


def test_a_repeated_key_returns_the_first_batch(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    first, again = send(api, headers=key), send(api, headers=key)
    assert (again.status_code, again.headers["idempotent-replayed"], again.json()) == (202, "true", first.json())
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert len(executions(api, first.json())) == 2
    assert len(api.get("/v1/batches").json()["items"]) == 1
    api.produce()
    api.produce()
    assert send(api, headers=key).status_code == 200


@pytest.mark.parametrize("lines", [TWO + b"\n", TWO.replace(b'"a"', b'"b"'), b'{"data":[1]}'])
def test_a_key_with_other_lines_is_refused(api: Api, lines: bytes) -> None:
    key = {"Idempotency-Key": "k"}
    first = send(api, headers=key).json()
    assert slug(send(api, lines, headers=key)) == (422, "idempotency-key-reused")
    assert api.get("/v1/batches").json()["items"] == [first]


def test_a_key_belongs_to_a_batch_or_to_an_execution(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    send(api, b"[1]", path="/v1/scripts/corporate-cards/executions", headers=key)
    assert slug(send(api, b'{"data":[1]}', headers=key)) == (422, "idempotency-key-reused")
    send(api, b'{"data":[1]}', headers={"Idempotency-Key": "other"})
    refused = send(api, b"[1]", path="/v1/scripts/corporate-cards/executions", headers={"Idempotency-Key": "other"})
    assert slug(refused) == (422, "idempotency-key-reused")


def test_a_malformed_key_is_refused_before_the_body(api: Api) -> None:
    assert slug(send(api, b"{", headers={"Idempotency-Key": '"'})) == (400, "malformed-idempotency-key")


def test_a_batch_is_pending_then_running_then_finished(api: Api) -> None:
    batch = sent(api)
    ending = api.run(api.begin())
    running = api.get(path(batch)).json()
    assert (running["status"], running["progress"]) == ("running", 0)
    assert running["counts"] == {"pending": 1, "running": 1, "succeeded": 0, "failed": 0}
    api.run(api.store.queue.finish([ending]))
    halfway = api.get(path(batch)).json()
    assert (halfway["status"], halfway["progress"], halfway["finished_at"]) == ("running", 0.5, None)
    api.fail(a_failure())
    finished = api.get(path(batch)).json()
    assert (finished["status"], finished["progress"]) == ("finished", 1)
    assert finished["counts"] == {"pending": 0, "running": 0, "succeeded": 1, "failed": 1}
    assert finished["finished_at"] >= finished["submitted_at"]


@pytest.mark.parametrize("reading", [True, False])
def test_a_client_can_wait_until_a_batch_finishes(api: Api, reading: bool) -> None:
    wait = {"Prefer": "wait=50"}

    async def both() -> httpx.Response:
        if reading:
            batch = (await api.ask("POST", PATH, content=TWO, headers=LINES)).json()
            asked = asyncio.create_task(api.ask("GET", path(batch), headers=wait))
        else:
            asked = asyncio.create_task(api.ask("POST", PATH, content=TWO, headers=LINES | wait))
        await eventually_sees(api.watched)
        assert api.deps.limits.memory.held_bytes == 0, "a client that waits holds no dataset"
        await api.work_to(b"1")
        assert not asked.done()
        await api.work_to(b"2")
        return await asked

    answer = api.run(both())
    assert (answer.status_code, answer.json()["status"]) == (200, "finished")
    assert answer.headers["preference-applied"] == "wait=50"


def test_a_batch_that_outlasts_the_wait_is_shown_as_it_is(api: Api) -> None:
    answer = send(api, headers={"Prefer": "wait=0"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "wait=0")
    assert api.get(path(answer.json()), headers={"Prefer": "wait=0"}).json() == answer.json()


@pytest.mark.parametrize("below", ["", "/results", "/cancel", "/content"])
def test_an_unknown_or_malformed_batch(api: Api, below: str) -> None:
    method = {"/cancel": "POST", "/content": "DELETE"}.get(below, "GET")
    assert slug(api(method, f"/v1/batches/{ID}{below}")) == (404, "unknown-batch")
    answer = api(method, f"/v1/batches/{ID}x{below}")
    assert (slug(answer), answer.json()["code"]) == ((422, "malformed-id"), "malformed-batch-id")


def test_batches_are_listed_newest_first_and_filtered(api: Api) -> None:
    api.host("other")
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    other = send(api, path="/v1/scripts/other/batches").json()
    first = send(api, path="/v1/scripts/corporate-cards/versions/1/batches").json()
    second = sent(api)
    for query, expected in (
        ("", [second, first, other]),
        ("?script=corporate-cards", [second, first]),
        (f"?script={other['script']['id']}", [other]),
        ("?version=1", [first, other]),
        ("?script=corporate-cards&version=2", [second]),
        ("?version=9", []),
    ):
        assert api.get(f"/v1/batches{query}").json() == {"items": expected, "next_cursor": None}
    assert slug(api.get("/v1/batches?script=nobody")) == (404, "unknown-script")
    assert slug(api.get("/v1/batches?cursor=x")) == (400, "malformed-cursor")
    assert slug(api.get("/v1/batches?version=0")) == (422, "invalid-query")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(count=st.integers(0, 5), limit=st.integers(1, 4))
def test_the_pages_of_the_list_are_the_list(count: int, limit: int) -> None:
    api = Api()
    api.host()
    newest_first = [sent(api)["id"] for _ in range(count)][::-1]
    found, link = [], f"/v1/batches?limit={limit}"
    while link:
        page = api.get(link)
        assert len(page.json()["items"]) <= limit
        found += [one["id"] for one in page.json()["items"]]
        link = page.headers.get("link", "").partition(">")[0][1:]
    assert found == newest_first


def test_cancelling_ends_what_has_not_ended(api: Api) -> None:
    batch = sent(api, b'{"data":1}\n{"data":2}\n{"data":3}')
    api.produce(b"7")
    ending = api.run(api.begin())
    answer = api.post(path(batch, "/cancel"))
    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["progress"]) == (200, "finished", 1)
    assert shown["counts"] == {"pending": 0, "running": 0, "succeeded": 1, "failed": 2}
    assert shown["cancelled_at"] is not None
    api.run(api.store.queue.finish([ending]))
    assert api.get(path(batch)).json() == shown
    errors = [one["error"] and one["error"]["kind"] for one in executions(api, batch)]
    assert errors == [None, "cancelled", "cancelled"]
    again = api.post(path(batch, "/cancel"))
    assert (slug(again), again.json()["code"]) == ((409, "already-finished"), "batch-already-finished")
    assert actions(api).count(Action.CANCELLED_BATCH) == 1


def test_content_is_removed_from_all_executions_of_a_finished_batch(api: Api) -> None:
    batch = sent(api)
    refused = api("DELETE", path(batch, "/content"))
    assert (slug(refused), refused.json()["detail"]) == (
        (409, "batch-not-finished"),
        "2 of the 2 executions of the batch have not ended.",
    )
    api.produce(b"1")
    api.fail(a_failure("a secret of the dataset"))
    for _ in range(2):
        answer = api("DELETE", path(batch, "/content"))
        assert (answer.status_code, answer.content) == (204, b"")
    shown = api.get(path(batch)).json()
    assert shown["content_removed_at"] >= shown["finished_at"]
    for one in executions(api, batch):
        assert one["content_removed_at"] is not None
        assert slug(api.get(one["input"]["href"])) == (410, "content-removed")
        assert "secret" not in json.dumps(one)
    assert executions(api, batch)[0]["batch"]["ref"] == "a"
    gone = api.get(path(batch, "/results"))
    assert (slug(gone), gone.json()["code"]) == ((410, "content-removed"), "batch-content-removed")
    assert actions(api).count(Action.REMOVED_BATCH) == 1


def test_links_begin_with_the_root_path(api: Api) -> None:
    under = {"X-Forwarded-Prefix": "/data/bateia"}
    prefixed = Api(root_path="/data/bateia")
    prefixed.host()
    answer = prefixed.post(PATH, content=TWO, headers=LINES)
    assert answer.headers["location"] == f"/data/bateia{path(answer.json())}"
    assert all(one.startswith("/data/bateia/v1/") for one in answer.json()["links"].values())
    assert under  # a proxy's prefix is trusted from its addresses only, see test_proxy_headers


def test_a_key_that_may_not_read_can_submit_cancel_and_clear(api: Api) -> None:
    _, writer = api.key(Scope.EXECUTIONS_WRITE)
    batch = send(api, headers=writer).json()
    assert slug(api.get(path(batch), headers=writer)) == (403, "forbidden")
    assert slug(api.get(path(batch, "/results"), headers=writer)) == (403, "forbidden")
    assert api.post(path(batch, "/cancel"), headers=writer).status_code == 200
    assert api("DELETE", path(batch, "/content"), headers=writer).status_code == 204
