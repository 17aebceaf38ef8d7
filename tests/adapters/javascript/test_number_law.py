"""The texts of numbers are those of Node, but for the two differences that docs/sandbox.md states.

Node's answers are in tests/corpus/numbers, beside the scripts that recorded them.
"""

import gzip
import json
import math
import struct
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve

from domain.limits import DEFAULTS
from tests.adapters.javascript.sandboxes import Bench

FOLDER: Final = Path(__file__).parents[2] / "corpus" / "numbers"
NODE, *LINES = map(json.loads, gzip.decompress((FOLDER / "node.jsonl.gz").read_bytes()).splitlines())
TEXTS: Final = dict(LINES)
SCRIPT: Final = (
    (FOLDER / "texts.js").read_text()
    + """
const view = new DataView(new ArrayBuffer(8));
const process = (all) => all.map((bits) => {
  view.setBigUint64(0, BigInt("0x" + bits));
  const number = view.getFloat64(0);
  return [textsOf(number), JSON.stringify(number), `${number}`, Number(String(number)) === number || number !== number];
});"""
)
LIMITS: Final = evolve(DEFAULTS, wall_ms=20_000)
DIFFERING_POWERS: Final = 54
"""Of the 2,098 powers of two that are doubles."""


@pytest.fixture(scope="module")
def given(bench: Bench) -> dict[str, tuple[list[str], str, str, bool]]:
    bits = list(TEXTS)
    return dict(zip(bits, bench.result(SCRIPT, json.dumps(bits).encode(), LIMITS), strict=True))


def test_the_fixture_is_large_and_names_its_node() -> None:
    assert NODE == "v20.20.2"
    assert len(TEXTS) > 25_000


def test_numbers_have_the_texts_of_node_but_for_some_powers_of_two(
    given: dict[str, tuple[list[str], str, str, bool]],
) -> None:
    """Node writes the shortest text that is read as the number; QuickJS only tries the nearest one of each length."""
    differing = {bits for bits, (texts, *_) in given.items() if texts[0] != TEXTS[bits][0]}
    assert differing == {bits for bits in TEXTS if is_between_sixteen_digits(bits, TEXTS[bits][0])}
    assert all(math.frexp(number_of(bits))[0] in (0.5, -0.5) for bits in differing)
    assert len(differing) == 2 * DIFFERING_POWERS
    assert all(len(given[bits][0][0]) > len(TEXTS[bits][0]) for bits in differing)


def test_every_text_is_read_as_the_number_that_it_is_of(given: dict[str, tuple[list[str], str, str, bool]]) -> None:
    assert [bits for bits, (*_, is_same) in given.items() if not is_same] == []


def test_numbers_have_one_text_in_strings_templates_and_json(
    given: dict[str, tuple[list[str], str, str, bool]],
) -> None:
    for bits, (texts, in_json, in_template, _) in given.items():
        assert in_template == texts[0]
        assert in_json == (texts[0] if math.isfinite(number_of(bits)) else "null")


def test_forms_with_digits_are_those_of_node_but_for_fractions_in_other_bases(
    given: dict[str, tuple[list[str], str, str, bool]],
) -> None:
    differing = {bits: form_of(bits) for bits, (texts, *_) in given.items() if texts[1:] != TEXTS[bits][1:]}
    for bits, form in differing.items():
        number = number_of(bits)
        if form == "toFixed":  # from 1e21 on it is the number's text
            assert abs(number) >= 1e21
            assert is_between_sixteen_digits(bits, TEXTS[bits][0])
        else:
            assert form == "toString"
            assert not number.is_integer() or abs(number) > 2**53, bits
    assert set(map(form_of, TEXTS)) == {"toFixed", "toPrecision", "toExponential", "toString", None}


def is_between_sixteen_digits(bits: str, text: str) -> bool:
    """Tell whether 16 digits are enough for a number, but not those of the nearest decimal of 16 digits."""
    number = number_of(bits)
    digits = text.lstrip("-").split("e")[0].replace(".", "").strip("0")
    return math.isfinite(number) and len(digits) <= 16 and float(f"{number:.15e}") != number


def number_of(bits: str) -> float:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    return float(number)


def form_of(bits: str) -> str | None:
    """Name the method that texts.js chose, by a number's last bits."""
    return dict(enumerate(("toFixed", "toPrecision", "toExponential", "toString"))).get(
        (int(bits[:8], 16) ^ int(bits[8:], 16)) % 8
    )
