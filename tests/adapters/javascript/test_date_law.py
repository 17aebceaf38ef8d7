"""The law of dates: `Date.parse` and `new Date` read every string as Node does.

Node's answers are in tests/corpus/dates, beside the script that recorded them.
"""

import gzip
import json
from pathlib import Path
from typing import Final

import pytest

from domain.limits import DEFAULTS
from tests.adapters.javascript.sandboxes import Bench

_FIXTURE: Final = Path(__file__).parents[2].joinpath("corpus", "dates", "node.jsonl.gz")
NODE, *PAIRS = map(json.loads, gzip.decompress(_FIXTURE.read_bytes()).decode("ascii").splitlines())

PARSE: Final = "const process = texts => texts.map(text => Date.parse(text));"
CONSTRUCT: Final = "const process = texts => texts.map(text => new Date(text).getTime());"


def test_the_fixture_is_large_and_names_its_node() -> None:
    assert NODE == "v20.20.2"
    assert len({text for text, _ in PAIRS}) > 20_000
    assert 0.3 < sum(time is None for _, time in PAIRS) / len(PAIRS) < 0.7


@pytest.mark.parametrize("script", [PARSE, CONSTRUCT], ids=["parse", "construct"])
def test_a_string_is_the_moment_that_node_reads_in_it(bench: Bench, script: str) -> None:
    read = bench.result(script, json.dumps([text for text, _ in PAIRS]).encode(), DEFAULTS)
    found = [(text, given, expected) for (text, expected), given in zip(PAIRS, read, strict=True) if given != expected]
    assert found == []


CONVERSIONS: Final = """
function process() {
  const shown = (make) => { try { return new Date(make()).getTime(); } catch (error) { return error.name; } };
  const text = "2024-03-15 10:20:30-03:00";
  const calls = [];
  const spy = {
    get valueOf() { calls.push("valueOf"); return () => ({}); },
    toString() { calls.push("toString"); return text; },
  };
  return [
    shown(() => new String(text)), shown(() => [text]), shown(() => spy), calls.join(),
    shown(() => ({ [Symbol.toPrimitive]: (hint) => (hint === "default" ? text : 0) })),
    shown(() => ({ [Symbol.toPrimitive]: null, valueOf: () => 5 })),
    shown(() => ({ [Symbol.toPrimitive]: () => ({}) })), shown(() => ({ [Symbol.toPrimitive]: 1 })),
    shown(() => ({ valueOf: 1, toString: () => ({}) })), shown(() => Object.create(null)), shown(() => Symbol("s")),
    shown(() => 5n), shown(() => null), shown(() => undefined), shown(() => true), shown(() => 7.9), shown(() => ""),
    shown(() => new Date(5)), shown(() => new (class extends Date { valueOf() { return 1; } })(5)),
    shown(() => new Proxy(new Date(5), {})), shown(() => Object.assign(() => 0, { toString: () => text })),
    Date.parse(new String(text)), Date.parse({ toString: () => text }), Date.parse(), Date.parse(2024),
    Date.parse.length,
    Date.parse.name, Object.getOwnPropertyDescriptor(Date, "parse").enumerable, "prototype" in Date.parse, Date.length,
  ];
}
"""
CONVERTED: Final = json.loads(
    '[1710508830000,1710508830000,1710508830000,"valueOf,toString",1710508830000,5,"TypeError","TypeError","TypeError",'
    '"TypeError","TypeError","TypeError",0,null,1,7,null,5,5,"TypeError",1710508830000,1710508830000,1710508830000,null,'
    '1704067200000,1,"parse",false,false,7]'
)
"""The answers of Node 20.20.2."""


def test_values_become_moments_as_in_node(bench: Bench) -> None:
    assert bench.result(CONVERSIONS) == CONVERTED


TAMPERED: Final = """
const lie = () => { throw new Error("something of the script's was called"); };
for (const owner of [String.prototype, RegExp.prototype, Date]) {
  for (const name of Object.getOwnPropertyNames(owner)) {
    const { configurable } = Object.getOwnPropertyDescriptor(owner, name);
    if (configurable && name !== "constructor" && name !== "parse") Object.defineProperty(owner, name, { value: lie });
  }
}
const trap = { set: lie, get: lie, configurable: true };
for (const name of ["lastIndex", "indices"]) Object.defineProperty(Object.prototype, name, trap);
for (const name of ["0", "1", "2", "3", "4", "5", "index", "input", "groups", Symbol.iterator]) {
  Object.defineProperty(Array.prototype, name, trap);
}
function process() {
  return "" + Date.parse("15 Mar 2024 10:20:30 GMT-0300 (x)") + Date.parse("2024-03-15 10:20:30-03:00")
    + Date.parse("2024-03-15") + Date.parse("3/15/2024");
}
"""


def test_scripts_cannot_tamper_with_the_parsing_of_dates(bench: Bench) -> None:
    assert bench.result(TAMPERED) == "1710508830000171050883000017104608000001710460800000"


def test_a_long_string_takes_time_proportional_to_its_length(bench: Bench) -> None:
    script = 'const process = n => ["(", "0", "a", " ", ":", "1 ", "((", "(a)"].map(one => Date.parse(one.repeat(n)))'
    assert len(bench.result(script, b"200000", DEFAULTS)) == 8
