"""The warmed-up, single-threaded parent of all sandbox processes. It never reads tenant data.

    python -I -S zygote.py CONTROL_DESCRIPTOR LIBRARY_PATH (confined | unconfined) (analyses | runs) (intl | plain)

It loads the engine and the prelude, `Intl` for the scripts that need it, and the analyser if sources are to be checked,
stops being root, proves on a probe that confinement holds, and then obeys its worker's commands on the control socket
(see `wire`). A run's bytes go from the worker straight to the child. It keeps the clock of the runs that it is told of,
kills at the deadline, and reports the end of a child by the kernel's account. When the worker dies, the control socket
closes or the kernel ends this process, and every child with it.
"""

# ruff: noqa: E402 - a failing import has to be reported to the worker as well

import os
import sys


def _refuse(kind: type[BaseException], error: BaseException, _traceback: object) -> None:
    """Report in one line why there is no zygote; 2 is `wire.Report.REFUSED`, which may not be importable."""
    reason = " ".join(f"{kind.__name__}: {error}".split())
    try:
        os.write(int(sys.argv[1]), b"\2" + reason.encode("utf-8", "replace")[:1000])
    except OSError:  # the worker, which would read the report, has died
        sys.exit(1)


sys.excepthook = _refuse

import gc
import select
import signal
import socket
import struct
from contextlib import suppress
from os.path import abspath, join
from time import monotonic

sys.path.append(abspath(join(__file__, "../../../..")))

from adapters.javascript import wire
from adapters.javascript.confined import child, confinement
from adapters.javascript.confined.analyser import Analyser
from adapters.javascript.confined.child_process import NEVER, Child, fork
from adapters.javascript.confined.engine import Engine
from adapters.javascript.confined.probe import proven_filter
from adapters.javascript.confined.seccomp import Program
from adapters.javascript.confined.warm_up import warm_up

# Looked up once: to find an enum's member is to write to many objects, and a page that is written to is copied.
_SPAWN, _ARM, _DISARM = wire.Command.SPAWN, wire.Command.ARM, wire.Command.DISARM
_BORN = wire.Report.BORN
_DESCRIPTOR = struct.Struct("i")
_ROOM = socket.CMSG_LEN(_DESCRIPTOR.size)


class Zygote:
    """The children by descriptor and by number, and the loop that waits for their ends and for commands."""

    def __init__(
        self, control: socket.socket, engine: Engine, analyser: Analyser | None, seccomp: Program | None
    ) -> None:
        self._control, self._engine, self._analyser, self._seccomp = control, engine, analyser, seccomp
        self._pid = os.getpid()
        self._children: dict[int, Child] = {}
        self._pidfds: dict[int, Child] = {}
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Obey until the worker closes the socket, and then end every child."""
        with suppress(ConnectionError):  # it hung up while a report was being sent, or before it had read one
            while self._serve_once():
                pass
        for one in self._children.values():
            one.kill()
            one.reap()

    def _serve_once(self) -> bool:
        """Wait for a command, an end or a deadline, and see to it; whether the worker is still there."""
        ready = [descriptor for descriptor, _ in self._poll.poll(self._end_overdue())]
        # Commands first: a child is armed before it may begin, so no end is reported before its clock has started.
        if self._control.fileno() in ready:
            return self._obey_one()
        for descriptor in ready:
            self._report(self._pidfds.pop(descriptor))
        return True

    def _end_overdue(self) -> float | None:
        """Kill whose time has run out; the milliseconds until that can next be so."""
        now, next_deadline = monotonic(), NEVER
        for one in self._children.values():
            if one.deadline > now:
                next_deadline = one.deadline if one.deadline < next_deadline else next_deadline
            elif not one.overdue:
                one.overdue = True
                one.kill()
        return None if next_deadline == NEVER else (next_deadline - now) * 1000 + 1

    def _obey_one(self) -> bool:
        """Carry out the next command; tell whether the worker is still there."""
        said, ancillary, _, _ = self._control.recvmsg(wire.COMMAND.size, _ROOM)
        if not said:
            return False
        kind, number, wall_ms, cpu_seconds, address_space_bytes = wire.COMMAND.unpack(said)
        if kind == _SPAWN:
            (stream,) = _DESCRIPTOR.unpack(ancillary[0][2])
            self._spawn(number, stream, may_stay=bool(wall_ms))
            if wall_ms:
                self._announce(number)
        elif number in self._children:  # it may have ended while the command was on its way
            if kind == _ARM:
                self._children[number].arm(wall_ms, cpu_seconds, address_space_bytes)
            elif kind == _DISARM:
                self._children[number].disarm()
            else:
                self._children[number].kill()
        return True

    def _spawn(self, number: int, stream: int, may_stay: bool) -> None:
        pid = fork()
        if pid == 0:
            child.main(self._engine, self._analyser, stream, self._pid, self._seccomp)
        os.close(stream)
        born = Child(number, pid, may_stay)
        self._children[number] = self._pidfds[born.pidfd] = born
        self._poll.register(born.pidfd, select.POLLIN)

    def _announce(self, number: int) -> None:
        self._control.send(wire.REPORT.pack(_BORN, number, self._children[number].pid, 0, 0, 0, 0))

    def _report(self, ended: Child) -> None:
        self._poll.unregister(ended.pidfd)
        del self._children[ended.number]
        self._control.send(ended.reap())


def main(descriptor: int, library: str, must_confine: bool, analyses: bool, intl: bool) -> None:
    """Set up, report the outcome to the worker, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a child inherits no handler, so it never has to return from one
    control, parent = socket.socket(fileno=descriptor), os.getppid()
    engine = Engine(library, intl)
    analyser = Analyser(library, engine.global_names) if analyses else None
    seccomp, layers = prepare(engine, parent, must_confine)
    with suppress(ConnectionError):
        control.send(bytes((wire.Report.READY,)) + f"{engine.version} {layers}".encode())
    sys.excepthook = sys.__excepthook__
    gc.disable()
    gc.freeze()
    Zygote(control, engine, analyser, seccomp).serve()


def prepare(engine: Engine, parent: int, must_confine: bool) -> tuple[Program | None, str]:
    """Warm the engine and confine this process; return the filter for its children, and the names of active layers."""
    engine.enforce_w_xor_x()
    warm_up(engine)
    engine.snapshot()
    confinement.raise_oom_score()
    confinement.drop_root()
    confinement.die_with_parent(parent)
    confinement.make_non_dumpable()
    confinement.set_no_new_privs()
    landlock = confinement.restrict_filesystem()
    seccomp = proven_filter(must_confine)
    return seccomp, " ".join(["seccomp"] * (seccomp is not None) + ["landlock"] * landlock)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3] != "unconfined", sys.argv[4] == "analyses", sys.argv[5] == "intl")
