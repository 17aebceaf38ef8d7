"""What a source uses that is not here is found by its line, and what only looks like it is not."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from adapters.javascript.advice import MOST_WARNINGS, advise
from domain.warnings import SourceWarningKind
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


@pytest.mark.parametrize(("use", "kind"), USES)
def test_a_use_is_found_with_its_line(use: str, kind: SourceWarningKind) -> None:
    found = advise(f"/* one\n   two */\nlet s = 'three';\n{use}\n".encode())
    assert [(one.kind, one.line) for one in found] == [(kind, 4)]
    assert "`" in found[0].detail


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_a_use_is_none(text: str) -> None:
    assert advise(text.encode()) == ()


@given(st.lists(st.sampled_from([*(use for use, _ in USES), *INNOCENT]), max_size=12))
def test_lines_are_counted_through_whatever_stands_between(parts: list[str]) -> None:
    expected, line = [], 1
    kinds = dict(USES)
    for part in parts:
        if part in kinds:
            expected.append((kinds[part], line))
        line += part.count("\n") + 1
    assert [(one.kind, one.line) for one in advise("\n".join(parts).encode())] == expected


def test_a_line_is_warned_about_once_a_word_and_a_source_a_bounded_number_of_times() -> None:
    twice = advise(b"a.localeCompare(b) || b.localeCompare(c) || n.toLocaleString()")
    assert len(twice) == 2
    assert len(advise(b"a.localeCompare(b)\n" * 100)) == MOST_WARNINGS


PAIRS = list(map("".join, product(["/*", "`", '"', "'", "${", "\\", "import ", ".  "], repeat=2)))


@pytest.mark.parametrize("pair", PAIRS)
def test_no_source_sends_it_back_again_and_again(pair: str) -> None:
    assert len(advise((pair * (1024 * 1024 // len(pair))).encode())) <= MOST_WARNINGS  # or this does not end


def test_a_check_gives_the_warnings_of_what_it_lets_pass(bench: Bench) -> None:
    source = a_source("function process(d) {\n  return d.n.toLocaleString('pt-BR');\n}")
    warnings = bench.do(bench.sandbox.check(source, TIGHT)).unwrap()
    assert [(one.kind, one.line) for one in warnings] == [(INTL, 2)]
    assert bench.do(bench.sandbox.check(a_source("const process = d => d"), TIGHT)) == Success(())
