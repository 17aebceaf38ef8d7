"""The port `Installation` of the store in memory."""

from uuid import UUID, uuid4


class MemoryInstallation:
    """The port `Installation`."""

    def __init__(self) -> None:
        self._id = uuid4()

    async def installation_id(self) -> UUID:
        return self._id
