"""The sending of events to the receivers of webhooks by a worker, with the ports that it has for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from random import SystemRandom
from time import monotonic

from adapters.metrics.instruments import Instruments
from adapters.metrics.metered import metered_delivery_work
from adapters.postgres.connections import Pool
from adapters.postgres.delivery_work import PostgresDeliveryWork
from adapters.system import utc_now
from adapters.webhooks.sender import MessageSender
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.encryption import Keyring
from application.ports.errors import Unavailable
from application.webhooks.sender import PAUSE_SECONDS, EventSender, SenderPorts
from entrypoints.composition.background import background_task
from entrypoints.composition.operator_choices import sender_config
from entrypoints.configuration.settings import Settings

_RENEWALS_PER_LEASE = 3


@asynccontextmanager
async def sending_events(
    pool: Pool, settings: Settings, seals: Keyring, instruments: Instruments, monitor: TaskMonitor
) -> AsyncIterator[Callable[[], None]]:
    """Send events in the background. The function provided wakes the sender.

    At the end, leases are renewed until the last attempts have ended. Raises `CertificatesRefused`.
    """
    sender = EventSender(_sender_ports(pool, settings, seals, instruments))
    pause = settings.lease_seconds / _RENEWALS_PER_LEASE
    renewing = periodic(BackgroundTask.RENEW_DELIVERIES, pause, sender.renew, monitor)
    delivering = periodic(BackgroundTask.DELIVER_EVENTS, PAUSE_SECONDS, sender.step, monitor)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(background_task(renewing))
        stack.push_async_callback(_close, sender)
        await stack.enter_async_context(background_task(delivering))
        yield sender.wake


async def _close(sender: EventSender) -> None:
    with suppress(Unavailable):  # then the leases expire
        await sender.close()


def _sender_ports(pool: Pool, settings: Settings, seals: Keyring, instruments: Instruments) -> SenderPorts:
    work = PostgresDeliveryWork(pool, timedelta(seconds=settings.lease_seconds), seals)
    return SenderPorts(
        work=metered_delivery_work(work, instruments),
        send=MessageSender(sender_config(settings), utc_now),
        clock=utc_now,
        monotonic=monotonic,
        jitter=SystemRandom().random,
        root_path=settings.root_path,
    )
