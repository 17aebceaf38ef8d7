"""The start and the end of a zygote's process.

It is started in the event loop's own thread, on purpose: the kernel ties its life to the thread that started it.
"""

import asyncio
import logging
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from attrs import frozen

from adapters.javascript import wire
from adapters.javascript.kinds import ZygoteKind

log: Final = logging.getLogger(__name__)

_PROGRAM: Final = Path(__file__).parent / "confined" / "zygote.py"
_START_SECONDS: Final = 30
_END_SECONDS: Final = 5


class ZygoteStartFailed(Exception):
    """The sandbox refuses to start; the message is the reason."""


@frozen
class Setup:
    """A zygote's kind, its engine's library, whether it may do without seccomp, whether its children can analyse
    sources, and whether they may serve more than one run."""

    kind: ZygoteKind
    library: Path
    allow_unconfined: bool
    analyses: bool
    reuses: bool = False


@frozen
class Launched:
    """A zygote that has reported ready, its engine's version, and the layers of confinement that hold."""

    control: socket.socket
    process: subprocess.Popen[bytes]
    engine_version: str
    layers: frozenset[str]


async def launch(setup: Setup) -> Launched:
    """Start a zygote and wait for its greeting. Raises `ZygoteStartFailed` if it refuses, dies or stays silent."""
    try:
        control, process = _popen(setup)
    except OSError as error:
        raise ZygoteStartFailed(f"the zygote cannot be started: {error}") from error
    try:
        engine_version, *layers = (await _greeting(control)).split(" ")
    except BaseException:
        control.close()
        await reap(process)
        raise
    if "seccomp" not in layers:
        log.warning("scripts run UNCONFINED: there is no seccomp here, of the optional layers %s", layers or "none")
    return Launched(control, process, engine_version, frozenset(layers))


async def reap(process: subprocess.Popen[bytes]) -> None:
    """Wait for a zygote that was hung up on; one that lingers is killed."""
    try:
        await asyncio.to_thread(process.wait, _END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        await asyncio.to_thread(process.wait)


async def _greeting(control: socket.socket) -> str:
    said = b""
    try:
        async with asyncio.timeout(_START_SECONDS):
            with suppress(ConnectionError):  # it hung up before it greeted
                said = await asyncio.get_running_loop().sock_recv(control, wire.MAX_DATAGRAM_BYTES)
    except TimeoutError as error:
        raise ZygoteStartFailed(f"the zygote did not greet within {_START_SECONDS} s") from error
    if not said or said[0] != wire.Report.READY:
        raise ZygoteStartFailed(said[1:].decode("utf-8", "replace") or "the zygote died as it started")
    return said[1:].decode()


def _popen(setup: Setup) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start by exec, not fork: nothing of this process's memory or environment is inherited."""
    words = (
        "unconfined" if setup.allow_unconfined else "confined",
        "analyses" if setup.analyses else "runs",
        "intl" if setup.kind.intl else "plain",
    )
    ours, zygotes = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with zygotes, ExitStack() as failing:
        failing.callback(ours.close)
        ours.setblocking(False)
        process = subprocess.Popen(  # noqa: S603 - every word of the command is this module's
            [sys.executable, "-I", "-S", str(_PROGRAM), str(zygotes.fileno()), str(setup.library), *words],
            env={"TZ": "UTC0"},
            pass_fds=(zygotes.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        failing.pop_all()
    return ours, process
