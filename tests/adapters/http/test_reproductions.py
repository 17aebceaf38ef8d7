"""Reproductions over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest
from attrs import evolve

from adapters.http.transport.memory_budget import MemoryBudget, Use
from adapters.memory.rows import ExecutionRow
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import Action
from domain.body import digest
from domain.execution import Failed, Succeeded
from domain.limits import MIB
from domain.outcome import ErrorKind, Outcome, Produced, Rejected, script_error
from tests.adapters.http.api import Api, slug
from tests.support.values import ENGINE, a_body
from tests.support.waiting import eventually_sees

ID = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def path(execution: Any) -> str:
    return f"/v1/executions/{execution['id']}"


def reproduce(api: Api, execution: Any, **how: Any) -> httpx.Response:
    return api.post(f"{path(execution)}/reproduction", **how)


def done(api: Api, result: bytes = b"2", dataset: bytes = b"[1]") -> Any:
    submitted = api.submit(dataset)
    api.produce(result)
    return submitted


def row(api: Api, execution: Any) -> tuple[dict[Any, ExecutionRow], Any]:
    rows = api.store.executions._kept
    return rows, next(key for key in rows if str(key) == execution["id"])


def alter(api: Api, submitted: Any, /, **changes: Any) -> None:
    """Change what is stored of an execution behind the service's back."""
    rows, key = row(api, submitted)
    rows[key] = evolve(rows[key], **changes)


def actions(api: Api) -> list[Action]:
    """List the audited actions."""
    api.run(api.reads.flush())
    return [one.event.action for one in api.run(api.store.audit.page(AuditFilter(), None, 100))]


def test_an_execution_is_reproduced_behind_the_scenes_and_is_equal(api: Api) -> None:
    original = done(api)
    started = reproduce(api, original)
    shown = started.json()
    assert (started.status_code, shown["status"], shown["reproduced"]) == (202, "pending", None)
    assert started.headers["location"] == f"{path(original)}/reproductions/{shown['id']}"
    assert (shown["execution_id"], shown["execution"]) == (original["id"], path(original))
    replay = api.get(shown["replay"]).json()
    before = api.get(path(original)).json()
    assert [replay[one] for one in ("clock", "seed", "limits", "script")] == [
        before[one] for one in ("clock", "seed", "limits", "script")
    ]
    assert replay["input"]["sha256"] == before["input"]["sha256"]
    api.produce()
    ended = api.get(started.headers["location"]).json()
    assert ended == shown | {"status": "finished", "reproduced": True}


def test_the_first_differing_byte_is_found_and_quoted_for_readers_alone(api: Api) -> None:
    original = done(api, b'{"rows":[' + b"1," * 60_000 + '"é"]}'.encode())
    started = reproduce(api, original)
    api.produce(b'{"rows":[' + b"1," * 60_000 + '"ê",3]}'.encode())
    shown = api.get(started.headers["location"]).json()
    difference = shown["difference"]
    at = len('{"rows":[') + 120_000 + 2  # the second byte of é
    assert (shown["reproduced"], difference["of"], difference["byte"]) == (False, "result", at)
    assert actions(api).count(Action.READ_RESULT) == 2
    assert difference["expected"] == api.get(path(original)).json()["output"]["sha256"]
    assert difference["expected_excerpt"].endswith('1,1,1,"é"]}')
    assert difference["actual_excerpt"].endswith('1,1,1,"ê",3]}')


def test_a_failed_execution_is_reproduced_by_its_error(api: Api) -> None:
    for other, reproduced in (("boom", True), ("bang", False)):
        submitted = api.submit()
        api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom", line=1)))
        location = reproduce(api, submitted).headers["location"]
        api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, other, line=1)))
        shown = api.get(location).json()
        assert shown["reproduced"] == reproduced
        assert reproduced or (shown["difference"]["of"], shown["difference"]["byte"]) == ("error", None)


def test_another_outcome_is_a_difference_and_a_cancelled_replay_proves_nothing(api: Api) -> None:
    original = done(api)
    location = reproduce(api, original).headers["location"]
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    assert api.get(location).json()["difference"] == {
        "of": "outcome", "expected": "succeeded", "actual": "script_error",
        "byte": None, "expected_excerpt": None, "actual_excerpt": None,
    }  # fmt: skip
    started = reproduce(api, original)
    api.post(f"{started.json()['replay']}/cancel")
    shown = api.get(started.headers["location"]).json()
    assert (shown["reproduced"], shown["difference"]) == (None, None)
    assert shown["inconclusive"] == {"reason": "no-run", "expected": None, "actual": "cancelled"}


def test_a_stored_result_that_was_altered_is_detected_although_the_digests_are_equal(api: Api) -> None:
    original = done(api, b"[1,2,3]")
    recorded = api.get(path(original)).json()["output"]["sha256"]
    location = reproduce(api, original).headers["location"]
    api.produce(b"[1,2,3]")
    rows, key = row(api, original)
    for bytes_, actual, at in ((b"[1,2,4]", digest(b"[1,2,4]").sha256, 5), (b"[1,2,", "unreadable", None)):
        stored = a_body(bytes_)
        alter(api, original, result=evolve(stored, digest=digest(b"[1,2,3]")))
        shown = api.get(location).json()
        assert (shown["reproduced"], shown["difference"]["of"]) == (False, "stored-result")
        assert (shown["difference"]["expected"], shown["difference"]["actual"]) == (recorded, actual)
        assert shown["difference"]["byte"] == at
    alter(api, original, result=None)
    shown = api.get(location).json()
    assert (shown["difference"]["of"], shown["difference"]["actual"]) == ("stored-result", "unreadable")
    assert rows[key].result is None


def test_a_stored_error_that_was_altered_is_detected(api: Api) -> None:
    submitted = api.submit()
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    location = reproduce(api, submitted).headers["location"]
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom")))
    rows, key = row(api, submitted)
    failed = rows[key].execution
    assert isinstance(failed, Failed)
    alter(api, submitted, execution=evolve(failed, error=evolve(failed.error, message="bang")))
    assert api.get(location).json()["difference"]["of"] == "stored-error"


@pytest.mark.parametrize("outcome", [Produced(a_body(b"2")), Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom"))])
def test_a_reproduction_outlasts_the_content_of_both(api: Api, outcome: Outcome) -> None:
    original = api.submit()
    api.fail(outcome)
    started = reproduce(api, original)
    api.fail(outcome)
    for one in (path(original), started.json()["replay"]):
        assert api("DELETE", f"{one}/content").status_code == 204
    assert api.get(started.headers["location"]).json()["reproduced"] is True


def test_content_whose_key_does_not_decrypt_is_altered(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    original = done(api)
    location = reproduce(api, original).headers["location"]
    api.produce()

    async def broken(*_: object) -> None:
        raise ValueError("the data key of that execution does not decrypt")

    for part in ("dataset", "result"):
        monkeypatch.setattr(api.store.executions, part, broken)
    assert reproduce(api, original).json()["code"] == "dataset-altered"
    assert api.get(location).json()["difference"]["actual"] == "unreadable"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"dataset": a_body(b"[2]")}, "dataset-altered"),
        ({"dataset": a_body(b"[1,2]")}, "dataset-altered"),
        ({"dataset": None}, "dataset-removed"),
    ],
)
def test_an_altered_dataset_is_reported_and_not_run(api: Api, changes: dict[str, Any], code: str | None) -> None:
    original = done(api)
    if changes.get("dataset"):
        changes = {"dataset": evolve(changes["dataset"], digest=digest(b"[1]"))}
    alter(api, original, **changes)
    answer = reproduce(api, original)
    assert answer.json().get("code") == code
    assert answer.status_code == (202 if code is None else 409)


def test_what_cannot_be_reproduced_is_refused_with_the_missing_part(api: Api) -> None:
    pending = api.submit()
    assert slug(reproduce(api, pending)) == (409, "not-finished")
    api.post(f"{path(pending)}/cancel")
    removed, elsewhere = done(api), done(api)
    api("DELETE", f"{path(removed)}/content")
    rows, key = row(api, elsewhere)
    succeeded = rows[key].execution
    assert isinstance(succeeded, Succeeded)
    provenance = evolve(succeeded.provenance, engine="quickjs-ng 0.16.0 (QuickJS-NG 0.16)")
    alter(api, elsewhere, execution=evolve(succeeded, provenance=provenance))
    for execution, code in (
        (pending, "nothing-to-reproduce"),
        (removed, "dataset-removed"),
        (elsewhere, "recorded-engine-replaced"),
    ):
        answer = reproduce(api, execution)
        assert (slug(answer), answer.json()["code"]) == ((409, "not-reproducible"), code)
    assert f"quickjs-ng 0.16.0 (QuickJS-NG 0.16); installed is {ENGINE}" in answer.json()["detail"]
    bare = Api(installed_engine=lambda name: None)
    bare.host()
    assert reproduce(bare, done(bare)).json()["code"] == "recorded-engine-not-installed"


def test_a_full_queue_of_replays_refuses_a_reproduction() -> None:
    full = Api(depth=2)
    full.host()
    first, second = done(full), done(full)
    assert [reproduce(full, one).status_code for one in (first, second)] == [202, 202]
    full.produce(b"2")  # of the first one; its room is free with the next count
    assert slug(reproduce(full, first)) == (503, "queue-full")


def test_requests_share_a_reproduction_until_it_has_finished(api: Api) -> None:
    original, other = done(api), done(api)
    started = reproduce(api, original)
    again = reproduce(api, original)
    assert (again.status_code, again.headers["location"]) == (202, started.headers["location"])
    assert reproduce(api, other).json()["id"] != started.json()["id"]
    api.produce(b"[1]")
    assert reproduce(api, original).json()["id"] != started.json()["id"]


def test_a_reproduction_reserves_memory_for_the_dataset_and_for_reading_two_results() -> None:
    api = Api(memory=MemoryBudget(3 * MIB))
    api.host()
    original = done(api, b"[1]", b"[" + b"1," * 700_000 + b"1]")
    memory = api.deps.limits.memory
    with memory.reserve(Use.REQUEST) as other:
        assert other.resize(MIB)
        assert slug(reproduce(api, original)) == (503, "too-much-in-flight")
    location = reproduce(api, original).headers["location"]
    assert memory.held_bytes == 0
    api.produce(b"[1]")
    assert api.get(location).json()["reproduced"] is True
    long = done(api, b"[" + b"1," * 10_000 + b"1]")
    location = reproduce(api, long).headers["location"]
    api.produce(b"[2]")
    assert slug(api.get(location)) == (503, "too-much-in-flight")


def test_only_a_reproduction_of_that_execution_is_found(api: Api) -> None:
    original, other = done(api), done(api)
    started = reproduce(api, original).json()
    for first, second, kind in (
        (original["id"], other["id"], (404, "unknown-execution")),
        (other["id"], started["id"], (404, "unknown-execution")),
        (original["id"], ID, (404, "unknown-execution")),
        (ID, started["id"], (404, "unknown-execution")),
        ("x", started["id"], (422, "malformed-id")),
        (original["id"], "x", (422, "malformed-id")),
    ):
        waiting = {"Prefer": "wait=60"}  # it does not wait for what it does not find
        assert slug(api.get(f"/v1/executions/{first}/reproductions/{second}", headers=waiting)) == kind
    assert slug(reproduce(api, {"id": ID})) == (404, "unknown-execution")


def test_an_archived_script_s_execution_is_reproduced(api: Api) -> None:
    original = done(api)
    api.post("/v1/scripts/corporate-cards/archive")
    assert reproduce(api, original).status_code == 202


def test_both_operations_wait_for_the_end(api: Api) -> None:
    original = done(api)

    async def waiting(method: str, at: str) -> httpx.Response:
        reader = asyncio.create_task(api.ask(method, at, headers={"Prefer": "wait=60"}))
        await eventually_sees(api.watched)
        await api.work_to(b"2")
        return await asyncio.wait_for(reader, 5)

    answer = api.run(waiting("POST", f"{path(original)}/reproduction"))
    assert (answer.status_code, answer.json()["reproduced"]) == (200, True)
    assert answer.headers["preference-applied"] == "wait=60"
    location = reproduce(api, original).headers["location"]
    answer = api.run(waiting("GET", location))
    assert (answer.json()["reproduced"], answer.headers["preference-applied"]) == (True, "wait=60")


def test_the_scope_of_submissions_starts_one_and_sees_no_excerpt(api: Api) -> None:
    original = done(api, b"[1]")
    _, runner = api.key(Scope.EXECUTIONS_WRITE)
    _, reader = api.key(Scope.READ)
    assert slug(reproduce(api, original, headers=reader)) == (403, "forbidden")

    async def differing() -> httpx.Response:
        request = asyncio.create_task(
            api.ask("POST", f"{path(original)}/reproduction", headers=runner | {"Prefer": "wait=60"})
        )
        await eventually_sees(api.watched)
        await api.work_to(b"[2]")
        return await asyncio.wait_for(request, 5)

    difference = api.run(differing())
    shown = difference.json()["difference"]
    assert (shown["byte"], shown["expected_excerpt"], shown["actual_excerpt"]) == (1, None, None)
    location = difference.headers["location"]
    assert slug(api.get(location, headers=runner)) == (403, "forbidden")
    assert api.get(location, headers=reader).json()["difference"]["actual_excerpt"] == "[2]"
    assert actions(api).count(Action.SUBMITTED) == 2
