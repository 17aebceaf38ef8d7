"""JSON objects of documents that are signed, or trusted, read strictly.

Text that two readers could understand differently is refused: a member that occurs twice, NaN, another encoding than
UTF-8, half a surrogate pair. A byte order mark is dropped, as the service does it everywhere.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from attrs import frozen
from returns.result import Failure, Result, Success

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_BEGUN: Final = re.compile(r"\s*(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|[.]|[eE][-+]?|u[0-9a-fA-F]{0,4})?")
"""The rest of a text that ends inside a token or before one, from the place where the parser stops."""


class JsonFault(StrEnum):
    """Fault of a text that should be a JSON object."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    NOT_UTF_8 = "not-utf-8"
    NOT_JSON = "not-json"
    REPEATED_MEMBER = "repeated-member"
    LONE_SURROGATE = "lone-surrogate"
    LONG_NUMBER = "long-number"
    TOO_DEEP = "too-deep"
    NOT_AN_OBJECT = "not-an-object"


@frozen
class Unreadable:
    """The reason why a text is no JSON object; `detail` is a member's name, or the parser's words with the place."""

    fault: JsonFault
    detail: str = ""


def read_object(text: bytes) -> Result[Mapping[str, Any], Unreadable]:
    """Parse a JSON object. The caller bounds the length of the text."""
    try:
        decoded = text.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data"
        return Failure(Unreadable(JsonFault.TRUNCATED if is_cut else JsonFault.NOT_UTF_8))
    if not decoded.strip():
        return Failure(Unreadable(JsonFault.EMPTY))
    return _object(decoded)


def parsed_time(text: str) -> datetime | None:
    """Parse a time of RFC 3339; None for anything else, or without a time zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if at.tzinfo is None else at


class _Refused(Exception):
    """An `Unreadable` as an exception, since hooks of the parser can end it in no other way."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason)
        self.reason = reason


def _object(text: str) -> Result[Mapping[str, Any], Unreadable]:
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_refuse_constant)
        if _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        return Failure(_syntax(text, error))
    except _Refused as error:
        return Failure(error.reason)
    except UnicodeEncodeError:
        return Failure(Unreadable(JsonFault.LONE_SURROGATE))
    except ValueError:  # Python's bound on the digits of an integer
        return Failure(Unreadable(JsonFault.LONG_NUMBER))
    except RecursionError:
        return Failure(Unreadable(JsonFault.TOO_DEEP))
    return Success(value) if isinstance(value, dict) else Failure(Unreadable(JsonFault.NOT_AN_OBJECT))


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise _Refused(Unreadable(JsonFault.REPEATED_MEMBER, name))
        members[name] = value
    return members


def _refuse_constant(name: str) -> None:
    raise _Refused(Unreadable(JsonFault.NOT_JSON, f"{name} is no JSON value"))


def _syntax(text: str, error: json.JSONDecodeError) -> Unreadable:
    """Tell a text that is cut off from one with another fault."""
    if error.msg.startswith("Unterminated string") or _BEGUN.fullmatch(text, error.pos):
        return Unreadable(JsonFault.TRUNCATED)
    return Unreadable(JsonFault.NOT_JSON, str(error))
