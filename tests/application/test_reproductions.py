"""Reproductions over the store in memory: what is shared, refused, found, and compared."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from returns.result import Failure

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.executions.read_reproduction import UNREADABLE, UnknownReproduction
from application.executions.reproduce import ContentMissing, Reproduce
from application.executions.stored_datasets import DatasetAltered
from application.executions.use_cases import ReproductionUseCases
from application.ports.encryption import DecryptionFailed
from application.ports.errors import QueueFull
from domain.body import Body, Encoding, digest
from domain.execution import Failed, Finished, NotFinished
from domain.reproduction import Aspect, Difference, NothingToReproduce, Reproduced
from domain.transitions import cancel
from tests.application.test_reproduction_sampler import Sampled
from tests.support.values import a_body, an_id

pytestmark = pytest.mark.anyio


async def ended(place: Sampled, result: bytes = b"[2]", fails: bool = False) -> Finished:
    await place.submit()
    return await place.run(result, fails)


async def reproduced(place: Sampled, original: Finished, result: bytes = b"[2]", fails: bool = False) -> Any:
    """Reproduce an execution with an engine that gives this; return what was found."""
    started = (await place.use_cases.reproduce(Reproduce(original=original))).unwrap()
    await place.run(result, fails)
    ids = original.submission.id, started.replay.submission.id
    return (await place.use_cases.find(*ids)).unwrap()


async def raise_undecrypted(*_: object) -> None:
    raise DecryptionFailed("altered")


async def test_only_a_finished_run_whose_content_is_there_is_reproducible() -> None:
    place = Sampled()
    find = place.use_cases.find_reproducible
    missing = an_id()
    assert await find(missing) == Failure(UnknownExecution(missing))
    pending = await place.submit()
    assert await find(pending.submission.id) == Failure(NotFinished(pending))
    cancelled = cancel(pending, pending.submission.submitted_at)
    (await place.store.executions.cancel(pending, cancelled)).unwrap()
    assert await find(pending.submission.id) == Failure(NothingToReproduce(cancelled))
    original = await ended(place)
    await place.use_cases.remove_content(original.submission.id)
    assert await find(original.submission.id) == Failure(ContentMissing(original.submission.id))
    assert await place.use_cases.reproduce(Reproduce(original=original)) == Failure(
        ContentMissing(original.submission.id)
    )


async def test_a_dataset_that_does_not_decrypt_is_altered(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Sampled()
    original = await ended(place)
    monkeypatch.setattr(place.store.executions, "dataset", raise_undecrypted)
    refused = await place.use_cases.reproduce(Reproduce(original=original))
    assert refused == Failure(DatasetAltered(original.submission.id))


async def test_requests_share_a_replay_under_way_and_replays_that_wait_are_bounded() -> None:
    place = Sampled()
    first, second = await ended(place), await ended(place)
    admission = Admission(place.store.executions.replays_waiting, 1, lambda: 0)
    cases = ReproductionUseCases(evolve(place.ports, replay_admission=admission))
    started = (await cases.reproduce(Reproduce(original=first))).unwrap()
    assert (await cases.reproduce(Reproduce(original=first))).unwrap() == started
    assert await cases.reproduce(Reproduce(original=second)) == Failure(QueueFull(5))
    await place.run()
    again = (await place.use_cases.reproduce(Reproduce(original=first))).unwrap()
    assert again.replay.submission.id != started.replay.submission.id


async def test_a_reproduction_is_found_by_both_ids_and_waited_for() -> None:
    place = Sampled()
    original, other = await ended(place), await ended(place)
    started = (await place.use_cases.reproduce(Reproduce(original=original))).unwrap()
    ids, missing = (original.submission.id, started.replay.submission.id), an_id()
    assert await place.use_cases.find(missing, ids[1]) == Failure(UnknownExecution(missing))
    for wrong in ((other.submission.id, ids[1]), (ids[0], missing), (ids[1], ids[0])):
        assert await place.use_cases.find(*wrong) == Failure(UnknownReproduction(*wrong))
    waiting = asyncio.create_task(place.use_cases.find(*ids, wait_seconds=60))
    await asyncio.sleep(0)
    await place.run()
    assert (await waiting).unwrap() == (await place.use_cases.find(*ids)).unwrap()


async def test_another_result_is_a_difference_with_its_place() -> None:
    place = Sampled()
    original = await ended(place, '["cafè"]'.encode())
    found = await reproduced(place, original, '["café"]'.encode())
    examined = await place.use_cases.examine(found.original, found.replay)
    assert isinstance(examined.comparison, Difference)
    assert examined.place is not None
    assert (examined.comparison.of, examined.place.byte) == (Aspect.RESULT, 6)
    assert (examined.place.expected, examined.place.actual) == ('["cafè"]', '["café"]')
    replay_id = found.replay.submission.id
    place.alter(replay_id, result=Body(found.replay.output, Encoding.ZSTD, b"no zstd"))
    assert (await place.use_cases.examine(found.original, found.replay)).place is None
    await place.use_cases.remove_content(replay_id)
    assert (await place.use_cases.examine(found.original, found.replay)).place is None


async def test_a_stored_result_that_is_not_the_recorded_one_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Sampled()
    original = await ended(place)
    found = await reproduced(place, original)
    assert (await place.use_cases.examine(found.original, found.replay)).comparison == Reproduced()
    place.alter(original.submission.id, result=a_body(b"[3]"))
    examined = await place.use_cases.examine(found.original, found.replay)
    expected = Difference(Aspect.STORED_RESULT, digest(b"[2]").sha256, digest(b"[3]").sha256)
    assert examined.place is not None
    assert (examined.comparison, examined.place.byte) == (expected, 1)
    monkeypatch.setattr(place.store.executions, "result", raise_undecrypted)
    examined = await place.use_cases.examine(found.original, found.replay)
    assert examined.comparison == Difference(Aspect.STORED_RESULT, digest(b"[2]").sha256, UNREADABLE)
    assert examined.place is None


async def test_a_result_that_was_removed_is_compared_by_its_digest() -> None:
    place = Sampled()
    original = await ended(place)
    found = await reproduced(place, original)
    await place.use_cases.remove_content(original.submission.id)
    assert (await place.use_cases.examine(found.original, found.replay)).comparison == Reproduced()


async def test_errors_are_compared_by_their_digests_and_with_what_is_stored() -> None:
    place = Sampled()
    original = await ended(place, fails=True)
    assert isinstance(original, Failed)
    found = await reproduced(place, original, fails=True)
    assert (await place.use_cases.examine(found.original, found.replay)).comparison == Reproduced()
    altered = evolve(original, error=evolve(original.error, message="another"))
    comparison = (await place.use_cases.examine(altered, found.replay)).comparison
    assert isinstance(comparison, Difference)
    assert comparison.of is Aspect.STORED_ERROR
    removed = evolve(altered, content_removed_at=original.finished_at + timedelta(days=1))
    assert (await place.use_cases.examine(removed, found.replay)).comparison == Reproduced()
