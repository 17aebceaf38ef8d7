"""The comparison of two executions' results over the store in memory."""

from typing import Any

import pytest
from returns.result import Failure, Success

from adapters.json.bodies import JsonBodies
from application.executions.compare import Compare, Compared, ComparisonUseCases, NotComparable
from application.executions.read import ContentRemoved, HasFailed, UnknownExecution
from application.ports.comparison import ComparisonChoices
from application.ports.encryption import DecryptionFailed
from domain.comparison.report import ComparisonStopped, NotTables, StopReason, ValueComparison
from domain.execution import Failed, Finished, NotFinished
from tests.application.test_reproduction_sampler import Sampled
from tests.support.plain_comparison import PlainComparison
from tests.support.values import an_id

pytestmark = pytest.mark.anyio


async def ended(place: Sampled, result: bytes, fails: bool = False) -> Finished:
    await place.submit()
    return await place.run(result, fails)


def comparing(place: Sampled) -> ComparisonUseCases:
    return ComparisonUseCases(place.store.executions, PlainComparison(JsonBodies()))


def command(before: Finished, after: Finished, **choices: Any) -> Compare:
    return Compare(before.submission.id, after.submission.id, ComparisonChoices(**choices))


async def test_two_results_are_compared_and_equal_ones_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Sampled()
    first, second, same = [await ended(place, result) for result in (b"[1]", b"[2]", b"[1]")]
    compared = (await comparing(place).compare(command(first, second))).unwrap()
    assert (compared.before, compared.after) == (first.submission, second.submission)
    assert isinstance(compared.comparison, ValueComparison)
    assert compared.comparison.count == 1
    refused = command(first, second, key=("a",))
    assert await comparing(place).compare(refused) == Failure(NotComparable(refused, NotTables(True)))

    monkeypatch.setattr(place.store.executions, "result", raise_undecrypted)
    equal = Compared(first.submission, same.submission, ValueComparison(0, ()))
    assert await comparing(place).compare(command(first, same)) == Success(equal)
    altered = command(first, second)
    unreadable = NotComparable(altered, ComparisonStopped(StopReason.UNREADABLE))
    assert await comparing(place).compare(altered) == Failure(unreadable)


async def raise_undecrypted(*_: object) -> None:
    raise DecryptionFailed("altered")


async def test_an_execution_without_a_result_is_refused_on_either_side(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Sampled()
    done, other = await ended(place, b"[1]"), await ended(place, b"[2]")
    failed = await ended(place, b"[1]", fails=True)
    assert isinstance(failed, Failed)
    pending = await place.submit()
    missing = an_id()
    refusals: dict[Any, Any] = {
        missing: UnknownExecution(missing),
        failed.submission.id: HasFailed(failed),
        pending.submission.id: NotFinished(pending),
    }
    for id_, refusal in refusals.items():
        for before, after in ((id_, done.submission.id), (done.submission.id, id_)):
            assert await comparing(place).compare(Compare(before, after, ComparisonChoices())) == Failure(refusal)

    async def find(execution_id: Any) -> Any:
        return None if execution_id == gone else await stored(execution_id)

    stored = place.store.executions.result
    monkeypatch.setattr(place.store.executions, "result", find)
    for gone in (done.submission.id, other.submission.id):  # removed between the look at the record and the read
        assert await comparing(place).compare(command(done, other)) == Failure(ContentRemoved(gone))
