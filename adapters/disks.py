"""The port `ReadDisks`: the file systems of folders on this machine."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from application.ports.status import DiskFolder, DiskStatus


class FolderDisks:
    """Reads the disks of those of the folders that exist."""

    def __init__(self, folders: Mapping[DiskFolder, Path]) -> None:
        self._folders = folders

    async def __call__(self) -> Sequence[DiskStatus]:
        return await asyncio.to_thread(self._read)  # a network file system that is away answers late

    def _read(self) -> Sequence[DiskStatus]:
        found = []
        for folder, path in self._folders.items():
            with suppress(OSError):  # it is on another machine, or is made later
                usage = shutil.disk_usage(path)
                found.append(DiskStatus(folder=folder, total_bytes=usage.total, free_bytes=usage.free))
        return found
