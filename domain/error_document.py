"""The error of a failed execution as a client has it: the `error` member of the execution, or the whole execution."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.outcome import ErrorKind, ScriptError
from domain.strict_json import Unreadable, read_object

MAX_ERROR_DOCUMENT_BYTES: Final = 16 * 1024 * 1024
"""More than an execution with its error and logs, whose texts are up to 1.2 MiB and six times that in JSON."""


@frozen
class NotAnError:
    """The reason why a JSON object is no error: the member that is missing or of another type."""

    member: str


def parse_error(text: bytes) -> Result[ScriptError, Unreadable | NotAnError]:
    """Parse an error. The caller bounds the length of the text."""
    members: Result[Mapping[str, Any], Unreadable | NotAnError] = read_object(text)
    return members.bind(lambda document: _error(document.get("error", document)))


def _error(members: object) -> Result[ScriptError, NotAnError]:
    if not isinstance(members, dict):
        return Failure(NotAnError("error"))
    for name, is_valid in _MEMBERS.items():
        if not is_valid(members.get(name)):
            return Failure(NotAnError(name))
    return Success(
        ScriptError(
            kind=ErrorKind(members["kind"]),
            message=members["message"],
            line=members.get("line"),
            column=members.get("column"),
            stack=members.get("stack"),
        )
    )


def _is_kind(value: object) -> bool:
    return isinstance(value, str) and value in set(ErrorKind)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_position(value: object) -> bool:
    return value is None or type(value) is int


def _is_stack(value: object) -> bool:
    return value is None or isinstance(value, str)


_MEMBERS: Final = {
    "kind": _is_kind,
    "message": _is_text,
    "line": _is_position,
    "column": _is_position,
    "stack": _is_stack,
}
