"""Previews over HTTP, over a sandbox whose runs return the dataset."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from returns.result import Failure, Result
from starlette.requests import ClientDisconnect, Request

from adapters.http.transport.connected import while_connected
from adapters.http.transport.memory_budget import MemoryBudget, Use
from adapters.system import utc_now
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.ports.access import AuditFilter
from application.ports.sandbox import RunFailure, SandboxBusy, SandboxLost, Trial
from domain.access import Scope
from domain.audit import Action
from domain.comparison.report import ComparisonStopped, StopReason
from domain.limits import MIB
from domain.outcome import Run
from domain.warnings import SourceWarningKind
from tests.adapters.http.api import JSON_TYPE, Api, slug

PATH = "/v1/previews"
SOURCE = "function process(data) { return data; }"


def tried(api: Api, dataset: str = "[1]", /, headers: dict[str, str] | None = None, **members: Any) -> httpx.Response:
    """Run a preview with the dataset as it is written."""
    document = json.dumps({"source": SOURCE, **members})[:-1] + f', "dataset": {dataset}}}'
    return api.post(PATH, content=document.encode(), headers=JSON_TYPE | (headers or {}))


def test_a_source_is_run_and_nothing_is_stored(api: Api) -> None:
    answer = tried(api, ' [1.50, 12345678901234567890, {"a": 1, "a": 2}]')
    shown = answer.json()
    assert answer.status_code == 200
    assert b'"result":[1.50, 12345678901234567890, {"a": 1, "a": 2}]' in answer.content
    assert (shown["state"], shown["error"], shown["differences"]) == ("succeeded", None, None)
    assert [one["kind"] for one in shown["warnings"]] == ["integer-precision"]
    assert answer.headers["cache-control"] == "no-store"
    assert api.get("/v1/executions").json()["items"] == api.get("/v1/scripts").json()["items"] == []
    assert api.deps.limits.memory.held_bytes == 0


def test_a_failed_run_is_answered_with_its_error(api: Api) -> None:
    shown = tried(api, source="throw").json()
    assert (shown["state"], shown["result"], shown["error"]["kind"]) == ("failed", None, "script_error")
    assert "result" in shown


def test_the_circumstances_are_derived_or_those_of_the_request(api: Api) -> None:
    derived = tried(api).json()
    sent = tried(api, clock="2020-02-02T00:00:00.0009Z", seed="A" * 32).json()
    assert (sent["clock"], sent["seed"]) == ("2020-02-02T00:00:00.000000Z", "a" * 32)
    assert derived["clock"] != sent["clock"]
    assert (
        tried(api, clock="2020-02-02T00:00:00Z").json()["seed"]
        == tried(api, clock="2020-02-02T00:00:00Z").json()["seed"]
    )


def test_limits_are_those_of_a_version_lowered_to_those_of_previews(api: Api) -> None:
    assert tried(api).json()["limits"]["wall_ms"] == 5_000
    lower = {"wall_ms": 100, "memory_bytes": 16 * MIB, "result_bytes": 64 * MIB, "log_bytes": 0}
    assert tried(api, limits=lower).json()["limits"] == lower | {"result_bytes": 4 * MIB}
    refused = tried(api, limits={"wall_ms": 10**9})
    assert (slug(refused), refused.json()["errors"][0]["pointer"]) == ((422, "invalid-document"), "/limits/wall_ms")


def test_a_source_that_cannot_be_hosted_is_refused_as_an_upload_is(api: Api) -> None:
    for source in ("{{{", "\ud800"):
        refused = tried(api, source=source).json()
        new = json.dumps({"name": "a", "source": source})
        uploaded = api.post("/v1/scripts", content=new, headers=JSON_TYPE).json()
        assert {**refused, "instance": 0, "request_id": 0} == {**uploaded, "instance": 0, "request_id": 0}


def test_warnings_about_the_source_are_those_of_a_version(api: Api) -> None:
    (warning,) = tried(api, source="Intl").json()["source_warnings"]
    assert (warning["kind"], warning["line"]) == (SourceWarningKind.MISSING_INTL, 1)


@pytest.mark.parametrize(
    ("members", "status", "kind"),
    [
        ({"source": ""}, 422, "invalid-document"),
        ({"sauce": "x"}, 422, "invalid-document"),
        ({"engine": "hal"}, 422, "invalid-document"),
        ({"version": 1}, 422, "invalid-document"),
        ({"script": "corporate-cards", "version": 0}, 422, "invalid-document"),
        ({"script": "corporate-cards", "version": "x"}, 422, "invalid-document"),
        ({"script": "Not a name"}, 422, "malformed-id"),
        ({"script": "unknown"}, 404, "unknown-script"),
        ({"script": "corporate-cards", "version": 9}, 404, "unknown-version"),
        ({"seed": "x"}, 422, "invalid-document"),
        ({"clock": "yesterday"}, 422, "invalid-document"),
        ({"x": [0] * 2_000}, 422, "invalid-document"),
    ],
)
def test_an_invalid_preview_is_refused(api: Api, members: dict[str, Any], status: int, kind: str) -> None:
    api.host()
    assert slug(tried(api, **members)) == (status, kind)


def test_the_dataset_is_required_json_of_at_most_a_mebibyte(api: Api) -> None:
    refused = api.post(PATH, json={"source": SOURCE})
    assert (slug(refused), refused.json()["errors"][0]["pointer"]) == ((422, "invalid-document"), "/dataset")
    assert slug(tried(api, "[1,]")) == (400, "malformed-json")
    assert slug(api.post(PATH, content=b"1", headers=JSON_TYPE)) == (422, "invalid-document")
    assert slug(api.post(PATH, content=b"x", headers={"Content-Type": "text/javascript"})) == (
        415,
        "unsupported-media-type",
    )
    assert tried(api, '"' + "x" * (MIB - 2) + '"').status_code == 200
    refused = tried(api, '"' + "x" * (MIB - 1) + '"')
    assert (*slug(refused), refused.json()["code"]) == (413, "dataset-too-large", "preview-dataset-too-large")
    assert slug(tried(api, '"' + "x" * (8 * MIB) + '"')) == (413, "source-too-large")


def test_a_preview_is_compared_with_a_version_in_the_same_circumstances(api: Api) -> None:
    trials: list[Trial] = []
    run = api.run_trial

    async def noting(trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        trials.append(trial)
        return await run(trial)

    api = Api(run_trial=noting)
    script = api.host()
    for name in (script["id"], script["name"]):
        shown = tried(api, script=name, version=1).json()["differences"]
        assert (shown["against_version"], shown["state"], shown["kind"]) == (1, "succeeded", "value")
        assert (shown["equal"], shown["count"], shown["differences"]) == (True, 0, [])
    source, version = trials[:2]
    assert source.circumstances == version.circumstances
    assert source.dataset == version.dataset
    assert version.source.data.decode() == api.get(f"/v1/scripts/{script['id']}/versions/1/source").text
    assert version.limits.wall_ms == 5_000


def test_outcomes_are_compared_where_a_run_failed(api: Api) -> None:
    api.host("works")
    api.host("fails", "throw 1")
    cases = {
        ("throw", "works"): (False, "succeeded", 1),
        (SOURCE, "fails"): (False, "failed", 1),
        ("throw", "fails"): (True, "failed", 0),
    }
    for (source, script), (equal, state, count) in cases.items():
        shown = tried(api, source=source, script=script, version=1).json()["differences"]
        assert (shown["kind"], shown["equal"], shown["state"], shown["count"]) == ("outcome", equal, state, count)
        assert (shown["error"] is not None) == (state == "failed")


def test_a_comparison_that_was_stopped_leaves_the_rest_of_the_answer() -> None:
    async def stopped(*_: object) -> Any:
        return Failure(ComparisonStopped(StopReason.MEMORY))

    api = Api(compare_results=stopped)
    api.host()
    shown = tried(api, script="corporate-cards", version=1).json()
    assert (shown["result"], shown["differences"]["kind"], shown["differences"]["count"]) == ([1], "stopped", None)


def test_a_preview_without_a_version_is_for_a_script_all_the_same(api: Api) -> None:
    api.host()
    assert tried(api, script="corporate-cards").json()["differences"] is None


def test_a_preview_needs_the_right_to_write_scripts_and_is_audited_before_it_runs(api: Api) -> None:
    script = api.host()
    key_id, writer = api.key(Scope.SCRIPTS_WRITE)
    _, reader = api.key(Scope.READ, Scope.EXECUTIONS_WRITE)
    assert slug(tried(api, headers=reader)) == (403, "forbidden")
    tried(api, headers=writer)
    tried(api, headers=writer, script="corporate-cards", version=1)
    tried(api, headers=writer, source="{{{", script=script["id"])
    api.run(api.reads.flush())
    events = [one.event for one in api.run(api.store.audit.page(AuditFilter(action=Action.PREVIEWED), None, 9))]
    assert [(str(one.script_id), one.version) for one in events] == [
        (script["id"], None),
        (script["id"], 1),
        ("None", None),
    ]
    assert {one.actor.key_id for one in events} == {key_id}


def test_nothing_runs_that_cannot_be_audited() -> None:
    async def never(_: Trial) -> Any:
        raise AssertionError("it ran")

    api = Api(run_trial=never)
    api.reads._capacity = 0
    assert slug(tried(api)) == (503, "unavailable")


def test_a_busy_or_lost_sandbox_is_reported(api: Api) -> None:
    for failure, kind in ((SandboxBusy(), "sandbox-busy"), (SandboxLost(), "unavailable")):

        async def failing(_: Trial, refused: RunFailure | SandboxBusy = failure) -> Any:
            return Failure(refused)

        answer = tried(Api(run_trial=failing))
        assert slug(answer) == (503, kind)
        assert int(answer.headers["retry-after"]) > 0

    async def busy(*_: object) -> Any:
        return Failure(SandboxBusy())

    assert slug(tried(Api(check_trial=busy))) == (503, "sandbox-busy")


def test_the_response_counts_in_the_memory_budget() -> None:
    api = Api(memory=MemoryBudget(3 * MIB))
    large = '"' + "x" * (MIB - 2) + '"'
    with api.deps.limits.memory.reserve(Use.REQUEST) as others:
        assert others.resize(MIB + 500_000)
        assert slug(tried(api, large)) == (503, "too-much-in-flight")
    assert tried(api, large).status_code == 200
    assert api.deps.limits.memory.held_bytes == 0


def test_the_work_of_a_client_that_disconnects_is_cancelled() -> None:
    ended: list[str] = []

    async def work() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return "never"

    messages = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return messages.pop(0)

    async def nothing_sent() -> Any:
        await asyncio.Event().wait()

    async def quick() -> int:
        return 1

    async def both() -> None:
        with pytest.raises(ClientDisconnect):
            await while_connected(Request({"type": "http"}, receive), work())
        assert ended == ["cancelled"]
        assert await while_connected(Request({"type": "http"}, nothing_sent), quick()) == 1
        outer = asyncio.ensure_future(while_connected(Request({"type": "http"}, nothing_sent), work()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        outer.cancel()
        await asyncio.wait({outer})
        assert ended == ["cancelled", "cancelled"]

    asyncio.run(both())


def test_an_audit_buffer_without_room_refuses_before_a_version_is_run() -> None:
    store = Api().store
    api = Api(reads=AuditReadBuffer(store.audit, utc_now, capacity=1))
    assert tried(api).status_code == 200
    assert slug(tried(api)) == (503, "unavailable")
