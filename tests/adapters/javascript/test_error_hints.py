"""A script that takes modules for granted gets a hint that there are none."""

import pytest

from adapters.javascript.error_hints import NO_MODULES, add_hint
from application.ports.sandbox import NotRunnable
from domain.outcome import ErrorKind
from tests.adapters.javascript.sandboxes import TIGHT, Bench
from tests.support.values import a_source

PROCESS = "\nfunction process(d) { return d; }"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import _ from 'lodash';" + PROCESS, 1),
        ("import { map } from 'lodash';" + PROCESS, 1),
        ("import 'lodash';" + PROCESS, 1),
        ("const _ = require('lodash');" + PROCESS, 1),
        ("const fs = await import('fs');" + PROCESS, 1),
        ("export function process(d) { return d; }", 1),
        ("export default d => d;", 1),
        ("module.exports = { process: d => d };", 1),
    ],
)
def test_a_refused_source_that_uses_modules_gets_a_hint(bench: Bench, text: str, line: int) -> None:
    refused = bench.do(bench.sandbox.check(a_source(text), TIGHT)).failure()
    assert isinstance(refused, NotRunnable)
    (fault,) = refused.faults
    assert (fault.line, NO_MODULES in fault.detail) == (line, True), fault


@pytest.mark.parametrize(
    "text",
    [
        "function process() { return require('fs'); }",
        "function process() { return import('fs'); }",
        "async function process() { return (await import('data:text/javascript,1')).default; }",
        "const process = () => eval('import(\"https://example.org/a.mjs\")')",
        "const process = () => new Function('return import(\"./a.js\")')()",
    ],
)
def test_a_run_that_imports_a_module_gets_a_hint(bench: Bench, text: str) -> None:
    error = bench.error(text)
    assert (error.kind, NO_MODULES in error.message) == (ErrorKind.SCRIPT_ERROR, True), error.message


@pytest.mark.parametrize(
    ("message", "line", "source"),
    [
        ("SyntaxError: unexpected token", None, b"import x"),
        ("SyntaxError: unexpected token", 2, b"import x"),
        ("SyntaxError: unexpected token", 1, b"let important = ;"),
        ("ReferenceError: requires is not defined", 1, b"requires()"),
        ("TypeError: x", 1, b"import('x')"),
    ],
)
def test_other_errors_keep_their_messages(message: str, line: int | None, source: bytes) -> None:
    assert add_hint(message, line, source) == message
