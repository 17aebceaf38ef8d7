"""Comparison of an answer with an abridged one on a page.

A page may leave out members and headers; `…` in a string stands for any text, alone for any value, and on a line of its
own or at the end of a text for the rest.
"""

import json
import re
from typing import Any, Final

import httpx

ANYTHING: Final = "…"
_JSON: Final = {"application/json", "application/problem+json"}


def assert_shown(shown: str, answer: httpx.Response) -> None:
    """Fail unless the answer is what an `http` block of a page says."""
    head, _, body = shown.partition("\n\n")
    status, *headers = head.splitlines()
    assert status == f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}", answer.text
    for name, _, value in (line.partition(": ") for line in headers):
        assert matches(value, answer.headers.get(name)), (name, value, answer.headers)
    if answer.headers["Content-Type"] in _JSON:
        assert matches(json.loads(body), answer.json()), (body, answer.text)
    else:
        assert re.fullmatch(_pattern(body.rstrip("\n")), answer.text, re.DOTALL), (body, answer.text)


def matches(shown: Any, seen: Any) -> bool:
    """Tell whether the value on the page equals the actual one or a part of it."""
    if shown == ANYTHING:
        return seen is not None
    match shown:
        case dict():
            return isinstance(seen, dict) and all(
                name in seen and matches(value, seen[name]) for name, value in shown.items()
            )
        case list():
            return isinstance(seen, list) and len(shown) == len(seen) and all(map(matches, shown, seen))
        case str():
            return isinstance(seen, str) and re.fullmatch(_pattern(shown), seen, re.DOTALL) is not None
        case _:
            return bool(shown == seen)


def _pattern(text: str) -> str:
    return ".*".join(map(re.escape, text.split(ANYTHING)))
