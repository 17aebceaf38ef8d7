"""A zygote that does not start says why in one line, to its worker and nowhere else."""

import asyncio
import select
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from adapters.javascript import launch, wire
from adapters.javascript.engines import library_of
from adapters.javascript.kinds import ZygoteKind
from adapters.javascript.launch import ZygoteStartFailed
from domain.engine import EngineName

KIND = ZygoteKind(EngineName.DUKPY)
LIBRARY = library_of(KIND.engine)
ZYGOTE = launch._PROGRAM


def refusal(program: Path = ZYGOTE, library: Path = LIBRARY) -> str:
    """Return the reason why a start of the program is refused."""
    with patch.object(launch, "_PROGRAM", program), pytest.raises(ZygoteStartFailed) as refused:
        asyncio.run(launch.launch(launch.Setup(KIND, library, allow_unconfined=False, analyses=True)))
    return str(refused.value)


def edited(folder: Path, edit: Callable[[str], str]) -> Path:
    """Copy a zygote's program, with a change, to a folder where it finds the rest of the project."""
    program = folder / "adapters" / "javascript" / "confined" / "zygote.py"
    shutil.copytree(ZYGOTE.parents[1], program.parents[1], ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "adapters" / "__init__.py").touch()
    program.write_text(edit(program.read_text()))
    return program


def test_an_engine_that_is_missing_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert refusal(library=Path("/nowhere/_dukpy.so")).startswith("OSError: /nowhere/_dukpy.so: cannot open")
    assert capfd.readouterr().err == ""


def test_a_failing_import_is_reported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lost = shutil.copy(ZYGOTE, tmp_path)
    assert refusal(program=Path(lost)) == "ModuleNotFoundError: No module named 'adapters'"
    assert capfd.readouterr().err == ""


def test_a_reason_of_many_lines_is_reported_in_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    failing = edited(
        tmp_path, lambda text: text.replace("    engine.enforce_w_xor_x()", "    raise ValueError('a\\n  b' * 400)")
    )
    said = refusal(program=failing)
    assert said.startswith("ValueError: a ba b")
    assert (len(said), capfd.readouterr().err) == (1000, "")


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_zygote_that_dies_silently_is_reported_as_dead(
    tmp_path: Path, end: str, capfd: pytest.CaptureFixture[str]
) -> None:
    dying = edited(tmp_path, lambda text: text.replace("    engine.enforce_w_xor_x()", f"    {end}"))
    assert refusal(program=dying) == "the zygote died as it started"
    assert capfd.readouterr().err == ""


def test_a_zygote_that_stays_silent_is_given_up(tmp_path: Path) -> None:
    silent = edited(
        tmp_path,
        lambda text: text.replace("    engine.enforce_w_xor_x()", "    socket.socket().listen(); select.poll().poll()"),
    )
    with patch.object(launch, "_START_SECONDS", 0.5), patch.object(launch, "_END_SECONDS", 0):
        assert refusal(program=silent) == "the zygote did not greet within 0.5 s"


def test_an_interpreter_that_cannot_be_started_is_a_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    with patch.object(sys, "executable", "/nowhere/python"):
        assert refusal() == "the zygote cannot be started: [Errno 2] No such file or directory: '/nowhere/python'"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("when", ["before it is ready", "after it has said so"])
def test_a_worker_that_hangs_up_as_a_zygote_starts_gets_no_traceback(
    when: str, capfd: pytest.CaptureFixture[str]
) -> None:
    control, process = launch._popen(launch.Setup(KIND, LIBRARY, allow_unconfined=False, analyses=True))
    if when != "before it is ready":
        assert select.select([control], [], [], 30) == ([control], [], [])
    control.close()
    with process:
        assert process.wait(30) == 0
    assert capfd.readouterr().err == ""


def test_a_worker_that_hangs_up_with_ends_unread_gets_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    """A refused start of a service closes zygotes whose children have just ended."""
    control, process = launch._popen(launch.Setup(KIND, LIBRARY, allow_unconfined=False, analyses=True))
    asyncio.run(launch._greeting(control))
    ours, childs = socket.socketpair()
    with ours, childs:
        socket.send_fds(control, [wire.COMMAND.pack(wire.Command.SPAWN, 1, 0, 0, 0)], [childs.fileno()])
        control.send(wire.COMMAND.pack(wire.Command.KILL, 1, 0, 0, 0))
        assert select.select([control], [], [], 30) == ([control], [], [])
        control.close()
        with process:
            assert process.wait(30) == 0
    assert capfd.readouterr().err == ""
