"""A failed run's message is Node's, with the expression that failed; no other expression is named.

Node's messages for programs that fail in one expression are in tests/corpus/messages, beside the script that recorded
them.
"""

import json
import re
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve

from domain.outcome import ErrorKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench

CORPUS: Final = Path(__file__).parents[2] / "corpus"
(NODE, DATASET), *PROGRAMS = map(json.loads, (CORPUS / "messages" / "node.jsonl").read_text().splitlines())
PATIENT: Final = evolve(TIGHT, wall_ms=20_000)
ENVELOPE: Final = b'{"@odata.context": "secret-1", "value": [{"a": "secret-2"}], "n": null}'
SHAPE: Final = 'data is an object: {value: […], "@odata.context", n}'
DESTRUCTURED: Final = re.compile(r"TypeError: Cannot destructure")
UNEXPLAINED: Final = ("TypeError: not a function", "TypeError: value is not iterable", "TypeError: not a constructor")


def test_the_programs_are_nodes() -> None:
    assert NODE == "v20.20.2"
    assert len(PROGRAMS) == 40


def test_messages_and_lines_are_those_of_node(bench: Bench) -> None:
    wrong: list[tuple[str, object, object]] = []
    unexplained = 0
    for source, message, line, _ in PROGRAMS:
        error = bench.error(source, DATASET.encode(), PATIENT)
        if error.message in UNEXPLAINED:
            unexplained += 1
        elif DESTRUCTURED.match(message) and DESTRUCTURED.match(error.message):
            continue
        elif not error.message.startswith(message) and "{(" not in message and "[id(...)" not in message:
            wrong.append((source, message, error.message))
        elif " (" in error.message[len(message) :] and error.line != line:
            wrong.append((source, line, error.line))
    assert wrong == []
    assert unexplained <= len(PROGRAMS) // 10


@pytest.mark.parametrize(
    ("body", "message", "line", "column"),
    [
        ("\n data\n  .filter((row) => row)\n  .map((row) => row);", f"data.filter is not a function ({SHAPE})", 3, 4),
        ("data.filter(x => x)", f"data.filter is not a function ({SHAPE})", 1, 31),
        ("data.value[0].b()", f"data.value[0].b is not a function ({SHAPE})", 1, 40),
        ("new data.Value()", f"data.Value is not a constructor ({SHAPE})", 1, 26),
        ("data.value.map(data.n)", f"data.n is not a function (the first argument of data.value.map; {SHAPE})", 1, 46),
        (
            "data.rows.map(x => x)",
            f"Cannot read properties of undefined (reading 'map') (data.rows is undefined; {SHAPE})",
            1,
            36,
        ),
        ("data.n.x = 1", f"Cannot set properties of null (setting 'x') (data.n is null; {SHAPE})", 1, 33),
        ("for (const x of data);", f"data is not iterable ({SHAPE})", 1, 42),
        ("[...data.rows]", f"data.rows is not iterable (it is undefined; {SHAPE})", 1, 35),
        ("const { a } = data.rows;", f"Cannot destructure 'data.rows' as it is undefined or null. ({SHAPE})", 1, 45),
        ("const c = 1; c = 2;", "Assignment to constant variable. (c is a constant)", 1, 39),
        ("JSON.parse(data)", f"Unexpected token 'object' in JSON at line 1 (data is no JSON text; {SHAPE})", 1, 37),
        ("[].reduce((a, b) => a)", "Reduce of empty array with no initial value ([] is empty)", 1, 29),
        ("x; let x;", "Cannot access 'x' before initialization", 1, 26),
        ("'é'; absent", "absent is not defined", 1, 31),
        ("new Array(-1)", "Invalid array length", 1, None),
        ("((data) => data.filter())([].x ?? 1)", "data.filter is not a function", 1, 42),
        ("data = data.value[0]; data.filter()", "data.filter is not a function", 1, 53),
        ("const f = (d) => d.filter(); f(data)", "d.filter is not a function", 1, 45),
    ],
)
def test_the_expression_and_the_shape_of_the_dataset_are_named(
    bench: Bench, body: str, message: str, line: int, column: int | None
) -> None:
    error = bench.error(f"function process(data) {{ {body} }}", ENVELOPE, PATIENT)
    assert error.message.split(": ", 1)[1] == message
    assert error.line == line
    assert column is None or error.column == column
    assert "secret" not in error.message + (error.stack or "")


@pytest.mark.parametrize(
    ("dataset", "shape"),
    [
        (b'[{"produto": 1, "uf": [2]}, 3]', "an array: [{uf: […], produto}, …]"),
        (b" []", "an empty array"),
        (b"[[1]]", "an array"),
        (b'"text"', "a string"),
        (b"7.5", "a number"),
        (b"true", "a boolean"),
        (b"{}", "an object: {}"),
        (b'{"a": {"b": 1}, "\\u0063\\n": "}{"}', 'an object: {a: {…}, "c\\n"}'),
        (json.dumps({f"name{i}": i for i in range(10_000)}).encode(), None),
        (json.dumps({"k" * 5_000: 1}).encode(), "an object: {…}"),
        (b'{"v": [' + b"[1]," * 5_000 + b"0]}", "an object: {v: […], …}"),
    ],
)
def test_shapes_of_datasets_have_names_and_kinds_within_bounds(bench: Bench, dataset: bytes, shape: str | None) -> None:
    error = bench.error("const process = (data) => data.absent();", dataset, PATIENT)
    assert error.message.startswith("TypeError: data.absent is not a function (data is ")
    shown = error.message.split("(data is ")[1][:-1]
    assert len(shown) <= 200
    assert shown == (shape or "an object: {" + ", ".join(f"name{i}" for i in range(12)) + ", …}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("const process = (d) => d.f(d.g());", "TypeError: not a function"),
        ("const process = () => { throw new TypeError('not a function'); }", "TypeError: not a function"),
        ("const process = (d) => { try { d.f(); } catch (e) { return e.message.x.y; } }", None),
        ("const process = (d) => eval('d.f()');", "TypeError: not a function"),
        ("const process = (d) => { d.f(); }; /* " + "x" * 200_000 + " */", "TypeError: not a function"),
        ("const process = (d) => { throw { message: 'not a function' }; }", '{"message":"not a function"}'),
    ],
)
def test_nothing_is_named_that_is_not_certain(bench: Bench, text: str, message: str | None) -> None:
    error = bench.error(text, b"{}", PATIENT)
    assert error.kind is ErrorKind.SCRIPT_ERROR
    assert message is None or error.message == message


def test_scripts_that_catch_an_error_read_the_engines_message(bench: Bench) -> None:
    text = "const process = (d) => { try { d.f(); } catch (e) { return e.message; } }"
    assert bench.result(text) == "not a function"


def test_a_script_s_replaced_builtins_do_not_reach_the_diagnosis(bench: Bench) -> None:
    text = (
        "for (const one of [String.prototype, RegExp.prototype, JSON]) for (const key of Reflect.ownKeys(one))"
        " if (typeof key === 'string' && key !== 'flags') Object.defineProperty(one, key, { value: () => 'lie' });\n"
        "const process = (d) => d.f();"
    )
    assert bench.error(text, b"{}", PATIENT).message == "TypeError: d.f is not a function (d is an object: {})"


def test_a_failure_at_the_end_of_its_time_is_no_timeout(bench: Bench) -> None:
    text = "const process = (d) => { const end = 1e9; for (let i = 0; i < 1e5; i++); d.f(); }" + "\nf(1 + 2);" * 15_000
    error = bench.error(text, b"{}", evolve(TIGHT, wall_ms=1_500))
    assert error.kind is ErrorKind.SCRIPT_ERROR


def test_a_failure_with_a_full_heap_is_explained(bench: Bench) -> None:
    text = "const all = []; const process = (d) => { while (all.length < 1e6) all.push(1); d.f(); }"
    error = bench.error(text, b"{}", evolve(PATIENT, memory_bytes=30_000_000))
    assert error.message == "TypeError: d.f is not a function (d is an object: {})"


@pytest.mark.parametrize(
    ("name", "message", "line"),
    [
        ("err_not_a_function", 'TypeError: data.filter is not a function (data is an object: {value: […], "', 4),
        ("err_third_callback", "TypeError: Cannot read properties of undefined (reading 'cidade')", 8),
        ("err_cause_chain", "Error: linha 2: payload ilegível", 6),
        ("err_plain_object", '{"codigo":"E_SALDO","mensagem":"saldo negativo","valor":-1}', None),
    ],
)
def test_failing_cases_have_position_and_message(bench: Bench, name: str, message: str, line: int | None) -> None:
    folder = CORPUS / "cases"
    error = bench.error((folder / f"{name}.js").read_text(), (folder / f"{name}.json").read_bytes(), PATIENT)
    assert error.message.startswith(message)
    assert error.line == line
