"""Datasets over HTTP."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.body import digest
from domain.circumstances import derived_circumstances
from domain.execution import circumstances_of
from tests.adapters.http.api import JSON_TYPE, Api, in_pieces, slug
from tests.support.values import a_failure
from tests.support.waiting import eventually_sees

PATH = "/v1/scripts/corporate-cards/executions"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def test_a_dataset_is_accepted_for_the_latest_version(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    answer = api.post(PATH, content=b" [1.0]", headers=JSON_TYPE)
    shown = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/executions/{shown['id']}"
    assert (shown["status"], shown["attempt"], shown["script"]["version"]) == ("pending", 0, 2)
    assert (shown["input"]["size_bytes"], shown["logs"], shown["logs_truncated"]) == (6, [], False)
    assert {name for name, value in shown.items() if value is None} == {
        "started_at", "finished_at", "content_removed_at", "engine", "isolation", "output", "error", "measures",
        "replay_of", "input_of", "alias", "batch", "queue",
    }  # fmt: skip
    assert "result" not in shown
    assert "preference-applied" not in answer.headers
    assert api.get(shown["input"]["href"]).content == b" [1.0]"


def test_a_dataset_is_accepted_for_a_named_version(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/versions", json={"source": "2"})
    answer = api.post("/v1/scripts/corporate-cards/versions/1/executions", content=b"{}", headers=JSON_TYPE)
    assert (answer.status_code, answer.json()["script"]["version"]) == (202, 1)


def test_an_execution_that_ends_within_the_wait_is_answered_with_its_outcome(api: Api) -> None:
    async def both() -> httpx.Response:
        asked = asyncio.create_task(api.ask("POST", PATH, content=b"1", headers=JSON_TYPE | {"Prefer": "wait=50"}))
        await eventually_sees(api.watched)
        assert api.deps.limits.memory.held_bytes == 0, "who waits holds no dataset"
        await api.store.queue.finish([await api.begin()])
        return await asked

    answer = api.run(both())
    assert (answer.status_code, answer.json()["status"], answer.json()["result"]) == (200, "succeeded", 2)
    assert answer.headers["preference-applied"] == "wait=50"
    assert answer.headers["location"] == f"/v1/executions/{answer.json()['id']}"


def test_an_execution_that_outlasts_the_wait_is_answered_as_it_is(api: Api) -> None:
    answer = api.post(PATH, content=b"1", headers=JSON_TYPE | {"Prefer": "wait=0"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "wait=0")
    assert answer.headers["location"] == f"/v1/executions/{answer.json()['id']}"


@pytest.mark.parametrize("content", [b"", b"[1,", b"\xff", b"NaN", b"1 2"])
def test_a_dataset_that_is_not_json_is_refused(api: Api, content: bytes) -> None:
    assert slug(api.post(PATH, content=content, headers=JSON_TYPE)) == (400, "malformed-json")


def test_a_malformed_dataset_is_refused_with_the_place(api: Api) -> None:
    assert "line 1, column 3" in api.post(PATH, content=b"[1,]", headers=JSON_TYPE).json()["detail"]


@pytest.mark.parametrize("media_type", ["", "text/json", "application/json-seq", "application/+json"])
def test_a_dataset_of_another_media_type_is_refused(api: Api, media_type: str) -> None:
    answer = api.post(PATH, content=b"1", headers={"Content-Type": media_type})
    assert slug(answer) == (415, "unsupported-media-type")
    assert answer.headers["accept"] == "application/json, application/x-ndjson, application/vnd.bateia.reference+json"


def test_a_dataset_may_have_as_many_bytes_as_the_limit_and_no_more() -> None:
    api = Api(max_dataset_bytes=4)
    api.host()
    assert api.post(PATH, content=b"1234", headers=JSON_TYPE).status_code == 202
    assert slug(api.post(PATH, content=b"12345", headers=JSON_TYPE)) == (413, "dataset-too-large")
    assert slug(api.post(PATH, content=in_pieces(b"12", b"345"), headers=JSON_TYPE)) == (413, "dataset-too-large")
    lying = JSON_TYPE | {"Content-Length": "3"}
    assert slug(api.post(PATH, content=in_pieces(b"12", b"345"), headers=lying)) == (413, "dataset-too-large")


def test_a_full_queue_refuses_datasets_and_keeps_its_executions() -> None:
    api = Api(depth=2)
    api.host()
    kept = [api.submit() for _ in range(2)]
    answer = api.post(PATH, content=b"not even JSON", headers=JSON_TYPE)
    assert slug(answer) == (503, "queue-full")
    assert answer.headers["retry-after"] == "5"
    assert [api.get(f"/v1/executions/{one['id']}").json()["status"] for one in kept] == ["pending"] * 2
    assert (
        slug(api.post("/v1/scripts/corporate-cards/versions/1/executions", content=b"1", headers=JSON_TYPE))[0] == 503
    )


def test_an_archived_script_takes_no_dataset(api: Api) -> None:
    api.post("/v1/scripts/corporate-cards/archive")
    assert slug(api.post(PATH, content=b"1", headers=JSON_TYPE)) == (409, "script-archived")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nobody/executions", (404, "unknown-script")),
        ("Nobody/executions", (422, "malformed-id")),
        ("corporate-cards/versions/2/executions", (404, "unknown-version")),
        ("corporate-cards/versions/x/executions", (404, "unknown-version")),
        ("corporate-cards/versions/X/executions", (422, "malformed-id")),
        ("corporate-cards/executions?wait=1", (422, "invalid-query")),
    ],
)
def test_a_dataset_for_an_unknown_script_is_refused(api: Api, path: str, problem: tuple[int, str]) -> None:
    assert slug(api.post(f"/v1/scripts/{path}", content=b"1", headers=JSON_TYPE)) == problem


SEED = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize("path", [PATH, "/v1/scripts/corporate-cards/versions/1/executions"])
def test_a_submission_sets_the_clock_and_the_seed_of_its_run(api: Api, path: str) -> None:
    query = f"?clock=2024-02-29T20:59:59.123999-03:00&seed={SEED.upper()}"
    shown = api.post(path + query, content=b"[1]", headers=JSON_TYPE).json()
    assert (shown["clock"], shown["seed"]) == ("2024-02-29T23:59:59.123000Z", SEED)
    run = circumstances_of(api.run(api.begin()).execution.submission)
    assert (run.clock_ms, run.seed) == (1_709_251_199_123, SEED)


def test_circumstances_that_are_not_set_are_derived(api: Api) -> None:
    """The clock is the time of the submission, and the seed depends on dataset and clock."""

    def shown(query: str, content: bytes = b"[1]") -> Any:
        return api.post(PATH + query, content=content, headers=JSON_TYPE).json()

    neither, seeded = shown(""), shown(f"?seed={SEED}")
    for one in (neither, seeded):
        assert abs(datetime.fromisoformat(one["clock"]) - datetime.fromisoformat(one["submitted_at"])) <= timedelta(
            milliseconds=1
        )
    assert seeded["seed"] == SEED
    assert neither["seed"] == derived_circumstances(digest(b"[1]"), datetime.fromisoformat(neither["clock"])).seed
    first, again, other = (shown(f"?clock={neither['clock']}", content) for content in (b"[1]", b"[1]", b"[2]"))
    assert (first["clock"], first["seed"]) == (again["clock"], again["seed"]) == (neither["clock"], neither["seed"])
    assert other["seed"] != first["seed"]


@pytest.mark.parametrize("end", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T21:00:00-03:00"])
def test_the_clock_reaches_from_1970_to_9999(api: Api, end: str) -> None:
    inside = end != "9999-12-31T23:59:59.999999Z"
    answer = api.post(f"{PATH}?clock={end}", content=b"[1]", headers=JSON_TYPE)
    assert answer.status_code == (202 if inside else 422)
    if inside:
        assert answer.json()["clock"] == "1970-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("clock=", {"clock": "not-a-time"}),
        ("clock=now", {"clock": "not-a-time"}),
        ("clock=2026-03-01T12:00:00", {"clock": "not-a-time"}),
        ("clock=2026-03-01T12:00:00+03:00", {"clock": "not-a-time"}),
        ("clock=0001-01-01T00:00:00%2B23:59", {"clock": "not-a-time"}),
        ("clock=9999-12-31T23:59:59-00:01", {"clock": "not-a-time"}),
        ("clock=1969-12-31T23:59:59.999999999Z", {"clock": "clock-out-of-range"}),
        ("clock=9999-12-31T23:59:59.9991Z", {"clock": "clock-out-of-range"}),
        ("seed=", {"seed": "invalid-seed"}),
        (f"seed=0x{SEED[2:]}", {"seed": "invalid-seed"}),
        (f"seed={SEED}%0A", {"seed": "invalid-seed"}),
        (f"seed={SEED[1:]}%D9%A3", {"seed": "invalid-seed"}),
        ("clock=1969-01-01T00:00:00Z&seed=x", {"clock": "clock-out-of-range", "seed": "invalid-seed"}),
        (f"seed={SEED}&seed={SEED}", {"seed": "repeated"}),
        ("sed=1", {"sed": "unknown"}),
    ],
)
def test_an_invalid_clock_or_seed_is_refused_and_stores_nothing(api: Api, query: str, errors: dict[str, str]) -> None:
    answer = api.post(f"{PATH}?{query}", content=b"[1]", headers=JSON_TYPE)
    assert slug(answer) == (422, "invalid-query")
    assert {error["parameter"]: error["code"] for error in answer.json()["errors"]} == errors
    assert api.get("/v1/executions").json()["items"] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(content=st.binary(max_size=30) | st.text(max_size=30).map(str.encode))
def test_no_bytes_make_a_submission_fail(api: Api, content: bytes) -> None:
    assert api.post(PATH, content=content, headers=JSON_TYPE).status_code in (202, 400)


def test_a_failure_that_is_waited_for_is_a_successful_answer(api: Api) -> None:
    shown = api.submit()
    api.fail(a_failure())
    answer = api.get(f"/v1/executions/{shown['id']}", headers={"Prefer": "wait=9"})
    assert (answer.status_code, answer.json()["status"]) == (200, "failed")
