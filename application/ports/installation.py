"""Port to the identity of an installation: a record of executions, and the processes that serve it."""

from typing import Protocol
from uuid import UUID


class Installation(Protocol):
    """The installation. A copy restored from a backup is the same installation: it has the same executions."""

    async def installation_id(self) -> UUID:
        """Return the id of this installation, which never changes."""
        ...
