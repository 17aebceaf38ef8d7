"""The public path prefix under which a proxy publishes the service, and the paths that clients see with it.

Inside the application every path is local: it begins at the service's own root. The prefix stands beside it in the
ASGI scope and has no slash at its end. It is no `root_path` of ASGI, which would be stripped from local paths once more
by the router.
"""

import re
from typing import Final

from starlette.types import Scope

ROOT_PATH: Final = "bateia.root_path"
"""The member of a request's ASGI scope that has the prefix, "" where there is none."""
MAX_CHARACTERS: Final = 256
OWN_SEGMENTS: Final = frozenset(
    {"v1", "health", "metrics", "openapi.json", "docs", "guide", "llms.txt", "problems", "static", "favicon.ico"}
)
"""First segments of the service's own paths. A prefix that began with one would be ambiguous with a local path."""

_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)*", re.ASCII)


def parse_root_path(text: str) -> str | None:
    """Parse a prefix, without a slash at its end ("" for the root), or return None if it is not a safe one.

    Its segments are letters, digits and `._~-`, so it needs no escaping in a URL, a header, HTML or JSON. Empty
    segments, with which `//host` would name another host, and dot segments are refused.
    """
    path = text.removesuffix("/")
    is_safe = len(path) <= MAX_CHARACTERS and _PREFIX.fullmatch(path)
    return path if is_safe and not OWN_SEGMENTS & set(path.split("/")[1:2]) else None


def local_path(path: str, prefix: str) -> str:
    """Remove the prefix from a path, if the proxy has passed it on; "" for the prefix without a slash behind it."""
    return path.removeprefix(prefix) if path == prefix or path.startswith(f"{prefix}/") else path


def root_path_of(scope: Scope) -> str:
    """Return the prefix of a request."""
    return str(scope.get(ROOT_PATH, ""))


def public_path(scope: Scope) -> str:
    """Return the decoded path of a request with its prefix."""
    return f"{root_path_of(scope)}{scope['path']}"
