"""`Idempotency-Key` over HTTP: how it is written, and that one key makes one execution."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.http.requests.idempotency_key import parse_idempotency_key
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from tests.adapters.http.api import JSON_TYPE, Api, slug
from tests.domain.test_idempotency import printable
from tests.support.values import a_failure
from tests.support.waiting import eventually_sees

PATH = "/v1/scripts/corporate-cards/executions"
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
APART = '" \\,;'
texts = st.text(st.sampled_from('ab\\" ,;~\t\x7f\xe9=1'), max_size=12) | st.text(max_size=8)


def quoted(text: str) -> str:
    """Write a string by RFC 9651, section 4.1.6."""
    return '"' + "".join("\\" + one if one in '"\\' else one for one in text) + '"'


def unquoted(line: str) -> str | None:
    """Parse a string by RFC 9651, section 4.2.5, a character at a time; None if it is malformed or not all."""
    given_, read = list(line), ""
    if not given_ or given_.pop(0) != '"':
        return None
    while given_:
        one = given_.pop(0)
        if one == "\\":
            if not given_ or given_[0] not in '"\\':
                return None
            read += given_.pop(0)
        elif one == '"':
            return None if given_ else read
        elif not " " <= one <= "~":
            return None
        else:
            read += one
    return None


def parsed(line: str) -> str | None:
    """Parse the header's value as a key; None if it is malformed."""
    read = parse_idempotency_key(line)
    if not is_successful(read):
        return None
    key = read.unwrap()
    assert key is not None
    return key.value


@given(printable)
def test_a_string_is_read_as_it_was_meant(text: str) -> None:
    assert parsed(quoted(text)) == parsed(f" \t{quoted(text)} ") == text


@given(printable)
def test_a_key_may_come_without_quotes_unless_that_could_mean_more_than_one_thing(text: str) -> None:
    value = text.strip(" ")  # what stands around a header's value is not its own
    assert parsed(text) == ((unquoted(value) if set(value) & set(APART) else value) or None)


@given(texts.map(lambda text: '"' + text) | texts.map(lambda text: f'"{text}"') | texts.map(quoted) | texts)
def test_a_value_that_begins_with_a_quote_must_be_a_string(line: str) -> None:
    value = line.strip(" \t")
    if value.startswith('"'):
        assert parsed(line) == (unquoted(value) or None)
    else:
        plain = value != "" and all("!" <= one <= "~" and one not in APART for one in value)
        assert parsed(line) == (value if plain else None)


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def post(api: Api, key: str = KEY, content: bytes = b"[1]", path: str = PATH, **headers: str) -> httpx.Response:
    return api.post(path, content=content, headers=JSON_TYPE | {"Idempotency-Key": key} | headers)


def listed(api: Api) -> list[Any]:
    items: list[Any] = api.get("/v1/executions").json()["items"]
    return items


def test_a_request_that_is_sent_again_is_answered_with_the_first_execution(api: Api) -> None:
    first, again, bare = post(api), post(api), post(api, f'"{KEY}"')
    assert [one.status_code for one in (first, again, bare)] == [202] * 3
    assert first.json() == again.json() == bare.json()
    assert [one.headers.get("idempotent-replayed") for one in (first, again, bare)] == [None, "true", "true"]
    assert again.headers["location"] == first.headers["location"]
    assert len(listed(api)) == 1


def test_a_finished_execution_is_replayed(api: Api) -> None:
    post(api)
    api.produce(b"[2]")
    again = post(api)
    assert (again.status_code, again.json()["status"], again.json()["result"]) == (200, "succeeded", [2])
    post(api, "another")
    api.fail(a_failure())
    failed = post(api, "another", Prefer="wait=9")
    assert (failed.status_code, failed.json()["status"]) == (200, "failed")
    assert (failed.headers["idempotent-replayed"], failed.headers["preference-applied"]) == ("true", "wait=9")


def test_a_replay_waits_for_the_end_if_it_is_to(api: Api) -> None:
    first = post(api).json()

    async def both() -> httpx.Response:
        headers = JSON_TYPE | {"Idempotency-Key": KEY, "Prefer": "wait=50"}
        asked = asyncio.create_task(api.ask("POST", PATH, content=b"[1]", headers=headers))
        await eventually_sees(api.watched)
        await api.store.queue.finish([await api.begin()])
        return await asked

    again = api.run(both())
    assert (again.status_code, again.json()["id"], again.json()["result"]) == (200, first["id"], 2)
    assert (again.headers["idempotent-replayed"], again.headers["preference-applied"]) == ("true", "wait=50")


def test_the_first_request_waits_as_any_other(api: Api) -> None:
    async def both() -> httpx.Response:
        headers = JSON_TYPE | {"Idempotency-Key": KEY, "Prefer": "wait=50"}
        asked = asyncio.create_task(api.ask("POST", PATH, content=b"[1]", headers=headers))
        await eventually_sees(api.watched)
        await api.store.queue.finish([await api.begin()])
        return await asked

    first = api.run(both())
    assert (first.status_code, first.json()["result"], "idempotent-replayed" in first.headers) == (200, 2, False)


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"[2]", PATH),
        (b"[1] ", PATH),
        (b"[1]", "/v1/scripts/other/executions"),
        (b"[1]", "/v1/scripts/corporate-cards/versions/1/executions"),
    ],
)
def test_a_key_is_not_for_another_dataset_or_target(api: Api, content: bytes, path: str) -> None:
    api.host("other")
    post(api)
    assert slug(post(api, content=content, path=path)) == (422, "idempotency-key-reused")
    assert len(listed(api)) == 1


def test_a_key_is_not_for_another_clock_or_seed(api: Api) -> None:
    """The same moment in another zone and the same digits in upper case are no other request."""
    asked, seed = f"{PATH}?clock=2026-03-01T12:00:00.5Z&seed=", "0f" * 16
    first = post(api, path=asked + seed)
    same = post(api, path=f"{PATH}?seed={seed.upper()}&clock=2026-03-01T09:00:00.500999-03:00")
    assert (same.json(), same.headers["idempotent-replayed"]) == (first.json(), "true")
    for other in (
        PATH,
        f"{PATH}?seed={seed}",
        f"{asked}{'f0' * 16}",
        f"{PATH}?clock=2026-03-01T12:00:00.501Z&seed={seed}",
    ):
        assert slug(post(api, path=other)) == (422, "idempotency-key-reused")
    assert len(listed(api)) == 1


def test_the_target_is_the_one_that_was_named(api: Api) -> None:
    """A version that came since is no other target than the latest, and a script's id none other than its name."""
    first = post(api).json()
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    again = post(api, path=f"/v1/scripts/{first['script']['id']}/executions")
    assert (again.json()["id"], again.json()["script"]["version"]) == (first["id"], 1)
    named = "/v1/scripts/corporate-cards/versions/2/executions"
    assert post(api, "named", path=named).json() == post(api, "named", path=named).json()


def test_without_a_key_nothing_is_taken_for_the_same(api: Api) -> None:
    ids = {api.submit()["id"], post(api).json()["id"], api.submit()["id"]}
    assert {one["id"] for one in listed(api)} == ids
    assert len(ids) == 3


def test_a_refusal_leaves_the_key_free(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/archive")
    refused = [
        post(api),
        post(api, content=b"[1,"),
        post(api, path="/v1/scripts/nobody/executions"),
        post(api, path="/v1/scripts/corporate-cards/versions/9/executions"),
    ]
    assert [one.status_code for one in refused] == [409, 400, 404, 404]
    api.post("/v1/scripts/corporate-cards/unarchive")
    taken = post(api, content=b"[2]")
    assert (taken.status_code, "idempotent-replayed" in taken.headers) == (202, False)


def test_a_replay_succeeds_even_if_the_request_would_be_refused_now() -> None:
    api = Api(depth=1)
    api.host()
    first = post(api).json()
    assert slug(post(api, "another")) == (503, "queue-full")
    assert post(api).json() == first
    api.post("/v1/scripts/corporate-cards/archive")
    again = post(api)
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (202, first, "true")
    assert slug(post(api, content=b"[2]")) == (422, "idempotency-key-reused")
    assert slug(post(api, content=b"[2")) == (400, "malformed-json")
    assert slug(post(api, path="/v1/scripts/nobody/executions")) == (404, "unknown-script")


def test_of_two_hundred_concurrent_requests_one_makes_the_execution(api: Api) -> None:
    async def all_of_them() -> list[httpx.Response]:
        headers = JSON_TYPE | {"Idempotency-Key": KEY}
        return await asyncio.gather(*(api.ask("POST", PATH, content=b"[1]", headers=headers) for _ in range(200)))

    answers = api.run(all_of_them())
    assert {one.status_code for one in answers} == {202}
    assert len({one.json()["id"] for one in answers}) == len(listed(api)) == 1
    assert sum("idempotent-replayed" not in one.headers for one in answers) == 1


def test_a_key_that_has_expired_is_free() -> None:
    store = MemoryStore(utc_now, timedelta(seconds=15), keys_kept_for=timedelta(0))
    api = Api(scripts=store.scripts, executions=store.executions, idempotency_keys=store.keys)
    api.host()
    first, second = post(api), post(api, content=b"[2]")
    assert first.json()["id"] != second.json()["id"]
    assert "idempotent-replayed" not in second.headers


@pytest.mark.parametrize("key", ["", '""', "a b", '"a', 'a"', '"a", "b"', "a,b", '"a";p=1', "a\\b", '"\\a"', "k" * 256])
def test_a_malformed_key_is_refused_and_nothing_is_created(api: Api, key: str) -> None:
    assert slug(post(api, key)) == (400, "malformed-idempotency-key")
    assert listed(api) == []


def test_a_key_that_is_not_ascii_is_refused(api: Api) -> None:
    headers = [(b"Content-Type", b"application/json"), (b"Idempotency-Key", "é".encode())]
    assert slug(api.post(PATH, content=b"[1]", headers=headers)) == (400, "malformed-idempotency-key")


@pytest.mark.parametrize("second", [KEY, "another"])
def test_a_repeated_key_header_is_refused(api: Api, second: str) -> None:
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", KEY), ("idempotency-key", second)]
    answer = api.post(PATH, content=b"[1]", headers=headers)
    assert slug(answer) == (400, "malformed-idempotency-key")
    assert "it is repeated" in answer.json()["detail"]


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("keyed", [{}, {"Idempotency-Key": KEY}])
@pytest.mark.parametrize(
    ("sent", "kept"), [([TRACE], TRACE), ([TRACE.upper()], None), ([TRACE, TRACE], None), ([], None), ([""], None)]
)
def test_a_well_formed_trace_is_stored_and_shown_nowhere(
    api: Api, keyed: dict[str, str], sent: list[str], kept: str | None
) -> None:
    headers = [*JSON_TYPE.items(), *keyed.items(), *(("traceparent", one) for one in sent)]
    answer = api.post(PATH, content=b"[1]", headers=headers)
    assert answer.status_code == 202
    ending = api.run(api.begin())
    trace = ending.execution.submission.attribution.trace
    assert (None if trace is None else trace.traceparent) == kept
    assert "4bf92f3577b34da6a3ce929d0e0e4736" not in answer.text + api.get("/v1/executions").text
