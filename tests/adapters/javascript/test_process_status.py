"""The real processes of a started sandbox, as the kernel describes them: layer by layer, their confinement is complete.

The sandbox belongs to a worker in a process of its own, which runs as this user and, where that is root, also as an
ordinary one: a change of user hides a process already, so only there does it show that a zygote hides itself.
"""

import ctypes
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.javascript import launch
from tests.adapters.javascript.process_status import IS_ROOT, USERS, WALL_SECONDS, Standing, limits, standing, status
from tests.adapters.javascript.sandboxes import a_bench, is_alive
from tests.adapters.javascript.substitute_zygotes import an_impostor
from tests.support.waiting import eventually


@pytest.fixture(scope="module", params=list(USERS.values()), ids=list(USERS))
def seen(request: pytest.FixtureRequest) -> Iterator[Standing]:
    with standing(request.param) as found:
        yield found


def test_only_root_can_look_into_them(seen: Standing) -> None:
    """Files in `/proc` that the kernel hides from a process's own user belong to root."""
    for pid in seen.all:
        assert int(status(pid)["Uid"].split()[0]) != 0
        for name in ("environ", "mem", "maps"):
            assert Path(f"/proc/{pid}/{name}").stat().st_uid == 0


def secret(path: Path) -> bytes | None:
    """Read the file as root. For an ordinary user this returns None, and the test fails unless access is refused."""
    if IS_ROOT:
        return path.read_bytes()
    with pytest.raises(PermissionError):
        path.read_bytes()
    return None


def test_they_have_no_environment_but_the_time_zone(seen: Standing) -> None:
    for pid in seen.all:
        assert secret(Path(f"/proc/{pid}/environ")) in (b"TZ=UTC0\0", None)


def test_they_were_started_in_isolation(seen: Standing) -> None:
    for pid in seen.all:
        assert Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:3] == [b"-I", b"-S"]


def test_no_memory_is_both_writable_and_executable(seen: Standing) -> None:
    for pid in seen.all:
        mappings = (secret(Path(f"/proc/{pid}/maps")) or b"").decode().splitlines()
        assert [line for line in mappings if {"w", "x"} < set(line.split()[1])] == []


def test_they_run_as_a_user_without_privileges(seen: Standing) -> None:
    worker = status(seen.worker)
    is_root = worker["Uid"].startswith("0")
    for pid in seen.all:
        now = status(pid)
        assert now["Uid"].split() == (["61000"] * 4 if is_root else worker["Uid"].split())
        assert now["Gid"].split() == (["61000"] * 4 if is_root else worker["Gid"].split())
        assert now["Groups"] == ("" if is_root else worker["Groups"])
        assert {now[kind] for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
        assert now["NoNewPrivs"] == "1"


def test_children_have_one_filter_more_than_their_zygote(seen: Standing) -> None:
    """More, since a container may have put one on everything."""
    for child in seen.children:
        now, zygote = status(child), status(int(status(child)["PPid"]))
        assert now["Seccomp"] == "2"
        assert int(now["Seccomp_filters"]) == int(zygote["Seccomp_filters"]) + 1
        assert now["Threads"] == "1"


def test_children_hold_their_stream_and_nothing_else(seen: Standing) -> None:
    for child in seen.children:
        descriptors = Path(f"/proc/{child}/fd")
        if not IS_ROOT:
            with pytest.raises(PermissionError):
                (descriptors / "0").readlink()
            continue
        ends = {entry.name: str(entry.readlink()) for entry in descriptors.iterdir()}
        assert ends.keys() == {"0", "1"}
        assert ends["0"] == ends["1"]
        assert ends["0"].startswith("socket:")


@pytest.mark.parametrize("name", ["open files", "processes", "file size", "core file size", "locked memory"])
def test_children_have_no_right_to(seen: Standing, name: str) -> None:
    for child in seen.children:
        assert limits(child)[f"Max {name}"] == (0, 0)


def test_a_child_in_a_run_has_its_time_and_its_memory(seen: Standing) -> None:
    now = limits(seen.busy)
    soft, hard = now["Max cpu time"]
    assert 0 < soft <= hard <= WALL_SECONDS + 5
    soft, hard = now["Max address space"]
    assert 0 < soft == hard < 2**32


@pytest.mark.parametrize("prefix", USERS.values(), ids=list(USERS))
def test_a_stopped_zygote_ends_with_its_worker(prefix: Sequence[str]) -> None:
    """Stopped, it cannot see that the worker has hung up: it is the kernel that ends it."""
    with standing(prefix) as seen:
        for zygote in seen.zygotes:
            os.kill(zygote, signal.SIGSTOP)
        os.kill(seen.worker, signal.SIGKILL)
        eventually(lambda: not any(map(is_alive, seen.all)), 10)


@pytest.mark.parametrize("prefix", USERS.values(), ids=list(USERS))
def test_children_end_with_their_zygote(prefix: Sequence[str]) -> None:
    """The worker is stopped, so that it neither hangs up nor kills: it is the kernel that ends them."""
    with standing(prefix) as seen:
        os.kill(seen.worker, signal.SIGSTOP)
        for zygote in seen.zygotes:
            os.kill(zygote, signal.SIGKILL)
        eventually(lambda: not any(map(is_alive, seen.children)), 10)


OPENING = """
def serve(self):
    for act in (lambda: open("/etc/passwd"), lambda: os.listdir("/"), lambda: open("/dev/null", "wb")):
        try:
            act()
        except PermissionError:
            tell("refused")
        else:
            tell("opened")
"""


def test_a_zygote_that_serves_can_open_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Landlock has no entry in `/proc`, so a zygote reports. Without Landlock its user's rights remain."""
    monkeypatch.setattr(launch, "_PROGRAM", an_impostor(tmp_path, OPENING))
    with a_bench():
        pass
    has_landlock = ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) >= 1
    assert capfd.readouterr().err.splitlines()[:3] == ["refused" if has_landlock else "opened"] * 3
