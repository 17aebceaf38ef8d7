"""The warnings of a run: exactly the features that it used and that behave differently from Node, however it ends."""

import json
import re
from typing import Final

import pytest
from attrs import evolve

from adapters.javascript import wire
from adapters.javascript.confined.engine import Engine
from adapters.javascript.differences import _DETAILS, warnings_of_run
from adapters.javascript.engines import library_of
from adapters.javascript.source_lint import is_read_differently
from domain.engine import EngineName
from domain.limits import MIB
from domain.outcome import ErrorKind, Rejected, Run
from domain.warnings import NumberWarning, RunWarning, RunWarningKind, SourceWarningKind, source_warning
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_claimed
from tests.adapters.javascript.test_intl_law import DIFFERENCES, LIMITS, PAIRS, SCRIPT
from tests.adapters.javascript.test_tampering import tampering
from tests.support.values import a_source

MOST_ASKED: Final = 6
RANGE: Final = "new Intl.DateTimeFormat('en', { hour: 'numeric' }).formatRange(0, 1e9)"
MOROCCO: Final = "new Date(4e12).toLocaleString('en', { timeZone: 'Africa/Casablanca' })"
USES: Final = [
    ("last-match", "String(RegExp.$1)"),
    ("last-match", "String(RegExp['$&'])"),
    ("last-match", "(class extends RegExp {})['last' + 'Match'] ?? null"),
    ("last-match", "Object.getOwnPropertyNames(RegExp).map(name => typeof RegExp[name])"),
    ("locale", "(1).toLocaleString('fr-FR')"),
    ("locale", "(1).toLocaleString(['de', 'pt-BR'])"),
    ("locale", "new Date(0).toLocaleDateString('es-MX')"),
    ("locale", "'ä'.localeCompare('z', 'sv')"),
    ("locale", "(1).toLocaleString('pt-BR-u-nu-arab')"),
    ("locale", "'i'.toLocaleUpperCase('tr-TR')"),
    ("locale", "Intl.NumberFormat.supportedLocalesOf(['fr', 'pt'])"),
    ("locale", "new Intl.PluralRules('pl').select(2)"),
    ("culture", "new Date(0).toLocaleDateString('pt-BR', { calendar: 'buddhist' })"),
    ("culture", "(1).toLocaleString('en', { numberingSystem: 'arab' })"),
    ("culture", "'a'.localeCompare('b', 'es', { collation: 'trad' })"),
    ("order", "['я', 'ж', 'b'].sort(new Intl.Collator('pt-BR').compare)"),
    ("order", "'中'.localeCompare('文')"),
    ("order", "['😀', '🍎', 'a'].sort(new Intl.Collator('pt-BR').compare)"),
    ("date-range", RANGE),
    ("date-range", "new Intl.DateTimeFormat('pt-BR', { timeStyle: 'short' }).formatRangeToParts(0, 1e9).length"),
    ("number-range", "new Intl.NumberFormat('en').formatRange(-2, 3)"),
    ("number-range", "new Intl.NumberFormat('en', { style: 'percent' }).formatRange(2, 3)"),
    ("compact", "(1e17).toLocaleString('en', { notation: 'compact' })"),
    ("narrow-percent", "(5).toLocaleString('es', { style: 'unit', unit: 'percent', unitDisplay: 'narrow' })"),
    ("fraction", "new Date(0).toLocaleTimeString('pt-BR', { hour: '2-digit', fractionalSecondDigits: 2 })"),
    ("zone-name", "new Date(0).toLocaleTimeString('en', { timeZoneName: 'longGeneric' })"),
    ("morocco", MOROCCO),
    ("resolved", "new Intl.NumberFormat('en', { notation: 'compact' }).resolvedOptions().locale"),
    ("und", "String(new Intl.Locale('und').language)"),
]
ALIKE: Final = [
    "new RegExp('(a)').exec('a')[1] + 'a'.replace(/(a)/, '$1')",
    "'$1' in RegExp",
    "[typeof Object.getOwnPropertyDescriptor(RegExp, '$1').get, Object.keys(RegExp)]",
    "(1234.5).toLocaleString('pt-BR', { style: 'currency', currency: 'BRL' })",
    "new Date(0).toLocaleString('pt-BR', { timeZone: 'America/Sao_Paulo' })",
    "new Date(0).toLocaleString()",
    "(1).toLocaleString('pt-BR-u-nu-latn')",
    "['é', 'Z', 'ñ', '10', '€', ' '].sort(new Intl.Collator('es-MX', { numeric: true }).compare)",
    "['Ж', 'z', '😀', '5', '€', 'Ж'].sort(new Intl.Collator('pt-BR').compare)",
    "new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' }).formatRange(0, 1e9)",
    "new Intl.NumberFormat('pt-BR').formatRange(2, 3)",
    "(1e15).toLocaleString('en', { notation: 'compact' })",
    "new Date(0).toLocaleTimeString('pt-BR', { second: '2-digit', fractionalSecondDigits: 2 })",
    "new Date(4e12).toLocaleString('en', { timeZone: 'America/Sao_Paulo', timeZoneName: 'long' })",
    "new Date(0).toLocaleString('en', { timeZone: 'Africa/Casablanca' })",
    "Intl.DateTimeFormat().resolvedOptions().timeZone",
    "'i'.toLocaleUpperCase('pt-BR') + 'I'.toLocaleLowerCase()",
]


def told(run: Run) -> list[str]:
    """List the names of the differences in a run's warnings."""
    names = {detail: name for name, (_, detail) in _DETAILS.items()}
    return [names[one.detail] for one in run.provenance.warnings]


def test_each_difference_has_words_and_a_use() -> None:
    assert list(_DETAILS) == list(wire.DIFFERENCES)
    assert {name for name, _ in USES} == set(wire.DIFFERENCES)
    assert {kind for kind, _ in _DETAILS.values()} == set(RunWarningKind)
    assert {one.value for one in RunWarningKind} <= {one.value for one in SourceWarningKind}


def test_a_use_is_told_once_and_what_is_alike_is_not(bench: Bench) -> None:
    for name, expression in USES:
        run = bench.run(f"const use = () => {expression}; const process = () => [use(), use()];")
        assert told(run) == [name], expression
        assert isinstance(json.loads(bench.text(run)), list)
    for expression in ALIKE:
        run = bench.run(f"const process = () => {expression};")
        assert bench.text(run)
        assert run.provenance.warnings == (), expression


def test_every_answer_that_differs_from_nodes_is_told(bench: Bench) -> None:
    """Questions of each named difference with other answers, but for those about the words of errors, one run each."""
    errors = "words of errors about malformed tags and about names that are not ASCII"
    cases = [case for case, _ in PAIRS if any(may(case) for name, (_, may) in DIFFERENCES.items() if name != errors)]
    answers = bench.result(SCRIPT, json.dumps(cases).encode(), LIMITS)
    nodes = {json.dumps(case): node for case, node in PAIRS}
    differing = [
        case
        for case, answer in zip(cases, answers, strict=True)
        if json.dumps(answer) != json.dumps(nodes[json.dumps(case)]) and "pt-BR-" not in case
    ]
    assert len(differing) > 80
    asked = [case for _, (_, may) in DIFFERENCES.items() for case in list(filter(may, differing))[:MOST_ASKED]]
    assert [case for case in asked if not bench.run(SCRIPT, json.dumps([case]).encode()).provenance.warnings] == []


def test_questions_without_a_difference_tell_nothing(bench: Bench) -> None:
    """Some 2,000, without the order of texts and without tags and a zone that only happen to have Node's answer."""
    cases = [case for case, _ in PAIRS[::7] if not any(may(case) for _, may in DIFFERENCES.values())]
    lucky = re.compile(r'"(compare|sort|xx|tlh|und|pt-Latn-BR|Africa/Casablanca)"')
    plain = [case for case in cases if not lucky.search(json.dumps(case))]
    assert len(plain) > 1_500
    assert told(bench.run(SCRIPT, json.dumps(plain).encode(), LIMITS)) == []


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("const process = () => { RegExp.$1; throw new Error('x'); };", ErrorKind.SCRIPT_ERROR),
        ("const process = () => { RegExp.$1; for (;;); };", ErrorKind.TIMEOUT),
        (
            "const process = () => { RegExp.$1; const all = []; for (;;) all.push(new Uint8Array(1e6)); };",
            ErrorKind.MEMORY_LIMIT,
        ),
        ("RegExp.$1; const process = () => undefined;", ErrorKind.INVALID_RESULT),
        ("const process = () => ({ toJSON() { RegExp.$1; throw 1; } });", ErrorKind.INVALID_RESULT),
    ],
)
def test_a_run_that_fails_is_warned_about_too(bench: Bench, script: str, kind: ErrorKind) -> None:
    run = bench.run(script, limits=evolve(TIGHT, wall_ms=500, memory_bytes=24 * 1024 * 1024))
    assert isinstance(run.outcome, Rejected)
    assert (run.outcome.error.kind, told(run)) == (kind, ["last-match"])


def test_a_run_is_not_warned_about_another_or_about_its_check(bench: Bench) -> None:
    source = "RegExp.$1; const process = (d) => d;"
    bench.do(bench.sandbox.check(a_source(source), TIGHT)).unwrap()
    assert told(bench.run(source)) == ["last-match"]
    assert bench.run("const process = (d) => d;").provenance.warnings == ()


@pytest.mark.parametrize("name", EngineName)
def test_each_run_of_a_runtime_tells_its_own_uses(name: EngineName) -> None:
    """A run begins with `begin`, in whatever state the prelude was left."""
    engine = Engine(str(library_of(name)))
    uses: list[int] = []
    engine.difference_listener = uses.append
    for _ in range(2):
        engine.begin(32 * MIB, 0, (1, 2, 3, 4))
        engine.load(b"RegExp.$1; RegExp.$2; var process = 1;")
    assert uses == [wire.DIFFERENCES.index("last-match")] * 2


def test_warnings_about_numbers_come_first(bench: Bench) -> None:
    run = bench.run("const process = () => [NaN, { get a() { RegExp.$2; return null; } }];")
    assert [type(one) for one in run.provenance.warnings] == [NumberWarning, RunWarning]


def test_writing_and_deleting_are_as_in_node(bench: Bench) -> None:
    script = """"use strict"; const process = () => {
      RegExp.$1 = "mine"; RegExp.input = "mine"; /(b)/.exec("b");
      return [RegExp.$1 === "mine", RegExp.input === "mine", delete RegExp.$1, "$1" in RegExp, RegExp.$1 ?? null];
    }"""
    assert bench.result(script) == [False, False, True, False, None]


def test_a_script_that_replaces_builtins_does_not_silence_its_warnings(bench: Bench) -> None:
    names = bench.result(
        "const process = () => Object.getOwnPropertyNames(globalThis).flatMap(name => [name, name + '.prototype']);"
    )
    others = [name for name in names if name != "RegExp"]
    uses = f"const read = () => {{ try {{ {MOROCCO}; }} catch {{}} return RegExp.$1; }};"
    for lies in (False, True):
        source = uses + tampering(others, lies).replace(
            "const process = (data) => {", "const process = (data) => { read();"
        )
        assert "last-match" in told(bench.run(source, b"5"))


def test_words_are_checked_as_in_node_when_letters_change_case(bench: Bench) -> None:
    script = "const process = () => { try { 'a'.toLocaleLowerCase('x'); } catch (error) { return `${error}`; } }"
    assert bench.result(script) == "RangeError: Incorrect locale information provided"
    assert bench.result("const process = () => ['a'.toLocaleUpperCase(), ''.toLocaleLowerCase.length]") == ["A", 0]


def test_expressions_that_no_run_can_report_are_told_in_each_run_of_their_version(bench: Bench) -> None:
    """The flag `v`: what the check of the version found."""
    text = "const process = () => /[^]+x/v.test('\\nx');"
    found = bench.do(bench.sandbox.check(a_source(text), TIGHT)).unwrap()
    about_v = [one for one in found if is_read_differently(one)]
    assert len(about_v) == 1
    others = (source_warning(SourceWarningKind.UNSUPPORTED_REGEXP, "`RegExp.$1` is always undefined here"),)
    run = bench.do(bench.sandbox.run(evolve(a_claimed(text), source_warnings=(*about_v, *about_v, *others)))).unwrap()
    assert [(one.kind, one.detail) for one in run.provenance.warnings] == [
        (RunWarningKind.UNSUPPORTED_REGEXP, one.detail) for one in about_v
    ]


def test_what_is_told_has_an_order() -> None:
    unseen = tuple(source_warning(SourceWarningKind.UNSUPPORTED_REGEXP, detail) for detail in ("one", "another"))
    kinds = [one.kind.value for one in warnings_of_run(None, ("order", "last-match"), unseen)]
    assert kinds == ["intl-differences", "unsupported-regexp", *["unsupported-regexp"] * len(unseen)]


def test_a_version_that_an_earlier_release_checked_keeps_its_warning_in_each_run() -> None:
    """The words of the release before this one, which this one no longer uses."""
    detail = (
        "Node reads these sets under the flags `v` and `i` differently from this engine: leave out `i` and name both "
        "cases"
    )
    former = source_warning(SourceWarningKind.UNSUPPORTED_REGEXP, detail)
    assert [one.detail for one in warnings_of_run(None, (), (former,))] == [detail]
    loud = [
        source_warning(SourceWarningKind.UNSUPPORTED_REGEXP, "`RegExp.lastMatch` is always undefined here: use `exec`"),
        source_warning(
            SourceWarningKind.UNSUPPORTED_REGEXP, "the engine does not know this regular expression (x): /a/"
        ),
        source_warning(SourceWarningKind.INTL_DIFFERENCES, detail),
    ]
    assert warnings_of_run(None, (), loud) == ()
