"""Submissions over the stored dataset of another execution."""

import pytest
from attrs import evolve
from returns.result import Failure, Result

from adapters.json.bodies import JsonBodies
from adapters.memory.store import MemoryStore
from application.executions.read import ContentRemoved, StoredContent, UnknownExecution, find_dataset
from application.executions.stored_datasets import DatasetAltered
from application.executions.submission import Submit
from application.executions.submit import Accepted, SubmissionRefused
from application.executions.submit import submit as submit_execution
from application.executions.use_cases import ExecutionUseCases
from application.ports.encryption import DecryptionFailed
from domain.execution import Pending
from domain.idempotency import IdempotencyKey, KeyReused
from domain.transitions import cancel
from tests.application.test_executions import NAME, ports_of, submit
from tests.support.values import a_body, a_script, an_id

pytestmark = pytest.mark.anyio
KEY = IdempotencyKey("k")


@pytest.fixture
async def hosted(store: MemoryStore) -> MemoryStore:
    await store.scripts.add(*a_script())
    return store


async def pending(store: MemoryStore, dataset: bytes = b"[9]") -> Pending:
    submitted = (await submit(store, dataset)).unwrap()
    assert isinstance(submitted, Pending)
    return submitted


async def again(
    store: MemoryStore, dataset: StoredContent, key: IdempotencyKey | None = None
) -> Result[Accepted, SubmissionRefused]:
    ports = evolve(ports_of(store), bodies=JsonBodies())
    return await submit_execution(ports, Submit(script=NAME, dataset=dataset, idempotency_key=key))


async def found(store: MemoryStore, of: Pending) -> StoredContent:
    return (
        await ExecutionUseCases(ports_of(store), store.endings, store.live_logs, store.log_news).find_dataset(
            of.submission.id
        )
    ).unwrap()


async def test_the_dataset_of_an_execution_is_stored_again_with_its_warnings(hosted: MemoryStore) -> None:
    original = await pending(hosted)
    accepted = (await again(hosted, await found(hosted, original))).unwrap()
    copy = accepted.report.execution.submission
    assert (copy.dataset, copy.warnings) == (original.submission.dataset, original.submission.warnings)
    assert (copy.attribution.input_of, original.submission.attribution.input_of) == (original.submission.id, None)
    rows = hosted.executions._kept
    assert rows[copy.id].dataset == rows[original.submission.id].dataset


async def test_a_dataset_of_no_execution_is_not_found(hosted: MemoryStore) -> None:
    missing = an_id()
    assert await find_dataset(hosted.executions, missing) == Failure(UnknownExecution(missing))


async def test_a_dataset_that_was_removed_or_altered_is_refused(
    hosted: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = await pending(hosted)
    content, name = await found(hosted, original), original.submission.id
    rows = hosted.executions._kept
    kept = rows[name]
    rows[name] = evolve(kept, dataset=evolve(a_body(b"[8]"), digest=original.submission.dataset))
    assert await again(hosted, content) == Failure(DatasetAltered(name))
    rows[name] = evolve(kept, dataset=None)
    assert await again(hosted, content) == Failure(ContentRemoved(name))

    async def undecryptable(_: object) -> None:
        raise DecryptionFailed("altered")

    monkeypatch.setattr(hosted.executions, "dataset", undecryptable)
    assert await again(hosted, await found(hosted, original)) == Failure(DatasetAltered(name))


async def test_a_key_is_recognised_by_the_digest_of_the_dataset_which_outlasts_its_bytes(hosted: MemoryStore) -> None:
    original, other = await pending(hosted), await pending(hosted, b"[8]")
    content = await found(hosted, original)
    first = (await again(hosted, content, KEY)).unwrap()
    ended = cancel(original, original.submission.submitted_at)
    (await hosted.executions.cancel(original, ended)).unwrap()
    await hosted.executions.remove_content(evolve(ended, content_removed_at=ended.finished_at))
    repeated = (await again(hosted, content, KEY)).unwrap()
    assert (repeated.repeated, repeated.report) == (True, first.report)
    assert await again(hosted, content) == Failure(ContentRemoved(original.submission.id))
    assert await again(hosted, await found(hosted, other), KEY) == Failure(KeyReused(KEY))
