"""A child of a zygote as its worker sees it, from its fork to its end, over one run or several."""

import asyncio
import socket
from collections.abc import Callable
from time import monotonic
from typing import Final, Literal, Protocol, TypeVar

from attrs import evolve, field, frozen

from adapters.javascript import wire
from adapters.javascript.process_accounts import PeakMemory, cpu_seconds, private_bytes
from adapters.javascript.run_request import RunRequest
from adapters.javascript.stream_exchange import Answer, AnswerEnd, ChildStream
from adapters.javascript.verdict import ExitStatus
from domain.outcome import Measures

_N = TypeVar("_N", int, float)

_UNARMED_SECONDS: Final = 0.02
"""The time of a run in which its zygote is not told of it, if the kernel's limits on its process are set already."""
_GRACE_SECONDS: Final = 10
"""The time after a deadline in which the zygote must report that it killed; then it is given up itself."""
_UNARMED_CPU_SECONDS: Final = 1
"""Runs that the zygote is not told of may take so much in all before it renews the kernel's limit on CPU time, which is
a second above the time by the clock that a run may take."""


class Command(Protocol):
    """The way from a process to its zygote."""

    def __call__(self, kind: wire.Command, number: int, *limits: int) -> None:
        """Send a command about the process of that number."""
        ...


@frozen
class RunExit:
    """The end of a run, the unexamined bytes that the child sent, the engine's label, and whether the child stays for
    another run."""

    facts: ExitStatus
    answer: bytearray = field(repr=False)
    engine: str
    stays: bool = False


@frozen
class _Start:
    """The clocks at the start of a run, in seconds: the monotonic one, since a loop's has but milliseconds, and that of
    the process's CPU time."""

    wall: float
    cpu: float


class ConfinedProcess:
    """A child: its number, the worker's end of its stream, and the futures of its pid and of its end.

    `pid` becomes None if the child is lost before the zygote has reported it; `end` becomes None if nothing is known of
    the end, or the child was killed while its clock did not run.
    """

    def __init__(
        self, number: int, stream: socket.socket, engine: str, command: Command, give_up: Callable[[], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.number: Final = number
        self.pid: Final[asyncio.Future[int | None]] = self._loop.create_future()
        self.end: Final[asyncio.Future[ExitStatus | None]] = self._loop.create_future()
        self.runs = 0
        self._stream, self._engine, self._command, self._give_up = ChildStream(stream), engine, command, give_up
        self._is_armed, self._armed_cpu = False, 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._address_space_bytes = 0
        self._peak: PeakMemory | None = None
        self._fresh_peak_bytes, self._peak_bytes, self._private_bytes = 0, 0, 0

    def can_take(self, request: RunRequest) -> bool:
        """Tell whether it lives, has kept silent, and has the address space of the request, which cannot be changed."""
        return (
            not self.end.done()
            and self._address_space_bytes == request.address_space_bytes
            and self._stream.is_silent()
        )

    async def run(self, request: RunRequest) -> RunExit | None:
        """Do one run; None if the process was lost before it began, or nothing is known of its end."""
        self.runs += 1
        start = _Start(monotonic(), self._cpu_seconds())
        self._arm_in_time(request, start)
        try:
            if self.end.done():  # the zygote was lost as it was told
                return None
            answer = await self._stream.exchange(request.request, request.answer_bytes, request.may_stay)
            return await self._exit(request, start, answer)
        finally:
            self._stop_timer()

    @property
    def received(self) -> bytearray:
        """The bytes that have come so far of a run under way."""
        return self._stream.received

    def has_grown(self, most_bytes: int) -> bool:
        """Tell whether its memory ever exceeded that of a fresh process by more than `most_bytes`."""
        return self._peak_bytes > self._fresh_peak_bytes + most_bytes

    def private_bytes(self) -> int:
        """Return an upper bound of the memory that it shares with no other process, as it was after one of its runs."""
        if self.runs & (self.runs - 1) == 0:  # it is read after 1, 2, 4, ... runs, since it hardly changes
            self._private_bytes = self._reading(private_bytes)
        return self._private_bytes

    def hang_up(self) -> None:
        """Close the stream, and the account."""
        self._stream.close()
        if self._peak is not None:
            self._peak.close()
            self._peak = None

    async def _exit(self, request: RunRequest, start: _Start, answer: Answer) -> RunExit | None:
        if answer.end is AnswerEnd.READY:
            if (measured := await self._measured(start)) is not None:
                self._disarm()
                return RunExit(measured, answer.content, self._engine, stays=True)
            self._let_go(request, start)
        if answer.end is AnswerEnd.FLOOD:
            self._arm(request, start)  # or its end would not count as that of a run
            self._command(wire.Command.KILL, self.number)
        facts = await asyncio.shield(self.end)  # cancelled or not, whether it has ended must stay known
        if facts is None:
            return None
        return RunExit(self._of_run(facts, start, answer.end), answer.content, self._engine)

    def _let_go(self, request: RunRequest, start: _Start) -> None:
        """End a process that is ready, but whose account cannot be read here, as with `hidepid` of /proc.

        The zygote reports it at the end.
        """
        self._arm(request, start)
        self._stream.end_requests()

    def _arm_in_time(self, request: RunRequest, start: _Start) -> None:
        """Have the zygote keep the clock of a run, unless the kernel's limits are set and the run ends in a moment.

        To wake the zygote twice costs more than a short run. A worker that stalls meanwhile starts the clock late, yet
        the deadline is counted from the start of the run, and the kernel's limit on CPU time holds in any case.
        """
        if self._address_space_bytes == 0 or start.cpu - self._armed_cpu > _UNARMED_CPU_SECONDS:
            self._arm(request, start)
        else:
            seconds = min(_UNARMED_SECONDS, request.wall_ms / 4000)
            self._timer = self._loop.call_later(seconds, self._arm, request, start)

    def _arm(self, request: RunRequest, start: _Start) -> None:
        if self._is_armed:
            return
        if self.runs == 1:
            self._fresh_peak_bytes = self._reading(self._peak_of)
        self._is_armed, self._armed_cpu = True, start.cpu
        self._address_space_bytes = request.address_space_bytes
        left_ms = max(0, request.wall_ms - round((monotonic() - start.wall) * 1000))
        self._stop_timer()
        self._timer = self._loop.call_later(left_ms / 1000 + _GRACE_SECONDS, self._miss_deadline)
        self._command(wire.Command.ARM, self.number, left_ms, request.cpu_seconds, request.address_space_bytes)

    def _miss_deadline(self) -> None:
        """End the run, whatever process and zygote do."""
        self._give_up()
        self._stream.shut_down()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _disarm(self) -> None:
        if self._is_armed:
            self._is_armed = False
            self._command(wire.Command.DISARM, self.number)

    async def _measured(self, start: _Start) -> ExitStatus | None:
        """Measure a run after which the child is ready for another. None if it has ended nevertheless."""
        await self.pid
        wall = monotonic() - start.wall
        self._peak_bytes = self._reading(self._peak_of)
        if not self._peak_bytes:
            return None
        measures = Measures(
            wall_ms=_milliseconds(wall),
            cpu_ms=_milliseconds(max(self._cpu_seconds() - start.cpu, 0.0)),
            peak_memory_bytes=self._peak_bytes,
        )
        return ExitStatus(status=0, deadline_exceeded=False, output_exceeded=False, measures=measures)

    def _of_run(self, facts: ExitStatus, start: _Start, end: AnswerEnd) -> ExitStatus:
        """Restrict the end of the process to its last run: the kernel's account of CPU time is about all of them, and
        the zygote's clock did not run in a short one."""
        wall_ms = facts.measures.wall_ms or _milliseconds(monotonic() - start.wall)
        cpu_ms = max(facts.measures.cpu_ms - start.cpu * 1000, 0.0)
        measures = evolve(facts.measures, wall_ms=wall_ms, cpu_ms=cpu_ms)
        return evolve(facts, output_exceeded=end is AnswerEnd.FLOOD, measures=measures)

    def _cpu_seconds(self) -> float:
        return self._reading(cpu_seconds)

    def _peak_of(self, pid: int) -> int:
        self._peak = self._peak or PeakMemory(pid)
        return self._peak.read()

    def _reading(self, account: Callable[[int], _N]) -> _N | Literal[0]:
        """Read one of the kernel's accounts of the process; 0 if it has ended, which its run will find out."""
        pid = self.pid.result() if self.pid.done() else None
        try:
            return 0 if pid is None else account(pid)
        except OSError:
            return 0


def _milliseconds(seconds: float) -> float:
    """Convert to milliseconds, to the microsecond."""
    return round(seconds * 1_000_000) / 1000
