"""The status over HTTP: for operators alone, and with what the store has."""

import asyncio
from datetime import timedelta

from adapters.system import utc_now
from application.ports.status import VerifiedBackup
from application.version import VERSION
from domain.access import Scope, new_key, new_token
from tests.adapters.http.api import Api, slug
from tests.contracts.test_executions import starting
from tests.support.values import an_id


def test_it_has_workers_queue_storage_disks_keys_and_the_last_backup() -> None:
    api = Api()
    api.host()
    ids = [api.submit(b"[1, 2]")["id"] for _ in range(3)]
    api.run(api.store.queue.claim(1, starting("host:1")))
    at = utc_now()
    key = new_key(an_id(), "soon", [Scope.ADMIN], at, 7).unwrap()
    token = new_token(bytes(32))
    api.run(api.store.api_keys.add(key, token.digest))
    api.store.status.last_backup = VerifiedBackup(taken_at=at - timedelta(days=1), verified_at=at, size_bytes=77)
    answer = api.get("/v1/status", headers={"Authorization": f"Bearer {token.text}"})
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert found["version"] == VERSION
    (worker,) = found["workers"]
    shown = {"name": "host:1", "host": "host", "alive": True, "slots": None, "busy": 1}
    assert {name: worker[name] for name in shown} == shown
    assert (found["queue"]["waiting"], found["queue"]["running"], found["jobs_unfinished"]) == (len(ids) - 1, 1, 0)
    (script,) = found["storage"]["scripts"]
    assert (script["name"], script["executions"], found["storage"]["exact"]) == ("corporate-cards", 3, True)
    assert found["storage"]["database_bytes"] >= script["bytes"] >= 3
    assert found["disks"] == [{"folder": "data", "total_bytes": 400, "free_bytes": 100}]
    assert [(one["id"], one["name"]) for one in found["expiring_keys"]] == [(str(key.id), "soon")]
    assert found["last_backup"]["bytes"] == 77


def test_it_is_for_operators_alone() -> None:
    api = Api()
    _, reader = api.key(Scope.READ, Scope.EXECUTIONS_WRITE, Scope.SCRIPTS_WRITE)
    assert slug(api.get("/v1/status", headers=reader)) == (403, "forbidden")


def test_it_is_the_same_for_some_seconds() -> None:
    api = Api(monotonic=lambda: 0.0)
    first = api.get("/v1/status").json()
    api.host()
    api.submit()

    async def twice() -> list[object]:
        return [one.json() for one in await asyncio.gather(*(api.ask("GET", "/v1/status") for _ in range(2)))]

    assert api.run(twice()) == [first, first]
