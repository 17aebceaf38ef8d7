"""The sender of events: takes webhooks with due deliveries, and sends these, in the background of a worker.

A process holds a webhook by a lease and sends its deliveries one after another, so that they arrive in their order; the
webhooks beside one another, so that no receiver waits for another one. The store alone knows what has been delivered: a
process that dies leaves its webhooks to others once the leases have expired, and what it sent and did not record is
sent again.

A round ends with the first failure, after which the webhook rests, and with the lease. It is short besides, so that
none waits for another's backlog, and a change of a URL or a secret counts soon.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID

from attrs import frozen

from application.ports.errors import Unavailable
from application.ports.system import Clock
from application.ports.webhooks import DeliveryWork, SendMessage, TakenWebhook
from domain.deliveries import Attempt, Delivery, DeliveryStatus, record_attempt, storable
from domain.script import ScriptName
from domain.webhook_messages import message
from domain.webhooks import Webhook

log: Final = logging.getLogger(__name__)

MOST_HELD: Final = 64
"""The most webhooks to which a process sends at a time."""
MOST_AT_ONCE: Final = 32
"""The most deliveries of a round."""
ROUND_SECONDS: Final = 10.0
"""No attempt of a round begins later than so long after it has begun."""
LOOK_SECONDS: Final = 1.0
"""The pause between two looks for due deliveries, unless the sender is woken."""
PAUSE_SECONDS: Final = 0.1
"""The shortest pause between two looks, however often the sender is woken."""
GRACE_SECONDS: Final = 5.0
"""The time that attempts have to end when the process stops."""


@frozen(kw_only=True)
class SenderPorts:
    """The ports of the sender. `jitter` draws a number from 0 to 1; `root_path` is the path prefix of the service, for
    links in messages."""

    work: DeliveryWork
    send: SendMessage
    clock: Clock
    monotonic: Callable[[], float]
    jitter: Callable[[], float]
    root_path: str = ""


class EventSender:
    """The webhooks to which this process sends. For one event loop."""

    def __init__(self, ports: SenderPorts, most_held: int = MOST_HELD) -> None:
        self._ports, self._most_held = ports, most_held
        self._rounds: Final[dict[UUID, asyncio.Task[None]]] = {}
        self._held: Final[set[UUID]] = set()
        self._failures: Final[list[BaseException]] = []
        self._woken = asyncio.Event()
        self._woken.set()

    def wake(self) -> None:
        """Look at once: an event was recorded."""
        self._woken.set()

    async def step(self) -> None:
        """Wait to be woken, at most for `LOOK_SECONDS`, and begin a round with each webhook that can be taken.

        Raises a failure of a round that has ended since: it delays no other one.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
        self._woken.clear()
        await self._look()
        self._raise_failure()

    async def renew(self) -> None:
        """Extend the leases; the rounds of webhooks that another process has taken over end."""
        if self._held:
            self._held.difference_update(await self._ports.work.renew(frozenset(self._held)))

    async def close(self) -> None:
        """End the rounds, after the attempts that end soon, and leave the webhooks to other processes."""
        rounds = dict(self._rounds)
        self._held.clear()
        if rounds:
            _, late = await asyncio.wait(rounds.values(), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.wait(rounds.values())
            await self._ports.work.release(rounds.keys())

    async def _look(self) -> None:
        free = self._most_held - len(self._rounds)
        for taken in await self._ports.work.take(free, MOST_AT_ONCE) if free > 0 else ():
            webhook_id = taken.webhook.id
            if webhook_id in self._rounds:  # its lease had expired, and it was taken by the same process
                continue
            self._held.add(webhook_id)
            self._rounds[webhook_id] = task = asyncio.create_task(self._round(taken))
            task.add_done_callback(partial(self._ended, webhook_id))

    def _ended(self, webhook_id: UUID, task: asyncio.Task[None]) -> None:
        del self._rounds[webhook_id]
        self._held.discard(webhook_id)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)
        self._woken.set()

    def _raise_failure(self) -> None:
        """Raise one of the failures, a bug rather than an outage."""
        failures = sorted(self._failures, key=lambda one: isinstance(one, Unavailable))
        self._failures.clear()
        for failure in failures:
            raise failure

    async def _round(self, taken: TakenWebhook) -> None:
        """Send deliveries by their numbers: a retry comes before later events that have become due while the webhook
        rested, so a short failure of a receiver changes no order.

        After a failure of this process the webhook is not released, so that the rest of its lease passes before it is
        taken again.
        """
        webhook, began = taken.webhook, self._ports.monotonic()
        for delivery, script in sorted(taken.deliveries, key=lambda one: one[0].number):
            if webhook.id not in self._held or self._ports.monotonic() - began > ROUND_SECONDS:
                break
            attempted = await self._attempt(taken, webhook, delivery, script)
            if attempted is None:
                break
            webhook = attempted
        await self._ports.work.release([webhook.id])

    async def _attempt(
        self, taken: TakenWebhook, webhook: Webhook, delivery: Delivery, script: ScriptName | None
    ) -> Webhook | None:
        """Send a delivery and record the attempt. Returned is the webhook, if its round goes on."""
        ports, body = self._ports, message(delivery, script, self._ports.root_path)
        at, began = ports.clock(), ports.monotonic()
        outcome = storable(await ports.send(webhook.url, str(delivery.id), body, taken.secrets))
        attempt = Attempt(at, round(1_000 * (ports.monotonic() - began)), outcome)
        tried, changed = record_attempt(delivery, webhook, attempt, ports.clock(), ports.jitter())
        if not await ports.work.record(tried, changed):
            return None
        if changed.disabled is not None:
            log.warning("webhook %s is disabled, since its receiver is %s", webhook.id, changed.disabled.reason)
        return changed if tried.status is DeliveryStatus.DELIVERED else None
