"""The sender of events with PostgreSQL and a receiver: an event that is recorded arrives, signed, and is counted."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pytest
from returns.pipeline import is_successful
from standardwebhooks import Webhook

from adapters.http.dependencies import Dependencies
from adapters.metrics.metrics import Metrics
from adapters.postgres.connections import open_pool
from application.maintenance.periodic import TaskMonitor
from application.webhooks.read import DeliveryDetails, DeliveryPage
from application.webhooks.subscribe import Subscribe
from domain.audit import ANONYMOUS
from domain.deliveries import DeliveryStatus
from domain.script import Description
from domain.webhooks import EventType
from entrypoints.composition.api_wiring import api_dependencies
from entrypoints.composition.sending_events import sending_events
from entrypoints.configuration.keyring import keyring_of
from entrypoints.configuration.settings import Settings, read_settings
from tests.support.processes import clean_environment
from tests.support.receivers import a_receiver
from tests.support.waiting import eventually_sees

MASTER_KEY: Final = "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def settings(new_database: Callable[[], str]) -> Settings:
    env = {
        "DATABASE_URL": new_database(),
        "BATEIA_MASTER_KEYS": MASTER_KEY,
        "BATEIA_ROOT_PATH": "/bateia",
        "BATEIA_WEBHOOK_HTTP": "true",
        "BATEIA_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }
    return read_settings(env).unwrap()


async def delivered(api: Dependencies, sent: DeliveryDetails) -> bool:
    found = await api.webhooks.delivery(sent.delivery.webhook_id, sent.delivery.id)
    return is_successful(found) and found.unwrap().delivery.status is DeliveryStatus.DELIVERED


async def test_recorded_events_are_sent_with_each_valid_secret_of_which_the_store_has_ciphertext(
    settings: Settings,
) -> None:
    of_sender = Metrics()
    async with (
        api_dependencies(settings, Metrics()) as (api, _),
        open_pool(settings.database_url, "tests", 2) as pool,
        a_receiver() as receiver,
    ):
        url, events = f"http://127.0.0.1:{receiver.port}/events", {EventType.ALIAS_MOVED}
        subscribed = (
            await api.webhooks.subscribe(Subscribe(url=url, events=events, description=Description("")))
        ).unwrap()
        webhook_id = subscribed.record.webhook.id
        sending = sending_events(pool, settings, keyring_of(settings), of_sender.instruments, TaskMonitor())
        async with sending as wake:
            for _ in range(2):
                sent = (await api.webhooks.test(webhook_id, ANONYMOUS)).unwrap()
                wake()
                await eventually_sees(partial(delivered, api, sent))
                rotated = (await api.webhooks.rotate(webhook_id, timedelta(hours=1), ANONYMOUS)).unwrap()
    first, second = receiver.requests
    assert Webhook(subscribed.secret).verify(first.body, first.headers)["type"] == "webhook.test"
    assert Webhook(subscribed.secret).verify(second.body, second.headers) == json.loads(second.body)
    assert len(second.headers["webhook-signature"].split()) == 2
    assert rotated.secret != subscribed.secret
    metrics = (await of_sender.expose()).text.decode()
    assert 'bateia_webhook_attempts_total{outcome="accepted"} 2.0' in metrics


async def test_an_api_forgets_deliveries_that_ended_days_ago(settings: Settings) -> None:
    aged = "update webhook_deliveries set ended_at = now() - make_interval(days => %s), status = %s, due_at = null"
    async with api_dependencies(settings, Metrics()) as (api, _):
        command = Subscribe(
            url="https://receiver.example/", events={EventType.ALIAS_MOVED}, description=Description("")
        )
        webhook_id = (await api.webhooks.subscribe(command)).unwrap().record.webhook.id
        sent = [(await api.webhooks.test(webhook_id, ANONYMOUS)).unwrap().delivery for _ in range(3)]
    with psycopg.connect(settings.database_url) as conn:
        conn.execute(f"{aged} where id = %s", [8, "delivered", sent[0].id])
        conn.execute(f"{aged} where id = %s", [6, "exhausted", sent[1].id])
    wanted = DeliveryPage(webhook_id=webhook_id, limit=9)

    async def kept(api: Dependencies) -> set[UUID]:
        return {one.delivery.id for one in (await api.webhooks.deliveries(wanted)).unwrap()}

    async def is_forgotten(api: Dependencies) -> bool:
        return sent[0].id not in await kept(api)

    async with api_dependencies(settings, Metrics()) as (api, _):
        await eventually_sees(partial(is_forgotten, api))
        assert await kept(api) == {sent[1].id, sent[2].id}


def test_a_worker_with_certificates_that_it_cannot_read_says_so(
    settings: Settings, tmp_path: Path, repository: Path
) -> None:
    env = clean_environment() | {
        "DATABASE_URL": settings.database_url,
        "BATEIA_WEBHOOK_CA_FILE": str(tmp_path / "missing.pem"),
    }
    worker = subprocess.run(
        [sys.executable, "-m", "entrypoints.worker"],
        cwd=repository,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert worker.returncode == 1
    assert "worker: BATEIA_WEBHOOK_CA_FILE cannot be read (FileNotFoundError)" in worker.stderr
