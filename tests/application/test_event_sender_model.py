"""No event is lost: a model of receivers that fail, processes that die at any moment, and outages of the store.

Each event reaches its receiver at least once, or its delivery ends as exhausted. The messages to a receiver that keeps
up arrive in the order of the events, however many processes die.
"""

import asyncio
from typing import Any, Final
from unittest.mock import patch

from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.errors import Unavailable
from application.webhooks import sender
from domain.deliveries import MAX_ATTEMPTS, DeliveryStatus, Responded, SendOutcome, accepts
from domain.webhooks import Webhook
from tests.support.sending import Interposed, Process, System, elapsed
from tests.support.virtual_time import run
from tests.support.webhooks import OK, REFUSED, TIMEOUT

PENDING, DELIVERED = DeliveryStatus.PENDING, DeliveryStatus.DELIVERED
GONE: Final = Responded(410)
DEADLINE: Final = 200_000.0
"""Seconds within which everything has ended: more than two days."""

seconds = st.sampled_from([0.0, 0.05, 1.0, 7.0, 31.0, 100.0])
outcomes = st.sampled_from([OK, OK, OK, REFUSED, TIMEOUT, Responded(429, retry_after=60)])


@frozen
class Receiver:
    """A receiver that answers so, and then always accepts, each time after so many seconds."""

    outcomes: tuple[SendOutcome, ...]
    seconds: float


@frozen
class Event:
    """An event for some of the webhooks, so long after the one before."""

    after: float
    webhooks: frozenset[int]


@frozen
class Disturbance:
    """A disturbance of one of the processes, so long after the disturbance before."""

    after: float
    process: int
    kind: str


@frozen
class Story:
    """The course of a test."""

    receivers: tuple[Receiver, ...]
    events: tuple[Event, ...]
    disturbances: tuple[Disturbance, ...]


kinds = st.sampled_from(
    ["dies", "dies before it records", "stops", "records nothing", "sees nothing", "renews nothing"]
)
times = st.sampled_from([0.01, 0.02, 0.4, 9.0])


def stories(results: st.SearchStrategy[Any]) -> st.SearchStrategy[Story]:
    receivers = st.builds(Receiver, st.lists(results, max_size=15).map(tuple), times)
    events = st.builds(Event, seconds, st.frozensets(st.integers(0, 2), min_size=1))
    disturbances = st.builds(Disturbance, seconds, st.integers(0, 1), kinds)
    return st.builds(
        Story,
        st.lists(receivers, min_size=3, max_size=3).map(tuple),
        st.lists(events, min_size=1, max_size=12).map(tuple),
        st.lists(disturbances, max_size=8).map(tuple),
    )


class Course:
    """A story as it takes place: two processes, each of which is replaced by a new one when it ends."""

    def __init__(self, story: Story) -> None:
        self.story, self.system = story, System()
        self.webhooks: list[Webhook] = []
        self.sent: dict[int, list[str]] = {number: [] for number in range(len(story.receivers))}
        self.works: list[Interposed] = []
        self.processes: list[Process] = []
        self.deaths: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Let everything happen, and wait until all has ended."""
        self.webhooks = [
            await self.system.webhook(*one.outcomes, OK, seconds=one.seconds) for one in self.story.receivers
        ]
        for _ in range(2):
            self._start(len(self.processes))
        await asyncio.gather(self._events(), self._disturbances())
        await self._all_ended()
        await self.system.close()

    def _start(self, number: int) -> None:
        work = Interposed(self.system.store.delivery_work.of_another_process())
        process = self.system.process(work)
        self.works[number : number + 1], self.processes[number : number + 1] = [work], [process]

    async def _events(self) -> None:
        for event in self.story.events:
            await asyncio.sleep(event.after)
            for number in sorted(event.webhooks):
                if (await self.system.now(self.webhooks[number])).disabled is None:
                    self.sent[number] += await self.system.test(self.webhooks[number])

    async def _disturbances(self) -> None:
        for one in self.story.disturbances:
            await asyncio.sleep(one.after)
            await self._disturb(one)

    async def _disturb(self, one: Disturbance) -> None:
        process, work = self.processes[one.process], self.works[one.process]
        match one.kind:
            case "dies":
                await process.die()
                self._start(one.process)
            case "stops":
                await process.stop()
                self._start(one.process)
            case "dies before it records":
                work.before_record = lambda _: self._death(one.process)
            case kind:
                method = {"records nothing": "record", "sees nothing": "take", "renews nothing": "renew"}[kind]
                work.failures[method] = [Unavailable("away")] * 40

    async def _death(self, number: int) -> None:
        """Kill the process whose round waits here, from outside, once."""
        process = self.processes[number]
        self.works[number].before_record = lambda _: asyncio.Event().wait()
        self.deaths.append(asyncio.create_task(self._replace(process, number)))
        await asyncio.Event().wait()

    async def _replace(self, process: Process, number: int) -> None:
        await process.die()
        self._start(number)

    async def _all_ended(self) -> None:
        while any(record.pending for record in await self.system.store.webhooks.page(None, 9)):
            assert elapsed() < DEADLINE, "some deliveries never end"
            await asyncio.sleep(50)


def checked(story: Story) -> Course:
    """Let a story take place, and check that no event of it is lost."""
    course = Course(story)
    with patch.object(sender, "LOOK_SECONDS", 5.0):
        run(course.run())
    assert course.system.receivers.overlaps == 0
    run(every_event_is_accounted_for(course))
    return course


async def every_event_is_accounted_for(course: Course) -> None:
    for number, webhook in enumerate(course.webhooks):
        messages, now = course.system.receivers.of(webhook), await course.system.now(webhook)
        accepted = {one.id for one in messages if accepts(one.outcome)}
        deliveries = await course.system.deliveries(webhook)
        assert [str(one.id) for one in deliveries] == course.sent[number]
        for one in deliveries:
            if one.status is DELIVERED:
                assert str(one.id) in accepted
            else:
                assert one.attempts == MAX_ATTEMPTS or now.disabled is not None
                assert str(one.id) in {message.id for message in messages} or now.disabled is not None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(outcomes))
def test_no_event_is_lost_whatever_fails(story: Story) -> None:
    course = checked(story)
    for number, webhook in enumerate(course.webhooks):
        assert set(course.system.receivers.ids(webhook)) == set(course.sent[number])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(outcomes | st.just(GONE)))
def test_no_event_is_lost_unless_its_receiver_is_gone(story: Story) -> None:
    checked(story)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(st.just(OK)))
def test_a_receiver_that_keeps_up_gets_all_events_in_their_order(story: Story) -> None:
    course = checked(story)
    for number, webhook in enumerate(course.webhooks):
        assert course.system.receivers.ids(webhook) == course.sent[number]
