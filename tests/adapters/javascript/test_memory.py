"""The first allocation that is refused ends the run, and which one that is depends on the script alone.

So no script sees that memory is short, and none can return anything that depends on it.
"""

from collections.abc import Iterator

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.engine import EngineName
from domain.limits import MIB
from domain.outcome import ErrorKind, Produced, Rejected
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_bench

SMALL = evolve(TIGHT, wall_ms=20_000, memory_bytes=8 * MIB)

GROWING = {
    "typed arrays": "kept.push(new Uint8Array(4096))",
    "objects": "kept.push({ a: 1, b: [n] })",
    "strings": "kept.push('x'.repeat(100) + n)",
    "closures": "kept.push(() => n)",
    "one string": "text += 'straße '.repeat(2000)",
    "one array": "kept.push(n, n, n, n)",
    "a map": "map.set(n, 'x' + n)",
    "properties": "object['p' + n] = n",
    "regular expressions": "kept.push(new RegExp('(a|b)*' + n))",
    "errors": "kept.push(new Error('number ' + n))",
    "promises": "kept.push(Promise.resolve(n))",
    "big integers": "kept.push(1n << BigInt(n % 1000))",
    "symbols": "kept.push(Symbol('s' + n))",
    "functions": "kept.push(new Function('return ' + n))",
    "json": "kept.push(JSON.parse('[' + '1,'.repeat(100) + n + ']'))",
    "buffers that double": "kept.push(new Uint8Array(2 ** Math.min(30, n)))",
    "spread": "kept = [...kept, n, ...kept.slice(0, 1000)]",
    "sorting": "kept.push(n); if (n % 1000 === 0) kept.sort()",
}
HIDING = {
    "catch": "try {{ for (;;) {{ {step}; n++; }} }} catch {{ return n; }}",
    "finally": "try {{ for (;;) {{ {step}; n++; }} }} finally {{ return n; }}",
    "going on": "for (let m = 0; m < 1e5; m++) try {{ {step}; n++; }} catch {{ }} return n;",
    "generator": "const g = (function* () {{ try {{ for (;;) {{ {step}; yield n++; }} }} finally {{ yield n; }} }})();"
    " let last; try {{ for (const one of g) last = one; }} catch {{ }} return last;",
    "promise": "return new Promise(() => {{ for (;;) {{ {step}; n++; }} }}).catch(() => n);",
    "async": "return (async () => {{ for (;;) {{ {step}; n++; await 0; }} }})().then(() => n, () => n);",
    "callback": "try {{ Array.from({{ length: 1e7 }}, () => {{ {step}; n++; }}); }} catch {{ }} return n;",
    "getter": "const o = {{ get a() {{ {step}; n++; return this.a2(); }}, a2() {{ return n; }} }};"
    " for (;;) try {{ o.a; }} catch {{ return n; }}",
}
START = "let n = 0, kept = [], text = '', map = new Map(), object = {};"


@pytest.fixture(scope="module")
def other(bench: Bench) -> Iterator[Bench]:
    """Provide a sandbox on the same engine as `bench`, with a zygote of its own that has a history of its own."""
    with a_bench(engine=EngineName(bench.sandbox.engine.split(" ")[0])) as made:
        for size in (1, 1_000, 100_000):
            made.run("const process = d => d.map(x => ({ x }))", str(list(range(size))).encode())
        yield made


def end(bench: Bench, text: str, data: bytes = b"{}", memory_bytes: int = 8 * MIB) -> bytes | ErrorKind:
    """Return the result's text, or the kind of failure."""
    run = bench.run(text, data, evolve(SMALL, memory_bytes=memory_bytes))
    match run.outcome:
        case Produced():
            return bench.text(run)
        case Rejected(error=error):
            return error.kind


@pytest.mark.parametrize("hiding", sorted(HIDING.keys() - {"catch"}))  # that is the next test's
@pytest.mark.parametrize("growing", ["typed arrays", "objects", "one string", "buffers that double"])
def test_no_script_hides_that_it_needed_more(bench: Bench, other: Bench, growing: str, hiding: str) -> None:
    text = f"function process() {{ {START} {HIDING[hiding].format(step=GROWING[growing])} }}"
    assert end(bench, text) is end(other, text) is ErrorKind.MEMORY_LIMIT


@pytest.mark.parametrize("growing", GROWING)
def test_nothing_grows_past_the_limit(bench: Bench, other: Bench, growing: str) -> None:
    text = f"function process() {{ {START} {HIDING['catch'].format(step=GROWING[growing])} }}"
    assert end(bench, text) is end(other, text) is ErrorKind.MEMORY_LIMIT


@pytest.mark.parametrize(
    "huge",
    ["new Uint8Array(2 ** 30)", "'x'.repeat(2 ** 29)", "new Array(2 ** 24).fill(0)", "new ArrayBuffer(2 ** 31 - 1)"],
)
def test_a_single_refused_request_is_final(bench: Bench, huge: str) -> None:
    assert (
        end(bench, f"function process() {{ try {{ {huge} }} catch {{ return 1; }} return 2; }}")
        is ErrorKind.MEMORY_LIMIT
    )


@pytest.mark.parametrize(
    "impossible",
    ["'x'.repeat(2 ** 40)", "new Array(-1)", "'x'.repeat(-1)", "new ArrayBuffer(2 ** 60)", "(1).toFixed(1e9)"],
)
def test_a_size_beyond_every_memory_is_a_range_error_as_elsewhere(bench: Bench, impossible: str) -> None:
    caught = f"function process() {{ try {{ {impossible} }} catch (e) {{ return e instanceof RangeError; }} }}"
    assert end(bench, caught) == b"true"


def test_too_deep_a_recursion_can_be_caught_as_elsewhere(bench: Bench) -> None:
    text = (
        "const f = () => f() + 1; const process = () => { try { f(); } catch (e) { return e instanceof RangeError; } }"
    )
    assert end(bench, text) == b"true"


def test_freed_memory_can_be_used_again(bench: Bench) -> None:
    text = "function process() { for (let n = 0; n < 1e4; n++) new Uint8Array(1e6); return 'x'.repeat(4e6).length; }"
    assert end(bench, text) == b"4000000"


BORDERLINE = {
    "typed arrays": "kept.push(new Uint8Array(d.size))",
    "objects": "kept.push({ n, text: 'x'.repeat(d.size % 50) })",
    "strings": "kept.push('x'.repeat(d.size) + n)",
    "properties": "object['p' + n] = [n]",
    "one array": "kept.push(n)",
}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(BORDERLINE)), st.integers(1, 20_000), st.integers(0, 16))
def test_a_run_near_the_limit_ends_alike_on_any_zygote(
    bench: Bench, other: Bench, growing: str, size: int, step: int
) -> None:
    """The last count that fits is found on one zygote, and is the last on the other; after another run as well."""
    text = f"function process(d) {{ {START} while (n < d.count) {{ {BORDERLINE[growing]}; n++; }} return n; }}"

    def fits(where: Bench, count: int) -> bool:
        return end(where, text, f'{{"count":{count},"size":{size}}}'.encode(), 4 * MIB + step) == str(count).encode()

    low, high = 0, 2**20
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(bench, middle) else (low, middle)
    other.run(f"function process() {{ {START} for (;;) {{ {GROWING['objects']} }} }}", limits=SMALL)
    assert (fits(other, low), fits(other, low + 1)) == (True, False)


def test_printing_and_failing_near_the_limit_are_not_the_scripts_doing(bench: Bench) -> None:
    """A line takes its size once more on its way out, and an error its words."""
    text = """
    function process() {
      const kept = [], line = "straße ".repeat(100000);
      try { for (;;) kept.push(new Uint8Array(65536)); } finally { console.log(line); }
    }"""
    near = text.replace("for (;;)", "while (kept.length < 90)").replace(
        "finally {", "finally { throw new Error('near');"
    )
    assert end(bench, text) is ErrorKind.MEMORY_LIMIT
    assert end(bench, near) is ErrorKind.SCRIPT_ERROR
