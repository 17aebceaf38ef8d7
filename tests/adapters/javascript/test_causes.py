"""The causes of an error and the members of an AggregateError, of any type, are shown below its stack."""

import pytest

from domain.outcome import ErrorKind
from domain.text_limits import MAX_TEXT_CHARACTERS
from tests.adapters.javascript.sandboxes import Bench

CHAIN = """function read(row, i) {
  try {
    return JSON.parse(row.payload).valor;
  } catch (error) {
    throw new Error(`linha ${i + 1}: payload ilegível`, { cause: error });
  }
}
const process = (data) => data.map(read);"""


def test_the_cause_of_an_error_is_shown_with_its_stack(bench: Bench) -> None:
    error = bench.error(CHAIN, b'[{"payload": "{\\"valor\\":1}"}, {"payload": "{valor:2}"}]')
    assert error.message == "Error: linha 2: payload ilegível"
    assert error.line == 5
    stack = (error.stack or "").split("\n")
    assert stack[0].startswith("    at read (script.js:5:")
    cause = stack.index(
        next(line for line in stack if line.startswith("  [cause]: SyntaxError: Expected property name"))
    )
    assert stack[cause - 1].endswith(" {")
    assert any(line.startswith("      at read (script.js:3:") for line in stack[cause:])
    assert stack[-1] == "}"
    assert "prelude.js" not in "\n".join(stack)


def test_the_members_of_an_aggregate_error_are_shown(bench: Bench) -> None:
    error = bench.error(
        "const process = () => Promise.any([1, 2].map(async (n) => { throw new RangeError(`parte ${n}`); }));"
    )
    assert error.message.startswith("AggregateError")
    stack = error.stack or ""
    assert "[errors]: [\n    RangeError: parte 1\n" in stack
    assert "    RangeError: parte 2\n" in stack
    assert stack.endswith("\n  ]\n}")


@pytest.mark.parametrize(
    ("thrown", "shown"),
    [
        ("new Error('a', { cause: 'text' })", "[cause]: text\n"),
        ("new Error('a', { cause: undefined })", "[cause]: undefined\n"),
        ("new Error('a', { cause: null })", "[cause]: null\n"),
        ("new Error('a', { cause: { codigo: 7 } })", '[cause]: {"codigo":7}\n'),
        ("new Error('a', { cause: 7n })", "[cause]: 7n\n"),
        ("new AggregateError([1, , 'x'], 'm', { cause: 2 })", "1,\n    undefined,\n    x\n  ],\n  [cause]: 2\n"),
        ("new AggregateError(Array.from({ length: 30 }, (_, i) => i), 'm')", "    9,\n    ... 20 more\n"),
        ("(() => { const e = new Error('a'); e.cause = e; return e; })()", "[cause]: [Circular]\n"),
        ("(() => { const a = new Error('a'); a.cause = new Error('b', { cause: a }); return a; })()", "[Circular]"),
        ("new Error('a', { cause: Array(2e6).fill('x') })", "[cause]: [array]\n"),
        ("new Error('a', { cause: { long: 'x'.repeat(8e6) } })", '[cause]: {"long":"xxxx'),
        ("(() => { let e = 0; for (let i = 0; i < 1e5; i++) e = new Error(i, { cause: e }); return e; })()", "..."),
    ],
)
def test_causes_of_any_kind_are_shown_within_bounds(bench: Bench, thrown: str, shown: str) -> None:
    error = bench.error(f"const process = () => {{ throw {thrown}; }}")
    assert error.kind is ErrorKind.SCRIPT_ERROR
    assert shown in (error.stack or "")
    assert len(error.stack or "") <= MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    "change",
    [
        "Object.defineProperty(e, 'cause', { get() { throw 1; } })",
        "Object.defineProperty(e, 'cause', { get() { while (true); } })",
        "Object.defineProperty(e, 'errors', { get() { while (true); } })",
        "Object.defineProperty(e, 'errors', { value: { length: 3, get 1() { while (true); } } })",
        "e.errors = new Proxy([], { getOwnPropertyDescriptor() { throw 1; } })",
        "e.errors = { length: 2 ** 31 }",
        "e.cause = new Proxy(e, { getPrototypeOf() { throw 1; }, ownKeys() { throw 2; }, get() { throw 3; } })",
        "e.cause = { toJSON() { throw e; } }",
        "e.cause = { get x() { return this.x; } }",
        "e.cause = Object.defineProperty(new Error('b'), 'stack', { get() { while (true); } })",
        "e.cause = Object.defineProperty(new Error('b'), 'message', { get() { throw 1; } })",
        "e.cause = Object.defineProperty(new Error('b'), 'name', { get() { return this.name; } })",
        "Object.prototype.cause = 1",
        "Object.defineProperty(e, 'cause', { get() { throw 1; } }); Object.prototype.value = 1",
        "Object.defineProperty(Error.prototype, 'cause', { get() { while (true); } })",
    ],
)
def test_causes_that_resist_being_read_leave_the_error_as_it_is(bench: Bench, change: str) -> None:
    error = bench.error(f"const process = () => {{ const e = new Error('a'); {change}; throw e; }}")
    assert (error.kind, error.message, error.line) == (ErrorKind.SCRIPT_ERROR, "Error: a", 1)


@pytest.mark.parametrize(
    ("thrown", "message"),
    [("{ codigo: 1 }", '{"codigo":1}'), ("'x'", "x"), ("null", "null"), ("undefined", "undefined"), ("1n", "1n")],
)
def test_a_thrown_value_that_is_no_error_has_a_message_and_no_stack(bench: Bench, thrown: str, message: str) -> None:
    error = bench.error(f"const process = () => {{ throw {thrown}; }}")
    assert (error.message, error.stack) == (message, None)


def test_a_frame_of_a_cause_is_not_taken_for_the_place(bench: Bench) -> None:
    error = bench.error(
        "const process = () => {\n  const c = new Error('c'); c.stack = '    at f (script.js:1:9)';\n"
        "  const e = new Error('a', { cause: c }); e.stack = ''; throw e;\n}"
    )
    assert (error.line, error.stack) == (None, "{\n  [cause]: Error: c\n      at f (script.js:1:9)\n}")
