"""Port for the identity of the installation."""

from typing import Protocol
from uuid import UUID


class InstallationId(Protocol):
    """The id of the installation, which its store has had from the beginning and never changes."""

    async def __call__(self) -> UUID: ...
