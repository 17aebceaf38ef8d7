"""Uploads that are under way, in files of the user's, so that the same command continues them after any end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from bateia.store_urls import StoreUrl
from bateia.whole_files import write_whole


@dataclass(frozen=True)
class UploadRecord:
    """The record of the upload of a file to a URL of a service. It holds for the file as it is now."""

    address: str
    file: Path
    to: StoreUrl

    @property
    def place(self) -> Path:
        """The place of the record: in the user's folder of states."""
        folder = os.environ.get("XDG_STATE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
        name = hashlib.sha256(json.dumps([self.address, str(self.file.resolve()), str(self.to)]).encode()).hexdigest()
        return Path(folder or Path.home() / ".local" / "state") / "bateia" / "uploads" / f"{name}.json"

    def read(self) -> str | None:
        """Return the id of the upload, if there is one and the file has not changed since."""
        try:
            document = json.loads(self.place.read_bytes())
            return str(document["upload"]) if document["file"] == self._state() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, upload: str) -> None:
        """Record an upload. Without a place for it, the upload goes on, and a later one begins anew."""
        with contextlib.suppress(OSError):
            self.place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.place, [json.dumps({"upload": upload, "file": self._state()}).encode()])

    def remove(self) -> None:
        """Forget the upload."""
        with contextlib.suppress(OSError):
            self.place.unlink(missing_ok=True)

    def _state(self) -> list[int]:
        state = self.file.stat()
        return [state.st_size, state.st_mtime_ns]
