"""`Intl` in the sandbox: its presence, its cost, and its integrity against scripts."""

import json
import os
import re
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.javascript.kinds import ZygoteKind, kind_for
from domain.engine import EngineName
from domain.limits import MIB
from domain.outcome import ErrorKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_bench, processes_under
from tests.support.values import NOON, a_source

CONFINED: Final = Path(__file__).parents[3] / "adapters" / "javascript" / "confined"
CORPUS: Final = Path(__file__).parents[2] / "corpus" / "intl"


def test_sources_with_a_name_of_intl_need_its_kind() -> None:
    plain, intl = ZygoteKind(EngineName.DUKPY), ZygoteKind(EngineName.DUKPY, intl=True)
    for source in (b"Intl", b"n.toLocaleString()", b"a.toLocaleUpperCase()", b"a.localeCompare(b)", b"({timeZone: z})"):
        assert kind_for(EngineName.DUKPY, b"const process = d => d;\n// " + source) == intl
    for source in (b"", b"d => d", b"'toLoc' + 'aleString'", b"intl", b"\\u0049ntl"):
        assert kind_for(EngineName.DUKPY, source) == plain


def test_its_zygotes_start_with_the_first_script_that_needs_it() -> None:
    def zygotes(word: str) -> int:
        return sum(f" {word} " in f"{line} " for line in processes_under(os.getpid()).values() if "zygote.py" in line)

    with a_bench() as bench:
        before = zygotes("intl")
        assert bench.result("const process = () => typeof globalThis['In' + 'tl']") == "undefined"
        assert zygotes("intl") == before
        assert bench.result("const process = () => typeof Intl") == "object"
        assert zygotes("intl") > before


def test_a_check_runs_where_the_run_will(bench: Bench) -> None:
    text = (
        "const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' });\n"
        "const process = d => day.format(d);"
    )
    warned = bench.do(bench.sandbox.check(a_source(text), TIGHT)).unwrap()
    assert [one.kind.value for one in warned] == ["intl-differences"]
    assert bench.result(text, b"0") == "1969-12-31"


def test_a_time_that_is_not_given_is_that_of_the_submission(bench: Bench) -> None:
    script = """const process = () => [
      Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(),
      Intl.DateTimeFormat('en', { year: 'numeric' }).formatToParts()[0].value, new Date().toLocaleDateString('en-CA'),
    ]"""
    assert bench.result(script) == [f"{NOON:%Y-%m-%d %H:%M:%S}", f"{NOON:%Y}", f"{NOON:%Y-%m-%d}"]


FILL: Final = "const process = n => { const a = new Uint8Array(n * 1048576); return a.length; } // "


def test_a_script_has_the_same_memory_with_and_without_it(bench: Bench) -> None:
    """The heap of 64 MiB holds as much, whichever kind the script runs in, to the half of a MiB."""

    def most(comment: str) -> int:
        fits, fails = 32, 65 * 2
        while fails - fits > 1:
            middle = (fits + fails) // 2
            run = bench.run(FILL + comment, str(middle / 2).encode())
            fits, fails = (middle, fails) if hasattr(run.outcome, "result") else (fits, middle)
        assert bench.error(FILL + comment, str(fails / 2).encode()).kind is ErrorKind.MEMORY_LIMIT
        return fits

    assert most("Intl") == most("plain") > 120
    assert TIGHT.memory_bytes == 64 * MIB


ASKED: Final = (CORPUS / "asked.js").read_text()
TAMPER: Final = (CORPUS / "tamper.js").read_text()


def test_scripts_cannot_tamper_with_intl_s_answers(bench: Bench) -> None:
    """Only values that the standard reads from options and arguments are a script's own."""
    honest = bench.result(ASKED)
    assert "R$" in honest
    assert bench.result(ASKED + TAMPER) == honest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("new Date().toLocaleString('x')", "RangeError: Incorrect locale information provided"),
        (
            "new Date().toLocaleString('pt-BR', { timeZone: 'Mars/Phobos' })",
            "RangeError: Invalid time zone specified: Mars/Phobos",
        ),
        (
            "(1).toLocaleString('pt-BR', { style: 'currency' })",
            "TypeError: Currency code is required with currency style.",
        ),
    ],
)
def test_its_errors_are_the_scripts_own(bench: Bench, text: str, message: str) -> None:
    script = (
        f"function process() {{ try {{\n{text} }} catch (error) {{ return [`${{error}}`, error instanceof Error] }} }}"
    )
    assert bench.result(script) == [message, True]
    error = bench.error(f"function process() {{\n  {text};\n}}")
    assert (error.message, error.line, "prelude.js" in (error.stack or "")) == (message, 2, False)


SHAPE: Final = (CORPUS / "shape.js").read_text()


def test_it_has_the_shape_of_nodes(bench: Bench) -> None:
    names, own, of_global, tag, members, bound, is_instance, day, methods, length = bench.result(SHAPE)
    assert set(names) == {
        "Collator", "DateTimeFormat", "DisplayNames", "ListFormat", "Locale", "NumberFormat", "PluralRules",
        "RelativeTimeFormat", "getCanonicalLocales", "supportedValuesOf",
    }  # fmt: skip
    assert (own, [one for one in of_global if one == "Intl"], tag) == ([], [], "[object Intl]")
    lengths: dict[str, Any] = {"DisplayNames": 2, "Locale": 1, "getCanonicalLocales": 1, "supportedValuesOf": 1}
    assert members == [[name, name, lengths.get(name, 0), [], []] for name, *_ in members]
    assert (bound, is_instance, day, length) == ("", True, "01/01/1970", 1)
    assert methods == [[[], "toLocaleString", 0]] * 4


def test_the_analysis_knows_the_included_locales() -> None:
    data = json.loads((CONFINED / "vendor" / "intl.json").read_text())
    listed = re.search(r"const CARRIED = (\[.*?\]);", (CONFINED / "analysis" / "languages.js").read_text())
    assert listed is not None
    assert sorted(json.loads(listed[1])) == sorted(data["tags"])
