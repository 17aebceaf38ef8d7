"""The proof, made before any script runs, that the seccomp filter holds here: a process that defies it must die."""

import os
import signal
from typing import NoReturn

from adapters.javascript.confined import child
from adapters.javascript.confined.child_process import fork
from adapters.javascript.confined.seccomp import Program, UnknownMachine, program


def proven_filter(must_confine: bool) -> Program | None:
    """Build the filter for children and prove it; where it does not hold, return None, or raise RuntimeError."""
    try:
        seccomp = program()
        if _is_deadly(seccomp):
            return seccomp
        reason = "a forbidden system call did not end the probe"
    except UnknownMachine as error:
        reason = f"there is no table of system calls for {error}"
    if must_confine:
        raise RuntimeError(f"scripts cannot be confined by seccomp here: {reason}")
    return None


def _is_deadly(seccomp: Program) -> bool:
    """Tell whether a confined process dies of a system call that is not on the list."""
    zygote, (stream, other) = os.getpid(), os.pipe()
    pid = fork()
    if pid == 0:
        _violate_filter(stream, zygote, seccomp)
    os.close(stream)
    os.close(other)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS


def _violate_filter(stream: int, zygote: int, seccomp: Program) -> NoReturn:
    try:
        child.confine(stream, zygote, seccomp)
        os.getppid()
    finally:
        os._exit(0)
