"""Port to the use of a script's versions."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from domain.version_usage import VersionUsage


class ReadVersionUsage(Protocol):
    """Reads the use of versions of one script."""

    async def __call__(self, script_id: UUID, numbers: Sequence[int], up_to: int) -> Mapping[int, VersionUsage]:
        """Read the use of each version, also of those without any. Of a version, the newest `up_to` executions are
        examined, replays among them, which do not count."""
        ...
