"""URLs of objects in stores, such as `files://in/rows.ndjson`, and the paths of the requests for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bateia.errors import BateiaError
from bateia.requesting import path_to
from bateia.texts import say

_URL = re.compile(r"([a-z][a-z0-9-]{0,62})://(.*)", re.DOTALL)
_RELATIVE = frozenset({"", ".", ".."})
"""Segments that clients of HTTP resolve or drop, so that the request would be for another path."""


class InvalidStoreUrl(BateiaError, ValueError):
    """The text is no URL of an object in a store."""


@dataclass(frozen=True)
class StoreUrl:
    """An object of a store; or, without a path or with a slash at the end, a part of a store."""

    store: str
    path: str

    def __str__(self) -> str:
        return f"{self.store}://{self.path}"

    @property
    def request_path(self) -> str:
        """The path of requests for the object. Raises `InvalidStoreUrl` if it is none."""
        segments = self.path.split("/")
        if _RELATIVE.intersection(segments):
            raise InvalidStoreUrl(
                say("{value!r} is not the URL of an object, such as files://in/rows.ndjson", value=str(self))
            )
        return path_to("stores", self.store, *segments)


def store_url(text: str) -> StoreUrl:
    """Read a URL. Raises `InvalidStoreUrl`."""
    found = _URL.fullmatch(text)
    if found is None:
        raise InvalidStoreUrl(say("{text!r} is not a URL of a store, such as files://in/rows.ndjson", text=text))
    return StoreUrl(*found.groups())
