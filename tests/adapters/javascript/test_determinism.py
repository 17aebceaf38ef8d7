"""The law that makes an attempt repeatable: the same version, dataset, limits and time give the same run, anywhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from domain.engine import EngineName
from domain.outcome import ErrorKind, Produced, Rejected, Run
from tests.adapters.javascript.programs import datasets, programs
from tests.adapters.javascript.sandboxes import Bench, a_bench
from tests.support.values import MEASURES

_BETWEEN = (
    "console.log(Math.random()); globalThis.left = new Array(1e4).fill('over'); const process = d => d.missing.x;"
)


@pytest.fixture(scope="module")
def other(bench: Bench) -> Iterator[Bench]:
    """Provide a sandbox on the same engine as `bench`, with a zygote of its own."""
    with a_bench(engine=EngineName(bench.sandbox.engine.split(" ")[0])) as made:
        yield made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(programs, datasets)
def test_a_run_is_a_function_of_its_inputs(bench: Bench, other: Bench, program: str, value: Any) -> None:
    dataset = json.dumps(value).encode()
    first = lasting(bench.run(program, dataset))
    bench.run(_BETWEEN, b"1")
    assert lasting(bench.run(program, dataset)) == first
    assert lasting(other.run(program, dataset)) == first


def lasting(run: Run) -> tuple[Run, str]:
    """Return all of a run but its measures; with the texts that a repr leaves out, so that a difference can be read."""
    match run.outcome:
        case Produced(result=result):
            said = str(result.data)
        case Rejected(error=error):
            said = f"{error.message} {error.stack}"
    return evolve(run, provenance=evolve(run.provenance, measures=MEASURES)), said


def test_the_programs_end_in_many_ways(bench: Bench) -> None:
    """So that the law is about more than results."""
    ends: set[ErrorKind | None] = set()

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(programs, datasets)
    def run(program: str, value: Any) -> None:
        outcome = bench.run(program, json.dumps(value).encode()).outcome
        ends.add(outcome.error.kind if isinstance(outcome, Rejected) else None)
        assert not isinstance(outcome, Rejected) or not outcome.error.message.startswith("SyntaxError")

    run()
    assert ends == {None, ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT}
