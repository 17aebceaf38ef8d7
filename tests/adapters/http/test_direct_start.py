"""A reader of an execution that runs in the accepting process gets from memory the bytes that a look-up would give."""

import asyncio
from contextlib import AbstractAsyncContextManager
from time import monotonic
from unittest.mock import AsyncMock

from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Result, Success

from adapters.system import uuid7
from application.ports.direct_start import Submitted
from application.ports.queue import Claimed
from application.ports.sandbox import RunFailure
from application.worker.config import WorkerPorts
from application.worker.worker import Worker
from domain.body import Body
from domain.execution import Pending
from domain.outcome import Produced, Run
from domain.versions import ScriptVersion
from tests.adapters.http.api import JSON_TYPE, Api
from tests.application.test_worker import QUICK
from tests.support.values import a_run, runs
from tests.support.waiting import eventually_sees

PATH = "/v1/scripts/corporate-cards/executions"
results = st.sampled_from([b"2", b"[1e400]", b'"' + b"x" * 2_000_000 + b'"'])


class Machine:
    """The application, with a worker in its process whose runs come to what the test has chosen."""

    def __init__(self) -> None:
        self.api = Api(start_directly=self._start)
        ports = WorkerPorts(
            queue=self.api.store.queue,
            run_script=self._run,
            new_id=uuid7,
            monotonic=monotonic,
            on_completed=lambda finished: self.api.store.endings.notify([finished.submission.id]),
        )
        self.worker = Worker(ports, QUICK)
        self.chosen: Run | None = None
        self.datasets: list[Body] = []

    def _start(self, pending: Pending, version: ScriptVersion, dataset: Body) -> AbstractAsyncContextManager[Submitted]:
        return self.worker.start_directly(pending, version, dataset)

    async def _run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        assert self.chosen is not None
        self.datasets.append(claimed.dataset)
        return Success(self.chosen)

    async def starts(self) -> bool:
        """Tell whether executions start directly: as soon as the worker has seen an empty queue."""
        accepted = await self.api.ask("POST", PATH, content=b"[1]", headers=JSON_TYPE)
        return bool(accepted.json()["status"] == "running")


@settings(max_examples=2, deadline=None)
@given(st.lists(st.tuples(runs, results), min_size=8, max_size=8))
def test_its_response_equals_that_of_a_look_up(cases: list[tuple[Run, bytes]]) -> None:
    async def respond() -> None:
        machine = Machine()
        api, executions = machine.api, machine.api.store.executions
        work = asyncio.create_task(machine.worker.run())
        await api.ask("POST", "/v1/scripts", json={"name": "corporate-cards", "source": "function process(d) {}"})
        machine.chosen = cases[0][0]
        await eventually_sees(machine.starts)
        for run, result in cases:
            machine.chosen = run
            if isinstance(run.outcome, Produced):
                machine.chosen = Run(Produced((await api.bodies.encode(result)).unwrap()), run.logs, run.provenance)
            look_up, executions.report = executions.report, AsyncMock()  # type: ignore[method-assign]
            answer = await api.ask("POST", PATH, content=b"[1]", headers=JSON_TYPE | {"Prefer": "wait=20"})
            executions.report = look_up  # type: ignore[method-assign]
            looked_up = await api.ask("GET", answer.headers["Location"])
            assert (answer.status_code, answer.content) == (200, looked_up.content)
        machine.worker.stop()
        await work

    asyncio.run(respond())


def test_a_stored_dataset_starts_directly_as_one_that_is_sent_does() -> None:
    async def respond() -> None:
        machine = Machine()
        api = machine.api
        work = asyncio.create_task(machine.worker.run())
        await api.ask("POST", "/v1/scripts", json={"name": "corporate-cards", "source": "function process(d) {}"})
        machine.chosen = a_run()
        await eventually_sees(machine.starts)
        sent = await api.ask("POST", PATH, content=b"[1, 2]", headers=JSON_TYPE | {"Prefer": "wait=20"})
        reference = {"Content-Type": "application/vnd.bateia.reference+json", "Prefer": "wait=20"}
        again = await api.ask("POST", PATH, json={"input_of": sent.json()["id"]}, headers=reference)
        assert (again.status_code, again.json()["status"], again.json()["input_of"]) == (
            200,
            "succeeded",
            sent.json()["id"],
        )
        assert [await api.bodies.decode(one) for one in machine.datasets[-2:]] == [b"[1, 2]", b"[1, 2]"]
        machine.worker.stop()
        await work

    asyncio.run(respond())
