"""Ports to the system: the clock and the generator of ids."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """The time now, aware, in UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """A fresh, time-ordered id (UUID version 7)."""

    def __call__(self) -> UUID: ...
