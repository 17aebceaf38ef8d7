"""The state of the queue over HTTP."""

from tests.adapters.http.api import Api


def test_the_queue_shows_what_waits_and_why(api: Api) -> None:
    script = api.host("cards")
    assert api.get("/v1/queue").json() == {
        "waiting": 0,
        "running": 0,
        "oldest_wait_seconds": None,
        "reason": None,
        "scripts": [],
    }
    for _ in range(3):
        api.submit(script="cards")
    api.run(api.begin())
    shown = api.get("/v1/queue")
    assert shown.headers["cache-control"] == "no-store"
    found = shown.json()
    assert found.pop("oldest_wait_seconds") >= 0
    named = {"id": script["id"], "name": "cards"}
    rows = [{"script": named, "waiting": 2, "running": 1}]
    assert found == {"waiting": 2, "running": 1, "reason": "no_workers", "scripts": rows}
    api.store.queue_state.slots = 1
    assert api.get("/v1/queue").json()["reason"] == "slots_busy"
    api.store.queue_state.slots = 2
    assert api.get("/v1/queue").json()["reason"] is None
