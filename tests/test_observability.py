"""The dashboard, the alerts and the documentation name the metrics that there are."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.core import Metric

from adapters.metrics.database import DatabaseGauges
from adapters.metrics.metrics import Metrics
from application.ports.operations import QueueStats
from entrypoints.configuration.logs import FIELDS

NAME = re.compile(r"\b(?:bateia|process)_[a-z_]+\b")
VITALS = QueueStats(
    waiting=1,
    replays_waiting=3,
    oldest_waiting_seconds=1,
    running=1,
    workers=1,
    oldest_transaction_seconds=1,
    oldest_snapshot_transactions=1,
)


async def families() -> list[Metric]:
    async def read() -> QueueStats:
        return VITALS

    metrics = Metrics()
    metrics.measure_database(DatabaseGauges(read, lambda: 0.0))
    await metrics.expose()
    return list(metrics.registry.collect())


def exported(family: Metric) -> set[str]:
    """Collect the names of a family's series."""
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
    return {family.name + suffix for suffix in suffixes}


def expressions(repository: Path, file: str) -> str:
    text = (repository / "docs/observability" / file).read_text()
    if file == "alerts.yml":
        return text
    panels = json.loads(text)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 10
    return "\n".join(target["expr"] for panel in panels for target in panel["targets"])


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
async def test_every_metric_of_the_dashboards_is_exported(repository: Path, file: str) -> None:
    known = {name for family in await families() for name in exported(family)}
    named = set(NAME.findall(expressions(repository, file)))
    assert len(named) > 8
    assert named <= known


async def test_every_metric_and_every_field_of_the_log_is_documented(repository: Path) -> None:
    text = (repository / "docs/observability.md").read_text()
    shown = {family.name + ("_total" if family.type == "counter" else "") for family in await families()}
    assert set(NAME.findall(text)) == shown
    assert [field for field in FIELDS if f"`{field}`" not in text] == []
