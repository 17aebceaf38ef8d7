"""The parser agrees with the engine and with Node: on whether a text is a script, and on the line where it is none."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings

from adapters.javascript import wire
from adapters.javascript.confined.analyser import Analyser
from adapters.javascript.confined.engine import Engine
from adapters.javascript.engines import library_of
from adapters.javascript.findings import Finding
from adapters.javascript.source_lint import SYNTAX
from domain.engine import EngineName
from domain.limits import DEFAULTS
from tests.adapters.javascript.programs import programs
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_bench
from tests.support.values import a_source

CORPUS: Final = Path(__file__).parents[2] / "corpus"
ANSWERS: Final = [
    json.loads(line) for line in gzip.decompress((CORPUS / "syntax" / "node.jsonl.gz").read_bytes()).splitlines()
]
SCRIPTS: Final = sorted((CORPUS / "scripts").glob("*.js"))
LET_ALONE: Final = re.compile(r"\blet\s*\n")
"""A variable of that name, which the parser does not know at the end of a line; the engine decides."""
ELSEWHERE_IN_NODE: Final = (
    "Malformed arrow function parameter list",
    "missing ) after argument list",
    "Unary operator used immediately before exponentiation",
    "Missing initializer in const declaration",
)
"""Messages of Node's that are about a construct; the parser points to the token that does not fit into it."""


@pytest.fixture(scope="module", params=EngineName)
def errors(request: pytest.FixtureRequest) -> list[list[Finding]]:
    """List the syntax errors that the parser finds in each of the programs of `ANSWERS`."""
    library = str(library_of(request.param))
    analyser = Analyser(library, Engine(library).global_names)
    return [syntax_errors(analyser, text) for text, _, _ in ANSWERS]


@pytest.fixture(scope="module", params=EngineName)
def benches(request: pytest.FixtureRequest) -> Iterator[tuple[Bench, Bench]]:
    """Provide a sandbox that analyses, and one that does not."""
    with a_bench(engine=request.param) as analysing, a_bench(engine=request.param, analyses=False) as plain:
        yield analysing, plain


def syntax_errors(analyser: Analyser, text: str) -> list[Finding]:
    found = [Finding(wire.FINDING_KINDS[one.kind], one.line, one.column) for one in analyser.analyse(text.encode())]
    return [one for one in found if one.kind in SYNTAX]


def test_broken_programs_are_refused_at_the_line_that_node_names(errors: list[list[Finding]]) -> None:
    elsewhere = []
    for (text, line, message), found in zip(ANSWERS, errors, strict=True):
        assert (len(found) == 1) == (line != 0) or LET_ALONE.search(text), (text, message)
        if found and line > 0 and found[0].line != line and not message.startswith(ELSEWHERE_IN_NODE):
            elsewhere.append((message, line, found[0].line, text))
    assert len(ANSWERS) == 3000
    assert len(elsewhere) <= 5, elsewhere


def test_broken_programs_are_taken_for_no_other_language(errors: list[list[Finding]]) -> None:
    found = [(one.kind, text) for (text, _, _), of_text in zip(ANSWERS, errors, strict=True) for one in of_text]
    assert [text for kind, text in found if kind not in ("syntax", "await") and "):{" not in text] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_of_the_corpus_is_refused_for_its_analysis(benches: tuple[Bench, Bench], path: Path) -> None:
    analysing, plain = (bench.do(bench.sandbox.check(a_source(path.read_text()), DEFAULTS)) for bench in benches)
    assert type(analysing) is type(plain), analysing


@settings(max_examples=40, deadline=None)
@given(text=programs)
def test_no_generated_program_is_refused_for_its_analysis(benches: tuple[Bench, Bench], text: str) -> None:
    analysing, plain = (bench.do(bench.sandbox.check(a_source(text), TIGHT)) for bench in benches)
    assert type(analysing) is type(plain), analysing
    assert {one.detail for one in analysing.value_or(())} <= {"`missing` is not defined"}
