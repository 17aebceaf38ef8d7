"""The law of globals: globals beside the language behave here as in Node, on both engines.

Pieces of code and Node's answers are in tests/corpus/globals, beside the scripts that made them.
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
GLOBALS: Final = Path(__file__).parents[3] / "adapters" / "javascript" / "confined" / "globals"
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
def test_a_piece_of_code_returns_node_s_value(bench: Bench, area: str) -> None:
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


def test_the_console_prints_node_s_lines(bench: Bench) -> None:
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
    ids = [f"{n:011}" for n in range(2_000)] + ["x" * 2_000_000]
    expected = [list(hashlib.sha256(one.encode()).digest()) for one in ids]
    assert bench.result(DIGESTS, json.dumps(ids).encode(), DEFAULTS) == expected


def test_scripts_cannot_tamper_with_the_internals_of_a_global(bench: Bench) -> None:
    words = {word for path in GLOBALS.glob("*.js") for word in re.findall(r"[A-Za-z_$][\w$]*", path.read_text())}
    assert {"input", "code", "cells", "stream"} <= words
    script = f"const NAMES = {json.dumps(sorted(words))};\n" + (CORPUS / "tampered.js").read_text()
    used_before, used_after = (bench.run(script, dataset, ROOMY) for dataset in (b"true", b"false"))
    before, after = json.loads(bench.text(used_before)).split("=== ")
    assert before == after == json.loads(bench.text(used_after)).removeprefix("=== ")
    lines = [line.message for line in used_before.logs.lines]
    half = len(lines) // 2
    assert half > 5
    assert lines[:half] == lines[half:] == [line.message for line in used_after.logs.lines]


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        (
            "const process = () => [typeof URL, typeof TextEncoder, typeof crypto, typeof console]",
            ["function", "function", "object", "object"],
        ),
        ("const process = () => ['URL' in globalThis, Object.keys(globalThis).indexOf('URL')]", [True, -1]),
        (
            "const process = () => ['atob', 'crypto', 'setTimeout'].map(n => Object.keys(globalThis).includes(n))",
            [True] * 3,
        ),
        ("URL = 1; const process = () => [URL, typeof new TextEncoder()]", [1, "object"]),
        (
            "'use strict'; URL = 1; const process = () => describe(globalThis, 'URL').enumerable",
            False,
        ),
        ("globalThis.URL = class Own {}; const process = () => URL.name", "Own"),
        ("function URL() { return 5; } const process = () => URL()", 5),
        ("let URL = 6; const process = () => [URL, typeof globalThis.URL]", [6, "function"]),
        ("const TextDecoder = 7; const process = () => TextDecoder", 7),
        ("class crypto {} const process = () => typeof crypto", "function"),
        ("var URL; const process = () => new URL('http://a').host", "a"),
        ("var console = { log: text => text }; const process = () => console.log('own')", "own"),
        ("var setTimeout = 8; const process = () => setTimeout", 8),
        ("function atob() { return 9; } const process = () => [atob(), btoa('a')]", [9, "YQ=="]),
        ("delete globalThis.URL; const process = () => [typeof URL, 'URL' in globalThis]", ["undefined", False]),
        ("TextDecoder = 1; const process = () => [new TextEncoder().encode('a')[0], TextDecoder]", [97, 1]),
        (
            "const { URL: First } = globalThis; const process = () => [First === URL, new First('http://a').host]",
            [True, "a"],
        ),
        ("URL; const process = () => describe(globalThis, 'URL').value === URL", True),
        (
            "const process = () => { Object.freeze(globalThis); return ['a:b', 'c:d'].map(x => new URL(x).href); }",
            ["a:b", "c:d"],
        ),
        (
            "const o = Object.create(globalThis); o.URL = 1; const process = () => [o.URL, typeof URL, Object.keys(o)]",
            [1, "function", ["URL"]],
        ),
        ("const process = () => describe(globalThis, 'setTimeout').value.name", "setTimeout"),
    ],
)
def test_a_global_that_is_made_on_first_use_is_an_ordinary_property(bench: Bench, script: str, answer: Any) -> None:
    assert bench.result(f"{script}; const describe = Object.getOwnPropertyDescriptor;") == answer
