"""Reads the preconditions of a change (RFC 9110, section 13.1): `If-Match` and `If-None-Match`.

Their entity tags are revisions. A malformed list lists no tag, so that a change which it was to guard is not made.
"""

import re
from typing import Final

from starlette.datastructures import Headers

from domain.preconditions import Precondition

_TAG: Final = re.compile(r'(W/)?"([!#-~\x80-\xff]*+)"')
_LIST: Final = re.compile(r'[ \t,]*+(?:W/)?"[!#-~\x80-\xff]*+"(?:[ \t]*,[ \t,]*(?:W/)?"[!#-~\x80-\xff]*+")*+[ \t,]*')


def precondition(headers: Headers) -> Precondition:
    """Read the precondition of a request; strong comparison for `If-Match`, weak comparison for `If-None-Match`."""
    required, excluded = _given(headers, "if-match"), _given(headers, "if-none-match")
    is_listed = required not in (None, "*")
    return Precondition(
        allows_absent=required is None,
        allows_existing=excluded != "*",
        revisions=_tags(required, weak=False) if required is not None and is_listed else None,
        excluded=_tags(excluded, weak=True) if excluded is not None else frozenset(),
    )


def _given(headers: Headers, name: str) -> str | None:
    lines = headers.getlist(name)
    return ",".join(lines).strip(" \t") if lines else None


def _tags(text: str, weak: bool) -> frozenset[str]:
    found = _TAG.findall(text) if _LIST.fullmatch(text) else []
    return frozenset(tag for is_weak, tag in found if weak or not is_weak)
