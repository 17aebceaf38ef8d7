"""The law that makes an attempt repeatable: the same version, dataset, limits, clock and seed give the same run."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from adapters.javascript.warm_processes import ReusePolicy
from application.ports.queue import Claimed
from domain.circumstances import EARLIEST_CLOCK, LATEST_CLOCK, Circumstances
from domain.engine import EngineName
from domain.outcome import ErrorKind, Produced, Rejected, Run
from tests.adapters.javascript.programs import datasets, programs
from tests.adapters.javascript.sandboxes import Bench, a_bench, a_claimed
from tests.support.values import MEASURES, NOON

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


SEEN = "const process = () => [Date.now(), new Date().getTime(), performance.now(), ...[0, 0, 0].map(Math.random)];"


def test_two_versions_draw_the_same_numbers_from_a_dataset_at_a_time(bench: Bench) -> None:
    """Derived circumstances, which depend on the dataset and the time of the submission."""
    first = bench.result(SEEN, b"[1]")
    assert bench.result(SEEN + " // revised", b"[1]") == first
    assert bench.result(SEEN, b"[2]")[3:] != first[3:]


@pytest.mark.parametrize("reuse", [None, ReusePolicy()], ids=["execution", "version"])
@pytest.mark.parametrize("engine", EngineName)
def test_a_script_sees_exactly_the_clock_and_the_numbers_of_its_run(
    engine: EngineName, reuse: ReusePolicy | None
) -> None:
    """The first run of a process, the second and the hundredth, where a process serves as many."""
    runs = 100 if reuse else 3
    with a_bench(engine=engine, reuse=reuse, analyses=False) as bench:
        version, processes = a_claimed(SEEN), set()
        for number in range(runs):
            circumstances = circumstances_number(number)
            run = bench.do(bench.sandbox.run(within(version, circumstances))).unwrap()
            seen = json.loads(bench.text(run))
            assert (seen[:3], seen[3:]) == ([circumstances.clock_ms] * 3, numbers(circumstances.seed))
            assert run.provenance.circumstances == circumstances
            processes |= {warm.process.pid.result() for warm in bench.pool.reuse._idle._idle}
    assert len(processes) == (1 if reuse else 0)


def circumstances_number(number: int) -> Circumstances:
    """Make the circumstances of one of many runs: extreme ones and those that people make up first."""
    clock = (EARLIEST_CLOCK, LATEST_CLOCK)[number] if number < 2 else NOON + timedelta(milliseconds=number)
    seed = f"{number:032x}" if number < 5 else hashlib.sha256(b"%d" % number).hexdigest()[:32]
    return Circumstances(clock, seed)


def within(claimed: Claimed, circumstances: Circumstances) -> Claimed:
    """Set the circumstances of a claimed execution."""
    submission = evolve(claimed.running.submission, circumstances=circumstances)
    return evolve(claimed, running=evolve(claimed.running, submission=submission))


def numbers(seed: str) -> list[float]:
    """Draw three numbers as `Math.random` does: 53 bits of two draws of xoshiro128** (D. Blackman, S. Vigna)."""
    state = bytes.fromhex(seed)
    if seed.startswith("0" * 24):  # those that people make up
        state = hashlib.sha256(state).digest()
    a, b, c, d = (int.from_bytes(state[at : at + 4], "little") for at in range(0, 16, 4))

    def rotated(word: int, by: int) -> int:
        return (word << by | word >> 32 - by) & 0xFFFFFFFF

    def draw() -> int:
        nonlocal a, b, c, d
        drawn, shifted = rotated(b * 5 & 0xFFFFFFFF, 7) * 9 & 0xFFFFFFFF, b << 9 & 0xFFFFFFFF
        c, d = c ^ a, d ^ b
        b, a = b ^ c, a ^ d
        c, d = c ^ shifted, rotated(d, 11)
        return drawn

    return [((draw() >> 5) * 2**26 + (draw() >> 6)) / 2**53 for _ in range(3)]
