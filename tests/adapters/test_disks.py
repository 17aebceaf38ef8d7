"""The disks of folders."""

import os
from pathlib import Path

from adapters.disks import FolderDisks
from application.ports.status import DiskFolder


async def test_folders_that_do_not_exist_have_no_disk(tmp_path: Path) -> None:
    read = FolderDisks({DiskFolder.DATA: tmp_path, DiskFolder.FILES: tmp_path / "missing"})
    (found,) = await read()
    assert (found.folder, 0 <= found.free_bytes <= found.total_bytes) == (DiskFolder.DATA, True)
    assert found.total_bytes == os.statvfs(tmp_path).f_blocks * os.statvfs(tmp_path).f_frsize
