"""Receivers of events, and the processes that send to them, on virtual time."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from attrs import define, field, frozen

from adapters.memory.store import MemoryStore
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.webhooks import DeliveryWork, Secrets, TakenWebhook
from application.webhooks.sender import MOST_HELD, PAUSE_SECONDS, EventSender, SenderPorts
from domain.deliveries import Delivery, SendOutcome
from domain.webhooks import Webhook, WebhookUrl
from tests.support.values import an_id
from tests.support.virtual_time import virtual_now
from tests.support.webhooks import OK, SECRET, a_url, a_webhook

LEASE: Final = timedelta(seconds=30)


def elapsed() -> float:
    """Return the seconds of virtual time since the test began."""
    return asyncio.get_running_loop().time()


@frozen
class Message:
    """A message that a receiver got, and the time at which it got it."""

    at: float
    url: WebhookUrl
    id: str
    body: bytes
    secrets: Secrets
    outcome: SendOutcome

    @property
    def data(self) -> Any:
        """The data of the event."""
        return json.loads(self.body)["data"]


@define
class Receivers:
    """The port `SendMessage` to receivers by their URLs: each answers as told, one outcome a message and then always
    the last one, after so many seconds. `overlaps` counts the messages that came
    while the receiver had not answered another one."""

    outcomes: dict[WebhookUrl, list[SendOutcome]] = field(factory=dict)
    seconds: dict[WebhookUrl, float] = field(factory=dict)
    messages: list[Message] = field(factory=list)
    under_way: Counter[WebhookUrl] = field(factory=Counter)
    most_under_way: int = 0
    failure: BaseException | None = None
    overlaps: int = 0

    async def __call__(self, url: WebhookUrl, message_id: str, body: bytes, secrets: Secrets, /) -> SendOutcome:
        self.under_way[url] += 1
        self.most_under_way = max(self.most_under_way, self.under_way.total())
        self.overlaps += self.under_way[url] > 1
        try:
            if self.failure is not None:
                raise self.failure
            await asyncio.sleep(self.seconds.get(url, 0.01))
            outcome = self._next(url)
            self.messages.append(Message(elapsed(), url, message_id, body, secrets, outcome))
            return outcome
        finally:
            self.under_way[url] -= 1

    def _next(self, url: WebhookUrl) -> SendOutcome:
        outcomes = self.outcomes.get(url, [OK])
        return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]

    def of(self, webhook: Webhook) -> list[Message]:
        """List the messages to a webhook."""
        return [one for one in self.messages if one.url == webhook.url]

    def ids(self, webhook: Webhook) -> list[str]:
        """List the ids of the messages to a webhook, each where it was first received."""
        return list(dict.fromkeys(one.id for one in self.of(webhook)))


@frozen
class _Listed:
    """The port `DeliveryWork` of a process, with a list of all that it has recorded."""

    work: DeliveryWork
    recorded: list[Delivery]

    async def take(self, webhooks: int, deliveries: int) -> Sequence[TakenWebhook]:
        return await self.work.take(webhooks, deliveries)

    async def renew(self, held: Collection[UUID]) -> frozenset[UUID]:
        return await self.work.renew(held)

    async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
        is_held = await self.work.record(delivery, webhook)
        self.recorded.extend([delivery] * is_held)
        return is_held

    async def release(self, webhook_ids: Collection[UUID]) -> None:
        await self.work.release(webhook_ids)


class Process:
    """A process that sends events, with its background tasks."""

    def __init__(
        self, work: DeliveryWork, receivers: Receivers, most_held: int = MOST_HELD, root_path: str = ""
    ) -> None:
        self.monitor = TaskMonitor(self._failed)
        self.failures: Counter[BackgroundTask] = Counter()
        self.recorded: list[Delivery] = []
        ports = SenderPorts(
            work=_Listed(work, self.recorded),
            send=receivers,
            clock=virtual_now,
            monotonic=elapsed,
            jitter=lambda: 0.0,
            root_path=root_path,
        )
        self.sender = EventSender(ports, most_held)
        self._tasks: list[asyncio.Task[None]] = []

    def _failed(self, task: BackgroundTask) -> None:
        self.failures[task] += 1

    def start(self) -> "Process":
        """Begin to send."""
        for task, seconds, step in (
            (BackgroundTask.DELIVER_EVENTS, PAUSE_SECONDS, self.sender.step),
            (BackgroundTask.RENEW_DELIVERIES, LEASE.total_seconds() / 3, self.sender.renew),
        ):
            self._tasks.append(asyncio.create_task(periodic(task, seconds, step, self.monitor)))
        return self

    async def stop(self) -> None:
        """End as a process does that is told to."""
        await self._end(self._tasks)
        await self.sender.close()

    async def die(self) -> None:
        """End as a process does that is killed: nothing more is recorded."""
        await self._end([*self._tasks, *self.sender._rounds.values()])

    async def _end(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        ended = list(tasks)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)


class System:
    """A store, its webhooks, their receivers and the processes that send to them."""

    def __init__(self) -> None:
        self.store = MemoryStore(virtual_now, LEASE)
        self.receivers = Receivers()
        self.processes: list[Process] = []

    def process(self, work: DeliveryWork | None = None, most_held: int = MOST_HELD) -> Process:
        """Start another process."""
        work = work or self.store.delivery_work.of_another_process()
        process = Process(work, self.receivers, most_held).start()
        self.store.outbox.wake = process.sender.wake
        self.processes.append(process)
        return process

    async def webhook(self, *outcomes: SendOutcome, seconds: float = 0.01, **members: Any) -> Webhook:
        """Add a webhook whose receiver answers so."""
        webhook = a_webhook(url=a_url(f"https://{an_id()}.example/"), created_at=virtual_now(), **members)
        self.receivers.outcomes[webhook.url] = list(outcomes) or [OK]
        self.receivers.seconds[webhook.url] = seconds
        (await self.store.webhooks.add(webhook, SECRET)).unwrap()
        return webhook

    async def test(self, webhook: Webhook, count: int = 1) -> list[str]:
        """Record test events; return the ids of the deliveries."""
        ids = [an_id() for _ in range(count)]
        for one in ids:
            assert await self.store.webhooks.add_test(webhook.id, one) is not None
        return [str(one) for one in ids]

    async def deliveries(self, webhook: Webhook) -> Sequence[Delivery]:
        """List the deliveries of a webhook, oldest first."""
        return list(reversed(await self.store.webhooks.deliveries(webhook.id, None, None, 10_000)))

    async def now(self, webhook: Webhook) -> Webhook:
        """Read a webhook."""
        record = await self.store.webhooks.find(webhook.id)
        assert record is not None
        return record.webhook

    async def close(self) -> None:
        """Kill all processes."""
        for process in self.processes:
            await process.die()


@define
class Interposed:
    """The port `DeliveryWork` of a process, with a call before each record, failures where a test wants them, and what
    was renewed."""

    work: DeliveryWork
    before_record: Callable[[Delivery], Any] = lambda delivery: None
    failures: defaultdict[str, list[Exception]] = field(factory=lambda: defaultdict(list))
    renewed: list[frozenset[UUID]] = field(factory=list)

    def _fail(self, method: str) -> None:
        if self.failures[method]:
            raise self.failures[method].pop(0)

    async def take(self, webhooks: int, deliveries: int) -> Sequence[TakenWebhook]:
        self._fail("take")
        return await self.work.take(webhooks, deliveries)

    async def renew(self, held: Collection[UUID]) -> frozenset[UUID]:
        self._fail("renew")
        self.renewed.append(frozenset(held))
        return await self.work.renew(held)

    async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
        called = self.before_record(delivery)
        if called is not None:
            await called
        self._fail("record")
        return await self.work.record(delivery, webhook)

    async def release(self, webhook_ids: Collection[UUID]) -> None:
        self._fail("release")
        await self.work.release(webhook_ids)


def at(seconds: float) -> datetime:
    """Convert seconds of virtual time to a date."""
    return virtual_now() + timedelta(seconds=seconds - elapsed())
