"""Webhooks, deliveries and outcomes of attempts for tests."""

from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st

from domain.deliveries import Delivery, NoResponse, Responded, SendFault, SendOutcome
from domain.webhooks import EventType, Webhook, WebhookUrl, webhook_url
from tests.support.values import NOON, an_id

URL: Final = WebhookUrl("https://receiver.example/events")
SECRET: Final = bytes(range(32))
OK: Final = Responded(200, "thanks")
REFUSED: Final = Responded(503, "not now")
TIMEOUT: Final = NoResponse(SendFault.TIMED_OUT, "no response within 10 s")

failures: Final[st.SearchStrategy[SendOutcome]] = st.builds(
    Responded,
    status=st.integers(100, 599).filter(lambda status: not 200 <= status < 300 and status != 410),
    retry_after=st.none() | st.integers(-5, 2**80) | st.integers(0, 100_000),
) | st.builds(NoResponse, st.sampled_from(SendFault))


def a_url(text: str) -> WebhookUrl:
    return webhook_url(text).unwrap()


def a_webhook(**members: Any) -> Webhook:
    """Make a webhook for the ends of executions of all scripts, whose members are as given."""
    given: dict[str, Any] = {
        "id": an_id(),
        "url": URL,
        "events": frozenset({EventType.EXECUTION_SUCCEEDED, EventType.EXECUTION_FAILED}),
        "scripts": None,
        "description": "",
        "created_at": NOON,
    }
    return Webhook(**given | members)


def a_delivery(webhook: Webhook, **members: Any) -> Delivery:
    """Make a pending delivery of the webhook, due at once, whose members are as given."""
    given: dict[str, Any] = {
        "id": an_id(),
        "number": 1,
        "webhook_id": webhook.id,
        "event": EventType.EXECUTION_SUCCEEDED,
        "created_at": NOON + timedelta(seconds=1),
        "script_id": an_id(),
        "facts": '{"execution":"x"}',
        "due_at": NOON + timedelta(seconds=1),
    }
    return Delivery(**given | members)
