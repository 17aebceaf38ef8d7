"""Programs are reproduced to the byte: in other processes, another isolation, at another time, by later releases."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from application.ports.queue import Claimed
from domain.engine import DEFAULT_ENGINE
from domain.execution import Claim, Finished
from domain.outcome import ErrorKind, Isolation, Produced, Provenance, Rejected, Run, ScriptError
from domain.reproduction import Reproduced, compare
from domain.transitions import finish, replay, start
from tests.adapters.javascript.reproducing import reproduce_programs, two_sandboxes
from tests.adapters.javascript.sandboxes import Bench, a_bench
from tests.support.values import MEASURES, a_body, a_pending, a_run, a_script, an_id

RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "corpus/executions_of_earlier_releases.json").read_text("utf-8")
)
"""Executions of the release at c2f47c9, whose runs recorded no circumstances."""


def test_random_programs_are_reproduced_those_of_earlier_releases_too() -> None:
    with two_sandboxes(DEFAULT_ENGINE) as sandboxes:
        counted = reproduce_programs(sandboxes, 12)
    assert {comparison for _, comparison in counted} == {"Reproduced"}


def test_executions_that_an_earlier_release_stored_are_reproduced() -> None:
    with a_bench(analyses=False) as bench:
        assert [one["source"] for one in RECORDED if not is_reproduced(bench, one)] == []


def is_reproduced(bench: Bench, stored: dict[str, Any]) -> bool:
    """Reproduce an execution as that release stored it."""
    script, version = a_script(text=stored["source"])
    dataset = a_body(stored["dataset"].encode())
    submitted_at = datetime.fromisoformat(stored["submitted_at"])
    pending = a_pending(version, dataset=dataset)
    pending = evolve(pending, submission=evolve(pending.submission, submitted_at=submitted_at))
    original = ended(start(pending, Claim(an_id(), "w"), submitted_at), stored)
    again = start(
        replay(original, an_id(), script, version, submitted_at + timedelta(1)), Claim(an_id(), "w"), submitted_at
    )
    run = bench.do(bench.sandbox.run(Claimed(again, version.source, dataset))).unwrap()
    return compare(original, finish(again, run, timedelta())) == Reproduced()


def ended(running: Any, stored: dict[str, Any]) -> Finished:
    provenance = Provenance(stored["engine"], MEASURES, isolation=Isolation.VERSION)
    if stored["error"] is None:
        outcome: Produced | Rejected = Produced(a_body(stored["result"].encode()))
    else:
        outcome = Rejected(ScriptError(**stored["error"] | {"kind": ErrorKind(stored["error"]["kind"])}))
    return finish(running, Run(outcome, a_run().logs, provenance), timedelta())
