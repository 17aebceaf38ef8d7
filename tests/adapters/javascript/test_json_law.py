"""The law of the identity: `process = d => d` returns, byte for byte, Node's `JSON.stringify(JSON.parse(text))`.

Node's answers are in tests/corpus/json, beside the script that recorded them.
"""

import json
from pathlib import Path
from typing import Final

from domain.limits import DEFAULTS
from tests.adapters.javascript.sandboxes import Bench

_LINES: Final = Path(__file__).parents[2].joinpath("corpus", "json", "node.jsonl").read_text("ascii").splitlines()
NODE, *PAIRS = map(json.loads, _LINES)
OWN_FUNCTIONS: Final = "const process = texts => texts.map(text => JSON.stringify(JSON.parse(text)));"


def test_the_fixture_is_large_and_names_its_node() -> None:
    assert NODE == "v20.20.2"
    assert len({text for text, _ in PAIRS}) > 300


def test_the_identity_gives_the_bytes_that_node_gives(bench: Bench) -> None:
    found = {
        text: (given, expected)
        for text, expected in PAIRS
        if (given := bench.text(bench.run("const process = d => d", text.encode(), DEFAULTS)).decode()) != expected
    }
    assert found == {}


def test_the_functions_that_scripts_call_give_them_too(bench: Bench) -> None:
    texts = json.dumps([text for text, _ in PAIRS]).encode()
    assert bench.result(OWN_FUNCTIONS, texts, DEFAULTS) == [expected for _, expected in PAIRS]
