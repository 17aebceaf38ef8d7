"""Input that was read before it is needed: its bound over all connections, and the pausing of reads."""

import asyncio
from typing import Final

from attrs import define
from uvicorn.protocols.http.flow_control import FlowControl

from domain.limits import MIB

READ_AHEAD_BYTES: Final = 32 * MIB


@define
class ReadAhead:
    """The bytes that have been read and wait to be parsed, over all connections of a process. For one event loop."""

    limit_bytes: int = READ_AHEAD_BYTES
    held_bytes: int = 0

    def hold(self, size_bytes: int) -> bool:
        """Count so many bytes more; false, and nothing is counted, if that would be too many."""
        if self.held_bytes + size_bytes > self.limit_bytes:
            return False
        self.held_bytes += size_bytes
        return True


class Flow(FlowControl):
    """uvicorn's flow control, which resumes reading for no caller while there is a backlog."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._body_waits = self._has_backlog = False

    def pause_reading(self) -> None:
        self._body_waits = True
        self._apply()

    def resume_reading(self) -> None:
        self._body_waits = False
        self._apply()

    def hold(self, *, backlog: bool) -> None:
        """Set whether there is a backlog."""
        self._has_backlog = backlog
        self._apply()

    def _apply(self) -> None:
        if self._transport.is_closing() or self.read_paused == (self._body_waits or self._has_backlog):
            return
        if self.read_paused:
            super().resume_reading()
        else:
            super().pause_reading()
