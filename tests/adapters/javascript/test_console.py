"""The console beyond what Node decides alone: levels, stacks, the clock, and the bounds of a line."""

import json

from attrs import evolve

from domain.limits import DEFAULTS, MIB
from domain.outcome import ErrorKind, LogLevel
from tests.adapters.javascript.sandboxes import Bench, error_of

LEVELS = {
    "debug": LogLevel.DEBUG,
    "log": LogLevel.LOG,
    "dir": LogLevel.LOG,
    "dirxml": LogLevel.LOG,
    "table": LogLevel.LOG,
    "group": LogLevel.LOG,
    "groupCollapsed": LogLevel.LOG,
    "countReset": LogLevel.WARN,
    "count": LogLevel.LOG,
    "info": LogLevel.INFO,
    "warn": LogLevel.WARN,
    "timeEnd": LogLevel.WARN,
    "error": LogLevel.ERROR,
    "trace": LogLevel.ERROR,
}


def printed(bench: Bench, body: str, dataset: bytes = b"null") -> list[str]:
    """Run a script whose function has this body, and return its lines."""
    run = bench.run(f"const process = data => {{ {body}; return 1; }};", dataset, evolve(DEFAULTS, log_bytes=8 * MIB))
    bench.text(run)
    return [line.message for line in run.logs.lines]


def test_each_method_has_its_level(bench: Bench) -> None:
    run = bench.run(
        "".join(f"console.{name}('x'); console.groupEnd();" for name in LEVELS) + "const process = () => 1;"
    )
    assert [line.level for line in run.logs.lines] == list(LEVELS.values())


def test_the_clock_of_timers_stands_still(bench: Bench) -> None:
    body = (
        "console.time('a'); console.timeLog('a', 1, {}); console.timeEnd('a'); console.timeEnd('a'); console.timeEnd()"
    )
    assert printed(bench, body) == [
        "a: 0ms 1 {}",
        "a: 0ms",
        "Warning: No such label 'a' for console.timeEnd()",
        "Warning: No such label 'default' for console.timeEnd()",
    ]
    assert printed(bench, "console.time(); console.time()") == [
        "Warning: Label 'default' already exists for console.time()"
    ]


def test_an_error_is_printed_with_the_frames_of_the_script_only(bench: Bench) -> None:
    body = (
        "class OwnError extends Error {}\n const make = () => new OwnError('m');\n console.log(make(), { e: make() })"
    )
    (line,) = printed(bench, body)
    assert line.startswith("OwnError: m\n    at ")
    assert "\n    at make (script.js:2:" in line
    assert "prelude.js" not in line
    assert "\n  e: OwnError: m\n      at " in line


def test_a_trace_names_the_place_of_its_call(bench: Bench) -> None:
    (line,) = printed(bench, "\n console.trace('here %d', 5)")
    assert line.startswith("Trace: here 5\n    at process (script.js:2:")


def test_causes_and_members_are_printed_under_their_error(bench: Bench) -> None:
    (line,) = printed(
        bench, "console.log(new Error('outer', { cause: new AggregateError([new Error('member')], 'all') }))"
    )
    assert "[cause]: AggregateError: all" in line
    assert "[errors]: [\n" in line
    assert "Error: member" in line


def test_a_promise_is_printed_with_its_state(bench: Bench) -> None:
    body = (
        "const failed = Promise.reject(5); failed.catch(() => {});"
        " console.log(Promise.resolve([1]), failed, new Promise(() => {}))"
    )
    assert printed(bench, body) == ["Promise { [ 1 ] } Promise { <rejected> 5 } Promise { <pending> }"]


def test_a_rejection_stays_unhandled_when_it_is_printed(bench: Bench) -> None:
    error = bench.error("const process = async () => { console.log(Promise.reject(new Error('lost'))); return 1; };")
    assert error.message == "Error: lost"


HUGE = """
const text = "x".repeat(9999);
const values = [
  () => Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["key" + i, i])),
  () => Array.from({ length: 100 }, () => new Array(100).fill(new Array(6).fill(text))),
  () => new Array(4e9),
  () => new Map(Array.from({ length: 1e5 }, (_, i) => [i, i])),
  () => "x".repeat(2e7),
  () => ["x".repeat(2e7)],
  () => new Uint8Array(5e7),
  () => Array.from({ length: 1e6 }, (_, i) => i),
  () => Array.from({ length: 100 }, () => globalThis),
  () => Array.from({ length: 1e5 }, (_, i) => ({ i })),
];
const process = () => { for (const make of values) console.log(make()); };
"""


def test_a_huge_value_makes_a_line_of_bounded_length(bench: Bench) -> None:
    run = bench.run(HUGE, limits=evolve(DEFAULTS, log_bytes=64 * MIB))
    assert error_of(run).kind is ErrorKind.INVALID_RESULT
    assert len(run.logs.lines) == 10
    assert all(0 < len(line.message) <= 1 << 20 for line in run.logs.lines)


def test_options_without_bounds_are_bounded(bench: Bench) -> None:
    body = "console.dir(Array.from({ length: 15000 }, (_, i) => i), { maxArrayLength: null, depth: null })"
    (line,) = printed(bench, body)
    assert line.endswith("... 5000 more items\n]")


def test_a_value_that_nests_too_deeply_is_marked(bench: Bench) -> None:
    body = "let deep = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; console.dir(deep, { depth: null })"
    (line,) = printed(bench, body)
    assert "Inspection interrupted prematurely" in line


def test_groups_nest_without_end(bench: Bench) -> None:
    lines = printed(bench, "for (let i = 0; i < 1e5; i++) console.group(); console.log('a\\nb')")
    assert lines[-1].strip().split() == ["a", "b"]


def test_no_method_prints_once_the_budget_is_spent(bench: Bench) -> None:
    script = """
    const process = () => {
      console.log("x".repeat(100));
      let asked = 0;
      const spy = { [Symbol.for("nodejs.util.inspect.custom")]() { asked++; return "spy"; } };
      for (const name of ["log", "dir", "table", "trace", "group", "assert", "error"]) console[name](spy);
      return asked;
    };
    """
    run = bench.run(script, limits=evolve(DEFAULTS, log_bytes=1024))
    small = bench.run(script, limits=evolve(DEFAULTS, log_bytes=64))
    assert json.loads(bench.text(run)) > 0
    assert json.loads(bench.text(small)) == 0


def test_functions_that_the_inspector_calls_get_values_of_the_scripts_realm_only(bench: Bench) -> None:
    script = """
    const found = [];
    const note = value => found.push(value.constructor === (typeof value === "function" ? Function : Object));
    const spy = {
      [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) {
        note(options); note(options.stylize); note(inspect);
        try { inspect({}, { sorted: true, maxArrayLength: Symbol() }); inspect([1], { maxArrayLength: Symbol() }); }
        catch (error) { found.push(error instanceof Error); }
        return inspect([1], options);
      },
    };
    const trap = new Proxy({}, { get: (target, name, receiver) => { found.push(false); return undefined; } });
    const process = () => {
      console.log(spy, trap);
      const deep = () => {
        try { deep(); } catch (error) { found.push(error instanceof Error); console.log(new Map([[1, spy]])); }
      };
      try { deep(); } catch (error) { found.push(error instanceof Error); }
      return [found.length > 4, found.every(one => one)];
    };
    """
    assert bench.result(script) == [True, True]


def test_the_inspector_s_memory_is_not_the_script_s(bench: Bench) -> None:
    limits = evolve(DEFAULTS, memory_bytes=4 * MIB)
    fill = """
    const all = [];
    const process = () => { %s; for (;;) { all.push(new Uint8Array(1024)); console.log(all.length); } };
    """
    counts = [
        bench.run(fill % what, limits=evolve(limits, log_bytes=1 * MIB)).logs.lines[-1].message
        for what in ("console.log('')", "console.log(new Map(), new URL('a:b'), new TextEncoder())")
    ]
    assert abs(int(counts[0]) - int(counts[1])) < 200
