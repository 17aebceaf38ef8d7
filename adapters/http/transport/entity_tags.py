"""Lists of entity tags in the headers of conditional requests (RFC 9110, sections 8.8.3 and 13.1)."""

import re
from typing import Final

from attrs import frozen
from starlette.datastructures import Headers

_TAG: Final = re.compile(r'(W/)?"([!#-~\x80-\xff]*+)"')
_LIST: Final = re.compile(rf"[ \t,]*+{_TAG.pattern}(?:[ \t]*,[ \t,]*{_TAG.pattern})*+[ \t,]*")
"""Without a way back, which the engine would remember for each tag."""


@frozen
class EntityTags:
    """The tags of a header, without their quotes: the strong ones, and all of them. `is_any` is true for `*`."""

    is_any: bool
    strong: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()


def entity_tags(headers: Headers, name: str) -> EntityTags | None:
    """Read the tags that a header lists; None without the header. A malformed list lists no tag."""
    lines = headers.getlist(name)
    if not lines:
        return None
    text = ",".join(lines).strip(" \t")
    found = _TAG.findall(text) if _LIST.fullmatch(text) else []
    return EntityTags(
        text == "*", frozenset(tag for weak, tag in found if not weak), frozenset(tag for _, tag in found)
    )
