"""The outcome of a run for an honest script, and its limits and errors."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from returns.result import Success

from application.ports.sandbox import NotRunnable
from domain.limits import DEFAULTS, MIB
from domain.outcome import ErrorKind, LogLevel, LogLine
from domain.warnings import NumberWarning, NumberWarningKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench
from tests.support.values import NOON, a_source

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)
IDENTITY = "const process = data => data;"


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(json_values)
@example({"__proto__": {"a": 1}, "toJSON": 1, "then": 2, "value": 3})
@example(["\ud800", "\udfff\ud800", "\0", "\u2028", -0.0, 5e-324])
def test_the_identity_gives_any_value_back(bench: Bench, value: Any) -> None:
    text = bench.text(bench.run(IDENTITY, json.dumps(value).encode()))
    assert json.loads(text, parse_int=float) == value  # JavaScript has one kind of number


def test_text_that_is_not_ascii_comes_back_as_it_went(bench: Bench) -> None:
    text = '{"straße":"日本 👩‍💻"}'.encode()
    assert bench.text(bench.run(IDENTITY, text)) == text


def test_a_large_dataset_and_a_large_result_pass_at_once(bench: Bench) -> None:
    rows = json.dumps([{"row": n, "text": "x" * 50} for n in range(100_000)], separators=(",", ":")).encode()
    assert bench.text(bench.run(IDENTITY, rows, DEFAULTS)) == rows


def test_a_run_names_the_engine_and_measures_itself(bench: Bench) -> None:
    run = bench.run("const process = () => { let n = 0; while (n < 3e5) n++; return n; }")
    assert run.provenance.engine in ("dukpy 0.6.0 (QuickJS-NG 0.11.0)", "quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)")
    assert run.provenance.measures.cpu_ms > 0
    assert 0 < run.provenance.measures.wall_ms < TIGHT.wall_ms
    assert 2 * MIB < run.provenance.measures.peak_memory_bytes < 64 * MIB


RANDOM = """
const early = [Math.random(), Date.now()];
const process = d => [
  early, Math.random(), new Date(), Date(), performance.now(), new Date(2020, 1, 2), [...new Map(d)],
];
"""


def test_the_same_run_gives_the_same_bytes(bench: Bench) -> None:
    assert bench.text(bench.run(RANDOM, b"[[1,2]]")) == bench.text(bench.run(RANDOM, b"[[1,2]]"))


def test_another_dataset_draws_other_numbers(bench: Bench) -> None:
    first, second = bench.result(RANDOM, b"[[1,2]]"), bench.result(RANDOM, b"[[1,3]]")
    assert first[1] != second[1]
    assert 0 <= first[1] < 1


def test_time_stands_still_at_the_submission(bench: Bench) -> None:
    now = round(NOON.timestamp() * 1000)
    found = bench.result(
        "const process = () => [Date.now(), +new Date(), performance.now(), Date.parse(Date()), new Date(5).getTime(),"
        " new Date() instanceof Date, new Date().constructor === Date, new (class extends Date {})().getTime()]"
    )
    assert found == [now, now, now, now // 1000 * 1000, 5, True, True, now]


def test_a_script_finds_the_language_and_nothing_else(bench: Bench) -> None:
    known = "Object Function Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError"
    known += " Iterator Array parseInt parseFloat isNaN isFinite queueMicrotask decodeURI decodeURIComponent encodeURI"
    known += " encodeURIComponent escape unescape Infinity NaN undefined Number Boolean String Math Reflect Symbol eval"
    known += " globalThis Date RegExp JSON Proxy Map Set WeakMap WeakSet ArrayBuffer Uint8ClampedArray Int8Array"
    known += " Uint8Array Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array"
    known += " Float32Array Float64Array DataView Promise BigInt performance console process"
    known += " DOMException structuredClone TextEncoder TextDecoder atob btoa setTimeout"
    known += " setInterval setImmediate clearTimeout clearInterval clearImmediate crypto Crypto SubtleCrypto URL"
    known += " URLSearchParams"
    found = bench.result("function process() { return Object.getOwnPropertyNames(globalThis); }")
    assert set(found) == set(known.split())


FRAMES = """
const seen = [];
Error.prepareStackTrace = (error, frames) => { seen.push(...frames.map(f => f.getFunction())); return "forged"; };
const process = d => {
  console.log({ get a() { return new Error("deep").stack; } });
  for (const found of seen) found("forged", ["forged"]);
  return [seen.length, d];
};
"""


def test_the_hosts_functions_on_the_stack_stay_the_hosts(bench: Bench) -> None:
    run = bench.run(FRAMES, b'"data"')
    assert json.loads(bench.text(run)) == [0, "data"]
    assert "forged" not in str([line.message for line in run.logs.lines])


@pytest.mark.parametrize(
    "poison",
    [
        "Array.prototype.toJSON = function () { return 'forged'; };",
        "Object.prototype.toJSON = function () { return 'forged'; };",
        "Object.prototype.get = Object.prototype.value = () => 'forged';",
        "Reflect.apply = Function.prototype.call = Function.prototype.apply = () => 'forged';",
        "String.prototype.slice = String.prototype.indexOf = () => 'forged';",
        "Object.defineProperty(Array.prototype, 1, { set() { throw 'forged'; }, get() { return 'forged'; } });",
        "Array.prototype[Symbol.iterator] = function* () { yield 'forged'; };",
        "Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 'forged'; } });",
    ],
)
def test_poisoned_builtins_do_not_reach_the_host(bench: Bench, poison: str) -> None:
    assert bench.result(f"{poison}\nfunction process(d) {{ console.log(d, [d]); return d; }}", b"5") == 5


def test_lines_keep_their_level_and_their_order(bench: Bench) -> None:
    run = bench.run(
        "console.info('load', {a: [1]}); const process = () => {"
        " console.debug(1n); console.log('a\\0b', '\\ud800'); console.warn(); console.error(RangeError.name);"
        " return 1; }"
    )
    assert run.logs.lines == (
        LogLine(LogLevel.INFO, "load { a: [ 1 ] }"),
        LogLine(LogLevel.DEBUG, "1n"),
        LogLine(LogLevel.LOG, "a\ufffdb \ufffd"),
        LogLine(LogLevel.WARN, ""),
        LogLine(LogLevel.ERROR, "RangeError"),
    )
    assert not run.logs.truncated


def test_lines_printed_before_a_kill_are_stored(bench: Bench) -> None:
    run = bench.run("console.log('before'); for (;;);", limits=evolve(TIGHT, wall_ms=100))
    assert run.logs.lines == (LogLine(LogLevel.LOG, "before"),)


@pytest.mark.parametrize("line", ["", "x", "straße", "x" * 1_000_000])
def test_lines_end_with_their_budget(bench: Bench, line: str) -> None:
    run = bench.run(
        f"const process = () => {{ for (let i = 0; i < 3000; i++) console.log({json.dumps(line)}); return 1; }}"
    )
    assert run.logs.truncated
    assert 0 < sum(len(kept.message.encode()) for kept in run.logs.lines) + len(run.logs.lines) <= TIGHT.log_bytes


def test_without_a_budget_no_line_is_stored(bench: Bench) -> None:
    run = bench.run("const process = () => console.log('x') ?? 1", limits=evolve(TIGHT, log_bytes=0))
    assert (run.logs.lines, run.logs.truncated) == ((), True)


ALLOCATING = """
function process(mebibytes) {
  const kept = [];
  while (kept.length < mebibytes) kept.push(new Uint8Array(1 << 20).fill(1));
  return kept.length;
}
"""


@pytest.mark.parametrize(("mebibytes", "limit"), [(20, 32), (180, 256)])
def test_the_heap_grows_to_its_limit(bench: Bench, mebibytes: int, limit: int) -> None:
    limits = evolve(TIGHT, memory_bytes=limit * MIB)
    assert bench.result(ALLOCATING, str(mebibytes).encode(), limits) == mebibytes


@pytest.mark.parametrize(("mebibytes", "limit"), [(40, 32), (300, 256), (8, 4)])
def test_the_heap_grows_no_further(bench: Bench, mebibytes: int, limit: int) -> None:
    run = bench.run(ALLOCATING, str(mebibytes).encode(), evolve(TIGHT, memory_bytes=limit * MIB))
    assert run.provenance.measures.peak_memory_bytes < (limit + 16) * MIB
    error = bench.error(ALLOCATING, str(mebibytes).encode(), evolve(TIGHT, memory_bytes=limit * MIB))
    assert error.kind is ErrorKind.MEMORY_LIMIT


def test_one_refused_allocation_is_a_memory_limit_too(bench: Bench) -> None:
    assert bench.error("const process = () => new ArrayBuffer(1e9)").kind is ErrorKind.MEMORY_LIMIT


@pytest.mark.parametrize("thrown", ["'InternalError: out of memory'", "null", "new InternalError('out of memory')"])
def test_memory_cannot_be_claimed_to_be_spent(bench: Bench, thrown: str) -> None:
    assert bench.error(f"function process() {{ throw {thrown}; }}").kind is ErrorKind.SCRIPT_ERROR


@pytest.mark.parametrize("memory_bytes", [4 * MIB, 1024 * MIB])
def test_every_legal_limit_runs_an_honest_script(bench: Bench, memory_bytes: int) -> None:
    limits = evolve(TIGHT, memory_bytes=memory_bytes)
    assert bench.result("const process = d => d.map(x => x * 2)", b"[1,2]", limits) == [2, 4]


def test_a_result_may_be_as_long_as_its_limit_and_no_longer(bench: Bench) -> None:
    assert bench.result(IDENTITY, b'"1234"', evolve(TIGHT, result_bytes=6)) == "1234"
    assert bench.error(IDENTITY, b'"12345"', evolve(TIGHT, result_bytes=6)).kind is ErrorKind.OUTPUT_LIMIT


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\n\nthrow new RangeError('at load')", 3, "RangeError: at load"),
        ("function process() {\n  null.x;\n}", 2, "TypeError: Cannot read properties of null (reading 'x')"),
        ("async function process() {\n  await 1;\n  throw new Error('late');\n}", 3, "Error: late"),
        ("function process() {\n  return [1].map(x => {\n    throw new Error('deep');\n  });\n}", 3, "Error: deep"),
        ("const a = 1;\nconst b = (;", 2, "SyntaxError: unexpected token in expression: ';'"),
        ("function process() {\n", 2, "SyntaxError: "),
        ("const process = JSON.parse", None, "SyntaxError: unexpected token: 'object'"),
    ],
)
def test_an_error_has_its_position(bench: Bench, text: str, line: int | None, message: str) -> None:
    error = bench.error(text)
    assert (error.kind, error.line) == (ErrorKind.SCRIPT_ERROR, line), error.message
    assert error.message.startswith(message.split("'")[0])
    assert "prelude" not in (error.stack or "")


@pytest.mark.parametrize("place", ["0:0", "1:99999999999", f"1:{'9' * 5000}", "99999999999:1", "-1:-1", "1"])
def test_a_forged_stack_forges_no_place_that_cannot_be(bench: Bench, place: str) -> None:
    stack = f"    at process (<dukpy>:{place})"
    error = bench.error(f"function process() {{ const e = Error('x'); e.stack = '{stack}'; throw e; }}")
    assert error.kind is ErrorKind.SCRIPT_ERROR
    assert error.line in (None, 1)
    assert error.column is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("undefined", "undefined"),
        ("() => 1", "a function"),
        ("Symbol()", "a symbol"),
        ("1n", "BigInt"),
        ("{ toJSON() {} }", "toJSON"),
    ],
)
def test_a_value_that_json_cannot_represent_is_named(bench: Bench, value: str, said: str) -> None:
    error = bench.error(f"const process = () => ({value})")
    assert (error.kind, said in error.message) == (ErrorKind.INVALID_RESULT, True), error.message


BIG, CYCLE = "TypeError: Do not know how to serialize a BigInt", "TypeError: Converting circular structure to JSON"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 1n", f"{BIG} (the result has one at the top)"),
        ("return [1, { 'a/~b': [2n, 3n] }]", f"{BIG} (the result has one at /1/a~1~0b/0)"),
        ("const a = []; a[2] = { a }; return { x: a }", f"{CYCLE} (/x/2/a of the result is /x again)"),
        ("const a = {}; a.b = a; return a", f"{CYCLE} (/b of the result is the top again)"),
        (
            "const o = {}; const a = { o, p: [o] }; a.q = [a]; return a",
            f"{CYCLE} (/q/0 of the result is the top again)",
        ),
        ("return { toJSON: () => 1n }", "TypeError: BigInt are forbidden in JSON.stringify"),
        ("return { get a() { throw Error('once'); } }", "Error: once"),
        ("BigInt.prototype.toJSON = () => { throw Error('mine'); }; return 1n", "Error: mine"),
        ("return { a: { toJSON() { throw TypeError('circular reference'); } } }", "TypeError: circular reference"),
        ("return new Proxy({ a: 1n }, { n: 0, ownKeys(t) { if (this.n++) throw 1; return ['a']; } })", f"{BIG[:11]}"),
    ],
)
def test_the_place_that_json_cannot_hold_is_named(bench: Bench, body: str, message: str) -> None:
    error = bench.error(f"function process() {{ {body} }}")
    assert (error.kind, error.message[: len(message)]) == (ErrorKind.INVALID_RESULT, message), error.message


@pytest.mark.parametrize(
    ("value", "text", "total", "pointer"),
    [
        ("NaN", "null", 1, ""),
        ("[1, {'a/~b': [null, -Infinity, 1 / 0]}, NaN]", '[1,{"a/~b":[null,null,null]},null]', 3, "/1/a~1~0b/1"),
        ("({ '': { n: 0 / 0 } })", '{"":{"n":null}}', 1, "//n"),
    ],
)
def test_non_finite_numbers_are_warned_about(bench: Bench, value: str, text: str, total: int, pointer: str) -> None:
    run = bench.run(f"const process = () => {value}")
    assert bench.text(run) == text.encode()
    (warning,) = run.provenance.warnings
    assert isinstance(warning, NumberWarning)
    assert (warning.kind, warning.first_pointer) == (NumberWarningKind.NON_FINITE_NUMBER, pointer)
    assert warning.detail.startswith(f"{total} number")


@pytest.mark.parametrize("value", ["null", "'null'", "[null, { a: undefined }]", "{ a: [() => 1] }", "1"])
def test_other_nulls_are_nothing_to_tell(bench: Bench, value: str) -> None:
    assert bench.run(f"const process = () => ({value})").provenance.warnings == ()


PRINTING = """
const seen = { get value() { console.log("read"); return null; } };
Object.prototype[0] = "forged";
const process = () => [seen, { n: NaN }];
"""


def test_looking_for_them_leaves_no_trace(bench: Bench) -> None:
    run = bench.run(PRINTING)
    assert [line.message for line in run.logs.lines] == ["read"]
    assert [isinstance(one, NumberWarning) and one.first_pointer for one in run.provenance.warnings] == ["/1/n"]


@pytest.mark.parametrize(
    "value",
    [
        "{ get a() { if (n++) throw 1; return null; } }",
        "new Proxy([null], { get(t, k) { return n++ > 9 ? f() : t[k]; } })",
    ],
)
def test_a_value_that_can_be_read_only_once_is_a_result_nonetheless(bench: Bench, value: str) -> None:
    run = bench.run(f"let n = 0; const f = () => {{ throw 1; }}; const process = () => ({value})")
    assert b"null" in bench.text(run)
    assert run.provenance.warnings == ()


def test_a_thenable_is_awaited(bench: Bench) -> None:
    assert bench.result("const process = d => ({ then(settle) { settle(d + 1); } })", b"1") == 2


def test_a_source_that_defines_process_can_be_hosted(bench: Bench) -> None:
    for text in ("function process() {}", "const process = async d => d", "\ufeffglobalThis.process = class {}"):
        assert bench.do(bench.sandbox.check(a_source(text), TIGHT)) == Success(())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("let x = 1;", None, "no function named process"),
        ("const process = 1;", None, "no function named process"),
        ("let a;\n  let b = ];", 2, "SyntaxError"),
        ("\nthrow new Error('at load');", 2, "at load"),
        ("for (;;);", None, "did not end within 200 ms"),
        ("const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1));", None, "memory"),
    ],
)
def test_a_source_that_cannot_be_hosted_is_refused_with_the_reason(
    bench: Bench, text: str, line: int | None, said: str
) -> None:
    # Runs that must not time out have enough time for a busy machine.
    limits = evolve(TIGHT, wall_ms=200 if "did not end" in said else 10_000)
    refused = bench.do(bench.sandbox.check(a_source(text), limits)).failure()
    assert isinstance(refused, NotRunnable)
    (fault,) = refused.faults
    assert (fault.line, said in fault.detail) == (line, True), fault


def test_a_check_calls_nothing(bench: Bench) -> None:
    assert bench.do(bench.sandbox.check(a_source("function process() { for (;;); }"), TIGHT)) == Success(())


def test_recursion_reaches_the_documented_depth(bench: Bench) -> None:
    count = "let n = 0; const deeper = () => { n++; deeper(); }; try { deeper(); } catch { return n; }"
    depth = bench.result(f"function process() {{ {count} }}")
    assert 1_500 < depth < 2_500


@pytest.mark.parametrize(("levels", "fits"), [(900, True), (100_000, False)])
def test_a_result_nests_as_deep_as_the_documentation_says(bench: Bench, levels: int, fits: bool) -> None:
    nest = f"function process() {{ let v = 1; for (let i = 0; i < {levels}; i++) v = [v]; return v; }}"
    if fits:
        assert str(bench.result(nest)) == "[" * levels + "1" + "]" * levels
    else:
        patient = evolve(TIGHT, wall_ms=30_000)  # it computes for most of a second
        assert bench.error(nest, limits=patient).kind is ErrorKind.INVALID_RESULT
