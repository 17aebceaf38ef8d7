"""The tuned parser gives acorn's trees and acorn's errors, and takes time that is linear in the source."""

import gzip
import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.engines import library_of
from domain.engine import EngineName
from tests.adapters.javascript.programs import programs

CONFINED: Final = Path(__file__).parents[3] / "adapters" / "javascript" / "confined"
CORPUS: Final = Path(__file__).parents[2] / "corpus"
ANSWERS: Final = gzip.decompress((CORPUS / "syntax" / "node.jsonl.gz").read_bytes()).splitlines()
COMPARE: Final = b"""
(make) => {
  const Tuned = make({ acorn });
  const plain = (name, value) => typeof value === "bigint" || value instanceof RegExp ? String(value) : value;
  const outcome = (parser, source) => {
    try {
      return JSON.stringify(parser.parse(source, { ecmaVersion: "latest" }), plain);
    } catch (error) {
      return `${error.message} ${error.pos}`;
    }
  };
  return (source) => outcome(acorn.Parser, source) === outcome(Tuned, source);
}
"""
TRICKY: Final[list[str]] = json.loads((CORPUS / "syntax" / "constructs.json").read_text())


class Comparison:
    """acorn and the tuned parser in one engine."""

    def __init__(self, engine: EngineName) -> None:
        self.js = QuickJS(str(library_of(engine)))
        self.js.limit_stack(2 * 1024 * 1024)
        self.js.evaluate((CONFINED / "vendor" / "acorn.js").read_bytes(), b"acorn.js")
        part = self.js.evaluate((CONFINED / "analysis" / "parser.js").read_bytes(), b"parser.js")
        self._compare = self.js.call(self.js.evaluate(COMPARE, b"compare.js"), part)

    def agrees(self, text: str) -> bool:
        """Tell whether both return the same tree, or the same error at the same place."""
        return self.js.call(self._compare, self.js.string(text.encode())).is_true


@pytest.fixture(scope="module", params=EngineName)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    return Comparison(request.param)


def test_programs_whole_and_broken_have_the_same_trees_and_errors(comparison: Comparison) -> None:
    texts = [json.loads(line)[0] for line in ANSWERS[::12]]
    texts += [path.read_text() for path in (CORPUS / "scripts").glob("*.js")]
    assert [text for text in texts if not comparison.agrees(text)] == []


def test_the_parser_agrees_about_its_own_source(comparison: Comparison) -> None:
    text = (CONFINED / "vendor" / "acorn.js").read_text()
    assert comparison.agrees(text[:70_001])


def test_constructs_on_which_fast_paths_could_err_have_the_same_trees_and_errors(comparison: Comparison) -> None:
    texts = [
        *TRICKY,
        *(f"function* f() {{ {one} }}" for one in TRICKY),
        *(f"async () => {{ {one}\n}}" for one in TRICKY),
    ]
    texts += [f"'use strict'; {one}" for one in TRICKY] + [f"x = {{ y: [{one}] }}" for one in TRICKY]
    assert [text for text in texts if not comparison.agrees(text)] == []


@settings(max_examples=50, deadline=None)
@given(text=programs | st.lists(st.sampled_from([*TRICKY, *" ()[]{}`;,.=?:\n", "=>", "${"]), max_size=6).map(" ".join))
def test_random_programs_have_the_same_trees_and_errors(comparison: Comparison, text: str) -> None:
    assert comparison.agrees(text)
