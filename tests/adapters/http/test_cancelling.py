"""Cancelling over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import JSON_TYPE, Api, slug
from tests.support.waiting import eventually_sees

ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"
CANCELLED = {
    "kind": "cancelled", "message": "the execution was cancelled",
    "line": None, "column": None, "position_is_exact": None, "stack": None, "code": "run-cancelled",
    "hint": "Submit the dataset again to run it. If this execution had an idempotency key, use a new one.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def path(execution: Any) -> str:
    return f"/v1/executions/{execution['id']}"


def cancel(api: Api, execution: Any, **how: Any) -> httpx.Response:
    return api.post(f"{path(execution)}/cancel", **how)


def test_a_pending_execution_is_shown_failed_and_never_run(api: Api) -> None:
    submitted = api.submit()
    answer = cancel(api, submitted)
    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["error"]) == (200, "failed", CANCELLED)
    assert (shown["attempt"], shown["started_at"], shown["measures"], shown["engine"]) == (0, None, None, None)
    assert shown["finished_at"] >= shown["submitted_at"] == submitted["submitted_at"]
    assert api.get(path(submitted)).json() == shown
    with pytest.raises(ValueError, match="not enough values"):  # to claim
        api.run(api.begin())


def test_a_running_execution_fails_in_its_attempt_and_its_late_outcome_is_discarded(api: Api) -> None:
    submitted = api.submit()
    ending = api.run(api.begin())
    shown = cancel(api, submitted).json()
    assert (shown["status"], shown["attempt"], shown["error"]) == ("failed", 1, CANCELLED)
    assert shown["finished_at"] >= shown["started_at"] >= shown["submitted_at"]
    api.run(api.store.queue.finish([ending]))
    assert api.get(path(submitted)).json() == shown
    assert slug(api.get(f"{path(submitted)}/result")) == (409, "execution-failed")


def test_a_finished_execution_cannot_be_cancelled(api: Api) -> None:
    succeeded, failed, cancelled = api.submit(), api.submit(), api.submit()
    api.produce()
    api.fail(Rejected(script_error(ErrorKind.TIMEOUT, "a secret of the dataset")))
    cancel(api, cancelled)
    for execution, end in [(succeeded, "succeeded"), (failed, "failed"), (cancelled, "failed")]:
        before = api.get(path(execution)).content
        refused = cancel(api, execution)
        assert (slug(refused), refused.json()["detail"]) == (
            (409, "already-finished"),
            f"The execution is already {end}.",
        )
        assert api.get(path(execution)).content == before


def test_an_execution_that_is_not_there_cannot_be_cancelled(api: Api) -> None:
    assert slug(cancel(api, {"id": ID})) == (404, "unknown-execution")
    assert slug(cancel(api, {"id": "x"})) == (422, "malformed-id")
    assert slug(api.post(f"/v1/executions/{ID}/cancel?now=1")) == (422, "invalid-query")


@pytest.mark.parametrize("body", [b"", b"{}", b"no JSON"])
def test_a_body_is_ignored(api: Api, body: bytes) -> None:
    assert cancel(api, api.submit(), content=body, headers=JSON_TYPE).status_code == 200


def test_a_reader_is_answered_when_the_execution_is_cancelled(api: Api) -> None:
    submitted = api.submit()

    async def both() -> tuple[httpx.Response, httpx.Response]:
        reader = asyncio.create_task(api.ask("GET", path(submitted), headers={"Prefer": "wait=60"}))
        await eventually_sees(api.watched)
        return await api.ask("POST", f"{path(submitted)}/cancel"), await asyncio.wait_for(reader, 5)

    cancelled, read = api.run(both())
    assert read.json() == cancelled.json()
