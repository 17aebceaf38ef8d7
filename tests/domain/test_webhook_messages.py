import json
from base64 import b64decode
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.script import ScriptName
from domain.webhook_messages import message, secret_text
from domain.webhooks import EventType
from tests.support.values import NOON, an_id
from tests.support.webhooks import a_delivery, a_webhook

CARDS = ScriptName("cards")
SCRIPT, EXECUTION = an_id(), an_id()

FACTS: dict[EventType, dict[str, Any]] = {
    EventType.EXECUTION_SUCCEEDED: {"execution": str(EXECUTION), "version": 2, "alias": None, "status": "succeeded"},
    EventType.EXECUTION_FAILED: {"execution": str(EXECUTION), "version": 2, "alias": "live", "status": "failed"},
    EventType.BATCH_FINISHED: {"batch": "b", "version": 2, "lines": 3, "cancelled": False},
    EventType.REPLAY_FINISHED: {"replay": "r", "version": 2, "executions": 3},
    EventType.ALIAS_MOVED: {"alias": "live", "from_version": 1, "to_version": None, "reason": "removal"},
    EventType.JOB_FINISHED: {"job": "j", "version": 2, "status": "succeeded", "objects": 1, "size_bytes": 2},
    EventType.TEST: {"webhook": "w"},
}
LINKS: dict[EventType, dict[str, str]] = {
    EventType.EXECUTION_SUCCEEDED: {"execution": f"/v1/executions/{EXECUTION}"},
    EventType.EXECUTION_FAILED: {"execution": f"/v1/executions/{EXECUTION}"},
    EventType.BATCH_FINISHED: {"batch": "/v1/batches/b", "results": "/v1/batches/b/results"},
    EventType.REPLAY_FINISHED: {"replay": "/v1/scripts/cards/versions/2/replays/r"},
    EventType.ALIAS_MOVED: {"alias": "/v1/scripts/cards/aliases/live"},
    EventType.JOB_FINISHED: {"job": "/v1/jobs/j"},
    EventType.TEST: {"webhook": "/v1/webhooks/w"},
}


@pytest.mark.parametrize("event", EventType)
@pytest.mark.parametrize("root", ["", "/service"])
def test_a_message_has_the_facts_and_where_to_read_more(event: EventType, root: str) -> None:
    is_test = event is EventType.TEST
    script_id, name = (None, None) if is_test else (SCRIPT, CARDS)
    at = NOON.astimezone(timezone(timedelta(hours=-3))) + timedelta(microseconds=1)
    delivery = a_delivery(a_webhook(), event=event, script_id=script_id, facts=json.dumps(FACTS[event]), created_at=at)
    body = message(delivery, name, root)
    assert json.loads(body) == {
        "type": event.value,
        "timestamp": "2026-11-23T12:00:00.000001Z",
        "data": {
            **({} if is_test else {"script": {"id": str(SCRIPT), "name": "cards"}}),
            **FACTS[event],
            "links": {link: f"{root}{path}" for link, path in LINKS[event].items()},
        },
    }
    assert message(delivery, name, root) == body


def test_a_script_without_a_known_name_is_linked_by_its_id() -> None:
    facts = json.dumps(FACTS[EventType.ALIAS_MOVED])
    delivery = a_delivery(a_webhook(), event=EventType.ALIAS_MOVED, script_id=SCRIPT, facts=facts)
    data = json.loads(message(delivery, None))["data"]
    assert data["script"] == {"id": str(SCRIPT), "name": None}
    assert data["links"]["alias"] == f"/v1/scripts/{SCRIPT}/aliases/live"


@given(st.binary(min_size=24, max_size=64))
def test_the_text_of_a_secret_has_its_bytes(secret: bytes) -> None:
    prefix, text = secret_text(secret).split("_")
    assert (prefix, b64decode(text, validate=True)) == ("whsec", secret)
