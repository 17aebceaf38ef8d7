"""Events reach their receivers at least once, whatever dies on this side and fails on theirs."""

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any, Final

import httpx
from standardwebhooks import Webhook

from tests.support.processes import free_port, running
from tests.support.waiting import eventually
from tests.system.conftest import Service
from tests.system.ledger import Ledger
from tests.system.receivers import Message, Receivers, Respond, receivers

SETTINGS: Final = {
    "BATEIA_LAYOUT": "separate",
    "BATEIA_ATTEMPTS": "20",
    "BATEIA_WEBHOOK_HTTP": "true",
    "BATEIA_WEBHOOK_NETWORKS": "127.0.0.0/8",
}
EVENTS: Final = ["execution.succeeded", "execution.failed"]
OK: Final = (200, dict[str, str]())
BUSY_SECONDS: Final = 7


def once(status: int, headers: Mapping[str, str] | None = None) -> Respond:
    """Answer the first message so, and accept all others."""
    return lambda number: OK if number else (status, headers or {})


def hang_once(number: int) -> tuple[int, Mapping[str, str]] | None:
    """Never answer the first message, and accept all others."""
    return OK if number else None


BEHAVIOURS: Final[dict[str, Respond]] = {
    "/steady": lambda number: OK,
    "/slow": lambda number: OK,
    "/failing": once(500),
    "/busy": once(429, {"Retry-After": str(BUSY_SECONDS)}),
    "/moved": once(302, {"Location": "/trap"}),
    "/hanging": hang_once,
    "/gone": lambda number: (410, {}),
    "/trap": lambda number: OK,
}
TO_DELIVER: Final = ("/steady", "/slow", "/failing", "/busy", "/moved", "/hanging")


def test_every_event_is_delivered_whatever_dies_and_however_receivers_fail(start: Callable[..., Service]) -> None:
    service = start(**SETTINGS)
    with ExitStack() as stack:
        all_but_one = stack.enter_context(receivers(BEHAVIOURS, slow=["/slow"]))
        down = free_port()
        webhooks = {path: subscribed(service, all_but_one.url(path)) for path in BEHAVIOURS if path != "/trap"}
        webhooks["/down"] = subscribed(service, f"http://127.0.0.1:{down}/down")
        with Ledger(service.url, connections=2) as ledger:
            for members in (partial(service.pids, "entrypoints.worker"), partial(service.pids, "entrypoints.api")):
                eventually(ledger.goes_on(10))
                kill(members())
            eventually(lambda: has_failed(service, webhooks["/down"]))
            late = stack.enter_context(receivers({"/down": lambda number: OK}, down))
            eventually(ledger.goes_on(10))
            kill([service.postmaster()])
            eventually(ledger.goes_on(10))
        ledger.check()
        wanted = {one["id"] for one in listed(service, f"/v1/executions?script={ledger.script}")}
        assert wanted >= ledger.acknowledged.keys()
        for path in TO_DELIVER:
            eventually(partial(has_accepted, all_but_one, path, wanted), 60, pause=0.1)
        eventually(partial(has_accepted, late, "/down", wanted), 60, pause=0.1)
        for path, webhook in webhooks.items():
            got = (late if path == "/down" else all_but_one).got(path)
            check_messages(got, webhook["secret"], wanted)
        check_pause(all_but_one.got("/busy"))
        assert all_but_one.got("/trap") == []
        assert all_but_one.got("/gone") != []
        shown = eventually(lambda: seen(service, webhooks["/gone"]))
        assert (shown["status"], shown["disabled"]["reason"]) == ("disabled", "gone")
        check_deliveries(service, webhooks["/steady"], wanted)
    log = service.log.read_text()
    assert all(webhook["secret"].removeprefix("whsec_") not in log for webhook in webhooks.values())


def subscribed(service: Service, url: str) -> dict[str, Any]:
    answer = service.client.post("/v1/webhooks", json={"url": url, "events": EVENTS})
    assert answer.status_code == 201, answer.text
    webhook: dict[str, Any] = answer.json()
    return webhook


def kill(pids: Sequence[int]) -> None:
    """Kill processes, and return when they have ended."""
    assert all(pids), "there is nothing to kill"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(map(running, pids)))


def seen(service: Service, webhook: Mapping[str, Any], below: str = "") -> Any:
    """Read a webhook, or what is below it; nothing while the service does not answer."""
    with suppress(httpx.TransportError):
        answer = service.client.get(f"/v1/webhooks/{webhook['id']}{below}")
        return answer.json() if answer.is_success else None


def has_failed(service: Service, webhook: Mapping[str, Any]) -> bool:
    shown = seen(service, webhook)
    return bool(shown and shown["health"]["failures"])


def listed(service: Service, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = service.client.get(f"{path}&limit=200{cursor}").json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


def execution_of(message: Message) -> str:
    return str(json.loads(message.body)["data"]["execution"])


def has_accepted(place: Receivers, path: str, wanted: set[str]) -> bool:
    """Tell whether the receiver has accepted an event of each execution."""
    return {execution_of(one) for one in place.got(path) if one.status == 200} >= wanted


def check_messages(got: Sequence[Message], secret: str, wanted: set[str]) -> None:
    """Check that each message verifies, and that copies of an event are equal: the receiver can tell them by the id."""
    of_events: dict[str, set[bytes]] = {}
    for one in got:
        body = Webhook(secret).verify(one.body, dict(one.headers))
        assert body["type"] == "execution.succeeded"
        assert body["data"]["execution"] in wanted
        headers = {name.lower(): value for name, value in one.headers.items()}
        of_events.setdefault(headers["webhook-id"], set()).add(one.body)
    assert all(len(bodies) == 1 for bodies in of_events.values())
    executions = [json.loads(body)["data"]["execution"] for (body,) in of_events.values()]
    assert len(executions) == len(set(executions)), "an execution has two events"


def check_pause(got: Sequence[Message]) -> None:
    """Check that a receiver that asked for a pause was left alone for so long."""
    first, second = got[:2]
    assert (first.status, second.seconds - first.seconds >= BUSY_SECONDS) == (429, True)


def check_deliveries(service: Service, webhook: Mapping[str, Any], wanted: set[str]) -> None:
    """Check that clients see what was delivered."""
    path = f"/v1/webhooks/{webhook['id']}/deliveries?status=delivered"
    eventually(lambda: {one["payload"]["data"]["execution"] for one in listed(service, path)} == wanted)
    first = next(listed(service, path))
    assert (first["last"]["status"], first["last"]["fault"]) == (200, None)
