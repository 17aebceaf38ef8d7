"""Idempotency keys, the fingerprints of requests under them, and how these are matched."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.body import Digest
from domain.circumstances import EARLIEST_CLOCK, RequestedCircumstances
from domain.hint import hint
from domain.idempotency import (
    MAX_KEY_CHARACTERS,
    IdempotencyKey,
    InvalidIdempotencyKey,
    KeyRecord,
    KeyReused,
    RepeatedRequest,
    RequestFingerprint,
    batch_fingerprint,
    idempotency_key,
    match_request,
    request_fingerprint,
)
from tests.support.values import digests

printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=MAX_KEY_CHARACTERS)
keys = printable.map(IdempotencyKey)
versions = st.none() | st.integers(1, 12)
ids = st.uuids()


@given(printable, st.none() | ids, st.none() | ids)
def test_printable_text_is_a_key_of_its_caller(text: str, one: UUID | None, other: UUID | None) -> None:
    assert idempotency_key(text, one).unwrap() == IdempotencyKey(text, one)
    assert (idempotency_key(text, one) == idempotency_key(text, other)) == (one == other)


@given(printable, st.characters(max_codepoint=31) | st.characters(min_codepoint=127), st.integers(0, 300))
def test_text_with_anything_else_in_it_is_none(text: str, other: str, at: int) -> None:
    spoilt = text[:at][: MAX_KEY_CHARACTERS - 1] + other
    assert idempotency_key(spoilt).failure() == InvalidIdempotencyKey(hint("unprintable-idempotency-key"))


def test_a_key_is_neither_empty_nor_too_long() -> None:
    assert idempotency_key("").failure() == InvalidIdempotencyKey(hint("empty-idempotency-key"))
    too_long = InvalidIdempotencyKey(hint("long-idempotency-key", limit=255))
    assert idempotency_key("k" * (MAX_KEY_CHARACTERS + 1)).failure() == too_long
    assert idempotency_key("k" * MAX_KEY_CHARACTERS).unwrap().value == "k" * MAX_KEY_CHARACTERS


@given(keys, st.lists(st.tuples(ids, versions, digests), min_size=2, max_size=2), ids)
def test_a_request_is_its_target_and_its_dataset(
    key: IdempotencyKey, asked: list[tuple[UUID, int | None, Digest]], execution_id: UUID
) -> None:
    first, second = (request_fingerprint(key, *one) for one in asked)
    assert (first == second) == (asked[0] == asked[1])
    record = KeyRecord(first, execution_id)
    assert match_request(first, record) == RepeatedRequest(record.execution_id)
    assert match_request(second, record) == (
        RepeatedRequest(record.execution_id) if asked[0] == asked[1] else KeyReused(key)
    )


@given(keys, ids, versions, digests)
def test_each_part_of_a_request_counts(key: IdempotencyKey, script: UUID, version: int | None, data: Digest) -> None:
    request = request_fingerprint(key, script, version, data)
    other_version = 13 if version is None else None
    other_data = Digest(data.sha256[::-1] if data.sha256 != data.sha256[::-1] else "0" * 64, data.size_bytes)
    changed = [
        request_fingerprint(key, script, other_version, data),
        request_fingerprint(key, script, version, other_data),
    ]
    assert request not in changed
    assert len(request.sha256) == 64


def test_the_clock_and_the_seed_of_a_request_count_if_it_sets_them() -> None:
    parts = IdempotencyKey("k"), UUID(int=1), None, Digest("0" * 64, 2)
    seeds, clocks = ("0" * 32, "1" * 32, None), (EARLIEST_CLOCK, EARLIEST_CLOCK.replace(microsecond=1_000), None)
    requests = {request_fingerprint(*parts, RequestedCircumstances(at, seed)) for at in clocks for seed in seeds}
    assert len(requests | {request_fingerprint(*parts)}) == len(clocks) * len(seeds) + 1


@pytest.mark.parametrize(
    ("version", "sha256"),
    [
        (None, "57ce79d86638c250528830f29cc3ecd6507fc72c2bfaa12104d50a10bae7d5a6"),
        (3, "c341ce1d5cfa5d7bc7bacc4663f5f4fb5b9c66fba2a3ce93e6eff5b5ba6f6a22"),
    ],
)
def test_fingerprints_stay_the_same_from_release_to_release(version: int | None, sha256: str) -> None:
    key = IdempotencyKey("a key")
    request = request_fingerprint(key, UUID(int=1), version, Digest("0" * 64, 2))
    assert request == RequestFingerprint(key, sha256)


@given(keys, st.lists(st.tuples(ids, versions, digests), min_size=2, max_size=2), st.none() | st.just("00" * 16))
def test_a_batch_is_its_target_its_text_and_its_circumstances_and_no_submission_of_one_dataset(
    key: IdempotencyKey, asked: list[tuple[UUID, int | None, Digest]], seed: str | None
) -> None:
    first, second = (batch_fingerprint(key, *one) for one in asked)
    assert (first == second) == (asked[0] == asked[1])
    requested = None if seed is None else RequestedCircumstances(clock=EARLIEST_CLOCK, seed=seed)
    assert (batch_fingerprint(key, *asked[0], requested) == first) == (requested is None)
    assert first not in [request_fingerprint(key, *one) for one in asked]
