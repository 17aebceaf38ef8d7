"""Scripts as they are written run without a word about their names, and one misspelt name is found where it stands.

`tests/corpus/analysis/` has scripts of many styles, which all run in Node, and mistakes that all fail in Node.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from returns.result import Result

from adapters.javascript import wire
from adapters.javascript.child_output import ClaimedResult
from adapters.javascript.conclusion import conclude
from adapters.javascript.confined.analyser import Analyser
from adapters.javascript.confined.engine import Engine
from adapters.javascript.engines import library_of
from adapters.javascript.findings import Finding
from application.ports.sandbox import NotRunnable
from domain.engine import EngineName
from domain.warnings import SourceWarning, SourceWarningKind

CORPUS: Final = Path(__file__).parents[2] / "corpus" / "analysis"
SCRIPTS: Final = (CORPUS / "valid.js").read_text().split("// ----\n")
MISTAKES: Final = [json.loads(line) for line in (CORPUS / "mistakes.jsonl").read_text().splitlines()]
TRIES: Final = {
    'try { var _ = require("lodash"); }': SourceWarningKind.NO_MODULES,
    "try { f = fetch; }": SourceWarningKind.MISSING_GLOBAL,
}
"""Missing globals that scripts of the corpus try to use, and do without."""

Concluded: TypeAlias = Result[tuple[SourceWarning, ...], NotRunnable]


@pytest.fixture(scope="module", params=EngineName)
def concluded(request: pytest.FixtureRequest) -> Callable[[str], Concluded]:
    """Create a function that checks a source whose top level runs."""
    library = str(library_of(request.param))
    analyser = Analyser(library, Engine(library).global_names)

    def outcome(text: str) -> Concluded:
        found = analyser.analyse(text.encode())
        return conclude(
            tuple(
                Finding(wire.FINDING_KINDS[kind], line, column, subject.decode(), suggestion.decode())
                for kind, line, column, subject, suggestion in found
            ),
            ClaimedResult(b"", None),
            wall_ms=1,
        )

    return outcome


def test_scripts_that_run_in_node_are_neither_refused_nor_warned_about(
    concluded: Callable[[str], Concluded],
) -> None:
    assert len(SCRIPTS) >= 145
    for text in SCRIPTS:
        expected = [kind for part, kind in TRIES.items() if part in text]
        assert [one.kind for one in concluded(text).unwrap()] == expected, text


def test_a_misspelt_name_is_warned_about_at_its_place(concluded: Callable[[str], Concluded]) -> None:
    assert len(MISTAKES) >= 390
    missed = unnamed = 0
    for number, offset, length, wrong, line, column in MISTAKES:
        if "process.env" in SCRIPTS[number]:  # without its guard, refused for that
            continue
        text = SCRIPTS[number][:offset] + wrong + SCRIPTS[number][offset + length :]
        right = SCRIPTS[number][offset : offset + length]
        about = [one for one in concluded(text).unwrap() if f"`{wrong}`" in one.detail]
        if not about and "globalThis" in text:  # which may define it in a way that only a run knows
            missed += 1
            continue
        (warning,) = about
        assert (warning.kind, warning.line, warning.column) == (SourceWarningKind.UNDEFINED_NAME, line, column), text
        unnamed += f"did you mean `{right}`?" not in warning.detail
    assert (missed <= 10, unnamed <= 20) == (True, True), (missed, unnamed)
