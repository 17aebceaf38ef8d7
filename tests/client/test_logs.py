"""The logs of executions that a client follows: each line once, to the end, however the service answers."""

import anyio
import httpx
import pytest
from bateia import AsyncClient, Client, LogPart, TimedOut
from bateia.documents import execution
from bateia.exchange import Response
from bateia.logs import FollowedLog

from tests.client.scripted import Script, an_execution, answer, http


def a_part(first_line: int, *messages: str, status: str = "running") -> Response:
    lines = [{"level": "log", "message": message} for message in messages]
    log = {"status": status, "attempt": 1, "first_line": first_line, "lines": lines, "truncated": False}
    return answer(200, {**log, "position": f"{first_line + len(lines)}-0"})


def test_a_log_is_followed_part_by_part_to_its_end() -> None:
    parts = (a_part(0), a_part(0, "a"), a_part(1, "b", "c"), a_part(0, "d"), a_part(1, status="failed"))
    script, log = Script(*parts, seconds_of_response=2), FollowedLog("e/1")
    read = list(iter(lambda: script.perform(log.next_part()), None))
    assert [[line.message for line in part.lines] for part in read] == [["a"], ["b", "c"], ["d"], []]
    assert [part.first_line for part in read] == [0, 1, 0, 1]
    assert [part.has_finished for part in read] == [False, False, False, True]
    assert [one.query.get("after") for one in script.requests] == [None, "0-0", "1-0", "3-0", "1-0"]
    assert {(one.path, one.headers["Prefer"]) for one in script.requests} == {("/v1/executions/e%2F1/log", "wait=30")}
    assert script.pauses == []


def test_a_service_that_does_not_wait_for_lines_is_asked_once_a_second() -> None:
    script = Script(a_part(0), a_part(0), a_part(0, status="succeeded"))
    assert script.perform(FollowedLog("e1").next_part()) is not None
    assert script.pauses == [1, 1]


def test_a_log_is_followed_no_longer_than_its_time() -> None:
    script, log = Script(*[a_part(0, "a"), a_part(1), a_part(1)], seconds_of_response=20), FollowedLog("e1", 50)
    assert script.perform(log.next_part()) is not None
    with pytest.raises(TimedOut, match="e1 is still running when its time is over"):
        script.perform(log.next_part())
    assert [one.headers["Prefer"] for one in script.requests] == ["wait=30", "wait=30", "wait=10"]


def test_both_clients_follow_a_log() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        part = a_part(0, "a") if "after" not in request.url.params else a_part(1, "b", status="succeeded")
        return httpx.Response(200, content=part.body)

    async def follow() -> list[LogPart]:
        async with AsyncClient(
            http=httpx.AsyncClient(base_url="http://a.test/", transport=httpx.MockTransport(respond))
        ) as client:
            return [part async for part in client.follow_log(execution(an_execution()))]

    parts = list(Client(http=http(respond)).follow_log("e1"))
    assert [line.message for part in parts for line in part.lines] == ["a", "b"]
    assert anyio.run(follow) == parts
