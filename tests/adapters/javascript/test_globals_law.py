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
SHOW: Final = (CORPUS / "show.js").read_text() + (CORPUS / "read_url.js").read_text()
AREAS: Final = {"binary": 8_000, "url": 10_000}
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


def test_scripts_cannot_get_between_a_global_and_what_it_does(bench: Bench) -> None:
    run = bench.run((CORPUS / "tampered.js").read_text(), limits=ROOMY)
    assert bench.text(run) == b'"whole"'
    lines = [line.message for line in run.logs.lines]
    half = len(lines) // 2
    assert half > 5
    assert lines[:half] == lines[half:]
