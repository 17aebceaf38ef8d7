"""A promise that is rejected and never handled fails the run, however many there are, and late handling counts."""

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.limits import MIB
from domain.outcome import ErrorKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench

MAKE = """
async function process({ rejected, handled }) {
  const made = [];
  for (let n = 0; n < rejected; n++) made.push(Promise.reject(new Error(`number ${n}`)));
  for (const n of handled) made[n].catch(() => {});
  return rejected;
}
"""
NOT_KEPT = "one of many promises was rejected, and nothing handled that"


def data(rejected: int, unhandled: set[int]) -> bytes:
    handled = [n for n in range(rejected) if n not in unhandled]
    return f'{{"rejected":{rejected},"handled":{handled}}}'.encode()


@pytest.mark.parametrize("count", [1, 999, 1_000, 1_001, 5_000])
def test_any_number_of_them_fails_the_run(bench: Bench, count: int) -> None:
    error = bench.error(MAKE, data(count, set(range(count))))
    assert (error.kind, error.message) == (ErrorKind.SCRIPT_ERROR, "Error: number 0")


@pytest.mark.parametrize(
    ("rejected", "last", "message"),
    [
        (1_000, 999, "Error: number 999"),
        (1_001, 1_000, NOT_KEPT),
        (5_000, 3_000, NOT_KEPT),
        (5_000, 3, "Error: number 3"),
    ],
)
def test_one_among_many_that_are_handled_late_fails_the_run(
    bench: Bench, rejected: int, last: int, message: str
) -> None:
    error = bench.error(MAKE, data(rejected, {last}))
    assert (error.kind, error.message) == (ErrorKind.SCRIPT_ERROR, message)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2_500), st.sets(st.integers(0, 2_499), max_size=3))
def test_a_run_succeeds_when_and_only_when_all_of_them_are_handled(
    bench: Bench, rejected: int, unhandled: set[int]
) -> None:
    left = {n for n in unhandled if n < rejected}
    if left:
        assert bench.error(MAKE, data(rejected, left)).kind is ErrorKind.SCRIPT_ERROR
    else:
        assert bench.result(MAKE, data(rejected, left)) == rejected


def test_handled_rejections_are_not_stored(bench: Bench) -> None:
    """Or a script that catches as it goes would spend its memory on it."""
    catching = """async function process(times) {
      let caught = 0;
      for (let n = 0; n < times; n++) try { await Promise.reject(new Error("x")); } catch { caught++; }
      return caught;
    }"""
    run = bench.run(catching, b"50000", evolve(TIGHT, wall_ms=20_000))
    assert bench.text(run) == b"50000"
    assert run.provenance.measures.peak_memory_bytes < 20 * MIB


def test_one_that_is_left_by_the_serialisation_fails_the_run_too(bench: Bench) -> None:
    error = bench.error("const process = () => ({ toJSON() { Promise.reject(new Error('left')); return 1; } })")
    assert (error.kind, error.message) == (ErrorKind.INVALID_RESULT, "Error: left")
