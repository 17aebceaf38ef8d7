"""The client library without a service: requests, retries, waits and errors, as values."""

import inspect
import json
from typing import Any

import anyio
import httpx
import pytest
from bateia import (
    AsyncClient,
    Client,
    ExecutionFailed,
    Refused,
    Submission,
    TimedOut,
    Unreachable,
    operations,
    requesting,
)
from bateia.bodies import BytesBody
from bateia.documents import execution
from bateia.exchange import Request, RetryPolicy, exchange
from bateia.problems import PROBLEM_CLASSES, NameTaken, QueueFull, UnknownScript
from hypothesis import given
from hypothesis import strategies as st

from tests.client.scripted import Script, an_execution, answer, http, problem

POST = Request("POST", "/v1/scripts", body=BytesBody(b"{}"))
BUSY = problem(503, "queue-full", retry_after=7)


def sent_key(one: Request) -> str:
    return one.headers["Idempotency-Key"]


def test_a_submission_is_repeated_with_its_own_key_after_the_time_that_the_service_names() -> None:
    script = Script(BUSY, Unreachable("gone"), answer(202, an_execution()))
    ended = script.perform(operations.submit("cards", [1]))
    assert ended.id == "e1"
    assert len({sent_key(one) for one in script.requests}) == 1
    assert [b"".join(one.body.chunks()) for one in script.requests if one.body] == [b"[1]"] * 3
    assert script.pauses[0] == 7
    assert 0.5 <= script.pauses[1] <= 1


def test_each_submission_has_another_key() -> None:
    script = Script(answer(202, an_execution()), answer(202, an_execution()))
    for _ in range(2):
        script.perform(operations.submit("cards", 1))
    assert len({sent_key(one) for one in script.requests}) == 2


def test_a_request_without_a_key_is_not_repeated_when_its_fate_is_unknown() -> None:
    for outcome in (Unreachable("broken off"), problem(503, "unavailable")):
        script = Script(outcome)
        with pytest.raises((Unreachable, Refused)):
            script.perform(exchange(POST))
        assert len(script.requests) == 1


def test_a_refusal_with_a_delay_had_no_effect_and_is_repeated_by_all() -> None:
    assert Script(BUSY, answer(201, 1)).perform(exchange(POST)).json() == 1


@given(st.integers(1, 6))
def test_attempts_end(attempts: int) -> None:
    script = Script(*[BUSY] * attempts, retries=RetryPolicy(attempts=attempts))
    with pytest.raises(QueueFull):
        script.perform(exchange(POST))
    assert len(script.requests) == attempts == len(script.pauses) + 1


@given(st.integers(1, 60), st.none() | st.floats(0, 1e6))
def test_no_pause_is_longer_than_the_longest(failures: int, asked_for: float | None) -> None:
    assert 0 <= RetryPolicy().pause(failures, asked_for) <= RetryPolicy().longest_pause_seconds


def test_a_version_is_named_in_the_path_unless_it_is_the_default() -> None:
    paths = [Submission(version).path("a/b", "executions") for version in ("live", 3, "canary")]
    assert paths == [
        "/v1/scripts/a%2Fb/executions",
        "/v1/scripts/a%2Fb/versions/3/executions",
        "/v1/scripts/a%2Fb/versions/canary/executions",
    ]


def test_a_run_waits_until_the_end_and_reads_the_result() -> None:
    running = an_execution(status="running", finished_at=None)
    script = Script(answer(202, running), answer(200, running), answer(200, an_execution()), answer(200, [{"a": 1}]))
    assert script.perform(operations.run("cards", [1])).records() == [{"a": 1}]
    assert [one.path for one in script.requests][-2:] == ["/v1/executions/e1", "/v1/executions/e1/result"]
    assert script.requests[0].headers["Prefer"] == "wait=30"


def test_a_wait_ends_in_time_and_names_the_work() -> None:
    running = answer(200, an_execution(status="running", finished_at=None))
    script = Script(*[running] * 5, seconds_of_response=30)
    with pytest.raises(TimedOut, match="e1 is still running") as timed_out:
        script.perform(operations.run("cards", 1, timeout=50))
    assert timed_out.value.id == "e1"
    assert [one.headers["Prefer"] for one in script.requests] == ["wait=30", "wait=20"]


def test_a_failed_execution_is_an_exception_with_its_place_and_hint() -> None:
    error = {"kind": "script_error", "message": "no", "line": 3, "hint": "Look there."}
    failed = an_execution(status="failed", error=error)
    with pytest.raises(ExecutionFailed, match=r"script_error in line 3: no\nLook there\.") as raised:
        Script(answer(200, failed)).perform(operations.run("cards", 1))
    assert raised.value.hint == "Look there."
    assert raised.value.execution == execution(failed)


@pytest.mark.parametrize("slug", PROBLEM_CLASSES)
def test_each_problem_type_has_its_class(slug: str) -> None:
    script = Script(problem(409, slug, detail="why", hint="do this"))
    with pytest.raises(PROBLEM_CLASSES[slug]) as raised:
        script.perform(exchange(POST))
    assert (raised.value.code, raised.value.hint, raised.value.status) == (slug, "do this", 409)


@pytest.mark.parametrize("document", [{"type": "/problems/of-tomorrow", "title": "New"}, [], "<html>", None])
def test_an_unknown_refusal_is_still_one(document: Any) -> None:
    with pytest.raises(Refused) as raised:
        Script(answer(418, document)).perform(exchange(POST))
    assert type(raised.value) is Refused
    assert raised.value.status == 418


def test_a_message_has_title_detail_places_and_each_hint_once() -> None:
    errors = [{"pointer": "/name", "detail": "is taken", "hint": "b"}, {"line": 3, "detail": "no", "hint": "a"}]
    refusal = NameTaken(409, {"title": "Taken", "detail": "It is.", "hint": "a", "errors": errors})
    assert str(refusal) == "Taken: It is.\n/name: is taken\nline 3: no\na\nb"


def test_the_page_of_a_list_leads_to_the_next() -> None:
    script = Script(
        answer(200, {"items": [{"n": 1}, {"n": 2}], "next_cursor": "c"}),
        answer(200, {"items": [{"n": 3}], "next_cursor": None}),
    )
    assert script.perform(requesting.pages("/v1/scripts", 5)) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert script.requests[1].query == {"cursor": "c", "limit": "3"}


def test_both_clients_have_the_same_methods_and_parameters() -> None:
    def methods(one: type) -> dict[str, list[str]]:
        public = {name: part for name, part in vars(one).items() if not name.startswith("_")}
        return {name: list(inspect.signature(part).parameters) for name, part in public.items()}

    assert methods(Client) == methods(AsyncClient)
    assert len(methods(Client)) >= 11


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_request_as_it_is_sent(asynchronous: bool) -> None:
    received: list[tuple[str, bytes]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        received.append((str(request.url), request.read()))
        assert request.headers["Content-Length"] == str(len(received[-1][1]))
        return httpx.Response(202, json=an_execution())

    def respond_later(request: httpx.Request) -> httpx.Response:
        return respond(request)

    async def submit() -> None:
        transport = httpx.MockTransport(respond_later)
        async with AsyncClient(http=httpx.AsyncClient(base_url="http://a.test/prefix/", transport=transport)) as client:
            await client.submit("cards", ["é"], clock="2026-01-01T00:00:00Z")

    if asynchronous:
        anyio.run(submit)
    else:
        client = httpx.Client(base_url="http://a.test/prefix/", transport=httpx.MockTransport(respond))
        Client(http=client).submit("cards", ["é"], clock="2026-01-01T00:00:00Z")
    url, body = received[0]
    assert url == "http://a.test/prefix/v1/scripts/cards/executions?clock=2026-01-01T00%3A00%3A00Z"
    assert json.loads(body) == ["é"]


def test_a_broken_connection_is_unreachable_and_names_the_service() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = Client(http=http(fail), retries=RetryPolicy(attempts=1))
    with pytest.raises(
        Unreachable, match=r"no response from http://service\.test/ \(refused\): is the service running"
    ):
        client.do(exchange(POST))


def test_a_response_that_is_no_json_is_of_another_server() -> None:
    client = Client(http=http(lambda _: httpx.Response(200, text="<html>")))
    with pytest.raises(Unreachable, match="is this the address of Bateia"):
        client.wait("e1")


def test_a_redirect_is_not_followed_with_the_key() -> None:
    client = Client(http=http(lambda _: httpx.Response(302, headers={"Location": "http://other.test/"})))
    with pytest.raises(Refused, match="HTTP 302 without a reason"):
        client.wait("e1")


def test_a_key_of_the_environment_is_for_the_service_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATEIA_URL", "http://one.test/")
    monkeypatch.setenv("BATEIA_KEY", "bateia_secret")
    keys = []
    for client in (Client(), Client("http://one.test"), Client("http://other.test"), Client("http://other.test", "b")):
        keys.append(client._http.headers.get("Authorization"))
        assert "secret" not in repr(client)
    assert keys == ["Bearer bateia_secret", "Bearer bateia_secret", None, "Bearer b"]


@pytest.mark.parametrize(
    ("url", "key", "words"),
    [
        ("one.test", None, "is not an address"),
        ("http://u:p@one.test", None, "a user"),
        ("http://a", "a\nb", "line break"),
    ],
)
def test_a_wrong_address_or_key_is_refused_without_quoting_the_key(url: str, key: str | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Client(url, key)


def test_an_unknown_script_is_its_own_class() -> None:
    client = Client(http=http(lambda _: httpx.Response(404, json={"type": "http://a/problems/unknown-script"})))
    with pytest.raises(UnknownScript):
        client.submit("nowhere", 1)
