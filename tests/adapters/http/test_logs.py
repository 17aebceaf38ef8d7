"""Logs over HTTP: followed while the execution is running, and read to the end."""

from typing import Any
from uuid import UUID

import pytest

from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.wire.schemas.log_position import LOG_POSITION
from application.ports.live_logs import LogPart
from domain.access import Scope
from domain.execution import Running
from domain.live_log import excerpt
from domain.outcome import LogLevel, LogLine, Logs, Produced
from tests.adapters.http.api import Api, slug
from tests.support.values import a_body

HELLO, BYE = LogLine(LogLevel.LOG, "olá \U0001f4b3"), LogLine(LogLevel.WARN, "")


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def started(api: Api) -> tuple[str, Running]:
    """Start an execution; return the path of its log and the attempt."""
    execution_id = api.submit()["id"]
    running = api.run(api._claim()).running
    return f"/v1/executions/{execution_id}/log", running


def printed(api: Api, running: Running, first_line: int, *lines: LogLine, truncated: bool = False) -> None:
    parts = [LogPart(running, first_line, Logs(lines, truncated))]
    assert api.run(api.store.live_logs.append(parts)) == {running.claim.id}


def finished(api: Api, running: Running, *lines: LogLine) -> None:
    ending = api.run(api._ending(running, Produced(a_body(b"2")), logs=lines))
    assert api.run(api.store.queue.finish([ending])) == frozenset()


def read(api: Api, path: str, after: Any = None) -> tuple[str, int, list[str], Any]:
    answer = api.get(path, params={} if after is None else {"after": after})
    assert answer.status_code == 200
    log = answer.json()
    return log["status"], log["first_line"], [line["message"] for line in log["lines"]], log["position"]


def test_a_reader_gets_each_line_once_also_across_the_end(api: Api) -> None:
    path, running = started(api)
    *nothing, position = read(api, path)
    assert nothing == ["running", 0, []]
    printed(api, running, 0, HELLO)
    *first, position = read(api, path, position)
    assert first == ["running", 0, [HELLO.message]]
    finished(api, running, HELLO, BYE)
    *rest, end = read(api, path, position)
    assert rest == ["succeeded", 1, [BYE.message]]
    assert read(api, path, end) == ("succeeded", 2, [], end)
    assert read(api, path) == ("succeeded", 0, [HELLO.message, BYE.message], end)


def test_the_log_of_another_attempt_is_sent_from_its_beginning(api: Api) -> None:
    path, running = started(api)
    printed(api, running, 0, HELLO)
    *_, position = read(api, path)
    finished(api, running, BYE)
    assert read(api, path, position)[:3] == ("succeeded", 0, [BYE.message])


def test_a_log_that_is_longer_than_what_is_shown_says_so(api: Api) -> None:
    path, running = started(api)
    printed(api, running, 0, HELLO, truncated=True)
    assert api.get(path).json()["truncated"] is True
    finished(api, running, HELLO, BYE)
    assert api.get(path).json()["truncated"] is False


def test_an_execution_that_waits_has_an_empty_log(api: Api) -> None:
    log = api.get(f"/v1/executions/{api.submit()['id']}/log").json()
    assert (log["status"], log["attempt"], log["lines"]) == ("pending", 0, [])


def test_the_log_of_a_run_that_was_cancelled_ends_with_the_lines_stored_by_then(api: Api) -> None:
    path, running = started(api)
    printed(api, running, 0, HELLO, BYE)
    *_, position = read(api, path)
    assert api.get(path).json()["interrupted"] is False
    cancelled = api("POST", path.replace("/log", "/cancel")).json()
    assert [line["message"] for line in cancelled["logs"]] == [HELLO.message, BYE.message]
    assert api.get(path.removesuffix("/log")).json()["logs"] == cancelled["logs"]
    assert read(api, path) == ("failed", 0, [HELLO.message, BYE.message], position)
    assert api.get(path).json()["interrupted"] is True


def test_an_execution_that_was_cancelled_before_it_ran_has_no_log(api: Api) -> None:
    path = f"/v1/executions/{api.submit()['id']}/log"
    api("POST", path.replace("/log", "/cancel"))
    log = api.get(path).json()
    assert (log["status"], log["lines"], log["interrupted"]) == ("failed", [], False)


def test_a_reader_that_would_wait_gets_lines_that_are_there_and_the_end_at_once(api: Api) -> None:
    path, running = started(api)
    wait = {"Prefer": "wait=60"}
    printed(api, running, 0, HELLO)
    answer = api.get(path, headers=wait)
    assert [line["message"] for line in answer.json()["lines"]] == [HELLO.message]
    assert answer.headers["Preference-Applied"] == "wait=60"
    assert "Preference-Applied" not in api.get(path).headers
    finished(api, running, HELLO)
    answer = api.get(path, headers=wait, params={"after": answer.json()["position"]})
    assert (answer.json()["status"], answer.json()["lines"]) == ("succeeded", [])


def test_a_log_that_has_not_changed_is_not_sent_again(api: Api) -> None:
    path, running = started(api)
    printed(api, running, 0, HELLO)
    tag = {"If-None-Match": api.get(path).headers["etag"]}
    assert api.get(path, headers=tag).status_code == 304
    printed(api, running, 1, BYE)
    assert api.get(path, headers=tag).status_code == 200


def test_a_removed_log_is_gone(api: Api) -> None:
    path, running = started(api)
    finished(api, running, HELLO)
    assert api("DELETE", path.replace("/log", "/content")).status_code == 204
    assert slug(api.get(path)) == (410, "content-removed")


def test_an_unknown_execution_has_no_log(api: Api) -> None:
    assert slug(api.get(f"/v1/executions/{UUID(int=7)}/log")) == (404, "unknown-execution")
    assert slug(api.get("/v1/executions/x/log")) == (422, "malformed-id")


def test_only_a_key_that_may_read_gets_it_and_a_read_of_lines_is_audited_once_a_minute(api: Api) -> None:
    path, running = started(api)
    _, admin = api.key(Scope.ADMIN)
    reader_id, reader = api.key(Scope.READ)
    assert api.get(path, headers=admin).status_code == 403
    api.get(path, headers=reader)
    printed(api, running, 0, HELLO)
    api("HEAD", path, headers=reader)
    assert api.reads.waiting == 0
    for _ in range(3):
        api.get(path, headers=reader)
    assert api.reads.waiting == 1
    api.run(api.reads.flush())
    (record,) = [one for one in api.get("/v1/audit", headers=admin).json()["items"] if one["action"] == "read_details"]
    assert (record["key_id"], record["execution_id"]) == (str(reader_id), str(running.submission.id))


def test_the_example_of_a_position_is_at_the_end_of_the_example_of_lines() -> None:
    assert str(excerpt((LogLine(LogLevel.LOG, "12 records kept"),)).end) == LOG_POSITION


def test_a_long_log_is_sent_within_the_memory_budget(api: Api) -> None:
    path, running = started(api)
    lines = tuple(LogLine(LogLevel.LOG, f"{number:08}") for number in range(2_000))
    printed(api, running, 0, *lines)
    assert read(api, path)[2] == [line.message for line in lines]
    poor = Api(memory=MemoryBudget(100_000))
    poor.host()
    path, running = started(poor)
    printed(poor, running, 0, *lines)
    assert slug(poor.get(path)) == (503, "too-much-in-flight")
