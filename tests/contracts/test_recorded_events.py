"""The contract of every store for the events of executions, replays and aliases: each is recorded, in the transaction
that brings it about, once for every enabled webhook that is subscribed to it, and for no other one."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from attrs import evolve

from adapters.system import utc_now
from application.ports.aliases import MoveRequest
from application.ports.executions import NewExecution
from application.ports.queue import Release
from application.ports.version_replays import Settlement
from domain.aliases import AliasName
from domain.audit import Action, Actor
from domain.batch_lines import BatchPlace
from domain.deliveries import Delivery, DeliveryStatus
from domain.execution import Failed, Finished, Pending, Submission, Succeeded
from domain.promotion import Promotion, Removal, promote, remove
from domain.replay_sums import ReplayCounts
from domain.replayed_executions import EQUAL
from domain.transitions import cancel, release
from domain.version_replays import ReplayReport
from domain.versions import ScriptVersion
from domain.webhooks import SUBSCRIBABLE, DisabledReason, EventType, Webhook, disable, enable
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version, claim, ending, losing, now, starting, submitted
from tests.contracts.test_version_replays import added as a_replay
from tests.contracts.test_version_replays import run as run_replayed
from tests.contracts.test_webhooks import added, deliveries
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, an_id

SUCCEEDED, FAILED = EventType.EXECUTION_SUCCEEDED, EventType.EXECUTION_FAILED
CANARY: Final = AliasName("canary")


async def facts(store: Store, webhook: Webhook) -> list[dict[str, Any]]:
    return [json.loads(one.facts) for one in await deliveries(store, webhook)]


async def events(store: Store, webhook: Webhook) -> list[EventType]:
    return [one.event for one in await deliveries(store, webhook)]


async def finished(store: Store, pending: Pending) -> Finished:
    execution = await now(store, pending)
    assert isinstance(execution, Succeeded | Failed)
    return execution


async def succeed(store: Store, version: ScriptVersion) -> Finished:
    (pending,) = await submitted(store, 1, version)
    (claimed,) = await claim(store.queue)
    await store.queue.finish([ending(claimed)])
    return await finished(store, pending)


async def fail(store: Store, version: ScriptVersion) -> Finished:
    (pending,) = await submitted(store, 1, version)
    (claimed,) = await claim(store.queue)
    await store.queue.finish([ending(claimed, a_run(a_failure()))])
    return await finished(store, pending)


async def cancel_pending(store: Store, version: ScriptVersion) -> Finished:
    (pending,) = await submitted(store, 1, version)
    (await store.executions.cancel(pending, cancel(pending, NOON))).unwrap()
    return await finished(store, pending)


async def cancel_running(store: Store, version: ScriptVersion) -> Finished:
    (pending,) = await submitted(store, 1, version)
    (claimed,) = await claim(store.queue)
    (await store.executions.cancel(claimed.running, cancel(claimed.running, utc_now()))).unwrap()
    return await finished(store, pending)


async def lose(store: Store, version: ScriptVersion) -> Finished:
    (pending,) = await submitted(store, 1, version)
    await claim(store.queue)
    await store.rival.reclaim(9, losing(attempts=1))
    return await finished(store, pending)


@pytest.mark.parametrize("end", [succeed, fail, cancel_pending, cancel_running, lose])
async def test_an_end_is_recorded_once_for_each_webhook_that_wants_it(open_store: OpenStore, end: Any) -> None:
    async with open_store(lease=EXPIRED) as store:
        version, other = await a_version(store), await a_version(store, "other")
        ours = frozenset({version.script_id})
        wanting = [
            await added(store, events=frozenset({SUCCEEDED, FAILED})),
            await added(store, events=SUBSCRIBABLE, scripts=ours),
            await added(store, events=SUBSCRIBABLE, scripts=ours | {other.script_id}),
        ]
        disabled = disable(await added(store), DisabledReason.REQUESTED, NOON)
        await store.webhooks.change(disabled.id, lambda _: disabled, Action.DISABLED_WEBHOOK)
        others = [
            disabled,
            await added(store, events=SUBSCRIBABLE, scripts=frozenset({other.script_id})),
            await added(store, events=SUBSCRIBABLE - {SUCCEEDED, FAILED}),
        ]
        before = utc_now()
        execution = await end(store, version)
        for webhook in wanting:
            (delivery,) = await deliveries(store, webhook)
            assert json.loads(delivery.facts) == described(execution)
            assert delivery.event is (SUCCEEDED if isinstance(execution, Succeeded) else FAILED)
            assert (delivery.webhook_id, delivery.script_id) == (webhook.id, version.script_id)
            assert (delivery.status, delivery.attempts, delivery.last) == (DeliveryStatus.PENDING, 0, None)
            assert before <= delivery.created_at <= utc_now()
            assert delivery.due_at is not None
            assert before <= delivery.due_at <= utc_now()
        assert [await deliveries(store, one) for one in others] == [[], [], []]
        ids = [one.id for webhook in wanting for one in await deliveries(store, webhook)]
        assert len(set(ids)) == len(wanting)


def described(execution: Finished) -> dict[str, Any]:
    submission = execution.submission
    common = {
        "execution": str(submission.id),
        "version": submission.script.version,
        "alias": submission.attribution.alias,
    }
    if isinstance(execution, Succeeded):
        output = execution.output
        return common | {
            "status": "succeeded",
            "result_sha256": output.sha256,
            "result_bytes": output.size_bytes,
        }
    return common | {"status": "failed", "error_kind": execution.error.kind.value}


async def submitted_as(store: Store, version: ScriptVersion, change: Callable[[Submission], Submission]) -> Pending:
    pending = a_pending(version)
    pending = evolve(pending, submission=change(pending.submission))
    (await store.executions.add(NewExecution(pending, a_body()))).unwrap()
    return pending


async def test_the_alias_that_led_to_the_version_is_told(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, webhook = await a_version(store), await added(store)
        await submitted_as(store, version, lambda one: evolve(one, attribution=evolve(one.attribution, alias="live")))
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        assert [one["alias"] for one in await facts(store, webhook)] == ["live"]


async def test_replays_and_lines_of_batches_have_no_events_of_their_own(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, webhook = await a_version(store), await added(store)
        for _ in range(2):
            await submitted_as(store, version, lambda one: evolve(one, replay_of=an_id()))
        replays = list(await store.queue.claim_replays(9, starting()))
        await store.queue.finish([ending(replays[0]), ending(replays[1], a_run(a_failure()))])
        cancelled = await submitted_as(store, version, lambda one: evolve(one, replay_of=an_id()))
        (await store.executions.cancel(cancelled, cancel(cancelled, NOON))).unwrap()
        line = BatchPlace(an_id(), 1, "a")
        await submitted_as(store, version, lambda one: evolve(one, attribution=evolve(one.attribution, batch=line)))
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        assert await deliveries(store, webhook) == []


async def test_a_stale_or_released_claim_records_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, webhook = await a_version(store), await added(store)
        await submitted(store, 1, version)
        (claimed,) = await claim(store.queue)
        await store.queue.release([Release(claimed.running.claim.id, release(claimed.running))])
        assert await store.queue.finish([ending(claimed)]) == {claimed.running.claim.id}
        (claimed,) = await claim(store.queue)
        assert await deliveries(store, webhook) == []
        await store.queue.finish([ending(claimed)])
        await store.queue.finish([ending(claimed)])
        assert len(await deliveries(store, webhook)) == 1


async def test_a_lost_execution_that_is_tried_again_records_nothing(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        version, webhook = await a_version(store), await added(store)
        await submitted(store, 1, version)
        await claim(store.queue)
        assert len(await store.rival.reclaim(9, losing(attempts=2))) == 1
        assert await deliveries(store, webhook) == []


async def test_events_are_numbered_in_their_order(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, webhook = await a_version(store), await added(store)
        ended = [await end(store, version) for end in (succeed, fail, cancel_pending, succeed)]
        recorded = await deliveries(store, webhook)
        assert [json.loads(one.facts)["execution"] for one in recorded] == [str(one.submission.id) for one in ended]
        assert _numbers(recorded) == sorted(set(_numbers(recorded)))


def _numbers(recorded: list[Delivery]) -> list[int]:
    return [one.number for one in recorded]


async def test_no_end_of_many_at_once_is_missed(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        webhooks = [await added(store), await added(store, scripts=frozenset({version.script_id}))]
        pending = await submitted(store, 24, version)
        claimed = await claim(store.queue, 12)
        completions = [ending(one, a_run(a_failure()) if number % 3 else None) for number, one in enumerate(claimed)]
        cancels = [store.executions.cancel(one, cancel(one, utc_now())) for one in pending[12:]]
        finishes = [store.queue.finish(completions[first : first + 4]) for first in (0, 4, 8)]
        await asyncio.gather(*finishes, *cancels)
        for webhook in webhooks:
            told = [one["execution"] for one in await facts(store, webhook)]
            assert sorted(told) == sorted(str(one.submission.id) for one in pending)


async def test_a_change_of_the_subscription_counts_from_then_on(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, other = await a_version(store), await a_version(store, "other")
        webhook = await added(store, scripts=frozenset({other.script_id}))

        async def changed(**members: Any) -> int:
            await store.webhooks.change(webhook.id, lambda one: evolve(one, **members), Action.CHANGED_WEBHOOK)
            before = len(await deliveries(store, webhook))
            await succeed(store, version)
            return len(await deliveries(store, webhook)) - before

        assert await changed(description="about it") == 0
        assert await changed(scripts=frozenset({version.script_id, other.script_id})) == 1
        assert await changed(events=frozenset({FAILED})) == 0
        assert await changed(events=SUBSCRIBABLE) == 1
        assert await changed(scripts=None) == 1
        assert await changed(disabled=disable(webhook, DisabledReason.REQUESTED, NOON).disabled) == 0
        await store.webhooks.change(webhook.id, enable, Action.CHANGED_WEBHOOK)
        assert await changed(description="about it again") == 1


async def test_a_move_of_an_alias_is_recorded_and_nothing_that_moves_none(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        await store.scripts.add_version(evolve(version, number=2))
        webhook, other = await added(store, events=frozenset({EventType.ALIAS_MOVED})), await added(store)

        async def promoted(number: int) -> None:
            wanted = Promotion(alias=CANARY, version=number)
            request = MoveRequest(script_id=version.script_id, alias=CANARY, version=number)
            await store.aliases.move(request, lambda known: promote(wanted, known), Actor())

        for number in (1, 2, 2, 3):  # which is where it leads already, and does not exist
            await promoted(number)
        removal = Removal(alias=CANARY)
        request = MoveRequest(script_id=version.script_id, alias=CANARY)
        (await store.aliases.move(request, lambda known: remove(removal, known))).unwrap()
        assert await facts(store, webhook) == [
            {"alias": "canary", "from_version": None, "to_version": 1, "reason": "promotion"},
            {"alias": "canary", "from_version": 1, "to_version": 2, "reason": "promotion"},
            {"alias": "canary", "from_version": 2, "to_version": None, "reason": "removal"},
        ]
        assert {one.script_id for one in await deliveries(store, webhook)} == {version.script_id}
        assert set(await events(store, webhook)) == {EventType.ALIAS_MOVED}
        assert await deliveries(store, other) == []


async def test_the_end_of_a_replay_is_recorded_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        webhook, other = await added(store, events=frozenset({EventType.REPLAY_FINISHED})), await added(store)
        replay, pending = await a_replay(store, version)
        for one in pending:
            await run_replayed(store, one)
        report = ReplayReport(ReplayCounts(total=1, equal=1))
        assert not await store.replay_work.finish(replay.id, report)
        assert await deliveries(store, webhook) == []
        for execution in await store.replays.executions(replay.id, 0, 9):
            await store.replay_work.settle(Settlement(execution, EQUAL))
        assert await store.replay_work.finish(replay.id, report)
        assert not await store.rival_replay_work.finish(replay.id, report)
        (recorded,) = await deliveries(store, webhook)
        assert (recorded.event, recorded.script_id) == (EventType.REPLAY_FINISHED, version.script_id)
        told = json.loads(recorded.facts)
        assert (told["replay"], told["version"], told["executions"]) == (str(replay.id), 1, 1)
        assert await deliveries(store, other) == []


async def test_a_replay_of_nothing_is_recorded_too(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, webhook = await a_version(store), await added(store, events=SUBSCRIBABLE)
        replay, _ = await a_replay(store, version, originals=0)
        assert await store.replay_work.finish(replay.id, ReplayReport(ReplayCounts(total=0)))
        assert await events(store, webhook) == [EventType.REPLAY_FINISHED]
