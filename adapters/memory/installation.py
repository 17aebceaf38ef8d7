"""The port `Installation` of the store in memory."""

from uuid import UUID


class MemoryInstallation:
    """The port `Installation`."""

    def __init__(self, installation_id: UUID) -> None:
        self._id = installation_id

    async def installation_id(self) -> UUID:
        return self._id
