"""The error of a failed execution is read from its own member or from the whole execution, to the same digest."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.error_document import NotAnError, parse_error
from domain.outcome import ErrorKind, ScriptError, error_sha256, script_error
from domain.strict_json import JsonFault, Unreadable

TEXTS = st.text(max_size=20)
POSITIONS = st.none() | st.integers(1, 10**6)
ERRORS = st.builds(script_error, st.sampled_from(ErrorKind), TEXTS, POSITIONS, POSITIONS, st.none() | TEXTS)
GOOD: dict[str, Any] = {"kind": "script_error", "message": "m", "line": 1, "column": None, "stack": None}


@given(ERRORS, st.booleans())
def test_an_error_is_read_alone_and_within_its_execution(error: ScriptError, is_exact: bool) -> None:
    shown = {
        "kind": error.kind,
        "message": error.message,
        "line": error.line,
        "column": error.column,
        "position_is_exact": is_exact,
        "stack": error.stack,
        "code": "some-advice",
        "hint": None,
    }
    documents = [shown, {"status": "failed", "error": shown, "result": None}]
    for document in documents:
        assert parse_error(json.dumps(document).encode()) == Success(error)
    assert error_sha256(evolve(error, position_is_exact=is_exact)) == error_sha256(error)


@pytest.mark.parametrize(
    ("document", "member"),
    [
        ({"status": "succeeded", "error": None}, "error"),
        ({"error": "timeout"}, "error"),
        ({}, "kind"),
        ({**GOOD, "kind": "unknown"}, "kind"),
        ({**GOOD, "kind": 1}, "kind"),
        ({**GOOD, "message": None}, "message"),
        ({**GOOD, "line": "1"}, "line"),
        ({**GOOD, "line": True}, "line"),
        ({**GOOD, "column": 1.0}, "column"),
        ({**GOOD, "stack": []}, "stack"),
    ],
)
def test_other_objects_are_refused_by_member(document: Any, member: str) -> None:
    assert parse_error(json.dumps(document).encode()) == Failure(NotAnError(member))


def test_a_text_that_is_no_object_is_refused() -> None:
    assert parse_error(b'{"kind":"script_') == Failure(Unreadable(JsonFault.TRUNCATED))
