"""Tests of scripts with the real sandbox: each run sees the same clock and numbers, and none outlasts its limits."""

import asyncio
from typing import Any

from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.trials import TrialSandbox
from adapters.json.bodies import JsonBodies
from tests.adapters.http.api import Api

CHANCE = "function process(rows) { return rows.map(row => [row, Math.random(), Date.now()]); }"
TESTS, VERSIONS = "/v1/scripts/chance/tests", "/v1/scripts/chance/versions"
SEEN = {"dataset": [1.5], "clock": "2026-11-23T12:00:00Z", "seed": "0f" * 16}


def test_checks_repeat_in_the_sandbox_and_tell_failures_from_endless_runs() -> None:
    async def work() -> None:
        bodies = JsonBodies()
        async with JavaScriptSandbox(bodies, slots=2, warm=False) as sandbox:
            api = Api(run_trial=TrialSandbox(sandbox).run)
            await api.ask("POST", "/v1/scripts", json={"name": "chance", "source": CHANCE})
            await put(api, "first", SEEN | {"expected": {"result": None}})
            report = (await api.ask("POST", f"{VERSIONS}/1/checks")).json()
            (difference,) = report["tests"][0]["failure"]["differences"]
            await put(api, "first", SEEN | {"expected": {"result": difference["actual"]}})
            assert (await api.ask("POST", f"{VERSIONS}/1/checks")).json()["passed"]
            await put(
                api,
                "part",
                SEEN | {"expected": {"result": [[1500e-3, 0.5]], "subset": True, "tolerance": {"absolute": 0.5}}},
            )
            await put(api, "fails", {"dataset": 1, "expected": {"error": {"kind": "script_error"}}})
            assert (await api.ask("POST", f"{VERSIONS}/1/checks")).json()["counts"]["passed"] == 3
            endless = {"source": CHANCE.replace("return", "for (;;);"), "limits": {"wall_ms": 50}}
            refused = await api.ask("POST", f"{VERSIONS}?tests=required", json=endless)
            codes = [one["failure"]["code"] for one in refused.json()["checks"]["tests"]]
            assert (refused.status_code, codes) == (422, ["different-error", "unexpected-error", "unexpected-error"])

    asyncio.run(work())


async def put(api: Api, name: str, test: Any) -> None:
    answer = await api.ask("PUT", f"{TESTS}/{name}", json=test)
    assert answer.is_success, answer.text
