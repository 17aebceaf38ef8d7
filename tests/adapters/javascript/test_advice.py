"""What a source uses that is not here is found by its line, and what only looks like it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from adapters.javascript import wire
from adapters.javascript.advice import advise
from adapters.javascript.confined.source_lint import lint
from domain.warnings import SourceWarning, SourceWarningKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench
from tests.values import a_source

INTL, MODULES = SourceWarningKind.MISSING_INTL, SourceWarningKind.NO_MODULES

USES = [
    ("n.toLocaleString('pt-BR')", INTL),
    ("new Date(0).toLocaleDateString()", INTL),
    ("d ?. toLocaleTimeString()", INTL),
    ("names.sort((a, b) => a.localeCompare(b))", INTL),
    ("new Intl.NumberFormat('pt-BR')", INTL),
    ("`R$ ${n.toLocaleString('pt-BR')} ${1}`", INTL),
    ("const _ = require('lodash')", MODULES),
    ("import('lodash')", MODULES),
    ("import _ from 'lodash'", MODULES),
    ("  export default 1", MODULES),
]
INNOCENT = [
    "// n.toLocaleString()",
    "/* require('x')\n\n import y from 'z' */",
    "'a.localeCompare(b)'",
    '"it\'s \\" a.localeCompare(b)"',
    "`a.localeCompare(b) ${n} require('x')`",
    "const important = exported, Intls = 1, requires = 2",
    "d.require(1); d.import(2); d.Intl",
    "toLocaleString",
]


def warnings_about(source: str) -> tuple[SourceWarning, ...]:
    return tuple(advise(word, line) for word, line in lint(source.encode()))


@pytest.mark.parametrize(("use", "kind"), USES)
def test_a_use_is_found_with_its_line(use: str, kind: SourceWarningKind) -> None:
    found = warnings_about(f"/* one\n   two */\nlet s = 'three';\n{use}\n")
    assert [(one.kind, one.line) for one in found] == [(kind, 4)]
    assert "`" in found[0].detail


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_a_use_is_none(text: str) -> None:
    assert warnings_about(text) == ()


@given(st.lists(st.sampled_from([*(use for use, _ in USES), *INNOCENT]), max_size=12))
def test_lines_are_counted_through_whatever_stands_between(parts: list[str]) -> None:
    expected, line = [], 1
    kinds = dict(USES)
    for part in parts:
        if part in kinds:
            expected.append((kinds[part], line))
        line += part.count("\n") + 1
    assert [(one.kind, one.line) for one in warnings_about("\n".join(parts))] == expected


def test_a_line_is_warned_about_once_a_word() -> None:
    assert len(warnings_about("a.localeCompare(b) || b.localeCompare(c) || n.toLocaleString()")) == 2


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("\ufeffimport x from 'y'", [1]),
        ("`${ { a: `${n.toLocaleString()}` }.a }\n${ Intl }`; Intl; `Intl`", [1, 2, 2]),
        ("`$ {Intl} \\${Intl} $${`\n` + Intl}`", [2]),
        ("'it\\\n'; Intl", [2]),
        ("/*/ Intl */ Intl", [1]),
        ("a\n  . localeCompare(b)\n  ./* c */localeCompare(b)", [2]),
        ("éIntl(); $require(1); import.meta; exports", []),
    ],
)
def test_it_knows_what_surrounds_a_word(source: str, lines: list[int]) -> None:
    assert [line for _, line in lint(source.encode())] == list(dict.fromkeys(lines))


def test_a_check_gives_a_bounded_number_of_warnings(bench: Bench) -> None:
    text = "function process(a, b) {}\n" + "a => a.localeCompare(b);\n" * 100
    warnings = bench.do(bench.sandbox.check(a_source(text), TIGHT)).unwrap()
    assert [one.line for one in warnings] == list(range(2, 2 + wire.MOST_WARNINGS))


@pytest.mark.parametrize("mark", ["'", '"', "`", "/*", "//", "`${'", "`${`"])
def test_what_is_never_closed_has_no_uses_behind_it(mark: str) -> None:
    assert warnings_about(f"{mark} Intl a.localeCompare(b)") == ()


def test_a_check_gives_the_warnings_of_what_it_lets_pass(bench: Bench) -> None:
    source = a_source("function process(d) {\n  return d.n.toLocaleString('pt-BR');\n}")
    warnings = bench.do(bench.sandbox.check(source, TIGHT)).unwrap()
    assert [(one.kind, one.line) for one in warnings] == [(INTL, 2)]
    assert bench.do(bench.sandbox.check(a_source("const process = d => d"), TIGHT)) == Success(())
