"""The tuned parser gives acorn's trees and acorn's errors, and takes time that is linear in the source."""

import gzip
import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.engines import EngineName, library_of
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
TRICKY: Final = [
    "async", "async => async", "async x => x", "async (x) => x", "async(x)", "async (x)\n=> x", "async\n(x)", "async\nx => x",
    "async function f() { await x; await (1) ** 2; async () => await 1 }", "(async)(1)", "async.x(1)", "async`1`", "async?.(1)",
    "x\n=> 1", "(x)\n=> 1", "x => y => ({}) ", "x => {} + 1", "x => {}\n(1)", "(x => {})(1)", "x = y => {} ? 1 : 2", "x ? y => z : w",
    "a.b.c[d](e)?.f.g?.[h]`i`", "a?.b`c`", "new a.b.c()", "new a?.b()", "new a().b", "a\n++b", "a++\n++b", "a++ ** 2", "-a ** 2",
    "(-a) ** 2", "a ** -b ** c", "a ?? b || c", "a || b ?? c", "a && b || c", "(a ?? b) || c", "#x in y", "class A { #x; f() { #x in this } }",
    "let async; async = 1", "of = 1; for (of of of) of", "for (async of of) x", "for (async of => 1; ;) x", "for (let of of x) y",
    "for (x in y, z) w", "for (x of y, z) w", "for (var i = 0 in {}) x", "function* g() { yield; yield\n/a/g; yield* yield /a/ }",
    "yield /a/g", "var yield; yield", "'use strict'; var yield", "'use strict'; let = 1", "let\nx", "let [x] = y", "let instanceof x",
    "'use strict'", "'use strict'\n+1; with (a) b", "'use strict'\ninstanceof x; with (a) b", "'use strict'\nin x", "'use strict'\ninner; with (a) b",
    "'use strict'\n!x; with (a) b", "'use strict'\n!=x; with (a) b", "'a';\n\"use strict\" /* x */ ; with (a) b", "'use\\x20strict'; with (a) b",
    "'a' 'use strict'", "'a'\n'use strict'\n010", "function f() { 'use strict'; 010 }", "function f(a = 1) { 'use strict' }",
    "function f() { 'a\\\nb'; 'use strict'; with (a) b }", "() => { 'use strict'; with (a) b }", "'unfinished", "'a\\", '"\u2028"; "a\rb"',
    "'\u2028\u2029'", "'\\u{1F600}\\0\\x41'", "'\\08'; 'use strict'", "vari\\u0061ble", "v\\u0061r x", "({ v\\u0061r: 1 }).v\\u0061r", "\\u{61}",
    "\\u{0}", "a\\", "ação + 变量 + 𠮷", "𠮷.𠮷", "a\u00a0b", "\ufeffa", "a\u2028b", "a /* \n */ b", "a /* b", "// a\r\nb", "// a\u2028b c",
    "<!-- a\n--> b\nc", "a --> b", "#!a\nb", " #!a", "`a${`b${c}`}d`", "`${", "`\\u{`", "x`\\u{`", "let a; let a", "let a; var a", "var a; let a",
    "{ function a() {} function a() {} }", "'use strict'; { function a() {} function a() {} }", "{ function a() {} var a }",
    "function a() {} var a; function a() {}", "let a; function a() {}", "function f(a) { let a }", "function f(a) { var a }", "(a, a) => 1",
    "function f(a, a) {}", "'use strict'; function f(a, a) {}", "try {} catch (a) { var a }", "try {} catch (a) { let a }",
    "try {} catch ({ a }) { var a }", "try {} catch (a) { for (var a of b); }", "try {} catch (a) { { var a } }", "try {} catch {}",
    "let a; { var a }", "{ let a; { var a } }", "switch (1) { case 1: let a; case 2: let a }", "class A {} class A {}", "let a; { let a }",
    "import a from 'a'", "export default 1", "import('a')", "import.meta", "new.target", "function f() { new.target }", "enum", "await",
    "var await", "async () => { var await }", "class A { static { await } }", "class A { static { arguments } }", "class A { x = arguments }",
    "arguments = 1", "'use strict'; arguments = 1", "'use strict'; eval++", "({ a: 1, a: 2, __proto__: 1, __proto__: 2 })",
    "({ __proto__: a, __proto__: b } = c)", "({ a = 1 })", "({ a = 1 } = b)", "[{ a = 1 }].b", "f({ a = 1 })", "(a, b) = 1", "(a) = 1",
    "[(a)] = 1", "[(a = 1)] = 2", "({ a: (b) } = c)", "[...a, b] = c", "(...a, b) => 1", "(a, ...b) => 1", "(a,) => 1", "(a, ...b,) => 1",
    "f(a,)", "f(,)", "[a, , b]", "a = b = c", "a += b ? c : d", "1 = 2", "a() = 1", "a?.b = 1", "this = 1", "a => b = 1", "delete a", "'use strict'; delete a",
    "class A { #a; f() { delete this.#a } }", "class A { f() { this.#b } }", "super.a", "class A extends B { constructor() { super() } }",
    "return 1", "break", "a: for (;;) break a", "a: a: 1", "if (1) function f() {}", "while (1) function f() {}", "do x; while (1) y", "var a\nvar b",
    "a.if.class.function", "({ if: 1, class: 2, get: 3, async: 4, get a() {}, set a(b) {}, async c() {}, *d() {}, async *e() {} })",
    "a\n/b/g", "a /b/g", "a = /[/]/ / 1", "} / a", ") /a/", "{} /a/g", "x = {} / a / g", "function f() {} /a/g", "if (a) /b/g.c", "a++ / b / c",
    "1..a; 1.a", "0x1g", "1_000; 1__0", "08.5; 'use strict'", "0b12", "1n; 1.5n", "@a class B {}", "a # b", "(", "(a", "((a, b)", "[", "{", "}", ")", "]",
]  # fmt: skip


class Comparison:
    """acorn and the tuned parser in one engine."""

    def __init__(self, engine: EngineName) -> None:
        self.js = QuickJS(str(library_of(engine)))
        self.js.limit_stack(2 * 1024 * 1024)
        self.js.evaluate((CONFINED / "vendor" / "acorn.js").read_bytes(), b"acorn.js")
        part = self.js.evaluate((CONFINED / "analysis" / "parser.js").read_bytes(), b"parser.js")
        self._compare = self.js.call(self.js.evaluate(COMPARE, b"compare.js"), part)

    def agrees(self, text: str) -> bool:
        """Whether both give the same tree, or the same error at the same place."""
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
