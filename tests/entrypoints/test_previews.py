"""Previews with real processes behind a real server: what a client gets, and what is left when it has gone."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.comparison.results import comparing_results
from adapters.http.app import build_app
from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.trials import TrialPolicy, TrialSandbox
from adapters.json.bodies import JsonBodies
from domain import limits
from tests.adapters.http.api import Api
from tests.adapters.http.served import Connection, Served, served
from tests.adapters.javascript.sandboxes import is_alive, processes_under
from tests.adapters.javascript.test_processes import ENDLESS, is_running
from tests.support.waiting import eventually_sees

BODIES = JsonBodies()


@asynccontextmanager
async def a_service(policy: TrialPolicy) -> AsyncIterator[tuple[Api, Served]]:
    async with (
        JavaScriptSandbox(BODIES, slots=policy.slots, warm=False) as sandbox,
        comparing_results(BODIES) as compare_results,
    ):
        trials = TrialSandbox(sandbox, policy)
        api = Api(run_trial=trials.run, check_trial=trials.check, compare_results=compare_results)
        async with served(build_app(api.deps)) as server:
            yield api, server


async def send(server: Served, **members: Any) -> Connection:
    client, body = await server.connect(), json.dumps(members).encode()
    head = (
        f"POST /v1/previews HTTP/1.1\r\nHost: bateia\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    await client.send(head.encode() + b"\r\n\r\n" + body)
    return client


def busy() -> set[int]:
    """Find the sandbox processes that compute."""
    lines = processes_under(os.getpid())
    return {pid for pid, line in lines.items() if "zygote.py" in line and is_running(pid)}


async def computing(count: int) -> set[int]:
    async def seen() -> set[int]:
        found = busy()
        return found if len(found) == count else set()

    return await eventually_sees(seen)


async def ended(pids: set[int]) -> None:
    async def gone() -> bool:
        return not any(map(is_alive, pids))

    await eventually_sees(gone)


def test_a_source_is_checked_run_and_compared_with_a_version_by_real_processes() -> None:
    async def work() -> None:
        async with a_service(TrialPolicy()) as (api, server):
            await api.ask("POST", "/v1/scripts", json={"name": "a", "source": "const process = rows => rows"})
            source = "const process = rows => rows.map(r => (console.log(r.id), {...r, x: r.x * 10}))"
            dataset = [{"id": 1, "x": 0}, {"id": 2, "x": 0.25}]
            client = await send(server, source=source, dataset=dataset, script="a", version=1)
            status, _, content = await client.answer()
            shown = json.loads(content)
            assert (status, shown["state"], shown["result"]) == (200, "succeeded", [dataset[0], {"id": 2, "x": 2.5}])
            assert [one["message"] for one in shown["logs"]] == ["1", "2"]
            found = shown["differences"]
            assert (found["kind"], found["key"], found["rows"]["changed"]) == ("table", ["id"], 1)
            assert found["differences"][0]["cells"] == [{"column": "x", "before": 0.25, "after": 2.5}]
            refused = await send(server, source="function process( {", dataset=1)
            assert (await refused.answer())[0] == 422

    asyncio.run(work())


@pytest.mark.parametrize(
    "leave",
    [
        lambda client: client.writer.close(),
        lambda client: client.writer.transport.abort(),
        lambda client: client.writer.write_eof(),
    ],
    ids=["closed", "reset", "half closed"],
)
def test_the_process_of_a_preview_ends_when_its_client_disconnects(
    monkeypatch: pytest.MonkeyPatch, leave: Callable[[Connection], None]
) -> None:
    monkeypatch.setattr(limits, "MOST_TRIAL_WALL_MS", 60_000)

    async def work() -> None:
        async with a_service(TrialPolicy(slots=1, wait_seconds=30)) as (api, server):
            client = await send(server, source=ENDLESS, dataset=1, limits={"wall_ms": 60_000})
            processes = await computing(1)
            waiting = await send(server, source="const process = n => n + 1", dataset=1)
            gone = await send(server, source=ENDLESS, dataset=1, limits={"wall_ms": 60_000})
            leave(gone)
            leave(client)
            await ended(processes)
            assert json.loads((await waiting.answer())[2])["result"] == 2
            assert busy() == set()
            assert api.deps.limits.memory.held_bytes == 0

    asyncio.run(work())


def test_a_top_level_that_does_not_end_is_the_fault_of_the_source() -> None:
    async def work() -> None:
        async with a_service(TrialPolicy()) as (_, server):
            client = await send(server, source="for (;;);", dataset=1, limits={"wall_ms": 50})
            status, _, content = await client.answer()
            assert (status, json.loads(content)["errors"][0]["code"]) == (422, "script-slow-top-level")

    asyncio.run(work())
