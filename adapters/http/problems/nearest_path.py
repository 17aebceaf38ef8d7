"""The resource's path that a client may have meant, for the hint about an unknown path."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_MAX_CHARACTERS: Final = 128
_CUTOFF: Final = 0.75
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_API: Final = "/v1"


def nearest_path(path: str, templates: Iterable[str]) -> str | None:
    """Find the path that is most like a local, encoded path; None if none is, or the path is long.

    The parameters of a template get the segments of the path at their places.
    """
    if len(path) > _MAX_CHARACTERS:
        return None
    readings = [path.rstrip("/"), f"{_API}{path}".rstrip("/")]
    known = [(template, readings if template.startswith(_API) else readings[:1]) for template in templates]
    candidates = {one for template, meant in known for reading in meant if (one := _filled(template, reading))}
    if path.rstrip("/") in candidates:
        return path.rstrip("/")
    return next(iter(get_close_matches(path, sorted(candidates - {path}), n=1, cutoff=_CUTOFF)), None)


def _filled(template: str, path: str) -> str | None:
    """Fill a template from a path of as many segments; None for others, and where a parameter would be empty."""
    parts, given = template.split("/"), path.split("/")
    if len(parts) != len(given):
        return None
    filled = [value if _PARAMETER.fullmatch(part) else part for part, value in zip(parts, given, strict=True)]
    return "/".join(filled) if all(filled[1:]) else None
