"""Folders that processes of another user have to pass through: as root, PostgreSQL and sandboxes run as others."""

import tempfile
from pathlib import Path
from typing import Final

_TEMPORARY: Final = Path(tempfile.gettempdir()).resolve()


def let_others_through(folder: Path) -> None:
    """Open the folder, and all that it is in as far as tests made them, however deep that is."""
    resolved = folder.resolve()
    for one in (resolved, *resolved.parents):
        if one == _TEMPORARY or _TEMPORARY not in one.parents:
            break
        one.chmod(0o755)
