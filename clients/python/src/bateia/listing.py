"""Lists of the service as values: each is read page by page, and no earlier than its items are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bateia.documents import Document
from bateia.exchange import Flow
from bateia.requesting import pages, read

T = TypeVar("T")
_PAGE_ITEMS = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, and the cursor of the next page; None on the last one."""

    items: tuple[T, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list: its path, the query that selects its items, and what each is read as. Few lists have a single page."""

    path: str
    item: Callable[[Document], T]
    query: Mapping[str, str] = field(default_factory=dict)
    has_pages: bool = True

    def page(self, cursor: str | None = None) -> Flow[Page[T]]:
        """Read the page of a cursor, the first one without it."""
        paging = {"limit": str(_PAGE_ITEMS)} if self.has_pages else {}
        found = yield from read(self.path, {**self.query, **paging, **({"cursor": cursor} if cursor else {})})
        return Page(tuple(map(self.item, found["items"])), found.get("next_cursor"))

    def first(self, limit: int) -> Flow[list[T]]:
        """Read the first items, over as many pages as they take."""
        if self.has_pages:
            return list(map(self.item, (yield from pages(self.path, limit, self.query))))
        return list((yield from self.page()).items[:limit])


def query_of(**members: object) -> dict[str, str]:
    """Make a query of the members that are not None. Truth values are written as in JSON."""
    chosen = {name: value for name, value in members.items() if value is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in chosen.items()}
