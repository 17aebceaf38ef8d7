"""Reproductions with real processes: a worker's sampler, and content that was altered in the database."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service

CHANCE = """
function process(rows) {
  const money = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });
  return rows.map(row => [row, Math.random(), Date.now(), new Date().toString(), money.format(row)]);
}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"BATEIA_REPRODUCE_EVERY": "1", "BATEIA_API_PROCESSES": "1", "BATEIA_WORKERS": "1"}
    with a_service(tmp_path_factory.mktemp("reproductions"), **settings) as one:
        yield one


def counted(service: Service, outcome: str) -> int:
    """Read the sampler's counter."""
    wanted = f'bateia_reproductions_total{{outcome="{outcome}"}} '
    lines = service.client.get("/metrics").text.splitlines()
    return int(float(next(line for line in lines if line.startswith(wanted)).removeprefix(wanted)))


def reproduce(service: Service, execution: dict[str, Any]) -> Any:
    answer = service.client.post(f"/v1/executions/{execution['id']}/reproduction", headers={"Prefer": "wait=60"})
    return answer.json()


def test_executions_are_sampled_reproduced_and_protected_from_a_silent_change(service: Service) -> None:
    service.host("chance", CHANCE)
    first, second = (service.submit("chance", f"[{n}, 2]", wait=60).json() for n in range(2))
    assert first["status"] == "succeeded"
    eventually(lambda: counted(service, "same") == 2)
    replays = service.client.get(f"/v1/executions?replay_of={first['id']}").json()["items"]
    assert [one["content_removed_at"] is not None for one in replays] == [True]
    assert len(service.client.get("/v1/executions").json()["items"]) == 2

    assert reproduce(service, first)["reproduced"] is True
    result, dataset = "execution_results", "execution_inputs"
    with psycopg.connect(service.database_url, autocommit=True) as conn:
        for table, execution in ((result, first), (dataset, second)):
            altered = conn.execute(
                f"update {table} set body = replace(convert_from(body, 'UTF8'), '2', '3')::bytea"
                " where execution_id = %s and encoding = 'identity'",
                [execution["id"]],
            )
            assert altered.rowcount == 1
    shown = reproduce(service, first)
    assert (shown["reproduced"], shown["difference"]["of"]) == (False, "stored-result")
    assert shown["difference"]["expected"] == first["output"]["sha256"]
    refused = reproduce(service, second)
    assert (refused["status"], refused["code"]) == (409, "dataset-altered")
    assert service.client.get("/health/ready").json()["checks"]["reproductions"] == {"status": "ok", "detail": None}
