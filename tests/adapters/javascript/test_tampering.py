"""A script may replace any builtin: the host's report of a run does not depend on the replaced ones."""

import json

from domain.outcome import Produced, Rejected, Run
from tests.adapters.javascript.sandboxes import Bench

BUILTINS = """
  const holders = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const found = globalThis[name];
    if (typeof found !== "function" && (typeof found !== "object" || found === null)) continue;
    if (found === globalThis || found === console) continue;
    holders.push([name, found]);
    if (typeof found === "function" && found.prototype) holders.push([name + ".prototype", found.prototype]);
  }
  const inner = { "%TypedArray%.prototype": Object.getPrototypeOf(Uint8Array.prototype), "%ArrayIterator%":
    Object.getPrototypeOf([][Symbol.iterator]()), "%StringIterator%": Object.getPrototypeOf(""[Symbol.iterator]()),
    "%MapIterator%": Object.getPrototypeOf(new Map().entries()),
    "%RegExpStringIterator%": Object.getPrototypeOf("".matchAll(/a/g)) };
  for (const name in inner) holders.push([name, inner[name]]);
"""
LIST = "const process = () => {" + BUILTINS + "  return holders.map(([name]) => name); };"
TAMPER = (
    "{ const targets = NAMES, lies = LIES;"
    + BUILTINS
    + """
  const lie = lies ? () => "lie" : () => { throw new Error("tampered"); };
  const { defineProperty, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const changed = [];
  for (const [name, holder] of holders) {
    if (!targets.includes(name)) continue;
    for (const key of ownKeys(holder)) {
      const { value, get, configurable } = getOwnPropertyDescriptor(holder, key);
      if (!configurable || key === "constructor" || key === "prototype") continue;
      if (get !== undefined) changed.push([holder, key, { get: lie, set: lie }]);
      else if (typeof value === "function") changed.push([holder, key, { value: lie }]);
    }
    if (typeof holder === "function") changed.push([holder, Symbol.hasInstance, { value: lie, configurable: true }]);
  }
  for (let i = 0, length = changed.length; i < length; i++) {
    const change = changed[i];
    defineProperty(change[0], change[1], change[2]);
  }
}
"""
)
RUN = """
const Failure = TypeError, Why = RangeError, Rejection = Error, { log } = console;
const process = (data) => {
  log("text"); log(1); log(true); log(2n);
  if (data === 0) return { a: { "x/y~": [0, NaN, 1 / 0] } };
  if (data === 1) throw new Failure("failed", { cause: new Why("why", { cause: 3 }) });
  if (data === 2) return import("module");
  if (data === 3) return { then(_, reject) { reject(new Rejection("rejected")); } };
  if (data === 4) throw { code: "E", rows: [1, "x"] };
  return undefined;
};"""
DATASETS = [b"0", b"1", b"2", b"3", b"4", b"5"]


def lasting(run: Run, bench: Bench) -> object:
    match run.outcome:
        case Produced():
            said: object = bench.text(run)
        case Rejected(error=error):
            said = (
                error.kind,
                error.message,
                (error.stack or "")[:20],
                "[cause]: RangeError: why" in (error.stack or ""),
            )
    return run.logs, run.provenance.warnings, said


def tampering(names: list[str], lies: bool) -> str:
    """Build a program that replaces every method and accessor of some builtins, and runs as if it had not."""
    return TAMPER.replace("NAMES", json.dumps(names)).replace("LIES", json.dumps(lies)) + RUN


def test_no_replaced_builtin_changes_the_report_of_a_run(bench: Bench) -> None:
    honest = {dataset: lasting(bench.run(RUN, dataset), bench) for dataset in DATASETS}
    assert len({repr(one) for one in honest.values()}) == len(DATASETS)
    names = bench.result(LIST)
    assert {"String.prototype", "Error", "Error.prototype", "%ArrayIterator%", "JSON", "Promise.prototype"} <= set(
        names
    )
    changed = {}
    for number, name in enumerate(names):
        for lies in (False, True):
            dataset = DATASETS[(2 * number + lies) % len(DATASETS)]
            if (said := lasting(bench.run(tampering([name], lies), dataset), bench)) != honest[dataset]:
                changed[name, lies, dataset] = said
    assert changed == {}


def test_all_builtins_replaced_at_once_change_nothing_either(bench: Bench) -> None:
    names = bench.result(LIST)
    for dataset in DATASETS:
        for lies in (False, True):
            expected = lasting(bench.run(RUN, dataset), bench)
            assert lasting(bench.run(tampering(names, lies), dataset), bench) == expected
