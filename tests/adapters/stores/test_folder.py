"""A store that is a folder: nothing leads out of it, and nothing is there in part, whatever happens to its writer."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Success

from adapters.stores.blocking import in_thread
from adapters.stores.confined_folder import ConfinedFolder
from adapters.stores.folder import FolderStore
from application.ports.stores import StoreFull, StoreUnavailable
from domain.stores import object_path
from tests.support.waiting import eventually


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for one in data:
        yield one


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder with everything that leads out of it, or is no object, beside one object."""
    root = tmp_path / "store"
    (root / "in").mkdir(parents=True)
    (root / "in" / "kept").write_bytes(b"kept")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (root / "file-link").symlink_to(outside / "secret")
    (root / "folder-link").symlink_to(outside)
    (root / "up-link").symlink_to("..")
    (root / "in" / "dangling").symlink_to(outside / "nothing")
    (root / "inner-link").symlink_to(root / "in" / "kept")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(root / "socket"))
    return root


UNREACHABLE: Final = (
    *("file-link", "folder-link", "folder-link/secret", "up-link/outside/secret", "in/dangling", "inner-link", "pipe"),
    *("socket", "in", "in/kept/below", "in/absent"),
)


@pytest.mark.parametrize("path", UNREACHABLE)
def test_what_leads_out_or_is_no_object_is_not_there(root: Path, path: str) -> None:
    store = FolderStore("files", root)
    assert asyncio.run(store.head(path)) is None
    assert not asyncio.run(store.read(path, 0, None, None)).map(lambda _: True).value_or(False)
    assert not asyncio.run(store.delete(path))


def test_only_objects_are_listed(root: Path) -> None:
    assert [one.path for one in asyncio.run(FolderStore("files", root).page("", "", 99))] == ["in/kept"]
    assert asyncio.run(FolderStore("files", root).page("folder-link/", "", 99)) == []


@pytest.mark.parametrize("path", ["folder-link/new", "up-link/new", "file-link/new", "in/kept/new"])
def test_a_write_does_not_follow_links(root: Path, tmp_path: Path, path: str) -> None:
    with pytest.raises(StoreUnavailable):
        asyncio.run(FolderStore("files", root).write(path, pieces(b"x"), replace=True))
    assert sorted(one.name for one in (tmp_path / "outside").iterdir()) == ["secret"]
    assert [one for one in (root / ".bateia").rglob("*") if one.is_file()] == []


def test_a_write_replaces_a_link_and_not_what_it_leads_to(root: Path, tmp_path: Path) -> None:
    store = FolderStore("files", root)
    asyncio.run(store.write("file-link", pieces(b"new"), replace=True))
    assert (tmp_path / "outside" / "secret").read_bytes() == b"secret"
    assert (root / "file-link").read_bytes() == b"new"


_NASTY: Final = st.lists(
    st.sampled_from(["..", ".", "", "in", "kept", "file-link", "folder-link", "secret", "\\..", "%2e%2e", "a\0b"]),
    max_size=5,
).map("/".join)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(_NASTY, st.text(max_size=20)))
def test_no_path_that_is_accepted_reads_beyond_the_folder(root: Path, text: str) -> None:
    parsed = object_path(text)
    if isinstance(parsed, Success):
        descriptor = ConfinedFolder(root).open(text)
        assert descriptor is None or os.pread(descriptor, 9, 0) == b"kept"
        if descriptor is not None:
            os.close(descriptor)


def test_an_object_that_changes_while_it_is_read_is_not_continued(tmp_path: Path) -> None:
    store = FolderStore("files", tmp_path)
    (tmp_path / "big").write_bytes(b"1" * 9_000_000)

    async def read() -> None:
        found = (await store.read("big", 0, None, None)).unwrap()
        assert await anext(found)
        (tmp_path / "big").write_bytes(b"2" * 9_000_000)
        await anext(found)

    with pytest.raises(StoreUnavailable, match="changed while it was read"):
        asyncio.run(read())


def test_a_replaced_object_is_read_to_its_end(tmp_path: Path) -> None:
    store = FolderStore("files", tmp_path)
    (tmp_path / "big").write_bytes(b"1" * 9_000_000)

    async def read() -> bytes:
        found = (await store.read("big", 0, None, None)).unwrap()
        first = await anext(found)
        await store.write("big", pieces(b"2"), replace=True)
        return first + b"".join([piece async for piece in found])

    assert asyncio.run(read()) == b"1" * 9_000_000


WRITER: Final = """
import asyncio, resource, sys
from pathlib import Path
from adapters.stores.folder import FolderStore
from application.ports.stores import StoreFull
async def pieces():
    for _ in range(5):
        yield b"x" * 1_000_000
        print("piece", flush=True)
    if sys.argv[2] == "stop":
        await asyncio.sleep(60)
if sys.argv[2] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    asyncio.run(FolderStore("files", Path(sys.argv[1])).write("out", pieces(), replace=True))
except StoreFull as full:
    print(full)
"""


def writer(root: Path, how: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(root), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    with writer(tmp_path, "stop") as process:
        yield process
        process.kill()


def test_a_writer_that_is_killed_leaves_no_object(tmp_path: Path, stopped: "subprocess.Popen[str]") -> None:
    assert stopped.stdout is not None
    assert [stopped.stdout.readline() for _ in range(5)] == ["piece\n"] * 5
    stopped.send_signal(signal.SIGKILL)
    eventually(lambda: stopped.poll() is not None)
    assert asyncio.run(FolderStore("files", tmp_path).page("", "", 9)) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with writer(tmp_path, "full") as process:
        said = process.communicate(timeout=30)[0]
    assert said.endswith("the store files has no room left\n")
    assert issubclass(StoreFull, StoreUnavailable)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_cancelled_work_ends_before_its_files_are_closed() -> None:
    async def work() -> None:
        entered, may_go_on, done = asyncio.Event(), threading.Event(), list[bool]()
        loop = asyncio.get_running_loop()

        def block() -> None:
            loop.call_soon_threadsafe(entered.set)
            may_go_on.wait()
            done.append(True)

        doing = asyncio.create_task(in_thread(block))
        await entered.wait()
        doing.cancel()
        await asyncio.sleep(0)
        assert not doing.done()
        may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await doing
        assert done == [True]

    asyncio.run(work())


def test_a_write_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        began = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield b"x"
            began.set()
            await asyncio.Event().wait()

        writing = asyncio.create_task(FolderStore("files", tmp_path).write("a", endless(), replace=True))
        await began.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert [one for one in tmp_path.rglob("*") if one.is_file()] == []

    asyncio.run(work())


def test_folders_deeper_than_any_path_are_not_entered(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(12):
        deep = deep / ("d" * 99)
    deep.mkdir(parents=True)
    (deep / "x").write_bytes(b"x")
    assert asyncio.run(FolderStore("files", tmp_path).page("", "", 9)) == []
