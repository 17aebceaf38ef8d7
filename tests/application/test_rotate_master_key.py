"""Changing the master key: every readable data key is rewrapped, once, and the others are reported."""

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from application.maintenance.rotate_master_key import BATCH, KeyCounts, NoCurrentKey, key_counts, rotate_master_key
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, MasterKeyMissing, WrappedKey

DAMAGED = b"damaged"


@define
class Keys:
    """The port `DataKeys` over a dictionary; another transaction holds those in `locked`."""

    wrapped: dict[UUID, WrappedKey]
    locked: frozenset[UUID] = frozenset()
    batches: list[int] = field(factory=list)

    async def counted(self) -> Mapping[str, int]:
        return Counter(one.master_key_id for one in self.wrapped.values())

    async def rewrap(
        self, master_key_id: str, after: UUID, count: int, rewrap: Callable[[UUID, WrappedKey], WrappedKey | None]
    ) -> UUID | None:
        found = sorted(
            execution_id
            for execution_id, one in self.wrapped.items()
            if one.master_key_id == master_key_id and execution_id > after and execution_id not in self.locked
        )[:count]
        for execution_id in found:
            self.wrapped[execution_id] = rewrap(execution_id, self.wrapped[execution_id]) or self.wrapped[execution_id]
        self.batches.append(len(found))
        return found[-1] if found else None


class Rewrapping(type(NO_ENCRYPTION)):  # type: ignore[misc]
    """A keyring that only rewraps, by writing another name."""

    key_ids = frozenset({"new", "old", "older"})
    primary_key_id = "new"

    def rewrap(self, execution_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        assert wrapped.master_key_id in self.key_ids - {"new"}
        assert isinstance(execution_id, UUID)
        if wrapped.data == DAMAGED:
            raise DecryptionFailed("damaged")
        return WrappedKey("new", wrapped.data)


keys = st.dictionaries(
    st.uuids(),
    st.builds(WrappedKey, st.sampled_from(["new", "old", "older", "lost"]), st.sampled_from([b"1", b"2", DAMAGED])),
    max_size=30,
)


@given(keys, st.frozensets(st.integers(0, 29)))
async def test_readable_keys_are_rewrapped_and_the_rest_is_reported(
    kept: dict[UUID, WrappedKey], locked_places: frozenset[int]
) -> None:
    locked = frozenset(one for place, one in enumerate(kept) if place in locked_places)
    table, before = Keys(dict(kept), locked), dict(kept)
    counts = (await rotate_master_key(table, Rewrapping())).unwrap()
    for execution_id, was in before.items():
        stays = execution_id in locked or was.data == DAMAGED or was.master_key_id == "lost"
        assert table.wrapped[execution_id] == (was if stays else WrappedKey("new", was.data))
    found = Counter(one.master_key_id for one in table.wrapped.values())
    assert counts == KeyCounts(
        current=found["new"],
        outdated={one: found[one] for one in ("old", "older") if found[one]},
        unknown={"lost": found["lost"]} if found["lost"] else {},
    )


async def test_it_works_in_batches_and_reports_its_progress() -> None:
    told: list[int] = []
    table = Keys({UUID(int=n): WrappedKey("old", b"1") for n in range(1, 2 * BATCH + 2)})
    (await rotate_master_key(table, Rewrapping(), told.append)).unwrap()
    assert table.batches == [BATCH, BATCH, 1, 0]
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 1, 2 * BATCH + 1]


async def test_a_damaged_key_is_logged_with_its_owner(caplog: pytest.LogCaptureFixture) -> None:
    table = Keys({UUID(int=1): WrappedKey("old", DAMAGED)})
    (await rotate_master_key(table, Rewrapping())).unwrap()
    assert [one.getMessage() for one in caplog.records] == [f"cannot rewrap the data key of {UUID(int=1)}: damaged"]


async def test_without_a_current_key_nothing_is_done() -> None:
    table = Keys({UUID(int=1): WrappedKey("old", b"1")})
    assert (await rotate_master_key(table, NO_ENCRYPTION)).failure() == NoCurrentKey()
    assert await key_counts(table, NO_ENCRYPTION) == KeyCounts(0, {}, {"old": 1})
    assert table.batches == []


def test_without_master_keys_nothing_is_encrypted_or_decrypted() -> None:
    assert NO_ENCRYPTION.generate(UUID(int=1)) is None
    for asked in (NO_ENCRYPTION.unwrap, NO_ENCRYPTION.rewrap):
        with pytest.raises(MasterKeyMissing, match="missing master keys: old"):
            asked(UUID(int=1), WrappedKey("old", b"1"))


def test_missing_master_keys_are_named() -> None:
    assert str(MasterKeyMissing({"one", "another"})) == "content is encrypted under missing master keys: another, one"
