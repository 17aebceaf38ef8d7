"""Cancelling with real processes: the script's process is gone within a second, and no reader waits on."""

import json
from collections.abc import Iterator

import pytest

from tests.adapters.http.api import slug
from tests.support.processes import cpu_ticks, family, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service, begin_to_wait

FOR_EVER = "function process() { for (;;); }"
ENOUGH_TICKS = 20


def busy(service: Service) -> list[int]:
    """List the processes under the workers that have computed for longer than a start takes, and have none below."""
    below = [pid for worker in service.workers() for pid in family(worker)[1:]]
    return [pid for pid in below if family(pid) == [pid] and cpu_ticks(pid) >= ENOUGH_TICKS]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    # Renewals, which would find it too, are 100 s apart: it is the word of the cancellation that is as quick as this.
    settings = {"BATEIA_WALL_MS": "60000", "BATEIA_LEASE_SECONDS": "300", "BATEIA_SLOTS": "1"}
    with a_service(tmp_path_factory.mktemp("cancelling"), **settings) as one:
        one.host("for-ever", FOR_EVER)
        yield one
    assert "discarded stale result" not in one.log.read_text()


def test_a_pending_execution_is_cancelled_without_a_run(service: Service) -> None:
    """It comes first: a worker claims nothing ahead, and so what waits, before it has seen a run end quickly."""
    first, second = (service.submit("for-ever", "1").json()["id"] for _ in range(2))
    eventually(lambda: service.read(first)["status"] == "running")
    for execution_id, attempt in [(second, 0), (first, 1)]:
        execution = service.client.post(f"/v1/executions/{execution_id}/cancel").json()
        assert (execution["status"], execution["attempt"]) == ("failed", attempt)
    eventually(lambda: not busy(service))


def test_a_cancelled_run_is_killed_within_a_second_and_its_slot_and_its_readers_are_free(service: Service) -> None:
    service.host("honest", "function process(d) { return d; }")
    execution_id = service.submit("for-ever", "1").json()["id"]
    behind_id = service.submit("honest", "[1]").json()["id"]
    (script,) = eventually(lambda: busy(service))
    with begin_to_wait(service, execution_id) as waiting:
        answer = service.client.post(f"/v1/executions/{execution_id}/cancel")
        assert (answer.status_code, answer.json()["error"]["kind"]) == (200, "cancelled")
        eventually(lambda: not running(script), 1)
        assert json.loads(waiting.communicate(timeout=1)[0]) == answer.json()
    assert service.read(behind_id, wait=5)["result"] == [1]
    again = service.client.post(f"/v1/executions/{execution_id}/cancel")
    assert slug(again) == (409, "already-finished")
    assert service.read(execution_id) == answer.json()
