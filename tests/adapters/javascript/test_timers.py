"""Timers fire in the order of their time and without waiting for it; what only waits comes to an end."""

import json

from attrs import evolve

from tests.adapters.javascript.sandboxes import TIGHT, Bench


def test_a_timer_does_not_wait_and_the_clock_does_not_move(bench: Bench) -> None:
    script = """
    async function process() {
      const began = Date.now();
      await new Promise(resolve => setTimeout(resolve, 2 ** 31 - 1));
      return Date.now() - began;
    }
    """
    assert bench.result(script) == 0


def test_timers_of_the_top_level_fire_once_process_has_been_called(bench: Bench) -> None:
    script = """
    const order = [];
    setTimeout(() => order.push("timer"));
    queueMicrotask(() => order.push("job"));
    const process = async () => { order.push("process"); await new Promise(done => setTimeout(done)); return order; };
    """
    assert bench.result(script) == ["job", "process", "timer"]


def test_timers_end_with_the_promise_of_process(bench: Bench) -> None:
    script = """
    const process = () => {
      setInterval(() => console.log("tick"), 10);
      setTimeout(() => { throw new Error("late"); }, 60);
      return new Promise(resolve => setTimeout(resolve, 35, "done"));
    };
    """
    run = bench.run(script)
    assert json.loads(bench.text(run)) == "done"
    assert [line.message for line in run.logs.lines] == ["tick"] * 3


def test_a_callback_that_throws_fails_the_run_where_it_threw(bench: Bench) -> None:
    error = bench.error(
        "const process = () => new Promise(() => {\n"
        "  setTimeout(() => {\n    throw new RangeError('late');\n  }, 5);\n});"
    )
    assert error.message == "RangeError: late"
    assert error.line == 3


def test_an_unhandled_rejection_in_a_timer_fails_the_run(bench: Bench) -> None:
    script = "const process = () => new Promise(() => setTimeout(async () => { throw new Error('lost'); }, 5));"
    assert bench.error(script).message == "Error: lost"


def test_a_timer_that_is_unreferenced_keeps_nothing_alive(bench: Bench) -> None:
    error = bench.error("const process = () => new Promise(resolve => setTimeout(resolve, 5).unref());")
    assert "never settles" in error.message


def test_an_interval_that_nothing_ends_is_ended_with_a_reason(bench: Bench) -> None:
    limits = evolve(TIGHT, wall_ms=20_000)
    error = bench.error("const process = () => new Promise(() => setInterval(() => {}, 10));", limits=limits)
    assert "clearInterval" in error.message


def test_timers_that_set_others_for_ever_run_out_of_time(bench: Bench) -> None:
    script = "const process = () => new Promise(() => { const next = () => setTimeout(next); next(); });"
    assert bench.error(script).kind == "timeout"
