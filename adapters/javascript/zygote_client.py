"""A zygote as its worker sees it: runs go in, their ends come out, and a child always waits for the next run."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from itertools import count
from typing import Final

from attrs import field, frozen

from adapters.javascript import wire
from adapters.javascript.engines import distribution_of
from adapters.javascript.launch import Launched, Setup, launch, reap
from adapters.javascript.run_request import RunRequest
from adapters.javascript.stream_exchange import exchange
from adapters.javascript.verdict import ExitStatus
from domain.outcome import Measures

log: Final = logging.getLogger(__name__)

_GRACE_SECONDS: Final = 10
"""The time after a deadline in which the zygote must report that it killed; then it is given up itself."""


@frozen
class RunExit:
    """The end of a run, the unexamined bytes that the child sent, and the engine's label."""

    facts: ExitStatus
    answer: bytearray = field(repr=False)
    engine: str


class ZygoteClient:
    """A started zygote, and its engine as executions name it. Make it with `start`; `close` it in any case."""

    def __init__(self, launched: Launched, engine: str) -> None:
        self._control, self._process = launched.control, launched.process
        self._loop = asyncio.get_running_loop()
        self._numbers = count(1)
        self._ends: dict[int, asyncio.Future[ExitStatus | None]] = {}
        self._spare: tuple[int, socket.socket] | None = None
        self._began, self._runs = self._loop.time(), 0
        self.engine, self.layers = engine, launched.layers
        self.lost = False

    @classmethod
    async def start(cls, setup: Setup) -> "ZygoteClient":
        """Start a zygote that is ready to fork. Raises `ZygoteStartFailed` with its reason, or if it gives none."""
        distribution = distribution_of(setup.kind.engine)
        launched = await launch(setup)
        zygote = cls(launched, f"{distribution} (QuickJS-NG {launched.engine_version})")
        zygote._loop.add_reader(zygote._control, zygote._listen)
        zygote._prepare()
        return zygote

    async def run(self, order: RunRequest) -> RunExit | None:
        """Do one run; None if the zygote was lost over it. Cancelling kills the child."""
        self._runs += 1
        number, stream = self._take()
        end = self._ends[number]
        try:
            self._command(wire.Command.ARM, number, order.wall_ms, order.cpu_seconds, order.address_space_bytes)
            if self.lost:
                return None
            async with asyncio.timeout(order.wall_ms / 1000 + _GRACE_SECONDS):
                answer, flooded = await exchange(stream, order.request, order.answer_bytes)
                if flooded:
                    self._command(wire.Command.KILL, number)
                facts = await asyncio.shield(end)  # cancelled or not, whether it has ended must stay known
        except TimeoutError:
            log.error("a zygote missed the deadline of its child and is given up")
            self._give_up()
            return None
        finally:
            self._finish(number, stream)
        return None if facts is None else RunExit(_with_flood(facts, flooded), answer, self.engine)

    def has_served(self, runs: int, seconds: float) -> bool:
        """Tell whether it has served that many runs or for that long."""
        return self._runs >= runs or self._loop.time() - self._began >= seconds

    async def close(self) -> None:
        """End the zygote once it has ended its children, and wait until the kernel has buried them all."""
        self._hang_up()
        await reap(self._process)

    def _prepare(self) -> None:
        """Have a child forked and confined ahead of the run that will need it."""
        number = next(self._numbers)
        ours, childs = socket.socketpair()
        ours.setblocking(False)
        self._ends[number] = self._loop.create_future()
        self._spare = (number, ours)
        self._command(wire.Command.SPAWN, number, descriptors=(childs.fileno(),))
        childs.close()

    def _take(self) -> tuple[int, socket.socket]:
        if self._spare is not None and self._ends[self._spare[0]].done():  # it did not live to see its run
            self._finish(*self._spare)
        if self._spare is None:
            self._prepare()
        assert self._spare is not None
        taken, self._spare = self._spare, None
        return taken

    def _finish(self, number: int, stream: socket.socket) -> None:
        stream.close()
        if not self._ends.pop(number).done():
            self._command(wire.Command.KILL, number)
        if self._spare is None or self._spare[0] == number:
            self._spare = None
            if not self.lost:
                self._prepare()

    def _command(self, kind: wire.Command, number: int, *limits: int, descriptors: Sequence[int] = ()) -> None:
        message = wire.COMMAND.pack(kind, number, *(limits or (0, 0, 0)))
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError:
            self._give_up()

    def _listen(self) -> None:
        try:
            said = self._control.recv(wire.MAX_DATAGRAM_BYTES)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            log.error("a zygote was lost")
            self._give_up()
            return
        self._end(said)

    def _end(self, said: bytes) -> None:
        _, number, status, clock, wall_us, cpu_us, peak_bytes = wire.REPORT.unpack(said)
        end = self._ends.get(number)
        if end is not None and not end.done():
            measures = Measures(wall_ms=wall_us / 1000, cpu_ms=cpu_us / 1000, peak_memory_bytes=peak_bytes)
            facts = ExitStatus(
                status=status, deadline_exceeded=clock == wire.Clock.OUT, output_exceeded=False, measures=measures
            )
            end.set_result(None if clock == wire.Clock.IDLE else facts)

    def _give_up(self) -> None:
        self._process.kill()
        self._hang_up()

    def _hang_up(self) -> None:
        if self.lost:
            return
        self.lost = True
        self._loop.remove_reader(self._control)
        self._control.close()
        for end in self._ends.values():
            if not end.done():
                end.set_result(None)
        if self._spare is not None:
            self._spare[1].close()


def _with_flood(facts: ExitStatus, flooded: bool) -> ExitStatus:
    return ExitStatus(
        status=facts.status, deadline_exceeded=facts.deadline_exceeded, output_exceeded=flooded, measures=facts.measures
    )
