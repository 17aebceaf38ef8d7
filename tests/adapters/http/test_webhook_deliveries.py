"""The deliveries of a webhook over HTTP: their messages, attempts and pages, tests and redeliveries."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.access import Scope
from domain.audit import Action
from domain.deliveries import NoResponse, Responded, SendFault, SendOutcome
from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import JSON_TYPE, Api, slug
from tests.adapters.http.webhooks import URL, WEBHOOKS, actions, attempt, change, create, deliveries, path, send_test
from tests.support.replaying import carry_on, runner_of

ID: Final = UUID(int=1)
HOUR: Final = timedelta(hours=1)
OK: Final = Responded(204)

statuses: Final = st.sampled_from(["pending", "delivered", "exhausted"])


def payloads(api: Api, webhook: Any) -> list[Any]:
    """Return the payloads of the deliveries, oldest first. Their schemas are checked with every response."""
    found = [one["payload"] for one in reversed(deliveries(api, webhook))]
    assert [one["type"] for one in found] == [one["event"] for one in reversed(deliveries(api, webhook))]
    return found


def test_the_ends_of_executions_are_delivered_with_ids_digests_and_links(api: Api) -> None:
    script = api.host()
    webhook = create(api, scripts=["corporate-cards"])
    succeeded = api.submit(b"[1]")
    api.produce(b"[2]")
    failed = api.submit(b"[1]")
    api.fail(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "no rows")))
    cancelled = api.submit(b"[1]")
    api.post(f"/v1/executions/{cancelled['id']}/cancel")
    sent = payloads(api, webhook)
    of_script = {"script": {"id": script["id"], "name": "corporate-cards"}}
    common = {**of_script, "version": 1, "alias": None}
    shown = api.get(f"/v1/executions/{succeeded['id']}").json()
    assert sent[0]["data"] == common | {
        "execution": succeeded["id"],
        "status": "succeeded",
        "result_sha256": shown["output"]["sha256"],
        "result_bytes": 3,
        "links": {"execution": f"/v1/executions/{succeeded['id']}"},
    }
    for message, execution, kind in zip(sent[1:], (failed, cancelled), ("script_error", "cancelled"), strict=True):
        assert message["type"] == "execution.failed"
        assert message["data"] == common | {
            "execution": execution["id"],
            "status": "failed",
            "error_kind": kind,
            "links": {"execution": f"/v1/executions/{execution['id']}"},
        }
    assert "no rows" not in api.get(path(webhook, "/deliveries")).text


def test_the_moves_of_aliases_and_the_ends_of_replays_are_delivered(api: Api) -> None:
    api.host()
    execution = api.submit(b"[1]")
    api.produce(b"[2]")
    webhook = create(api, events=["replay.finished", "alias.moved"])
    api.promote(1)
    api("DELETE", "/v1/scripts/corporate-cards/aliases/live")
    versions = "/v1/scripts/corporate-cards/versions"
    replay = api.post(f"{versions}/1/replays", json={"executions": [execution["id"]]}).json()
    runner = runner_of(api.store)
    api.run(carry_on(runner))
    api.produce(b"[2]")
    for _ in range(2):
        api.run(carry_on(runner))
    promoted, removed, finished = (one["data"] for one in payloads(api, webhook))
    assert (promoted["from_version"], promoted["to_version"], promoted["reason"]) == (None, 1, "promotion")
    assert (removed["from_version"], removed["to_version"], removed["reason"]) == (1, None, "removal")
    assert promoted["links"] == removed["links"] == {"alias": "/v1/scripts/corporate-cards/aliases/live"}
    counts = dict.fromkeys(("changed", "now_failing", "now_succeeding", "skipped", "incomplete"), 0)
    assert (finished["replay"], finished["executions"]) == (replay["id"], 1)
    assert finished["counts"] == counts | {"total": 1, "equal": 1}
    assert api.get(finished["links"]["replay"]).json()["status"] == "finished"


def test_only_events_of_the_subscription_are_recorded(api: Api) -> None:
    for name in ("a", "b"):
        api.host(name)
    of_a, of_all, of_moves = create(api, scripts=["a"]), create(api), create(api, events=["alias.moved"])
    disabled = create(api)
    change(api, disabled, enabled=False)
    for name in ("a", "b"):
        api.submit(script=name)
        api.produce()
    assert [len(deliveries(api, one)) for one in (of_a, of_all, of_moves, disabled)] == [1, 2, 0, 0]
    assert len({one["id"] for webhook in (of_a, of_all) for one in deliveries(api, webhook)}) == 3


def test_a_test_is_accepted_and_read_as_a_delivery(api: Api) -> None:
    webhook = create(api)
    answer = api.post(path(webhook, "/test"))
    delivery = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (202, "no-store")
    assert answer.headers["location"] == path(webhook, f"/deliveries/{delivery['id']}")
    assert delivery == {
        "id": delivery["id"],
        "event": "webhook.test",
        "status": "pending",
        "attempts": 0,
        "due_at": delivery["due_at"],
        "created_at": delivery["created_at"],
        "last": None,
        "payload": {
            "type": "webhook.test",
            "timestamp": delivery["created_at"],
            "data": {"webhook": webhook["id"], "links": {"webhook": path(webhook)}},
        },
    }
    read = api.get(answer.headers["location"])
    assert (read.json(), read.headers["cache-control"]) == (delivery, "no-store")
    assert api.get(path(webhook)).json()["pending"] == 1
    attempt(api, OK)
    assert api.get(path(webhook)).json()["pending"] == 0
    (shown,) = deliveries(api, webhook)
    assert (shown["status"], shown["attempts"], shown["due_at"], shown["last"]["status"]) == ("delivered", 1, None, 204)


def test_links_begin_with_the_path_prefix_of_the_service() -> None:
    published = Api(root_path="/bateia")
    webhook = create(published)
    links = send_test(published, webhook)["payload"]["data"]["links"]
    assert links == {"webhook": f"/bateia{path(webhook)}"}


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (Responded(503, "down"), (503, "down", None, None)),
        (Responded(302), (302, "", None, None)),
        (NoResponse(SendFault.ADDRESS_FORBIDDEN), (None, None, "address-forbidden", None)),
        (NoResponse(SendFault.TLS_FAILED, "expired"), (None, None, "tls-failed", "expired")),
    ],
)
def test_an_attempt_has_either_a_response_or_a_fault(
    api: Api, outcome: SendOutcome, shown: tuple[int | None, str | None, str | None, str | None]
) -> None:
    webhook = create(api)
    delivery = send_test(api, webhook)
    attempt(api, outcome)
    tried = api.get(path(webhook, f"/deliveries/{delivery['id']}")).json()
    last = tried["last"]
    assert (last["status"], last["response"], last["fault"], last["detail"]) == shown
    assert (last["duration_ms"], tried["status"], tried["attempts"]) == (84, "pending", 1)
    assert tried["due_at"] > last["at"]
    assert {name: tried[name] for name in ("id", "payload", "created_at")} == {
        name: delivery[name] for name in ("id", "payload", "created_at")
    }


def test_a_delivery_is_sent_again_in_whatever_state_it_is(api: Api) -> None:
    webhook = create(api)
    delivery = send_test(api, webhook)
    at = path(webhook, f"/deliveries/{delivery['id']}")
    for outcome, status in ((OK, "delivered"), (Responded(500, "?"), "pending")):
        attempt(api, outcome, HOUR)
        tried = api.get(at).json()
        assert (tried["status"], tried["attempts"]) == (status, 1)
        answer = api.post(f"{at}/redeliver")
        again = answer.json()
        assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (
            202,
            at,
            "no-store",
        )
        assert (again["id"], again["status"], again["attempts"]) == (delivery["id"], "pending", 0)
        assert (again["payload"], again["last"]) == (delivery["payload"], tried["last"])
        assert api.get(at).json() == again
    change(api, webhook, enabled=False)
    change(api, webhook, enabled=True)
    assert api.get(at).json()["status"] == "exhausted"
    assert api.post(f"{at}/redeliver").json()["status"] == "pending"
    assert actions(api).count(Action.REDELIVERED) == 3


def test_nothing_is_sent_to_the_receiver_of_a_disabled_webhook(api: Api) -> None:
    webhook = create(api)
    at = path(webhook, f"/deliveries/{send_test(api, webhook)['id']}")
    for reason in ("gone", "requested"):
        if reason == "gone":
            attempt(api, Responded(410))
        else:
            change(api, webhook, enabled=True)
            change(api, webhook, enabled=False)
        for refused in (api.post(path(webhook, "/test")), api.post(f"{at}/redeliver")):
            assert slug(refused) == (409, "webhook-disabled")
            assert f"(reason: {reason})" in refused.json()["detail"]
            assert f"PATCH {path(webhook)}" in refused.json()["hint"]
    assert [one["status"] for one in deliveries(api, webhook)] == ["exhausted"]


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("GET", f"/deliveries/{ID}"),
        ("POST", f"/deliveries/{ID}/redeliver"),
    ],
)
def test_a_webhook_or_a_delivery_that_is_not_there_is_refused(api: Api, method: str, below: str) -> None:
    assert slug(api(method, f"{WEBHOOKS}/{ID}{below}")) == (404, "unknown-webhook")
    assert slug(api(method, f"{WEBHOOKS}/x{below}")) == (422, "malformed-id")
    webhook = create(api)
    if str(ID) in below:
        assert slug(api(method, path(webhook, below))) == (404, "unknown-delivery")
        malformed = api(method, path(webhook, below.replace(str(ID), "x")))
        assert (slug(malformed), malformed.json()["code"]) == ((422, "malformed-id"), "malformed-delivery-id")


def test_a_delivery_belongs_to_one_webhook(api: Api) -> None:
    one, other = create(api), create(api)
    below = f"/deliveries/{send_test(api, one)['id']}"
    assert slug(api.get(path(other, below))) == (404, "unknown-delivery")
    assert slug(api.post(path(other, f"{below}/redeliver"))) == (404, "unknown-delivery")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    outcomes=st.lists(st.sampled_from([OK, Responded(500), None]), max_size=8),
    limit=st.integers(1, 9),
    status=st.none() | statuses,
)
def test_every_delivery_of_a_state_is_on_one_page_newest_first(
    api: Api, outcomes: list[Responded | None], limit: int, status: str | None
) -> None:
    webhook = create(api)
    expected: list[tuple[str, str]] = []
    for outcome in outcomes:
        delivery = send_test(api, webhook)
        is_sent = outcome is not None and not any(state == "pending" for _, state in expected)
        if is_sent and outcome is not None:
            attempt(api, outcome, HOUR)
        expected.insert(0, (delivery["id"], "delivered" if is_sent and outcome == OK else "pending"))
    found: list[tuple[str, str]] = []
    at = path(webhook, f"/deliveries?limit={limit}" + (f"&status={status}" if status else ""))
    while at:
        answer = api.get(at)
        assert len(answer.json()["items"]) <= limit
        found += [(one["id"], one["status"]) for one in answer.json()["items"]]
        at = answer.links.get("next", {}).get("url", "")
    assert found == [one for one in expected if status in (None, one[1])]
    api("DELETE", path(webhook))


def test_the_list_of_deliveries_refuses_other_states_and_cursors(api: Api) -> None:
    webhook = create(api)
    assert slug(api.get(path(webhook, "/deliveries?status=failed"))) == (422, "invalid-query")
    assert slug(api.get(path(webhook, "/deliveries?cursor=x"))) == (400, "malformed-cursor")
    assert deliveries(api, webhook) == []


def test_reading_deliveries_and_sending_events_need_different_scopes(api: Api) -> None:
    webhook = create(api)
    at = path(webhook, f"/deliveries/{send_test(api, webhook)['id']}")
    _, reader = api.key(Scope.READ)
    _, writer = api.key(Scope.SCRIPTS_WRITE)
    for method, where, key in (
        ("GET", at, writer),
        ("GET", path(webhook, "/deliveries"), writer),
        ("POST", path(webhook, "/test"), reader),
        ("POST", f"{at}/redeliver", reader),
    ):
        assert slug(api(method, where, headers=key)) == (403, "forbidden")
    assert api.get(at, headers=reader).status_code == 200
    assert api.post(f"{at}/redeliver", headers=writer | JSON_TYPE).status_code == 202


def test_removing_a_webhook_removes_its_deliveries(api: Api) -> None:
    webhook = create(api)
    at = path(webhook, f"/deliveries/{send_test(api, webhook)['id']}")
    api("DELETE", path(webhook))
    assert slug(api.get(at)) == (404, "unknown-webhook")
    assert create(api, url=URL)["id"] != webhook["id"]
