"""Advice on the failure of an execution, by its kind and its message."""

import pytest

from domain.advice import MISSING_NAMES, advise, missing_name
from domain.hint import Hint, hint
from domain.outcome import ErrorKind, script_error

SCRIPT, RESULT = ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT
UNDEFINED = "TypeError: Cannot read properties of undefined (reading 'x')"


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        (ErrorKind.TIMEOUT, "the script ran longer than 10 ms", hint("run-timeout")),
        (ErrorKind.CANCELLED, "", hint("run-cancelled")),
        (RESULT, "process returned undefined, which JSON cannot hold", hint("result-undefined")),
        (RESULT, "process returned a symbol, which JSON cannot hold", hint("result-no-json")),
        (RESULT, "TypeError: Do not know how to serialize a BigInt (the result has one at /2)", hint("result-big-int")),
        (RESULT, "TypeError: circular reference", hint("result-circular")),
        (RESULT, "Error: thrown by a toJSON", None),
        (SCRIPT, "ReferenceError: fetch is not defined", hint("script-no-network", name="fetch")),
        (SCRIPT, "ReferenceError: 'require' is not defined", hint("script-no-require", name="require")),
        (SCRIPT, "ReferenceError: rows is not defined", hint("script-undefined-name", name="rows")),
        (SCRIPT, 'TypeError: "fs" cannot be imported: …, and there are no modules', hint("script-no-modules")),
        (SCRIPT, "the promise that process returned never settles", hint("script-never-settles")),
        (SCRIPT, "TypeError: d.map is not a function (d is an object: {a: […], b})", hint("dataset-object", name="d")),
        (SCRIPT, "TypeError: d.x is not a function (d is an array: [{a}, …])", hint("dataset-array", name="d")),
        (SCRIPT, "TypeError: d.x is not a function (d is an empty array)", hint("dataset-array", name="d")),
        (SCRIPT, "TypeError: d is not iterable (it is null; d is null)", hint("dataset-null", name="d")),
        (SCRIPT, f"{UNDEFINED} (d[0] is undefined)", hint("script-undefined-value", value="d[0]", kind="undefined")),
        (SCRIPT, f"{UNDEFINED} (globalThis.document is undefined)", hint("script-no-page", name="document")),
        (SCRIPT, f"{UNDEFINED} (process.env is undefined)", hint("script-no-environment", name="process.env")),
        (SCRIPT, "SyntaxError: Unexpected token 'o' in JSON (d is no JSON text; d is an object: {a})",
         hint("script-parsed-value")),
        (SCRIPT, "TypeError: x is not a function (x is an object", None),
        (SCRIPT, "Error: no sales in 20231", None),
        (SCRIPT, "", None),
    ],
)  # fmt: skip
def test_advice_follows_the_message(kind: ErrorKind, message: str, expected: Hint | None) -> None:
    assert advise(script_error(kind, message)) == expected


def test_every_kind_that_is_not_the_scripts_own_has_advice() -> None:
    assert {kind for kind in ErrorKind if advise(script_error(kind, "")) is None} == {SCRIPT, RESULT}


def test_names_of_other_environments_have_advice() -> None:
    assert all(missing_name(name) == hint(code, name=name) for name, code in MISSING_NAMES.items())
    assert missing_name("process.umask") == hint("script-own-process", name="process.umask")
    assert missing_name("rows") is None
