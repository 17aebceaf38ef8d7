"""Replays of past executions on a version over HTTP."""

import asyncio
import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters.http.resources import replay_differences
from adapters.http.transport.memory_budget import MemoryBudget
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import Action
from domain.limits import MIB
from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import Api, slug
from tests.support.replaying import carry_on, runner_of
from tests.support.waiting import eventually_sees

ID: Final = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"
VERSION: Final = "/v1/scripts/corporate-cards/versions/1"
REPLAYS: Final = f"{VERSION}/replays"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def rows(*totals: int) -> bytes:
    return json.dumps([{"id": number, "total": total} for number, total in enumerate(totals)]).encode()


def done(api: Api, result: bytes) -> str:
    submitted = api.submit(b"[1]")
    api.produce(result)
    return str(submitted["id"])


def start(api: Api, **wanted: Any) -> httpx.Response:
    return api.post(REPLAYS, json=wanted or {"last": 50})


def replayed(api: Api, *results: bytes | None, **wanted: Any) -> Any:
    """Replay the executions, of which each ends with that result, or fails; return the finished replay."""
    started = start(api, **wanted)
    assert started.status_code == 202, started.text
    runner = runner_of(api.store)
    api.run(carry_on(runner))
    for result in results:
        if result is None:
            api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
        else:
            api.produce(result)
    for _ in range(2):
        api.run(carry_on(runner))
    shown = api.get(started.headers["location"]).json()
    assert shown["status"] == "finished"
    return shown


def path(replay: Any, below: str = "") -> str:
    return f"{REPLAYS}/{replay['id']}{below}"


def lines(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def actions(api: Api) -> list[Action]:
    api.run(api.reads.flush())
    return [one.event.action for one in api.run(api.store.audit.page(AuditFilter(), None, 100))]


def test_a_replay_is_pending_then_running_then_finished_with_its_sums(api: Api) -> None:
    ids = [done(api, result) for result in (rows(1, 2), rows(3), b'{"a":1}', rows(5))]
    started = start(api, executions=ids, key=["id"], tolerance={"absolute": 0.5, "relative": 1e-9})
    shown = started.json()
    assert started.headers["location"].endswith(path(shown).removeprefix("/v1/scripts/corporate-cards"))
    assert (shown["status"], shown["columns"], shown["finished_at"]) == ("pending", None, None)
    assert shown["selection"] == {"executions": ids}
    assert (shown["key"], shown["tolerance"]) == (["id"], {"absolute": 0.5, "relative": 1e-9})
    assert (shown["executions"]["total"], shown["executions"]["done"]) == (4, 0)
    runner = runner_of(api.store)
    api.run(carry_on(runner))
    assert api.get(path(shown)).json()["status"] == "running"
    for result in (rows(1, 2), rows(4, 9), b'{"a":1}'):
        api.produce(result)
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    for _ in range(2):
        api.run(carry_on(runner))
    finished = api.get(path(shown)).json()
    counts = {"total": 4, "done": 4, "equal": 2, "changed": 1, "now_failing": 1}
    assert finished["executions"] == counts | dict.fromkeys(("now_succeeding", "skipped", "incomplete"), 0)
    assert finished["rows"] == {"equal": 0, "changed": 1, "added": 1, "removed": 0}
    (column,) = finished["columns"]
    assert (column["name"], column["compared"], column["changed"], column["largest_absolute"]) == ("total", 1, 1, 1)
    assert finished["has_differences"] is True
    assert api.get(REPLAYS).json()["items"] == [finished | {"columns": None}]
    assert actions(api).count(Action.REPLAYED) == 1


def test_the_executions_of_a_replay_have_outcomes_reasons_and_rows(api: Api) -> None:
    ids = [done(api, rows(1)), done(api, rows(2)), ID, done(api, rows(7, 7))]
    replay = replayed(api, rows(1), rows(3), rows(8, 8), executions=ids, key=["total"])
    page = api.get(path(replay, "/executions?limit=2"))
    rest = api.get(page.headers["link"].partition(">")[0][1:])
    shown = [*page.json()["items"], *rest.json()["items"]]
    assert [one["original_id"] for one in shown] == ids
    assert [(one["number"], one["outcome"], one["reason"]) for one in shown] == [
        (0, "equal", None),
        (1, "changed", None),
        (2, "skipped", "unknown-execution"),
        (3, "incomplete", "key-not-unique"),
    ]
    assert shown[1]["rows"] == {"equal": 0, "changed": 0, "added": 1, "removed": 1}
    assert [one["rows"] for one in (shown[0], *shown[2:])] == [None] * 3
    assert "rows 0 and 1 of the original's result" in shown[3]["detail"]
    assert rest.json()["next_cursor"] is None
    execution = api.get(f"/v1/executions/{shown[1]['execution_id']}").json()
    assert execution["replay_of"] == ids[1]
    assert api.get(f"/v1/executions/{shown[2]['execution_id']}").status_code == 404


def test_differences_are_lines_with_their_executions_in_pages(api: Api) -> None:
    ids = [done(api, rows(*range(4))), done(api, rows(1)), done(api, b'{"a":1.10,"b":null}')]
    replay = replayed(api, rows(*range(1, 5)), None, b'{"a":1.2}', executions=ids)
    every = lines(api.get(path(replay, "/differences")))
    assert [(one["number"], one["change"]) for one in every] == [
        *[(0, "removed")] * 0, *[(0, "changed")] * 4, (1, "outcome"), (2, "changed"), (2, "removed")
    ]  # fmt: skip
    assert every[0]["original_id"] == ids[0]
    assert every[0]["cells"] == [{"column": "total", "before": 0, "after": 1}]
    assert (every[4]["before"], every[4]["after"]["error"]["message"]) == ({"state": "succeeded"}, "boom")
    assert '"before":1.10,"after":1.2}' in api.get(path(replay, "/differences")).text
    for limit in (1, 2, 3, 7):
        seen, following = [], path(replay, f"/differences?limit={limit}")
        while following:
            answer = api.get(following)
            seen += lines(answer)
            assert len(lines(answer)) == limit or "link" not in answer.headers
            following = answer.headers.get("link", "").partition(">")[0][1:]
        assert seen == every
    assert actions(api).count(Action.READ_DIFFERENCES) > 0


def test_only_lines_that_are_read_are_audited(api: Api) -> None:
    done(api, rows(1))
    equal = replayed(api, rows(1), last=1)
    assert lines(api.get(path(equal, "/differences"))) == []
    changed = replayed(api, rows(2), last=1)
    assert api("HEAD", path(changed, "/differences")).status_code == 200
    assert Action.READ_DIFFERENCES not in actions(api)
    assert lines(api.get(path(changed, "/differences")))
    assert actions(api).count(Action.READ_DIFFERENCES) == 1


def test_a_page_of_differences_ends_when_it_is_long(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_differences, "_PAGE_BYTES", 300)
    done(api, rows(*range(5)))
    replay = replayed(api, rows(*range(1, 6)), last=1)
    first = api.get(path(replay, "/differences"))
    assert 0 < len(lines(first)) < 5
    cursor = parse_qs(urlsplit(first.headers["link"].partition(">")[0][1:]).query)["cursor"]
    assert len(lines(api.get(path(replay, "/differences"), params={"cursor": cursor[0]}))) > 0


def test_differences_go_with_the_content_of_the_execution_that_shows_them(api: Api) -> None:
    done(api, rows(1))
    replay = replayed(api, rows(2), last=1)
    (member,) = api.get(path(replay, "/executions")).json()["items"]
    assert api("DELETE", f"/v1/executions/{member['execution_id']}/content").status_code == 204
    assert lines(api.get(path(replay, "/differences"))) == []
    assert replay["columns"][0]["name"] == "total"
    assert api.get(path(replay)).json() == replay | {"columns": []}


def test_differences_need_memory() -> None:
    api = Api(memory=MemoryBudget(MIB))
    api.host()
    done(api, rows(1))
    replay = replayed(api, rows(2), last=1)
    assert slug(api.get(path(replay, "/differences"))) == (503, "too-much-in-flight")


def test_acceptance_needs_the_end_and_a_note_and_is_kept(api: Api) -> None:
    done(api, rows(1))
    pending = start(api).json()
    accept = {"json": {"note": "as wanted"}}
    assert slug(api.post(path(pending, "/acceptance"), **accept)) == (409, "replay-not-finished")
    replay = replayed(api, rows(2), rows(2), last=1)
    assert slug(api.post(path(replay, "/acceptance"), json={"note": "\t"})) == (422, "invalid-document")
    accepted = api.post(path(replay, "/acceptance"), **accept).json()
    assert accepted == replay | {"acceptance": accepted["acceptance"]}
    assert (accepted["acceptance"]["note"], accepted["acceptance"]["by"]) == ("as wanted", None)
    again = api.post(path(replay, "/acceptance"), json={"note": "again"})
    assert (again.status_code, again.json()) == (200, accepted)
    assert actions(api).count(Action.ACCEPTED_REPLAY) == 1


def test_names_of_keys_are_shown_and_scopes_are_required(api: Api) -> None:
    done(api, rows(1))
    _, everything = api.key()
    _, writer = api.key(Scope.EXECUTIONS_WRITE)
    _, reader = api.key(Scope.READ)
    for headers in (writer, reader):
        assert slug(api.post(REPLAYS, json={"last": 1}, headers=headers)) == (403, "forbidden")
    started = api.post(REPLAYS, json={"last": 1}, headers=everything).json()
    assert started["created_by"] == "a key"
    for below in ("", "/executions", "/differences"):
        assert slug(api.get(path(started, below), headers=writer)) == (403, "forbidden")
        assert api.get(path(started, below), headers=reader).status_code == 200
    assert slug(api.post(path(started, "/acceptance"), json={"note": "x"}, headers=writer)) == (403, "forbidden")
    runner = runner_of(api.store)
    api.run(carry_on(runner))
    api.produce(rows(2))
    for _ in range(2):
        api.run(carry_on(runner))
    accepted = api.post(path(started, "/acceptance"), json={"note": "x"}, headers=everything).json()
    assert accepted["acceptance"]["by"] == "a key"


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({}, ""),
        ({"executions": [ID], "last": 1}, ""),
        ({"last": 0}, "/last"),
        ({"last": 1001}, "/last"),
        ({"last": True}, "/last"),
        ({"executions": []}, "/executions"),
        ({"executions": [ID, ID.upper()]}, "/executions"),
        ({"executions": ["x"]}, "/executions"),
        ({"executions": [ID] * 1001}, "/executions"),
        ({"executions": [ID], "since": "2026-11-23T00:00:00Z"}, "/since"),
        ({"executions": [ID], "of_version": 1}, "/of_version"),
        ({"last": 1, "of_version": 0}, "/of_version"),
        ({"last": 1, "since": "yesterday"}, "/since"),
        ({"last": 1, "key": []}, "/key"),
        ({"last": 1, "key": [""]}, "/key"),
        ({"last": 1, "key": ["a\0"]}, "/key"),
        ({"last": 1, "key": ["a", "a"]}, "/key"),
        ({"last": 1, "key": [str(n) for n in range(17)]}, "/key"),
        ({"last": 1, "key": "id"}, "/key"),
        ({"last": 1, "tolerance": {"absolute": -1}}, "/tolerance/absolute"),
        ({"last": 1, "tolerance": {"relative": "0.1"}}, "/tolerance/relative"),
        ({"last": 1, "tolerance": {"relative": True}}, "/tolerance/relative"),
        ({"last": 1, "tolerance": 1}, "/tolerance"),
        ({"last": 1, "tolerence": {}}, "/tolerence"),
    ],
)
def test_a_wrong_request_is_refused_with_its_place(api: Api, wanted: Any, pointer: str) -> None:
    answer = api.post(REPLAYS, json=wanted)
    assert slug(answer) == (422, "invalid-document")
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert api.get(REPLAYS).json()["items"] == []


def test_a_tolerance_beyond_all_numbers_is_no_number(api: Api) -> None:
    body = b'{"last": 1, "tolerance": {"absolute": 1e999}}'
    answer = api.post(REPLAYS, content=body, headers={"Content-Type": "application/json"})
    assert slug(answer) == (422, "invalid-document")
    assert answer.json()["errors"][0]["code"] == "not-a-number"


def test_a_thousand_executions_are_few_enough(api: Api) -> None:
    ids = [f"0199c5f3-10aa-7b02-8c11-{number:012x}" for number in range(1000)]
    started = start(api, executions=ids)
    assert (started.status_code, started.json()["executions"]["total"]) == (202, 1000)
    assert api.get(path(started.json(), "/executions?limit=200")).json()["items"][199]["number"] == 199


def test_replays_are_refused_where_there_is_nothing_to_replay_on(api: Api) -> None:
    api.host("other")
    foreign = api.submit(b"[1]", "other")["id"]
    answer = start(api, executions=[ID, foreign])
    assert slug(answer) == (409, "execution-of-another-script")
    assert foreign in answer.json()["detail"]
    body = {"json": {"last": 1}}
    assert slug(api.post("/v1/scripts/corporate-cards/versions/2/replays", **body)) == (404, "unknown-version")
    assert slug(api.post("/v1/scripts/none/versions/1/replays", **body)) == (404, "unknown-script")
    replay = start(api).json()
    for wrong in (f"{REPLAYS}/{ID}", f"/v1/scripts/other/versions/1/replays/{replay['id']}"):
        for below in ("", "/executions", "/differences"):
            assert slug(api.get(wrong + below)) == (404, "unknown-replay")
    assert slug(api.get(f"{REPLAYS}/x")) == (422, "malformed-id")
    assert slug(api.get(f"{REPLAYS}?cursor=x")) == (400, "malformed-cursor")
    assert slug(api.get(path(replay, "/executions?cursor=x"))) == (400, "malformed-cursor")
    assert slug(api.get(path(replay, "/differences?cursor=_____________w"))) == (400, "malformed-cursor")
    api.post("/v1/scripts/corporate-cards/archive")
    assert slug(start(api)) == (409, "script-archived")
    assert api.get(path(replay)).json() == replay


def test_a_reader_waits_for_the_end(api: Api) -> None:
    done(api, rows(1))
    replay = start(api).json()

    async def waiting() -> httpx.Response:
        reader = asyncio.create_task(api.ask("GET", path(replay), headers={"Prefer": "wait=60"}))
        await eventually_sees(api.watched)
        runner = runner_of(api.store)
        await carry_on(runner)
        await api.work_to(rows(1))
        for _ in range(2):
            await carry_on(runner)
        return await asyncio.wait_for(reader, 5)

    answer = api.run(waiting())
    assert (answer.json()["status"], answer.headers["preference-applied"]) == ("finished", "wait=60")
    assert answer.json()["columns"] == []
