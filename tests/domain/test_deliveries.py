from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.deliveries import (
    FIRST_REST,
    MAX_ATTEMPTS,
    MAX_RESPONSE_CHARACTERS,
    MAX_REST,
    MAX_RETRY_AFTER,
    MIN_FAILING_AGE,
    RETRY_DELAYS,
    Attempt,
    Delivery,
    DeliveryStatus,
    NoResponse,
    Responded,
    SendFault,
    SendOutcome,
    accepts,
    record_attempt,
    redeliver,
    storable,
)
from domain.text_limits import invalid_at
from domain.webhooks import FAILING_LIMIT, HEALTHY, Disabled, DisabledReason, Health, Webhook
from tests.support.values import NOON
from tests.support.webhooks import OK, REFUSED, TIMEOUT, a_delivery, a_webhook, failures

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
PENDING, DELIVERED, EXHAUSTED = DeliveryStatus.PENDING, DeliveryStatus.DELIVERED, DeliveryStatus.EXHAUSTED

jitters = st.floats(0, 1)


def tried(
    delivery: Delivery, webhook: Webhook, outcome: SendOutcome, at: datetime, jitter: float = 0.0
) -> tuple[Delivery, Webhook]:
    """Record an attempt that ended at that time, a second after its begin."""
    return record_attempt(delivery, webhook, Attempt(at - SECOND, 1_000, outcome), at, jitter)


def due(delivery: Delivery) -> datetime:
    assert delivery.due_at is not None
    return delivery.due_at


def rest(webhook: Webhook) -> datetime:
    assert webhook.health.rests_until is not None
    return webhook.health.rests_until


def test_pauses_grow_from_five_seconds_to_twelve_hours_and_last_a_day_in_all() -> None:
    assert sorted(RETRY_DELAYS) == list(RETRY_DELAYS)
    assert (RETRY_DELAYS[0], RETRY_DELAYS[-1]) == (5 * SECOND, 12 * HOUR)
    assert sum(RETRY_DELAYS, timedelta()) == DAY


@pytest.mark.parametrize("status", range(100, 600))
def test_the_receiver_accepts_by_any_success(status: int) -> None:
    assert accepts(Responded(status)) is (status // 100 == 2)
    assert not accepts(TIMEOUT)


any_text = st.text(st.characters(exclude_categories=()), max_size=20).map(lambda text: text * 100)


@given(st.builds(Responded, st.integers(100, 599), any_text, st.none() | st.integers(-(2**80), 2**80)))
def test_any_response_can_be_stored(response: Responded) -> None:
    stored = storable(response)
    assert isinstance(stored, Responded)
    assert stored.status == response.status
    assert is_stored_text(stored.text, response.text)
    if response.retry_after is None:
        assert stored.retry_after is None
    else:
        assert stored.retry_after is not None
        assert stored.retry_after in (0, response.retry_after, MAX_RETRY_AFTER.total_seconds())
        assert 0 <= stored.retry_after <= MAX_RETRY_AFTER.total_seconds()
    assert storable(stored) == stored


@given(st.builds(NoResponse, st.sampled_from(SendFault), any_text))
def test_any_detail_can_be_stored(outcome: NoResponse) -> None:
    stored = storable(outcome)
    assert isinstance(stored, NoResponse)
    assert stored.fault is outcome.fault
    assert is_stored_text(stored.detail, outcome.detail)


def is_stored_text(stored: str, text: str) -> bool:
    begins = all(one in (other, "\ufffd") for one, other in zip(stored, text, strict=False))
    return begins and len(stored) == min(len(text), MAX_RESPONSE_CHARACTERS) and invalid_at(stored, 2_000) is None


@given(st.lists(failures, min_size=MAX_ATTEMPTS, max_size=MAX_ATTEMPTS), jitters)
def test_a_delivery_is_exhausted_by_its_last_attempt_and_by_none_before(
    outcomes: list[SendOutcome], jitter: float
) -> None:
    webhook = a_webhook()
    delivery, at = a_delivery(webhook), NOON
    for number, outcome in enumerate(outcomes, 1):
        delivery, _ = tried(delivery, webhook, outcome, at, jitter)  # to which the failures before are unknown
        assert (delivery.attempts, delivery.last) == (number, Attempt(at - SECOND, 1_000, outcome))
        assert delivery.status is (EXHAUSTED if number == MAX_ATTEMPTS else PENDING)
        assert (delivery.due_at is None) is (number == MAX_ATTEMPTS)
        at = delivery.due_at or at
    assert at - NOON >= DAY


@given(failures, st.integers(0, MAX_ATTEMPTS - 2), st.integers(0, 10**6), jitters)
def test_a_pause_is_as_planned_or_as_the_receiver_demands(
    outcome: SendOutcome, attempts: int, failed: int, jitter: float
) -> None:
    webhook = a_webhook(health=Health(failed, NOON, NOON) if failed else HEALTHY)
    delivery, failing = tried(a_delivery(webhook, attempts=attempts), webhook, outcome, NOON, jitter)
    demanded = outcome.retry_after or 0 if isinstance(outcome, Responded) else 0
    demanded_pause = timedelta(seconds=min(demanded, MAX_RETRY_AFTER.total_seconds()))
    for pause, planned in (
        (due(delivery) - NOON, RETRY_DELAYS[attempts]),
        (rest(failing) - NOON, min(FIRST_REST * 2 ** min(failed, 20), MAX_REST)),
    ):
        assert pause >= demanded_pause
        assert pause == demanded_pause or planned <= pause <= planned * 1.1 + SECOND / 1000
    assert (failing.health.failures, failing.disabled) == (failed + 1, None)


def test_the_first_retry_comes_when_the_webhook_has_rested_so_that_the_order_is_kept() -> None:
    webhook = a_webhook()
    delivery, failing = tried(a_delivery(webhook), webhook, REFUSED, NOON, 0.7)
    assert due(delivery) == rest(failing) > NOON


@given(st.integers(0, 20), st.integers(0, MAX_ATTEMPTS - 1), jitters)
def test_a_success_delivers_and_resets_the_health(failed: int, attempts: int, jitter: float) -> None:
    webhook = a_webhook(health=Health(failed, NOON, NOON) if failed else HEALTHY)
    delivery, healthy = tried(a_delivery(webhook, attempts=attempts), webhook, OK, NOON + DAY, jitter)
    assert (delivery.status, delivery.due_at, delivery.attempts) == (DELIVERED, None, attempts + 1)
    assert healthy == evolve(webhook, health=HEALTHY)


def test_the_health_has_the_time_of_the_first_failure() -> None:
    webhook, delivery = a_webhook(), a_delivery(a_webhook())
    _, webhook = tried(delivery, webhook, REFUSED, NOON)
    _, webhook = tried(delivery, webhook, TIMEOUT, NOON + DAY)
    assert webhook.health == Health(2, NOON - SECOND, NOON + DAY + 2 * FIRST_REST)


@given(st.lists(failures, min_size=1, max_size=400), jitters)
def test_a_webhook_is_disabled_by_three_days_of_failures(outcomes: list[SendOutcome], jitter: float) -> None:
    webhook, at = a_webhook(), NOON
    for outcome in outcomes * 400:
        began = at
        at += SECOND
        old = a_delivery(webhook, created_at=NOON - MIN_FAILING_AGE)
        delivery, webhook = record_attempt(old, webhook, Attempt(began, 1_000, outcome), at, jitter)
        assert (webhook.disabled is not None) is (at - NOON >= FAILING_LIMIT)
        if webhook.disabled is not None:
            assert webhook.disabled == Disabled(at, DisabledReason.FAILING)
            assert (delivery.status, delivery.due_at) == (EXHAUSTED, None)
            return
        at = rest(webhook) + HOUR
    raise AssertionError("it is never disabled")


def test_a_young_event_disables_no_webhook_by_its_failures() -> None:
    failing = a_webhook(health=Health(10, NOON - 9 * DAY, NOON - 8 * DAY))
    young = a_delivery(failing, created_at=NOON)
    delivery, webhook = tried(young, failing, REFUSED, NOON + MIN_FAILING_AGE - SECOND / 1000)
    assert (delivery.status, webhook.disabled) == (PENDING, None)
    delivery, webhook = tried(young, failing, REFUSED, NOON + MIN_FAILING_AGE)
    assert webhook.disabled == Disabled(NOON + MIN_FAILING_AGE, DisabledReason.FAILING)


def test_a_receiver_that_is_gone_disables_its_webhook_at_once() -> None:
    webhook = a_webhook()
    delivery, disabled = tried(a_delivery(webhook), webhook, Responded(410), NOON + SECOND)
    assert disabled.disabled == Disabled(NOON + SECOND, DisabledReason.GONE)
    assert (delivery.status, delivery.due_at, disabled.health.failures) == (EXHAUSTED, None, 1)


@given(st.sampled_from(DeliveryStatus))
def test_a_redelivery_is_due_at_once_and_has_all_attempts(status: DeliveryStatus) -> None:
    last = Attempt(NOON, 1, TIMEOUT)
    delivery = a_delivery(a_webhook(), status=status, attempts=MAX_ATTEMPTS, last=last)
    again = redeliver(delivery, NOON + DAY)
    assert again == evolve(delivery, status=PENDING, attempts=0, due_at=NOON + DAY)
