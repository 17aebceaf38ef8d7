"""The two processes as they are wired: their content is encrypted if there are keys, and counted all the same."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import psycopg
import pytest

from adapters.metrics.metrics import Metrics
from application.ports.executions import NewExecution
from domain.idempotency import idempotency_key, request_fingerprint
from domain.transitions import cancel
from entrypoints.composition.api_wiring import api_dependencies
from entrypoints.composition.worker_wiring import worker_of
from entrypoints.configuration.settings import Settings, read_settings
from tests.support.stored_bodies import whole
from tests.support.values import a_pending, a_script
from tests.support.waiting import eventually_sees

CANARY: Final = b"kanarienvogel"
SAYS: Final = "function process(d) { console.log(d[0]); return d.concat(d); }"
KEPT: Final = """
select sealed, body from execution_inputs
union all
select sealed, body from execution_results where body is not null
union all
select sealed, logs from execution_results where logs is not null
"""


@pytest.fixture
def settings(new_database: Callable[[], str]) -> Settings:
    keys = "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    return read_settings({"DATABASE_URL": new_database(), "BATEIA_MASTER_KEYS": keys}).unwrap()


@asynccontextmanager
async def working(settings: Settings, metrics: Metrics) -> AsyncIterator[None]:
    """Run a worker until the block ends."""
    async with worker_of(settings, metrics, lambda run: run) as worker, asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        yield
        worker.stop()


async def counted(metrics: Metrics) -> dict[str, float]:
    """Read the counts of executions that are not at zero."""
    text = (await metrics.expose()).text.decode()
    found = re.findall(r"(?m)^(bateia_(?:submissions|executions_ended)_total\S*) (\S+)$", text)
    return {name: float(value) for name, value in found if float(value)}


async def test_content_is_encrypted_and_work_is_counted(settings: Settings) -> None:
    of_api, of_worker = Metrics(), Metrics()
    async with api_dependencies(settings, of_api) as (api, _):
        ports, (script, version) = api.executions.ports, a_script(text=SAYS)
        (await api.scripts.scripts.add(script, version)).unwrap()
        dataset = (await ports.bodies.encode(b'["' + CANARY + b'"]')).unwrap()
        plain, keyed, given_up = (a_pending(version, dataset=dataset) for _ in range(3))
        await ports.executions.add(NewExecution(given_up, dataset))
        await ports.executions.cancel(given_up, cancel(given_up, given_up.submission.submitted_at))
        await ports.executions.add(NewExecution(plain, dataset))
        request = request_fingerprint(idempotency_key("k").unwrap(), script.id, None, dataset.digest)
        for one in (keyed, a_pending(version, dataset=dataset)):
            await ports.idempotency_keys.add(NewExecution(one, dataset), request)
        async with working(settings, of_worker):
            for one in (plain, keyed):
                result = await eventually_sees(partial(ports.executions.result, one.submission.id))
                assert result is not None
                assert await ports.bodies.decode(await whole(result)) == b'["%b","%b"]' % (CANARY, CANARY)
                assert await whole(await ports.executions.dataset(one.submission.id)) == dataset
    with psycopg.connect(settings.database_url) as conn:
        kept = conn.execute(KEPT).fetchall()
    assert len(kept) == 3 + 2 + 2
    assert all(is_sealed and CANARY not in body for is_sealed, body in kept)
    assert await counted(of_api) == {
        "bateia_submissions_total": 3,
        'bateia_executions_ended_total{outcome="cancelled"}': 1,
    }
    assert await counted(of_worker) == {'bateia_executions_ended_total{outcome="succeeded"}': 2}
