"""Every script of the corpus, honest and hostile, ends as it must, in time, and leaves the sandbox whole.

Processes serve more than one run here: a script that succeeds runs again in the same process, and must give the same.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from adapters.javascript.warm_processes import ReusePolicy
from domain.engine import EngineName
from domain.limits import MIB, Limits
from domain.outcome import Produced, Run
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_bench, a_claimed, error_of

CORPUS = Path(__file__).parents[2] / "corpus"
CASES: list[dict[str, Any]] = json.loads((CORPUS / "cases.json").read_text())

GENERATED = {
    "ok_long_source": f'var pad = "{"x" * 300_000}";\nfunction process(d) {{ return pad.length; }}',
    "out_just_fits": f'const text = "{"x" * 1_000_000}";\nfunction process(d) {{ return text; }}',
}
CASES += [
    {"script": "ok_long_source", "dataset": "{}", "may_succeed": True, "result": 300_000},
    {"script": "out_just_fits", "dataset": "{}", "may_succeed": True, "result": "x" * 1_000_000},
]

BRIEF, PATIENT = evolve(TIGHT, wall_ms=100), evolve(TIGHT, wall_ms=10_000)
"""For what never ends by itself, and for what must, however busy the machine is."""

OWN_BYTES = 40 * MIB
"""Memory of a child beside its script's heap: the interpreter, the engine, `Intl`, the words of a failure."""

HONEST = "function process(data) { return data.a + 1; }"


@pytest.fixture(scope="module", params=EngineName)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with a_bench(engine=request.param, reuse=ReusePolicy()) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["script"])
def test_a_script_ends_as_it_must_and_the_next_run_is_honest(bench: Bench, case: dict[str, Any]) -> None:
    name = case["script"]
    text = GENERATED.get(name) or (CORPUS / "scripts" / f"{name}.js").read_text()
    limits = limits_of(case)
    began = time.monotonic()
    claimed = a_claimed(text, case["dataset"].encode(), limits)
    run = bench.do(bench.sandbox.run(claimed)).unwrap()
    assert time.monotonic() - began < limits.wall_ms / 1000 + 1
    assert run.provenance.measures.peak_memory_bytes < limits.memory_bytes + OWN_BYTES
    assert sum(len(line.message) for line in run.logs.lines) <= limits.log_bytes
    expect(case, run, bench)
    assert bench.result(HONEST, b'{"a":1}') == 2
    if isinstance(run.outcome, Produced):
        again = bench.do(bench.sandbox.run(claimed)).unwrap()
        assert (again.outcome, again.logs, again.provenance.warnings) == (
            run.outcome,
            run.logs,
            run.provenance.warnings,
        )


@pytest.mark.parametrize("name", ["ok_console_tables", "err_throw_line", "mem_lazy_globals"])
def test_a_process_for_each_execution_ends_as_well(name: str) -> None:
    (case,) = (one for one in CASES if one["script"] == name)
    with a_bench() as single:
        text = (CORPUS / "scripts" / f"{name}.js").read_text()
        expect(case, single.run(text, case["dataset"].encode(), limits_of(case)), single)


def limits_of(case: dict[str, Any]) -> Limits:
    """Choose the limits that a case names, and for the rest those of its kind."""
    brief, may_time_out = case["script"].startswith("time_"), "timeout" in case.get("kinds", [])
    limits = BRIEF if brief else TIGHT if may_time_out else PATIENT
    return evolve(
        limits,
        wall_ms=case.get("wall_ms", limits.wall_ms),
        memory_bytes=case["memory_mib"] * MIB if "memory_mib" in case else limits.memory_bytes,
        log_bytes=case.get("log_bytes", limits.log_bytes),
    )


def expect(case: dict[str, Any], run: Run, bench: Bench) -> None:
    if isinstance(run.outcome, Produced):
        assert case.get("may_succeed")
        text = bench.text(run)
        assert b"forged" not in text
        if "result" in case:
            assert json.loads(text) == case["result"]
    else:
        expect_failure(case, run)
    assert len(run.logs.lines) == case.get("logs", len(run.logs.lines))


def expect_failure(case: dict[str, Any], run: Run) -> None:
    error = error_of(run)
    assert error.kind in case.get("kinds", []), error
    assert case.get("message_contains", "") in error.message
    assert error.line == case.get("line", error.line)


def test_the_corpus_and_its_index_name_the_same_scripts() -> None:
    files = {path.stem for path in (CORPUS / "scripts").glob("*.js")}
    assert files | set(GENERATED) == {case["script"] for case in CASES}
