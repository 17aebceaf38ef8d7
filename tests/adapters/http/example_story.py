"""The story that the OpenAPI examples tell, played on the service."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from attrs import evolve
from returns.result import Result, Success

from adapters.http.openapi.example_files import example_bytes
from adapters.http.openapi.job_examples import (
    EXAMPLE_FAILURE,
    EXAMPLE_OUTCOME,
    EXAMPLE_PLAN,
    example_partitions,
    example_second_run,
)
from adapters.system import utc_now
from application.ports.jobs import JobWork
from application.ports.sandbox import RunFailure, SandboxBusy, Trial
from domain.body import Body, Encoding, digest
from domain.deliveries import Responded
from domain.jobs import JobError, JobOutcome, fail, succeed
from domain.outcome import ErrorKind, Measures, Produced, Rejected, Run, ScriptError
from domain.partitions import Partition, PartitionState
from tests.adapters.http.api import JSON_TYPE, Api
from tests.adapters.http.webhooks import attempt
from tests.support.replaying import carry_on, runner_of
from tests.support.values import a_body, a_run

VOLATILE: Final = {"secret", "seed", "engine", "measures", "logs", "peak_memory_bytes", "duration_ms"}


def answers(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the answer that each example shows. The result and the error of the runs are those of the examples."""
    api = Api()
    script = api.post("/v1/scripts", content=example_bytes("new-script"), headers=JSON_TYPE)
    versions = f"{script.headers['location']}/versions"
    told = {
        "script": script.json(),
        "scripts": api.get("/v1/scripts").json(),
        "version": api.get(f"{versions}/1").json(),
        "versions": api.get(versions).json(),
        "diff": api.get(f"{versions}/1/diff").text,
        "pending": api.submit(example_bytes("dataset")),
    }
    api.produce(json.dumps(kept["result"], separators=(",", ":")).encode())
    told["succeeded"] = api.get(_path(told["pending"])).json()
    told["executions"] = api.get("/v1/executions").json()
    told |= _replays(api, f"{versions}/1", json.dumps(kept["result"], separators=(",", ":")).encode())
    told |= _reproductions(api, told["succeeded"], json.dumps(kept["result"], separators=(",", ":")).encode())
    told["cancelled"] = api.post(f"{_path(api.submit(example_bytes('dataset')))}/cancel").json()
    failed = api.submit(b'{"rows": []}')
    api.fail(_rejected(kept["failed"]["error"]))
    told["described-script"] = _described(api, script.json(), example_bytes("new-description"))
    new = example_bytes("new-retention")
    told["retained-script"] = api(
        "PUT", f"{script.headers['location']}/retention", content=new, headers=JSON_TYPE
    ).json()
    told |= _script_tests(api, script.headers["location"])
    told |= _webhooks(api, json.dumps(kept["result"], separators=(",", ":")).encode())
    told |= _aliases(api, script.headers["location"])
    by_shape = {"Liveness": "/health/live", "ServiceLimits": "/v1/limits"}
    told |= {shape: api.get(path).json() for shape, path in by_shape.items()}
    told["preview"] = _preview(kept)
    told |= _batches(kept)
    told |= _jobs()
    return told | {"failed": api.get(_path(failed)).json()}


def _batches(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Submit a batch, the script of which fails over the second dataset, and cancel another one."""
    api = Api()
    api.post("/v1/scripts", content=example_bytes("new-script"), headers=JSON_TYPE)
    path, lines = "/v1/scripts/corporate-cards/batches", {"Content-Type": "application/x-ndjson"}
    pending = api.post(path, content=example_bytes("batch-lines"), headers=lines)
    api.produce(json.dumps(kept["result"], separators=(",", ":")).encode())
    api.fail(_rejected(kept["failed"]["error"]))
    told = {
        "pending-batch": pending.json(),
        "batch": api.get(pending.headers["location"]).json(),
        "batches": api.get("/v1/batches").json(),
        "batch-results": api.get(f"{pending.headers['location']}/results").text,
    }
    other = api.post(path, content=example_bytes("batch-lines"), headers=lines)
    return told | {"cancelled-batch": api.post(f"{other.headers['location']}/cancel").json()}


def _jobs() -> dict[str, Any]:
    """Run a job of two partitions, one of which fails at first, and cancel another job."""
    api = Api()
    api.post("/v1/scripts", content=example_bytes("new-script"), headers=JSON_TYPE)
    new, path = example_bytes("new-job"), "/v1/scripts/corporate-cards/jobs"
    pending = api.post(path, content=new, headers=JSON_TYPE)
    api.run(_run_job(api.store.job_work, example_partitions(), EXAMPLE_FAILURE))
    job = pending.headers["location"]
    told = {
        "pending-job": pending.json(),
        "jobs": api.get("/v1/jobs").json(),
        "job-partitions": api.get(f"{job}/partitions").json(),
        "retried-job": api.post(f"{job}/retry").json(),
    }
    api.run(_run_job(api.store.job_work, (example_second_run(),), EXAMPLE_OUTCOME))
    other = api.post(path, content=new, headers=JSON_TYPE)
    cancelled = api.post(f"{other.headers['location']}/cancel")
    return told | {"job": api.get(job).json(), "cancelled-job": cancelled.json()}


async def _run_job(work: JobWork, settled: Sequence[Partition], end: JobError | JobOutcome) -> None:
    """Carry a job on to its end, as a runner does."""
    taken = await work.take()
    assert taken is not None
    planned = taken.job
    if planned.plan is None:
        planned = evolve(planned, plan=EXAMPLE_PLAN, is_verified=True)
        waiting = [evolve(one, state=PartitionState.WAITING, attempts=0, result=None, error=None) for one in settled]
        assert await work.plan(planned, waiting)
        assert await work.advance(planned)
    assert await work.settle(planned.id, settled)
    ended = succeed(planned, end, utc_now()) if isinstance(end, JobOutcome) else fail(planned, end, utc_now())
    assert await work.finish(ended.unwrap())


def _rejected(error: Mapping[str, Any]) -> Rejected:
    """Fail as an example shows, of which code and hint follow from the rest."""
    shown = {name: value for name, value in error.items() if name not in ("code", "hint")}
    return Rejected(ScriptError(**shown | {"kind": ErrorKind(error["kind"])}))


def _script_tests(api: Api, script: str) -> dict[str, Any]:
    """Write a test, run it, and send the version again."""
    new = json.loads(example_bytes("new-script"))
    version = {name: new[name] for name in ("source", "limits")}
    put = api("PUT", f"{script}/tests/no-rows", content=example_bytes("new-test"), headers=JSON_TYPE)
    return {
        "test": put.json(),
        "tests": api.get(f"{script}/tests").json(),
        "checks": api.post(f"{script}/versions/1/checks").json(),
        "latest-checks": api.get(f"{script}/versions/1/checks").json(),
        "checked-version": api.post(f"{script}/versions", json=version).json(),
    }


def _preview(kept: Mapping[str, Any]) -> Any:
    """Try a source. The results of both runs are those of the examples."""

    async def run(trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        value = kept["preview"]["result"] if b"/ 1000" in trial.source.data else kept["result"]
        body = a_body(json.dumps(value, separators=(",", ":")).encode())
        measures = Measures(wall_ms=1.9, cpu_ms=1.2, peak_memory_bytes=9_437_184)
        run = a_run(Produced(body))
        return Success(evolve(run, provenance=evolve(run.provenance, measures=measures)))

    api = Api(run_trial=run)
    api.post("/v1/scripts", content=example_bytes("new-script"), headers=JSON_TYPE)
    return api.post("/v1/previews", content=example_bytes("new-preview"), headers=JSON_TYPE).json()


def _aliases(api: Api, script: str) -> dict[str, Any]:
    """Promote the version, and set a gate that it does not pass."""
    alias = f"{script}/aliases/live"
    promoted = api("PUT", alias, content=example_bytes("new-promotion"), headers=JSON_TYPE)
    assert api("DELETE", f"{script}/tests/no-rows").status_code == 204  # or the gate would ask for a replay alone
    gate = api("PUT", f"{script}/gate", content=example_bytes("new-gate"), headers=JSON_TYPE)
    return {
        "alias": promoted.json(),
        "aliases": api.get(f"{script}/aliases").json(),
        "moves": api.get(f"{alias}/history").json(),
        "gate": gate.json(),
        "gate-report": api.get(f"{script}/versions/1/gate").json(),
    }


def _webhooks(api: Api, result: bytes) -> dict[str, Any]:
    """Subscribe a receiver that is down when an execution succeeds; change a second one, and the secret of a third."""
    created = api.post("/v1/webhooks", content=example_bytes("new-webhook"), headers=JSON_TYPE)
    api.submit(example_bytes("dataset"))
    api.produce(result)
    attempt(api, Responded(503, "upstream is restarting"))
    path = created.headers["location"]
    told = {
        "created-webhook": created.json(),
        "webhook": api.get(path).json(),
        "webhooks": api.get("/v1/webhooks").json(),
        "deliveries": api.get(f"{path}/deliveries").json(),
    }
    changed, rotated = (
        api.post("/v1/webhooks", content=example_bytes("new-webhook"), headers=JSON_TYPE).headers["location"]
        for _ in range(2)
    )
    delivery = f"{path}/deliveries/{told['deliveries']['items'][0]['id']}"
    return told | {
        "delivery": api.get(delivery).json(),
        "redelivery": api.post(f"{delivery}/redeliver").json(),
        "changed-webhook": api("PATCH", changed, content=example_bytes("webhook-changes"), headers=JSON_TYPE).json(),
        "rotated-webhook": api.post(
            f"{rotated}/rotate", content=example_bytes("new-rotation"), headers=JSON_TYPE
        ).json(),
        "test-delivery": api.post(f"{rotated}/test").json(),
    }


def _described(api: Api, script: Mapping[str, Any], changes: bytes) -> Any:
    """Change the description of a script, and change it back."""
    path, before = f"/v1/scripts/{script['id']}", {"description": script["description"]}
    changed = api("PATCH", path, content=changes, headers=JSON_TYPE).json()
    api("PATCH", path, json=before)
    return changed


def _reproductions(api: Api, execution: Mapping[str, Any], result: bytes) -> dict[str, Any]:
    """Reproduce an execution, and once more after its stored result was altered."""
    started = api.post(f"{_path(execution)}/reproduction")
    api.produce(result)
    told = {"pending-reproduction": started.json(), "reproduced": api.get(started.headers["location"]).json()}
    rows, key = api.store.executions._kept, UUID(execution["id"])
    altered = Body(digest(result), Encoding.IDENTITY, result.replace(b"1716709", b"1716790"))
    rows[key] = evolve(rows[key], result=altered)
    return told | {"different": api.get(started.headers["location"]).json()}


def _replays(api: Api, version: str, result: bytes) -> dict[str, Any]:
    """Replay the execution on its version, which gives another result now, and accept the difference."""
    started = api.post(f"{version}/replays", content=example_bytes("new-replay"), headers=JSON_TYPE)
    runner = runner_of(api.store)
    api.run(carry_on(runner))
    api.produce(result.replace(b"1716709", b"1716790"))
    for _ in range(2):
        api.run(carry_on(runner))
    replay = started.headers["location"]
    told = {
        "pending-replay": started.json(),
        "replay": api.get(replay).json(),
        "replays": api.get(f"{version}/replays").json(),
        "replayed-executions": api.get(f"{replay}/executions").json(),
        "replay-differences": api.get(f"{replay}/differences").text,
    }
    accepted = api.post(f"{replay}/acceptance", content=example_bytes("new-acceptance"), headers=JSON_TYPE)
    return told | {"accepted-replay": accepted.json()}


def _path(execution: Mapping[str, Any]) -> str:
    return f"/v1/executions/{execution['id']}"


def told(value: Any) -> Any:
    """Remove from a JSON value whatever depends on the time or the run."""
    text = json.dumps(value)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an id", text)
    return json.loads(re.sub(r"20\d\d-\d\d-\d\dT[\d:.]+Z", "a time", text), object_hook=_without_the_volatile)


def _without_the_volatile(one: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in one.items() if name not in VOLATILE or member is None}
