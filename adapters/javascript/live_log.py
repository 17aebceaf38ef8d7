"""The log of a run that goes on, from the bytes that its child has sent so far.

A child is hostile, and the event loop pays for each frame that is read here. So frames are read when they are asked
for, each once, by the rules of a transcript: the log budget, which counts each line, bounds their number. The first
frame that breaks a rule ends the log here; what becomes of the run is decided by its whole output.
"""

from typing import Final, Protocol
from uuid import UUID

from attrs import evolve

from adapters.javascript import wire
from adapters.javascript.child_output import BrokenFrame, OverBudget, TranscriptReader
from domain.limits import Limits
from domain.live_log import LIVE_LOG_BYTES
from domain.outcome import Logs

_LOG_FRAMES: Final = (wire.Frame.LOG, wire.Frame.LOG_TRUNCATED, wire.Frame.DIFFERENCE)


class Received(Protocol):
    """A run under way."""

    @property
    def received(self) -> bytearray:
        """The bytes that have come so far; further ones are added to them."""
        ...


class LogFollower:
    """The log of one run, up to `LIVE_LOG_BYTES` of log budget."""

    def __init__(self, limits: Limits, run: Received) -> None:
        self._reader = TranscriptReader(evolve(limits, log_bytes=min(limits.log_bytes, LIVE_LOG_BYTES)))
        self._run, self._next = run, 0
        self._is_over = self._is_full = False

    def read(self) -> Logs:
        """Read the frames that have come since the last call; return the log so far."""
        content = self._run.received
        while not self._is_over and self._has_frame(content):
            self._take_frame(content)
        transcript = self._reader.transcript(well_formed=True)
        return Logs(transcript.lines, transcript.truncated or self._is_full)

    def _has_frame(self, content: bytearray) -> bool:
        """Tell whether a whole frame of the log comes next. Any other frame ends the log."""
        start = self._next + wire.FRAME.size
        if start > len(content):
            return False
        kind, length = wire.FRAME.unpack_from(content, self._next)
        self._is_over = kind not in _LOG_FRAMES
        return not self._is_over and start + length <= len(content)

    def _take_frame(self, content: bytearray) -> None:
        kind, length = wire.FRAME.unpack_from(content, self._next)
        start = self._next + wire.FRAME.size
        self._next = start + length
        # Views are given back before more bytes come, since none can be added to what has views.
        with memoryview(content) as view, view[start : self._next] as payload:
            try:
                self._reader.take(wire.Frame(kind), payload)
            except OverBudget:
                self._is_over = self._is_full = True
            except BrokenFrame:
                self._is_over = True


class LiveLogs:
    """The logs of the runs of a sandbox, by the ids of their claims. It is the port `RunningLog`."""

    def __init__(self) -> None:
        self._followers: dict[UUID, LogFollower | tuple[Limits, Received]] = {}

    def add(self, claim_id: UUID, limits: Limits, run: Received) -> None:
        """Enter a run that begins. Nothing is read of a run whose log nobody asks for."""
        self._followers[claim_id] = limits, run

    def remove(self, claim_id: UUID) -> None:
        """Remove a run that has ended."""
        del self._followers[claim_id]

    def __call__(self, claim_id: UUID) -> Logs:
        follower = self._followers.get(claim_id)
        if follower is None:
            return Logs()
        if isinstance(follower, tuple):
            follower = self._followers[claim_id] = LogFollower(*follower)
        return follower.read()
