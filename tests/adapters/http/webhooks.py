"""Webhooks over the store in memory: their creation by HTTP, and attempts as a sender records them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import httpx

from adapters.system import utc_now
from application.ports.access import AuditFilter
from application.ports.webhooks import Secrets
from domain.audit import Action
from domain.deliveries import Attempt, SendOutcome, record_attempt
from domain.webhooks import SUBSCRIBABLE
from tests.adapters.http.api import Api

WEBHOOKS: Final = "/v1/webhooks"
URL: Final = "https://hooks.example.com/bateia"
EVENTS: Final = sorted(one.value for one in SUBSCRIBABLE)


def create(api: Api, headers: Mapping[str, str] | None = None, **members: Any) -> Any:
    """Create a webhook, subscribed to all events unless `members` say otherwise, and return its representation."""
    answer = send(api, headers, **members)
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(api: Api, headers: Mapping[str, str] | None = None, **members: Any) -> httpx.Response:
    """Send the request to create a webhook."""
    return api.post(WEBHOOKS, json={"url": URL, "events": EVENTS} | members, headers=headers or {})


def path(webhook: Any, below: str = "") -> str:
    return f"{WEBHOOKS}/{webhook['id']}{below}"


def change(api: Api, webhook: Any, **members: Any) -> httpx.Response:
    return api("PATCH", path(webhook), json=members)


def send_test(api: Api, webhook: Any) -> Any:
    """Send a test event, and return its delivery."""
    answer = api.post(path(webhook, "/test"))
    assert answer.status_code == 202, answer.text
    return answer.json()


def deliveries(api: Api, webhook: Any, query: str = "") -> list[Any]:
    items: list[Any] = api.get(path(webhook, f"/deliveries{query}")).json()["items"]
    return items


def attempt(api: Api, outcome: SendOutcome, rested: timedelta = timedelta()) -> None:
    """Try the oldest due delivery of one webhook, as a sender does, with that outcome; `rested` is the age of the
    attempt."""

    async def tried() -> None:
        (taken,) = await api.store.delivery_work.take(1, 1)
        ((delivery, _),) = taken.deliveries
        at = utc_now() - rested
        after = record_attempt(delivery, taken.webhook, Attempt(at, 84, outcome), at, 0)
        assert await api.store.delivery_work.record(*after)
        await api.store.delivery_work.release([taken.webhook.id])

    api.run(tried())


def secrets(api: Api) -> Secrets:
    """Return the secrets with which the next message of the only webhook with something due is signed."""

    async def taken() -> Secrets:
        (one,) = await api.store.delivery_work.take(1, 1)
        await api.store.delivery_work.release([one.webhook.id])
        return one.secrets

    return api.run(taken())


def actions(api: Api) -> list[Action]:
    """List the audited actions on webhooks, oldest first."""
    records = api.run(api.store.audit.page(AuditFilter(), None, 1_000))
    return [one.event.action for one in reversed(records) if one.event.webhook_id is not None]
