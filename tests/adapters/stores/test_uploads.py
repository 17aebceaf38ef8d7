"""Uploads that can be continued: the object is what was sent, wherever its parts were cut, and nothing else."""

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure

from adapters.stores.folder import FolderStore
from adapters.stores.uploads import FolderUploads
from adapters.system import utc_now
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong
from domain.stores import ObjectPath, StoreName

FILES: Final = StoreName("files")


class ClientGone(Exception):
    """The client has hung up."""


async def pieces(*data: bytes, is_cut: bool = False) -> AsyncIterator[bytes]:
    for one in data:
        yield one
    if is_cut:
        raise ClientGone


def uploads_in(root: Path) -> FolderUploads:
    return FolderUploads({FILES: FolderStore("files", root)})


def an_upload(size: int, path: str = "in/x") -> Upload:
    return Upload(id=uuid4(), path=ObjectPath(path), size_bytes=size, offset=0, created_at=utc_now())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=9), st.booleans()), max_size=5))
def test_an_upload_is_continued_where_it_broke(tmp_path: Path, parts: list[tuple[bytes, bool]]) -> None:
    async def work() -> None:
        whole = b"".join(data for data, _ in parts)
        begun = an_upload(len(whole))
        await uploads_in(tmp_path).begin(FILES, begun)
        offset = 0
        for data, is_cut in parts:
            uploads = uploads_in(tmp_path)  # each request may reach another process
            try:
                got = await uploads.append(FILES, begun.id, offset, pieces(data, is_cut=is_cut))
                assert got.unwrap().offset == offset + len(data)
            except ClientGone:
                assert is_cut
            offset += len(data)
            found = await uploads.find(FILES, begun.id)
            assert found is not None
            assert found.offset == offset
        written = (await uploads_in(tmp_path).complete(FILES, begun.id)).unwrap()
        assert (tmp_path / "in" / "x").read_bytes() == whole
        assert written.digest.sha256 == hashlib.sha256(whole).hexdigest()
        assert await uploads_in(tmp_path).find(FILES, begun.id) is None

    asyncio.run(work())


def test_a_part_at_another_offset_or_beyond_the_end_changes_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        uploads, begun = uploads_in(tmp_path), an_upload(5)
        await uploads.begin(FILES, begun)
        one = (await uploads.append(FILES, begun.id, 0, pieces(b"abc"))).unwrap()
        for offset in (0, 2, 4):
            assert await uploads.append(FILES, begun.id, offset, pieces(b"x")) == Failure(OffsetMismatch(one))
        assert await uploads.append(FILES, begun.id, 3, pieces(b"de", b"f")) == Failure(UploadTooLong(one))
        assert await uploads.complete(FILES, begun.id) == Failure(OffsetMismatch(one))
        (await uploads.append(FILES, begun.id, 3, pieces(b"de"))).unwrap()
        (await uploads.complete(FILES, begun.id)).unwrap()
        assert (tmp_path / "in" / "x").read_bytes() == b"abcde"

    asyncio.run(work())


def test_bytes_that_were_not_recorded_are_dropped(tmp_path: Path) -> None:
    async def work() -> None:
        uploads, begun = uploads_in(tmp_path), an_upload(4)
        await uploads.begin(FILES, begun)
        (await uploads.append(FILES, begun.id, 0, pieces(b"ab"))).unwrap()
        (part,) = (tmp_path / ".bateia" / "uploads").glob("*.part")
        part.write_bytes(b"ab-lost")  # by a process that was killed
        (await uploads.append(FILES, begun.id, 2, pieces(b"cd"))).unwrap()
        (await uploads.complete(FILES, begun.id)).unwrap()
        assert (tmp_path / "in" / "x").read_bytes() == b"abcd"

    asyncio.run(work())


@pytest.mark.parametrize("is_old", [True, False])
def test_old_uploads_are_forgotten(tmp_path: Path, is_old: bool) -> None:
    async def work() -> None:
        uploads, begun = uploads_in(tmp_path), an_upload(4)
        await uploads.begin(FILES, begun)
        before = utc_now() + timedelta(hours=1 if is_old else -1)
        assert await uploads.forget(FILES, before) == is_old
        assert (await uploads.find(FILES, begun.id) is None) == is_old
        assert await uploads.discard(FILES, begun.id) != is_old
        assert await uploads.append(FILES, begun.id, 0, pieces()) == Failure(UploadMissing(begun.id))
        assert await uploads.complete(FILES, begun.id) == Failure(UploadMissing(begun.id))
        assert [one for one in (tmp_path / ".bateia").rglob("*") if one.is_file()] == []

    asyncio.run(work())


def test_what_killed_writers_have_left_is_forgotten(tmp_path: Path) -> None:
    async def work() -> None:
        uploads = uploads_in(tmp_path)
        for name in (f"uploads/{uuid4()}.part", f"uploads/{uuid4()}.new", "writing/x"):
            left = tmp_path / ".bateia" / name
            left.parent.mkdir(parents=True, exist_ok=True)
            left.write_bytes(b"left")
        assert await uploads.forget(FILES, utc_now() - timedelta(hours=1)) == 0
        assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 3
        await uploads.forget(FILES, utc_now() + timedelta(hours=1))
        assert [one for one in tmp_path.rglob("*") if one.is_file()] == []

    asyncio.run(work())


def test_requests_that_append_at_once_take_turns_and_hold_no_threads(tmp_path: Path) -> None:
    async def work() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        uploads, begun = uploads_in(tmp_path), an_upload(2)
        await uploads.begin(FILES, begun)
        began, may_end = asyncio.Event(), asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            began.set()
            yield b"a"
            await may_end.wait()
            yield b"b"

        first = asyncio.create_task(uploads.append(FILES, begun.id, 0, slow()))
        await began.wait()
        others = [asyncio.create_task(uploads.append(FILES, begun.id, 0, pieces(b"x"))) for _ in range(3)]
        assert await uploads.find(FILES, begun.id) == begun  # a thread is free
        others[0].cancel()
        may_end.set()
        whole = (await first).unwrap()
        assert whole.offset == 2
        assert [await one for one in others[1:]] == [Failure(OffsetMismatch(whole))] * 2
        (await uploads.complete(FILES, begun.id)).unwrap()
        assert (tmp_path / "in" / "x").read_bytes() == b"ab"

    asyncio.run(work())


def test_an_upload_that_is_discarded_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    async def work() -> None:
        uploads, begun = uploads_in(tmp_path), an_upload(2)
        await uploads.begin(FILES, begun)

        async def discarding() -> AsyncIterator[bytes]:
            yield b"a"
            assert await uploads.discard(FILES, begun.id)

        await uploads.append(FILES, begun.id, 0, discarding())
        assert await uploads.find(FILES, begun.id) is None
        assert [one for one in tmp_path.rglob("*") if one.is_file()] == []

    asyncio.run(work())


APPENDER: Final = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from adapters.stores import uploads
from adapters.stores.folder import FolderStore
from domain.stores import StoreName
uploads._DURABLE_BYTES = 4
async def pieces():
    for piece in (b"ab", b"cd", b"ef"):
        yield piece
    print("sent", flush=True)
    await asyncio.sleep(60)
files = StoreName("files")
store = uploads.FolderUploads({files: FolderStore("files", Path(sys.argv[1]))})
asyncio.run(store.append(files, UUID(sys.argv[2]), 0, pieces()))
"""


def test_an_upload_continues_after_its_process_was_killed(tmp_path: Path) -> None:
    begun = an_upload(8)
    asyncio.run(uploads_in(tmp_path).begin(FILES, begun))
    command = [sys.executable, "-c", APPENDER, str(tmp_path), str(begun.id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
    assert said == "sent\n"

    async def go_on() -> None:
        uploads = uploads_in(tmp_path)
        found = await uploads.find(FILES, begun.id)
        assert found is not None
        assert found.offset == 4
        (await uploads.append(FILES, begun.id, 4, pieces(b"EFGH"))).unwrap()
        (await uploads.complete(FILES, begun.id)).unwrap()

    asyncio.run(go_on())
    assert (tmp_path / "in" / "x").read_bytes() == b"abcdEFGH"
