"""A zygote as its worker sees it: runs go in, their ends come out, and a fresh child always waits for the next run."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from itertools import count
from typing import Final

from adapters.javascript import wire
from adapters.javascript.confined_process import ConfinedProcess, RunExit
from adapters.javascript.engines import distribution_of
from adapters.javascript.launch import Launched, Setup, launch, reap
from adapters.javascript.run_request import RunRequest
from adapters.javascript.verdict import ExitStatus
from domain.outcome import Measures

log: Final = logging.getLogger(__name__)


class ZygoteClient:
    """A started zygote, and its engine as executions name it. Make it with `start`; `close` it in any case."""

    def __init__(self, setup: Setup, launched: Launched) -> None:
        self._control, self._process = launched.control, launched.process
        self._announces = setup.reuses
        self._loop = asyncio.get_running_loop()
        self._numbers = count(1)
        self._processes: dict[int, ConfinedProcess] = {}
        self._spare: ConfinedProcess | None = None
        self._began, self._runs, self._under_way = self._loop.time(), 0, 0
        self._idle = asyncio.Event()
        self.engine: Final = f"{distribution_of(setup.kind.engine)} (QuickJS-NG {launched.engine_version})"
        self.layers: Final = launched.layers
        self.lost = False

    @classmethod
    async def start(cls, setup: Setup) -> "ZygoteClient":
        """Start a zygote that is ready to fork. Raises `ZygoteStartFailed` with its reason, or if it gives none."""
        zygote = cls(setup, await launch(setup))
        zygote._loop.add_reader(zygote._control, zygote._listen)
        zygote._spare = zygote._spawn()
        return zygote

    async def run(self, request: RunRequest) -> RunExit | None:
        """Do one run in a process of its own; None if the zygote was lost over it. Cancelling kills the child."""
        process = self.take()
        try:
            return await self.run_in(process, request)
        finally:
            self.end(process)

    def take(self) -> ConfinedProcess:
        """Take a fresh process, which the caller must `end`."""
        spare, self._spare = self._spare, None
        if spare is not None and not spare.end.done():
            return spare
        if spare is not None:  # it did not live to see its run
            self.end(spare)
        return self._spawn()

    async def run_in(self, process: ConfinedProcess, request: RunRequest) -> RunExit | None:
        """Do one run in a process that `take` returned; None if the process or the zygote was lost over it.

        The process can take no further run unless the exit says that it stays.
        """
        self._runs += 1
        self._under_way += 1
        try:
            return await process.run(request)
        finally:
            self._finish_run()

    def end(self, process: ConfinedProcess) -> None:
        """End a process, which the zygote kills unless it has ended already."""
        process.hang_up()
        self._processes.pop(process.number, None)
        if not process.end.done():
            self._command(wire.Command.KILL, process.number)

    def has_served(self, runs: int, seconds: float) -> bool:
        """Tell whether it has served that many runs or for that long."""
        return self._runs >= runs or self._loop.time() - self._began >= seconds

    async def finished(self) -> None:
        """Return once no run is under way."""
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()

    async def close(self) -> None:
        """End the zygote once it has ended its children, and wait until the kernel has buried them all."""
        self._hang_up()
        if self._spare is not None:
            self._spare.hang_up()
        await reap(self._process)

    def _finish_run(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()
        if self._spare is None and not self.lost:
            self._spare = self._spawn()

    def _spawn(self) -> ConfinedProcess:
        """Have a child forked and confined."""
        ours, childs = socket.socketpair()
        ours.setblocking(False)
        process = ConfinedProcess(next(self._numbers), ours, self.engine, self._command, self._miss_deadline)
        self._processes[process.number] = process
        self._command(wire.Command.SPAWN, process.number, int(self._announces), 0, 0, descriptors=(childs.fileno(),))
        childs.close()
        return process

    def _command(self, kind: wire.Command, number: int, *limits: int, descriptors: Sequence[int] = ()) -> None:
        message = wire.COMMAND.pack(kind, number, *(limits or (0, 0, 0)))
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError:
            self._give_up()

    def _listen(self) -> None:
        """Take all reports that have come. One that ends with commands unread is listened to once more, and never
        again."""
        while not self.lost:
            try:
                said = self._control.recv(wire.MAX_DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except OSError:
                said = b""
            if said:
                self._take_report(said)
            else:
                log.error("a zygote was lost")
                self._give_up()

    def _take_report(self, said: bytes) -> None:
        kind, number, status, clock, *measures = wire.REPORT.unpack(said)
        if (process := self._processes.get(number)) is None:
            return
        if kind == wire.Report.BORN:
            process.pid.set_result(status)
        elif not process.end.done():
            process.end.set_result(None if clock == wire.Clock.IDLE else _exit_status(status, clock, *measures))

    def _miss_deadline(self) -> None:
        log.error("a zygote missed the deadline of its child and is given up")
        self._give_up()

    def _give_up(self) -> None:
        self._process.kill()
        self._hang_up()

    def _hang_up(self) -> None:
        if self.lost:
            return
        self.lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        for process in self._processes.values():
            for known in (process.pid, process.end):
                if not known.done():
                    known.set_result(None)


def _exit_status(status: int, clock: int, wall_us: int, cpu_us: int, peak_bytes: int) -> ExitStatus:
    measures = Measures(wall_ms=wall_us / 1000, cpu_ms=cpu_us / 1000, peak_memory_bytes=peak_bytes)
    return ExitStatus(
        status=status, deadline_exceeded=clock == wire.Clock.OUT, output_exceeded=False, measures=measures
    )
