"""The position of an error, and whether it is exact: never said of one that is not."""

from typing import Final

import pytest

from application.ports.sandbox import NotRunnable
from domain.engine import EngineName
from tests.adapters.javascript.sandboxes import TIGHT, Bench
from tests.support.values import a_source

LONG: Final = "/* " + "x" * 200_000 + " */\n"
"""Too much source for a diagnosis, so that the position is the engine's own."""


def is_exact_engine(bench: Bench) -> bool:
    return bench.sandbox._default.engine is EngineName.QUICKJS_NG


@pytest.mark.parametrize(
    ("script", "place"),
    [
        ("function process(d) {\n  return d.items\n    .map(x => x)\n    .foo()\n    .bar();\n}", (4, 6)),
        ("function process(d) {\n  const b = String(d.b);\n  return [b,\n    d.b.c];\n}", (4, 9)),
        ("function process(d) {\n  throw new Error('x');\n}", (2, 13)),
    ],
)
def test_a_position_is_exact_on_the_engine_that_knows_it(bench: Bench, script: str, place: tuple[int, int]) -> None:
    error = bench.error(script, b'{"items": [1]}')
    assert (error.line, error.column) == place
    assert error.position_is_exact is is_exact_engine(bench)


def test_the_nearest_position_is_not_exact(bench: Bench) -> None:
    """Without a diagnosis an engine has a read at the call before it or where its expression begins, and a call at its
    last argument."""
    read = bench.error(LONG + "function process(d) {\n  const a = String(1);\n  return d\n .b\n .c;\n}")
    made = bench.error("function process(d) {\n  throw new TypeError(`no ${d.a}`\n  + d.b);\n}")
    assert (made.line, made.position_is_exact) == (3, False)
    called = bench.error("function process(d) {\n  return d.f(\n    1, d.g(\n 2));\n}")
    assert (read.line, read.position_is_exact) == (4 if is_exact_engine(bench) else 3, False)
    assert (called.message, called.line, called.position_is_exact) == ("TypeError: not a function", 4, False)


@pytest.mark.parametrize("script", ["function process() { for (;;); }", "function process() { throw 1; }"])
def test_an_error_without_a_position_has_no_exactness(bench: Bench, script: str) -> None:
    error = bench.error(script)
    assert (error.line, error.position_is_exact) == (None, None)


def faults(bench: Bench, text: str) -> list[tuple[int | None, int | None, bool | None]]:
    refused: NotRunnable = bench.do(bench.sandbox.check(a_source(text), TIGHT)).failure()
    return [(one.line, one.column, one.position_is_exact) for one in refused.faults]


def test_what_the_parser_finds_is_exact_on_both_engines(bench: Bench) -> None:
    assert faults(bench, "function process(d) {\n  retrun d;\n}") == [(2, 10, True)]
    assert faults(bench, "const process = (d: any[]) => d;") == [(1, 19, True)]
    assert faults(bench, "const process = d => d;\nproces;") == [(2, 1, True)]
    assert faults(bench, "const process = d => Buffer.from(d);") == [(1, 22, True)]


def test_what_only_the_engine_finds_is_as_exact_as_the_engine(bench: Bench) -> None:
    (place,) = faults(bench, "const process = d => d;\nnull.x;")
    assert place[0] == 2
    assert place[2] is is_exact_engine(bench)
    assert faults(bench, "const other = 1;") == [(None, None, None)]
