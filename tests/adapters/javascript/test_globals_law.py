"""The law of globals: what is not of the language behaves here as in Node, on both engines.

Pieces of code and Node's answers are kept in tests/corpus/globals, beside the scripts that made them.
"""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import evolve

from domain.limits import DEFAULTS, MIB
from tests.adapters.javascript.sandboxes import Bench

CORPUS: Final = Path(__file__).parents[2] / "corpus" / "globals"
SHOW: Final = (CORPUS / "show.js").read_text()
AREAS: Final = {"binary": 8_000}
"""The files, and how many pairs each holds at least."""


def pairs(area: str) -> list[tuple[str, Any]]:
    node, *found = map(
        json.loads, gzip.decompress((CORPUS / f"{area}.jsonl.gz").read_bytes()).decode("ascii").splitlines()
    )
    assert node == "v20.20.2"
    return found


@pytest.mark.parametrize("area", AREAS)
def test_a_piece_of_code_gives_what_node_gives(bench: Bench, area: str) -> None:
    asked = pairs(area)
    assert len({code for code, _ in asked}) >= AREAS[area]
    script = f"{SHOW}\nconst process = codes => codes.map(show);"
    answers = bench.result(script, json.dumps([code for code, _ in asked]).encode(), DEFAULTS)
    found = [(code, given, said) for (code, said), given in zip(asked, answers, strict=True) if given != said]
    assert found == []


PRINT: Final = """
const process = codes => {
  for (const code of codes) {
    try { (0, eval)(`(() => { ${code} })()`); } catch (error) { console.log(`throws ${error.name}`); }
    console.log("=== end");
  }
  return 1;
};
"""
ROOMY: Final = evolve(DEFAULTS, log_bytes=64 * MIB)
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def test_the_console_prints_what_node_prints(bench: Bench) -> None:
    asked = pairs("console")
    assert len({code for code, _ in asked}) >= 5_000
    script = (CORPUS / "stack.js").read_text() + PRINT
    run = bench.run(script, json.dumps([code for code, _ in asked]).encode(), ROOMY)
    printed = "\n".join(line.message for line in run.logs.lines).split("=== end")
    assert not run.logs.truncated
    assert len(printed) == len(asked) + 1
    found = [
        (code, given, said)
        for (code, lines), given in zip(asked, printed, strict=False)
        if given.strip("\n") != (said := UNSTORABLE.sub("\ufffd", "\n".join(lines))).strip("\n")
    ]
    assert found == []


CASES: Final = sorted(path.stem for path in (CORPUS / "cases").glob("*.js"))


@pytest.mark.parametrize("case", CASES)
def test_a_script_returns_what_it_returns_in_node(bench: Bench, case: str) -> None:
    expected = json.loads((CORPUS / "cases" / f"{case}.expected.json").read_text())
    assert bench.result((CORPUS / "cases" / f"{case}.js").read_text(), b"null", DEFAULTS) == expected


RANDOM: Final = """
const early = crypto.randomUUID();
const process = data => [early, crypto.randomUUID(), ...crypto.getRandomValues(new Uint32Array(8))];
"""


def test_random_values_are_those_of_the_same_run(bench: Bench) -> None:
    first = bench.result(RANDOM, b"[1]")
    assert first == bench.result(RANDOM, b"[1]")
    assert first != bench.result(RANDOM, b"[2]")
    assert len(set(first)) == len(first)


DIGESTS: Final = """
const encoder = new TextEncoder();
const process = async ids => {
  const digests = [];
  for (const id of ids) digests.push([...new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(id)))]);
  return digests;
};
"""


def test_many_small_digests_and_a_large_one_are_right(bench: Bench) -> None:
    ids = [f"{n:011}" for n in range(5_000)] + ["x" * 20_000_000]
    expected = [list(hashlib.sha256(one.encode()).digest()) for one in ids]
    assert bench.result(DIGESTS, json.dumps(ids).encode(), DEFAULTS) == expected


TAMPERED: Final = """
const inherited = (object) => {
  const proto = Object.getPrototypeOf(object);
  return proto === null ? [] : [proto, ...inherited(proto)];
};
const lie = () => { throw new Error("something of the script's was called"); };
const USED = %s;
const values = USED.map((use) => use(true));
const owners = new Set([
  Object, Reflect, JSON, Math, Number, String, Symbol, Array, ArrayBuffer, Promise, Date,
  ...[
    [], new Map(), new Set(), new WeakMap(), /a/, "", 1, 1n, true, Symbol(), new Date(), new ArrayBuffer(1), lie,
    new Uint8Array(1), Promise.resolve(), new DataView(new ArrayBuffer(1)), new Map().values(), new Error(),
    [].values(), (function* () {})(),
  ].flatMap((one) => inherited(Object(one))),
]);
owners.delete(Object.prototype);
const { defineProperty, getOwnPropertyDescriptor } = Object;
const spoilt = [];
for (const owner of owners) {
  for (const name of Reflect.ownKeys(owner)) {
    const { configurable } = getOwnPropertyDescriptor(owner, name);
    if (configurable && name !== "constructor" && name !== "name")
      spoilt.push([owner, name, { __proto__: null, value: lie }]);
  }
}
const trap = { __proto__: null, set: lie, get: lie, configurable: true };
for (let i = 0; i < 10; i++) spoilt.push([Array.prototype, String(i), trap]);
for (const name of ["value", "get", "set", "at", "stream", "fatal", "done", "lastIndex", "index"]) {
  spoilt.push([Object.prototype, name, { __proto__: null, set: lie, configurable: true }]);
}
function process() {
  const results = {};
  let i = 0;
  for (; i < spoilt.length; i++) { const one = spoilt[i]; defineProperty(one[0], one[1], one[2]); }
  for (i = 0; i < USED.length; i++) results[i] = USED[i](false);
  for (i = 0; i < USED.length; i++) if (values[i] !== results[i]) return i + ": " + results[i];
  return "whole";
}
"""
USED: Final = (
    "() => atob('YWFh') + btoa('é')",
    "() => { const d = new TextDecoder('utf-8', {fatal: true}); return d.decode(bytes) + d.encoding; }",
    "() => new TextDecoder('utf-16le').decode(bytes) + new TextDecoder('latin1').decode(bytes)",
    "() => { const e = new TextEncoder().encode('aé€😀'); return '' + e[0] + e[1] + e[8]; }",
    "() => { try { structuredClone(() => 1); } catch (error) { return error.name + error.message + error.code; } }",
    "() => { const c = structuredClone(whole); return c.a[1].b + c.m.constructor.name + c.u[0] + c.e.message; }",
    "() => console.log(whole, bytes, [[1, [2, [3]]]], 'it\\'s', -0, 5n, { 'a b': Symbol.iterator })",
    "() => console.log('%s %d %i %f %j %O %%', 'a', 1.5, 2.5, '3', 5, { z: 1 }, 'more')",
    "() => console.log([1, 2, 3, 4, 5, 6, 7, 8], [, 1], 'x'.length, [1n, 2n, 3n, 4n, 5n, 6n, 7n])",
    "() => console.table([{ a: 1, b: 'x' }, { a: 2 }])",
    "() => { const a = new Uint8Array(4);"
    " return crypto.randomUUID().length + (crypto.getRandomValues(a) === a ? 1 : 2); }",
    "() => { console.group('g'); console.error('two\\nlines'); console.groupEnd(); }",
    "() => { console.count('n'); console.countReset('n'); console.assert(false, 'why'); }",
    "() => { console.time('t'); console.timeLog('t', 1); console.timeEnd('t'); console.dir([1], { depth: 0 }); }",
)
"""Pieces that use only syntax and their own globals."""
GIVEN: Final = """
const bytes = new Uint8Array([65, 195, 169, 66]);
const whole = {
  a: [1, { b: 2 }], m: new Map([[1, { x: 1 }]]), s: new Set([1]), d: new Date(5), r: /a/g, u: new Uint8Array([1, 2]),
  e: new TypeError("t"), n: Object(5), v: new DataView(new ArrayBuffer(4)),
};
"""


def test_scripts_cannot_get_between_a_global_and_what_it_does(bench: Bench) -> None:
    run = bench.run(GIVEN + TAMPERED % f"[{','.join(USED)}]", limits=ROOMY)
    assert bench.text(run) == b'"whole"'
    lines = [line.message for line in run.logs.lines]
    half = len(lines) // 2
    assert half > 5
    assert lines[:half] == lines[half:]
