"""Uses of stores: who may do what, what is written down, and what a write or an upload leaves that breaks off."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.audit import MemoryAudit
from adapters.memory.stores import MemoryStores
from adapters.memory.uploads import MemoryUploads
from adapters.system import uuid7
from application.ports.errors import Unavailable
from application.ports.stores import OffsetMismatch, StoreInfo, StoreUnavailable, UploadMissing
from application.stores.list import ListObjects
from application.stores.uploads import FORGOTTEN_AFTER, NotResumable, StoredUpload, UploadRef
from application.stores.use import Caller, StorePorts, UnknownObject
from application.stores.use_cases import StoreUseCases
from application.stores.write import WriteObject, Written
from domain.audit import ANONYMOUS, Action, Actor
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.stores import (
    Folder,
    NotForKey,
    ObjectUrl,
    Operation,
    OperationNotAllowed,
    StoreName,
    StoreRules,
    UnknownStore,
    object_url,
)
from tests.support.values import NOON

FILES, LAKE, OWN = StoreName("files"), StoreName("lake"), StoreName("own")
CALLER: Final = Caller(ANONYMOUS, None)
AT: Final = object_url("files://in/rows").unwrap()
ONLY_NEW: Final = Precondition(allows_existing=False)


class World:
    """Three stores: one for all, one that can only be read and takes no uploads, and one for certain keys."""

    def __init__(self) -> None:
        self.now = NOON
        rules = {
            FILES: StoreRules(),
            LAKE: StoreRules(operations=frozenset({Operation.READ})),
            OWN: StoreRules(keys=("reports-*",)),
        }
        infos = [StoreInfo(name, one, name == FILES) for name, one in rules.items()]
        self.stores, self.audit = MemoryStores(self.clock, infos), MemoryAudit(self.clock)
        self.uploads = MemoryUploads(self.stores, self.clock)
        self.use = StoreUseCases(
            StorePorts(stores=self.stores, uploads=self.uploads, audit=self.audit, clock=self.clock, new_id=uuid7)
        )

    def clock(self) -> Any:
        return self.now

    def recorded(self) -> list[Action]:
        return [one.event.action for one in self.audit._trail]

    async def write(self, data: bytes, precondition: Precondition = UNCONDITIONAL, url: ObjectUrl = AT) -> Any:
        return await self.use.write(WriteObject(url, precondition, CALLER), pieces(data))

    async def upload(self, size_bytes: int) -> StoredUpload:
        return (await self.use.begin(AT, size_bytes, CALLER)).unwrap()


async def pieces(*data: bytes, broken: bool = False) -> AsyncIterator[bytes]:
    for one in data:
        yield one
    if broken:
        raise ConnectionError


async def read(world: World, start: int, end: int) -> bytes:
    found = (await world.use.find(AT, CALLER)).unwrap()
    return b"".join([one async for one in await found.read(start, end)])


async def test_every_use_obeys_the_rules_of_the_store() -> None:
    world, nowhere = World(), StoreName("nowhere")
    assert [one.name for one in world.use.all(CALLER)] == [FILES, LAKE]
    assert [one.name for one in world.use.all(Caller(ANONYMOUS, "reports-7"))] == [FILES, LAKE, OWN]
    for store, refusal in ((nowhere, UnknownStore(nowhere)), (OWN, NotForKey(OWN, None))):
        url = ObjectUrl(store, AT.path)
        assert (await world.use.find(url, CALLER)).failure() == refusal
        assert (await world.use.objects(ListObjects(Folder(store, None), "", 9), CALLER)).failure() == refusal
        assert (await world.write(b"", url=url)).failure() == refusal
        assert (await world.use.delete(url, UNCONDITIONAL, CALLER)).failure() == refusal
        assert (await world.use.begin(url, 1, CALLER)).failure() == refusal
        assert (await world.use.upload(UploadRef(store, uuid7()), CALLER)).failure() == refusal
        assert (await world.use.discard(UploadRef(store, uuid7()), CALLER)).failure() == refusal
    lake = ObjectUrl(LAKE, AT.path)
    assert (await world.write(b"", url=lake)).failure() == OperationNotAllowed(LAKE, Operation.WRITE)
    assert world.recorded() == []


async def test_an_upload_needs_a_store_that_takes_it() -> None:
    world = World()
    url = ObjectUrl(OWN, AT.path)
    assert (await world.use.begin(url, 1, Caller(ANONYMOUS, "reports-7"))).failure() == NotResumable(OWN)


async def test_an_object_is_written_read_listed_and_deleted() -> None:
    world = World()
    assert (await world.use.find(AT, CALLER)).failure() == UnknownObject(AT)
    assert not (await world.write(b"abc")).unwrap().has_replaced
    assert await read(world, 1, 3) == b"bc"
    listed = (await world.use.objects(ListObjects(Folder(FILES, None), "", 9), CALLER)).unwrap()
    assert [one.path for one in listed] == ["in/rows"]
    assert (await world.write(b"xyz")).unwrap().has_replaced
    assert (await world.use.delete(AT, UNCONDITIONAL, CALLER)).unwrap() is None
    assert (await world.use.delete(AT, UNCONDITIONAL, CALLER)).failure() == UnknownObject(AT)
    assert world.recorded() == [Action.WROTE_OBJECT, Action.WROTE_OBJECT, Action.DELETED_OBJECT]


async def test_a_read_is_of_the_version_that_was_found() -> None:
    world = World()
    await world.write(b"abc")
    found = (await world.use.find(AT, CALLER)).unwrap()
    await world.write(b"xyz")
    with pytest.raises(StoreUnavailable):
        await found.read(0, 3)


async def test_an_object_that_another_client_deletes_first_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    await world.write(b"abc")

    async def gone(url: ObjectUrl) -> bool:
        return False

    monkeypatch.setattr(world.stores, "delete", gone)
    assert (await world.use.delete(AT, UNCONDITIONAL, CALLER)).failure() == UnknownObject(AT)


async def test_a_write_that_breaks_off_changes_nothing() -> None:
    world = World()
    await world.write(b"abc")
    with pytest.raises(ConnectionError):
        await world.use.write(WriteObject(AT, UNCONDITIONAL, CALLER), pieces(b"x", broken=True))
    assert await read(world, 0, 3) == b"abc"
    assert world.recorded() == [Action.WROTE_OBJECT]


async def test_a_write_without_its_record_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    async def down(_: object) -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr(world.audit, "add", down)
    with pytest.raises(Unavailable):
        await world.write(b"abc")
    assert world.stores.contents(FILES) == {}


async def test_a_precondition_is_checked_before_the_first_byte_and_after_the_last() -> None:
    world = World()

    async def overtaken() -> AsyncIterator[bytes]:
        yield b"abc"
        await world.write(b"of another")

    for precondition in (ONLY_NEW, Precondition(revisions=frozenset({"1"}))):
        world = World()
        if precondition is not ONLY_NEW:
            await world.write(b"first")
        written = await world.use.write(WriteObject(AT, precondition, CALLER), overtaken())
        assert isinstance(written.failure(), PreconditionFailed)
        assert await read(world, 0, 99) == b"of another"
        assert (await world.write(b"again", ONLY_NEW)).failure() == written.failure()
        assert (await world.use.delete(AT, Precondition(allows_existing=False), CALLER)).failure() == written.failure()


@pytest.mark.parametrize("remains", [True, False])
async def test_of_two_that_create_an_object_at_once_one_fails(monkeypatch: pytest.MonkeyPatch, remains: bool) -> None:
    world = World()
    await world.write(b"first")
    heads = [None, None, await world.stores.head(AT) if remains else None]

    async def head(url: ObjectUrl) -> Any:
        return heads.pop(0)

    monkeypatch.setattr(world.stores, "head", head)
    assert (await world.write(b"second", ONLY_NEW)).failure() == PreconditionFailed("1" if remains else None)


@given(st.binary(max_size=20), st.lists(st.integers(0, 20), max_size=3))
async def test_an_upload_that_is_cut_anywhere_is_continued(data: bytes, cuts: list[int]) -> None:
    world = World()
    found = await world.upload(len(data))
    ref = UploadRef(FILES, found.upload.id)
    for cut in sorted({one for one in cuts if one < len(data)}):
        offset = (await world.use.upload(ref, CALLER)).unwrap().upload.offset
        with pytest.raises(ConnectionError):
            await world.use.append(found, offset, pieces(data[offset:cut], broken=True), CALLER)
        assert world.stores.contents(FILES) == {}
    offset = (await world.use.upload(ref, CALLER)).unwrap().upload.offset
    written = (await world.use.append(found, offset, pieces(data[offset:]), CALLER)).unwrap()
    assert isinstance(written, Written)
    assert world.stores.contents(FILES) == {"in/rows": data}
    assert (await world.use.upload(ref, CALLER)).failure() == UploadMissing(ref.id)
    assert world.recorded() == [Action.WROTE_OBJECT]


async def test_an_append_elsewhere_is_refused_and_one_of_a_part_is_kept() -> None:
    world = World()
    found = await world.upload(4)
    part = (await world.use.append(found, 0, pieces(b"ab"), CALLER)).unwrap()
    assert isinstance(part, StoredUpload)
    refused = await world.use.append(found, 0, pieces(b"ab"), CALLER)
    assert refused.failure() == OffsetMismatch(part.upload)


async def test_an_upload_is_its_creators_alone() -> None:
    world = World()
    found = await world.upload(4)
    ref, other = UploadRef(FILES, found.upload.id), Caller(Actor(uuid7()), "other")
    assert (await world.use.upload(ref, other)).failure() == UploadMissing(ref.id)
    assert (await world.use.discard(ref, other)).failure() == UploadMissing(ref.id)
    assert (await world.use.discard(ref, CALLER)).unwrap() is None
    assert (await world.use.discard(ref, CALLER)).failure() == UploadMissing(ref.id)


async def test_of_two_that_discard_an_upload_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ref = UploadRef(FILES, (await world.upload(4)).upload.id)

    async def gone(*_: object) -> bool:
        return False

    monkeypatch.setattr(world.uploads, "discard", gone)
    assert (await world.use.discard(ref, CALLER)).failure() == UploadMissing(ref.id)


async def test_uploads_that_are_not_continued_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    old = await world.upload(4)
    world.now += FORGOTTEN_AFTER
    assert await world.use.forget() == 0
    young = await world.upload(4)
    world.now += timedelta(seconds=1)
    assert await world.use.forget() == 1
    found = [await world.use.upload(UploadRef(FILES, one.upload.id), CALLER) for one in (old, young)]
    assert found[0].failure() == UploadMissing(old.upload.id)
    assert found[1].unwrap().upload == young.upload

    async def down(*_: object) -> int:
        raise StoreUnavailable("it does not answer")

    monkeypatch.setattr(world.uploads, "forget", down)
    with pytest.raises(StoreUnavailable):
        await world.use.forget()
