"""The law of the language: generated programs answer as in Node 20, but for the listed differences.

The programs with Node's answers are kept in tests/corpus/language, beside the scripts that generate them.
"""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve

from domain.engine import EngineName
from domain.limits import DEFAULTS
from tests.adapters.javascript.language_differences import DIFFERENCES, MEMBERS, Answers
from tests.adapters.javascript.sandboxes import Bench

CORPUS: Final = Path(__file__).parents[2] / "corpus" / "language"
SCRIPT: Final = (CORPUS / "answer.js").read_text() + "const process = codes => codes.map(answer);"
LIMITS: Final = evolve(DEFAULTS, wall_ms=60_000)
SIZES: Final = {
    "strings": 7_000,
    "regexps": 8_000,
    "typed_arrays": 7_000,
    "json": 4_000,
    "sorting": 4_000,
    "dates": 2_000,
}
"""The families of programs, and how many each has at least."""


def pairs(family: str) -> list[tuple[str, str]]:
    node, *found = map(json.loads, gzip.decompress((CORPUS / f"{family}.jsonl.gz").read_bytes()).splitlines())
    assert node == "v20.20.2"
    return found


def differing(bench: Bench, family: str) -> list[Answers]:
    asked = pairs(family)
    answers = bench.result(SCRIPT, json.dumps([code for code, _ in asked]).encode(), LIMITS)
    return [Answers(code, node, answer) for (code, node), answer in zip(asked, answers, strict=True) if node != answer]


def engine_of(bench: Bench) -> EngineName:
    return EngineName.DUKPY if bench.sandbox.engine.startswith("dukpy") else EngineName.QUICKJS_NG


@pytest.mark.parametrize("family", SIZES)
def test_programs_answer_as_in_node_but_for_the_listed_differences(bench: Bench, family: str) -> None:
    engine = engine_of(bench)
    here = [difference for difference in DIFFERENCES[family] if difference.count(engine)]
    found = differing(bench, family)
    reasons = [next((one.reason for one in here if one.explains(answers)), None) for answers in found]
    assert [answers for answers, reason in zip(found, reasons, strict=True) if reason is None] == []
    assert Counter(reasons) == {one.reason: one.count(engine) for one in here}, "a listed difference is another one now"


@pytest.mark.parametrize("family", SIZES)
def test_a_family_is_large_and_its_programs_are_not_alike(family: str) -> None:
    asked = pairs(family)
    answers = Counter(answer for _, answer in asked)
    assert len({code for code, _ in asked}) == len(asked) >= SIZES[family]
    assert len(answers) > len(asked) / 4
    assert answers.most_common(1)[0][1] < len(asked) / 2


def documented() -> list[list[str]]:
    """Read the rows of the page's table of differences, without the code's quotes."""
    page = (CORPUS.parents[2] / "docs" / "sandbox.md").read_text()
    table = page.split("<!-- differences -->")[1].split("<!-- /differences -->")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.strip().splitlines()[2:]]
    return [[cell.strip().removeprefix("`").removesuffix("`").replace("\\|", "|") for cell in row] for row in rows]


def test_the_page_has_every_difference_with_an_example_that_shows_it(bench: Bench) -> None:
    answers_of_node = dict(pairs("documented"))
    rows = documented()
    codes = [f"return {example}" for _, example, *_ in rows]
    answers = bench.result(SCRIPT, json.dumps(codes).encode(), LIMITS)
    assert {reason for reason, *_ in rows} == {one.reason for listed in DIFFERENCES.values() for one in listed}
    for code, (_, _, node, here, engines), answer in zip(codes, rows, answers, strict=True):
        assert answers_of_node[code] == node != here, code
        assert engine_of(bench) not in engines or answer == here, code
        assert engines != "both" or answer == here, code


def test_the_page_names_the_members_that_differ() -> None:
    page = (CORPUS.parents[2] / "docs" / "sandbox.md").read_text()
    for members in MEMBERS.values():
        for holder, names in (members.newer | members.absent).items():
            for name in names:
                assert f"`{name}`" in page or f"`{holder}.{name}`" in page, (holder, name)


def test_builtins_have_the_members_of_node_but_for_the_listed_ones(bench: Bench) -> None:
    engine = engine_of(bench)
    node, expected = json.loads((CORPUS / "members.json").read_bytes())
    found = bench.result((CORPUS / "members.js").read_text() + "const process = () => members();")
    assert node == "v20.20.2"
    assert found.keys() == expected.keys()
    assert beyond(found, expected) == MEMBERS[engine].newer
    assert beyond(expected, found) == MEMBERS[engine].absent
    assert {
        (holder, name)
        for holder, members in expected.items()
        for name, attributes in members.items()
        if found[holder].get(name, attributes) != attributes
    } == MEMBERS[engine].otherwise


def beyond(one: dict[str, dict[str, str]], other: dict[str, dict[str, str]]) -> dict[str, set[str]]:
    """List the members of each holder in one that are missing in the other."""
    names = {holder: one[holder].keys() - other[holder].keys() for holder in one}
    return {holder: found for holder, found in names.items() if found}
