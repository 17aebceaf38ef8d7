"""The service's documents as frozen values whose members have the names that the API gives them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from bateia.documents import Document
from bateia.exchange import Flow

R = TypeVar("R", bound="Record")


@dataclass(frozen=True)
class Record:
    """A document of the service. What its class does not name is in `document`, with all members."""

    document: Document = field(repr=False, kw_only=True)

    @classmethod
    def of(cls: type[R], document: Document) -> R:
        """Read a document. Arrays are tuples; a member that an earlier release of the service lacks is None."""
        names = [one.name for one in fields(cls) if one.name != "document"]
        return cls(**{name: _frozen(document.get(name)) for name in names}, document=document)

    @classmethod
    def from_flow(cls: type[R], flow: Flow[Document]) -> Flow[R]:
        """Read the document that a flow returns."""
        return cls.of((yield from flow))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
