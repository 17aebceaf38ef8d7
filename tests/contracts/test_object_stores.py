"""The contract of the stores: folders, object storage (a server of S3's protocol, and memory), and that for tests."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure

from adapters.memory.stores import MemoryStores, any_store
from adapters.stores import remote
from adapters.stores.configuration import StoreDefinition
from adapters.stores.stores import ConfiguredStores
from adapters.system import utc_now
from application.ports.stores import ObjectChanged, ObjectExists, ObjectMissing, ObjectStores, StoreUnavailable
from domain.stores import Folder, ObjectPath, ObjectUrl, StoreName, object_pattern
from tests.support.object_storage import s3_server, s3_stores

LAKE: Final = StoreName("lake")
MakeStores: TypeAlias = Callable[[], ObjectStores]
KINDS: Final = ("folder", "s3", "obstore-memory", "memory")


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Run a server of S3's protocol, and return its address."""
    with s3_server() as address:
        yield address


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStores:
    """Provide a function that makes an empty store called `lake`."""

    def make_one() -> ObjectStores:
        match request.param:
            case "folder":
                return ConfiguredStores([StoreDefinition(LAKE, f"file://{tmp_path}/{uuid4()}")])
            case "s3":
                return s3_stores(request.getfixturevalue("s3"))
            case "obstore-memory":
                return ConfiguredStores([StoreDefinition(LAKE, "memory:///")])
            case _:
                return MemoryStores(utc_now, [any_store("lake")])

    return make_one


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def url(path: str) -> ObjectUrl:
    return ObjectUrl(LAKE, ObjectPath(path))


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for one in data:
        yield one


async def put(stores: ObjectStores, path: str, *data: bytes) -> str:
    written = (await stores.write(url(path), pieces(*data))).unwrap()
    whole = b"".join(data)
    assert (written.digest.sha256, written.digest.size_bytes) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert (written.object.path, written.object.size_bytes) == (path, len(whole))
    return written.object.etag


async def get(
    stores: ObjectStores, path: str, start: int = 0, end: int | None = None, etag: str | None = None
) -> bytes:
    found = (await stores.read(url(path), start, end, etag)).unwrap()
    return b"".join([piece async for piece in found])


async def listed(stores: ObjectStores, pattern: str) -> list[str]:
    return sorted([one.path async for one in stores.objects(object_pattern(f"lake://{pattern}").unwrap())])


def test_an_object_is_what_was_written_last_and_each_version_has_its_tag(make: MakeStores) -> None:
    async def work() -> None:
        stores = make()
        assert await stores.head(url("a/b.bin")) is None
        assert await stores.read(url("a/b.bin")) == Failure(ObjectMissing("a/b.bin"))
        first = await put(stores, "a/b.bin", b"one")
        second = await put(stores, "a/b.bin", b"t", b"", b"wo")
        assert first != second
        assert await get(stores, "a/b.bin", etag=second) == b"two"
        assert await stores.read(url("a/b.bin"), etag=first) == Failure(ObjectChanged("a/b.bin"))
        head = await stores.head(url("a/b.bin"))
        assert head is not None
        assert (head.size_bytes, head.etag) == (3, second)
        assert await stores.write(url("a/b.bin"), pieces(b"no"), replace=False) == Failure(ObjectExists("a/b.bin"))
        assert await get(stores, "a/b.bin") == b"two"
        empty = await stores.write(url("a/c.bin"), pieces(), replace=False)
        assert empty.unwrap().digest.size_bytes == 0
        assert await get(stores, "a/c.bin") == b""

    run(work())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 12), st.none() | st.integers(0, 12))
def test_a_range_is_a_slice(make: MakeStores, start: int, end: int | None) -> None:
    async def work() -> None:
        stores = make()
        await put(stores, "x", b"0123456789")
        assert await get(stores, "x", start, end) == b"0123456789"[start : None if end is None else max(start, end)]

    run(work())


def test_an_object_of_several_parts_is_whole(make: MakeStores) -> None:
    part = bytes(range(256)) * 4096 * 3

    async def work() -> None:
        stores = make()
        await put(stores, "big", part, part, part, part, b"end")
        whole = part * 4 + b"end"
        assert await get(stores, "big") == whole
        assert await get(stores, "big", len(part) - 5, len(part) + 5) == whole[len(part) - 5 : len(part) + 5]

    run(work())


def test_what_is_not_written_to_its_end_is_not_there(make: MakeStores) -> None:
    class ClientGone(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 9_000_000
        raise ClientGone

    async def work() -> None:
        stores = make()
        with suppress(ClientGone):
            await stores.write(url("half"), broken())
            raise AssertionError("the exception of the pieces was lost")
        assert await stores.head(url("half")) is None
        assert await listed(stores, "**") == []

    run(work())


def test_objects_are_listed_by_path_pattern_and_page_without_the_service_s_own(make: MakeStores) -> None:
    names = ("a", "b/1.csv", "b/2.csv", "b/c/3.csv", "b.csv", "ba/4.csv", ".bateia/jobs/x/5.csv")

    async def work() -> None:
        stores = make()
        for name in names:
            await put(stores, name, b"1")
        assert await listed(stores, "**") == sorted(names[:-1])
        assert await listed(stores, "b/*.csv") == ["b/1.csv", "b/2.csv"]
        assert await listed(stores, "b/**") == ["b/1.csv", "b/2.csv", "b/c/3.csv"]
        assert await listed(stores, "b.csv") == ["b.csv"]
        everything = Folder(LAKE, None)
        found, after = list[str](), ""
        while page := await stores.page(everything, after, 2):
            found += [one.path for one in page]
            after = found[-1]
        assert found == sorted(names[:-1])
        own = Folder(LAKE, ObjectPath(".bateia/jobs/x"))
        assert [one.path for one in await stores.page(own, "", 9)] == [".bateia/jobs/x/5.csv"]
        assert await stores.delete_all(own) == 1
        assert await stores.page(own, "", 9) == []
        assert await stores.delete_all(Folder(LAKE, ObjectPath("b"))) == 3
        assert await listed(stores, "**") == ["a", "b.csv", "ba/4.csv"]

    run(work())


def test_a_move_may_be_repeated_and_a_deletion_tells_what_it_did(make: MakeStores) -> None:
    async def work() -> None:
        stores = make()
        await put(stores, ".bateia/jobs/j/part", b"p")
        for _ in range(2):
            await stores.move(url(".bateia/jobs/j/part"), url("out/deep/part"))
        assert await get(stores, "out/deep/part") == b"p"
        assert await stores.head(url(".bateia/jobs/j/part")) is None
        assert [await stores.delete(url("out/deep/part")) for _ in range(2)] == [True, False]
        assert await listed(stores, "**") == []

    run(work())


@pytest.mark.parametrize("make", KINDS[1:3], indirect=True)
def test_an_object_that_is_replaced_while_it_is_read_is_not_continued(make: MakeStores) -> None:
    async def work() -> None:
        stores = make()
        await put(stores, "big", b"1" * 9_000_000)
        found = (await stores.read(url("big"))).unwrap()
        assert set(await anext(found)) == {ord("1")}
        await put(stores, "big", b"2" * 9_000_000)
        with pytest.raises(StoreUnavailable, match="changed while it was read"):
            await anext(found)

    run(work())


@pytest.mark.parametrize("make", KINDS[1:2], indirect=True)
def test_an_object_too_large_to_be_copied_by_the_storage_moves(
    make: MakeStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_MOST_COPIED_BYTES", 5)

    async def work() -> None:
        stores = make()
        await put(stores, "a", b"123456")
        for _ in range(2):
            await stores.move(url("a"), url("b"))
        assert await get(stores, "b") == b"123456"
        assert await listed(stores, "**") == ["b"]
        with pytest.raises(StoreUnavailable):
            await stores.move(url("absent"), url("c"))

    run(work())
