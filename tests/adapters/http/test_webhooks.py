"""Webhooks over HTTP: their creation, their secret, their changes and their removal."""

import json
import logging
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier

from adapters.http.responses.webhooks import webhook_with_secret
from adapters.memory import webhooks as memory_webhooks
from adapters.system import utc_now
from application.ports.access import AuditFilter
from application.webhooks.subscribe import WebhookWithSecret
from domain.access import Scope
from domain.audit import Action
from domain.deliveries import NoResponse, Responded, SendFault
from domain.webhooks import MAX_OVERLAP, MAX_SCRIPTS, SECRET_BYTES, EventType
from tests.adapters.http.api import Api, slug
from tests.adapters.http.webhooks import (
    EVENTS,
    URL,
    WEBHOOKS,
    actions,
    attempt,
    change,
    create,
    deliveries,
    path,
    secrets,
    send,
    send_test,
)

NAMES: Final = ("a", "b", "c")
CHANGES: Final[dict[str, tuple[Any, Any]]] = {
    "url": ("https://other.example.com/x", "https://other.example.com/x"),
    "events": (["alias.moved", "batch.finished"], ["alias.moved", "batch.finished"]),
    "scripts": (["b"], ["b"]),
    "description": ("other", "other"),
    "enabled": (False, "disabled"),
}
"""A change of each member, and the member afterwards; the names of scripts and the status are shown."""

urls: Final = st.builds(
    "https://{}.example.com{}/{}".format,
    st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True),
    st.sampled_from(["", ":1", ":8443", ":65535"]),
    st.text("abcXYZ09-._~%?=&/", max_size=30),
)
subscriptions: Final = st.fixed_dictionaries(
    {"url": urls, "events": st.lists(st.sampled_from(EVENTS), min_size=1, unique=True)},
    optional={
        "scripts": st.none() | st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        "description": st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=50),
    },
)

values: Final = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5)
anything: Final = values | st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=4), values, max_size=3)
documents: Final = anything | st.fixed_dictionaries(
    {},
    optional={
        "url": urls | anything,
        "events": st.lists(st.sampled_from([*EVENTS, "webhook.test"]) | anything, max_size=3) | anything,
        "scripts": st.lists(st.sampled_from([*NAMES, "z"]) | anything, max_size=3) | anything,
        "description": anything,
        "enabled": anything,
        "overlap_seconds": anything,
        "\ud800": anything,
    },
)


@pytest.fixture
def hosted() -> Api:
    """Host some scripts."""
    api = Api()
    for name in NAMES:
        api.host(name)
    return api


def shown(webhook: Any) -> Any:
    """Return the members of a webhook that a client chooses, as it sends them."""
    scripts = webhook["scripts"] and [one["name"] for one in webhook["scripts"]]
    status = {"enabled": webhook["status"] == "enabled"}
    return {name: webhook[name] for name in ("url", "events", "description")} | {"scripts": scripts} | status


def faults(answer: Any) -> list[tuple[str, str]]:
    assert slug(answer) == (422, "invalid-document"), answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def test_a_webhook_is_created_with_its_secret_and_read_without_it(api: Api) -> None:
    script = api.host()
    answer = send(api, scripts=["corporate-cards"], description="for the ledger")
    webhook = answer.json()
    secret = webhook.pop("secret")
    assert answer.status_code == 201
    assert (answer.headers["location"], answer.headers["cache-control"]) == (path(webhook), "no-store")
    assert len(b64decode(secret.removeprefix("whsec_"), validate=True)) == SECRET_BYTES
    assert UUID(webhook["id"]).version == 7
    assert webhook == {
        "id": webhook["id"],
        "url": URL,
        "events": EVENTS,
        "scripts": [{"id": script["id"], "name": "corporate-cards"}],
        "description": "for the ledger",
        "status": "enabled",
        "disabled": None,
        "health": {"failures": 0, "failing_since": None, "rests_until": None},
        "pending": 0,
        "created_at": webhook["created_at"],
        "created_by": None,
        "former_secret_until": None,
    }
    read = api.get(path(webhook))
    assert (read.json(), read.headers["cache-control"]) == (webhook, "no-store")
    assert api.get(WEBHOOKS).json() == {"items": [webhook], "next_cursor": None}


def test_every_event_but_that_of_a_test_can_be_subscribed_to(api: Api) -> None:
    assert set(EVENTS) == {one.value for one in EventType} - {"webhook.test"}
    assert create(api)["events"] == EVENTS
    assert faults(send(api, events=["webhook.test"])) == [("/events/0", "not-one-of")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(new=subscriptions)
def test_any_webhook_is_shown_as_it_was_sent_and_unchanged_by_a_patch_with_the_same(hosted: Api, new: Any) -> None:
    created = create(hosted, **new)
    created.pop("secret")
    expected = {"scripts": None, "description": "", "enabled": True} | new
    sent = shown(created)
    assert sorted(sent["scripts"] or ()) == sorted(expected["scripts"] or ())
    assert sent | {"scripts": None} == expected | {"events": sorted(expected["events"]), "scripts": None}
    assert hosted.get(path(created)).json() == created
    audited = len(actions(hosted))
    assert change(hosted, created, **expected).json() == created
    assert change(hosted, created).json() == created
    assert len(actions(hosted)) == audited
    hosted("DELETE", path(created))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(new=subscriptions, changes=subscriptions)
def test_a_patch_replaces_the_members_that_it_has_and_no_other(hosted: Api, new: Any, changes: Any) -> None:
    created = create(hosted, **new)
    created.pop("secret")
    changed = change(hosted, created, **changes)
    replaced = create(hosted, **(new | changes))
    assert changed.status_code == 200
    assert shown(changed.json()) == shown(replaced)
    assert hosted.get(path(created)).json() == changed.json()
    for one in (created, replaced):
        hosted("DELETE", path(one))


@pytest.mark.parametrize("member", CHANGES)
def test_each_member_is_changed_alone(hosted: Api, member: str) -> None:
    created = create(hosted, scripts=["a"], description="one", events=["alias.moved"])
    before = shown(created)
    value, after = CHANGES[member]
    changed = change(hosted, created, **{member: value})
    assert (changed.status_code, changed.headers["cache-control"]) == (200, "no-store")
    assert "secret" not in changed.json()
    assert shown(changed.json()) == before | {member: value}
    assert after in (changed.json()["status"], shown(changed.json())[member])
    action = Action.DISABLED_WEBHOOK if member == "enabled" else Action.CHANGED_WEBHOOK
    assert actions(hosted) == [Action.CREATED_WEBHOOK, action]


def test_null_stands_for_all_scripts_and_for_nothing_else(hosted: Api) -> None:
    created = create(hosted, scripts=["a"])
    assert change(hosted, created, scripts=None).json()["scripts"] is None
    refused = change(hosted, created, url=None, events=None, description=None, enabled=None)
    assert sorted(faults(refused)) == [
        ("/description", "not-a-string"),
        ("/enabled", "not-a-boolean"),
        ("/events", "not-a-list"),
        ("/url", "not-a-string"),
    ]


def test_a_patch_may_be_called_one(hosted: Api) -> None:
    created = create(hosted)
    answer = hosted(
        "PATCH",
        path(created),
        content=b'{"description": "x"}',
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert answer.json()["description"] == "x"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"url": 1}, [("/url", "not-a-string")]),
        ({"url": ""}, [("/url", "webhook-url-scheme")]),
        ({"url": "ftp://hooks.example.com/"}, [("/url", "webhook-url-scheme")]),
        ({"url": "http://hooks.example.com/"}, [("/url", "webhook-url-scheme")]),
        ({"url": "https://[fe80::1%25eth0]/"}, [("/url", "webhook-url-no-host")]),
        ({"url": "https://hooks.example.com:99999/"}, [("/url", "webhook-url-port")]),
        ({"url": f"{URL}/{'x' * 2_000}"}, [("/url", "webhook-url-too-long")]),
        ({"events": []}, [("/events", "too-few-items")]),
        ({"events": ["alias.moved", "alias.moved"]}, [("/events", "repeated-items")]),
        ({"events": ["execution.succeded"]}, [("/events/0", "not-one-of")]),
        ({"scripts": []}, [("/scripts", "too-few-items")]),
        ({"scripts": ["a", "a"]}, [("/scripts", "repeated-items")]),
        ({"scripts": "a"}, [("/scripts", "not-a-list")]),
        ({"scripts": ["a", "A b"]}, [("/scripts/1", "not-a-script-reference")]),
        (
            {"scripts": ["z", "a", str(UUID(int=1))]},
            [("/scripts/0", "no-such-script"), ("/scripts/2", "no-such-script")],
        ),
        ({"scripts": [f"s{number}" for number in range(MAX_SCRIPTS + 1)]}, [("/scripts", "too-many-items")]),
        ({"url": "https://", "scripts": ["z"]}, [("/url", "webhook-url-no-host"), ("/scripts/0", "no-such-script")]),
        ({"description": "x" * 2_001}, [("/description", "too-long")]),
        ({"description": "a\0"}, [("/description", "invalid-character")]),
        ({"secret": "whsec_x"}, [("/secret", "unknown")]),
    ],
)
def test_every_fault_of_a_subscription_has_its_place_when_it_is_created_and_changed(
    hosted: Api, members: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert faults(send(hosted, **members)) == expected
    assert hosted.get(WEBHOOKS).json()["items"] == []
    created = create(hosted)
    assert faults(change(hosted, created, **members)) == expected
    assert shown(hosted.get(path(created)).json()) == shown(created)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(document=documents)
def test_no_document_makes_the_service_fail(hosted: Api, document: Any) -> None:
    created = create(hosted)
    content = json.dumps(document).encode()
    for method, at in (("POST", WEBHOOKS), ("PATCH", path(created)), ("POST", path(created, "/rotate"))):
        answer = hosted(method, at, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 201, 400, 422)
        if answer.status_code == 201:
            hosted("DELETE", answer.headers["location"])
    hosted("DELETE", path(created))


def test_url_and_events_are_required(api: Api) -> None:
    assert sorted(faults(api.post(WEBHOOKS, json={}))) == [("/events", "required"), ("/url", "required")]


@pytest.mark.parametrize(
    ("members", "advice"),
    [
        ({"event": []}, "Did you mean `events`? Known here: description, events, scripts, url."),
        ({"events": ["execution.succeded"]}, "Did you mean `execution.succeeded`?"),
    ],
)
def test_a_misspelt_name_is_suggested(api: Api, members: dict[str, Any], advice: str) -> None:
    assert send(api, **members).json()["hint"] == advice


def test_a_list_of_faulty_scripts_is_cut_off(api: Api) -> None:
    assert len(faults(send(api, scripts=[f"S{number}" for number in range(200)]))) == 50


def test_the_longest_subscription_fits(api: Api) -> None:
    names = [f"{number:04}-{'x' * 58}" for number in range(MAX_SCRIPTS)]
    body = json.dumps({"url": URL, "events": EVENTS, "scripts": names, "description": "\U0001f600" * 2_000})
    answer = api.post(WEBHOOKS, content=body.encode(), headers={"Content-Type": "application/json"})
    assert {code for _, code in faults(answer)} == {"no-such-script"}
    assert slug(api.post(WEBHOOKS, content=b" " * 200_000, headers={"Content-Type": "application/json"})) == (
        413,
        "document-too-large",
    )


def test_plain_http_is_a_choice_of_the_operator(api: Api) -> None:
    plain = "http://hooks.example.com/"
    assert faults(change(api, create(api), url=plain)) == [("/url", "webhook-url-scheme")]
    assert create(Api(allow_http=True), url=plain)["url"] == plain


def test_a_script_is_named_by_id_or_name_and_once(hosted: Api) -> None:
    script = hosted.get("/v1/scripts/b").json()["id"]
    webhook = create(hosted, scripts=[script, "a", "b", script.upper()])
    assert sorted(one["name"] for one in webhook["scripts"]) == ["a", "b"]
    assert [one["id"] for one in webhook["scripts"]] == sorted(one["id"] for one in webhook["scripts"])


def test_there_are_only_so_many_webhooks(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_webhooks, "MAX_WEBHOOKS", 1)
    create(api)
    assert slug(send(api)) == (409, "too-many-webhooks")


def test_webhooks_are_listed_page_by_page_newest_first(api: Api) -> None:
    ids = [create(api)["id"] for _ in range(5)]
    found, at = [], f"{WEBHOOKS}?limit=2"
    while at:
        answer = api.get(at)
        found += [one["id"] for one in answer.json()["items"]]
        at = answer.links.get("next", {}).get("url", "")
    assert found == ids[::-1]
    assert slug(api.get(f"{WEBHOOKS}?cursor=x")) == (400, "malformed-cursor")


@pytest.mark.parametrize(("method", "below"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")])
def test_a_webhook_that_is_not_there_is_refused(api: Api, method: str, below: str) -> None:
    how: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    assert slug(api(method, f"{WEBHOOKS}/{UUID(int=1)}{below}", **how)) == (404, "unknown-webhook")
    assert slug(api(method, f"{WEBHOOKS}/x{below}", **how)) == (422, "malformed-id")
    webhook = create(api)
    assert api("DELETE", path(webhook)).status_code == 204
    assert slug(api(method, path(webhook, below), **how)) == (404, "unknown-webhook")


@pytest.mark.parametrize("overlap", [0, 3_600, int(MAX_OVERLAP.total_seconds()), None])
def test_a_rotation_leaves_the_former_secret_valid_for_the_time_of_the_overlap(api: Api, overlap: int | None) -> None:
    webhook = create(api)
    send_test(api, webhook)
    how: dict[str, Any] = {} if overlap is None else {"json": {"overlap_seconds": overlap}}
    before = utc_now()
    answer = api.post(path(webhook, "/rotate"), **how)
    after = utc_now()
    rotated = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    lasts = timedelta(seconds=86_400 if overlap is None else overlap)
    assert before + lasts <= datetime.fromisoformat(rotated["former_secret_until"]) <= after + lasts
    former, current = (b64decode(one["secret"].removeprefix("whsec_")) for one in (webhook, rotated))
    assert former != current
    signing = secrets(api)
    assert (signing.current, signing.former) == (current, None if overlap == 0 else former)
    shared = {name: member for name, member in rotated.items() if name != "secret"}
    assert api.get(path(webhook)).json() == shared
    assert actions(api)[-1] is Action.ROTATED_WEBHOOK


def test_a_second_rotation_ends_the_first_secret(api: Api) -> None:
    first = create(api)
    send_test(api, first)
    second, third = (api.post(path(first, "/rotate")).json() for _ in range(2))
    signing = secrets(api)
    assert [signing.former, signing.current] == [
        b64decode(one["secret"].removeprefix("whsec_")) for one in (second, third)
    ]


@pytest.mark.parametrize(
    ("overlap", "code"),
    [(-1, "below-minimum"), (604_801, "above-maximum"), (0.5, "not-an-integer"), (None, "not-an-integer")],
)
def test_an_overlap_has_bounds(api: Api, overlap: Any, code: str) -> None:
    webhook = create(api)
    refused = api.post(path(webhook, "/rotate"), json={"overlap_seconds": overlap})
    assert faults(refused) == [("/overlap_seconds", code)]
    assert faults(api.post(path(webhook, "/rotate"), json={"overlap": 1})) == [("/overlap", "unknown")]
    assert api.get(path(webhook)).json()["former_secret_until"] is None


def test_a_secret_is_shown_once_and_nowhere_else(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    webhook = create(api)
    rotated = api.post(path(webhook, "/rotate"), json={}).json()
    assert webhook["secret"] != rotated["secret"]
    tested = send_test(api, webhook)
    change(api, webhook, description="other")
    texts = [
        api.get(WEBHOOKS).text,
        api.get(path(webhook)).text,
        change(api, webhook, enabled=False).text,
        api.get(path(webhook, "/deliveries")).text,
        api.get(path(webhook, f"/deliveries/{tested['id']}")).text,
        repr(api.run(api.store.webhooks.find(UUID(webhook["id"])))),
        repr(api.store.outbox.webhooks),
        repr(api.run(api.store.audit.page(AuditFilter(), None, 100))),
        caplog.text,
    ]
    record = api.run(api.store.webhooks.find(UUID(webhook["id"])))
    assert record is not None
    both = WebhookWithSecret(record, rotated["secret"])
    texts += [repr(both), repr(webhook_with_secret(both))]
    for secret in (webhook["secret"], rotated["secret"]):
        raw = b64decode(secret.removeprefix("whsec_"))
        assert not any(secret in text or repr(raw)[2:-1] in text for text in texts)
    Verifier(rotated["secret"])  # the reference implementation takes it


def test_a_webhook_names_the_key_that_created_it_and_every_change_is_audited(api: Api) -> None:
    key_id, bearer = api.key()
    webhook = create(api, headers=bearer)
    assert webhook["created_by"] == "a key"
    for method, below, how in (
        ("PATCH", "", {"json": {"description": "x"}}),
        ("PATCH", "", {"json": {"description": "x"}}),
        ("POST", "/rotate", {}),
        ("POST", "/test", {}),
        ("PATCH", "", {"json": {"enabled": False}}),
        ("PATCH", "", {"json": {"enabled": True}}),
        ("DELETE", "", {}),
    ):
        assert api(method, path(webhook, below), headers=bearer, **how).is_success
    assert actions(api) == [
        Action.CREATED_WEBHOOK,
        Action.CHANGED_WEBHOOK,
        Action.ROTATED_WEBHOOK,
        Action.TESTED_WEBHOOK,
        Action.DISABLED_WEBHOOK,
        Action.CHANGED_WEBHOOK,
        Action.REMOVED_WEBHOOK,
    ]
    records = api.run(api.store.audit.page(AuditFilter(), None, 100))
    on_webhooks = [one for one in records if one.event.webhook_id is not None]
    assert {(one.event.webhook_id, one.event.actor.key_id) for one in on_webhooks} == {(UUID(webhook["id"]), key_id)}


def test_reading_and_changing_webhooks_need_different_scopes(api: Api) -> None:
    webhook = create(api)
    _, reader = api.key(Scope.READ, Scope.EXECUTIONS_WRITE, Scope.ADMIN)
    _, writer = api.key(Scope.SCRIPTS_WRITE)
    assert api.get(path(webhook), headers=reader).status_code == 200
    assert slug(api.get(path(webhook), headers=writer)) == (403, "forbidden")
    assert slug(api.post(path(webhook, "/rotate"), headers=reader)) == (403, "forbidden")
    assert slug(send(api, reader, nonsense=1)) == (403, "forbidden")
    assert send(api, writer).status_code == 201


def test_disabling_gives_up_what_waits_and_enabling_forgets_the_failures(api: Api) -> None:
    webhook = create(api)
    for _ in range(2):
        send_test(api, webhook)
    attempt(api, Responded(503, "down"), timedelta(hours=2))
    failing = api.get(path(webhook)).json()
    assert (failing["health"]["failures"], failing["pending"]) == (1, 2)
    assert failing["health"]["failing_since"] < failing["health"]["rests_until"]
    disabled = change(api, webhook, enabled=False).json()
    assert (disabled["status"], disabled["disabled"]["reason"], disabled["pending"]) == ("disabled", "requested", 0)
    assert [one["status"] for one in deliveries(api, webhook)] == ["exhausted"] * 2
    assert change(api, webhook, enabled=False).json() == disabled
    enabled = change(api, webhook, enabled=True).json()
    assert (enabled["status"], enabled["disabled"], enabled["pending"]) == ("enabled", None, 0)
    assert enabled["health"] == {"failures": 0, "failing_since": None, "rests_until": None}
    assert send_test(api, webhook)["status"] == "pending"


def test_a_receiver_that_wants_no_more_messages_disables_its_webhook(api: Api) -> None:
    webhook = create(api)
    send_test(api, webhook)
    attempt(api, Responded(410, "no more"))
    gone = api.get(path(webhook)).json()
    assert (gone["status"], gone["disabled"]["reason"], gone["health"]["failures"]) == ("disabled", "gone", 1)
    (delivery,) = deliveries(api, webhook)
    assert (delivery["status"], delivery["last"]["status"], delivery["last"]["response"]) == (
        "exhausted",
        410,
        "no more",
    )


def test_another_receiver_begins_healthy(api: Api) -> None:
    webhook = create(api)
    send_test(api, webhook)
    attempt(api, NoResponse(SendFault.TLS_FAILED, "certificate has expired"))
    assert api.get(path(webhook)).json()["health"]["failures"] == 1
    assert change(api, webhook, description="x").json()["health"]["failures"] == 1
    assert change(api, webhook, url=f"{URL}/2").json()["health"]["failures"] == 0


def test_a_path_prefix_is_part_of_the_location() -> None:
    published = Api(root_path="/bateia")
    answer = send(published)
    assert answer.headers["location"] == f"/bateia{path(answer.json())}"
    assert published.get(path(answer.json())).status_code == 200
