"""Reproductions over every store: the dataset is stored anew as it was, and results are compared part by part."""

from time import monotonic

from attrs import evolve

from adapters.json.bodies import JsonBodies
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.reproduce import Reproduce, ReproductionPorts
from application.executions.use_cases import ReproductionUseCases
from application.ports.executions import NewExecution
from application.scripts.known import KnownScripts
from domain.body import Encoding
from domain.execution import Failed, Succeeded
from domain.outcome import Produced
from domain.reproduction import Aspect, Difference, Reproduced
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import claim, ending, starting
from tests.support.stored_bodies import whole
from tests.support.values import ENGINE, a_failure, a_pending, a_run, a_script

BODIES = JsonBodies()
LONG = b"[" + b"1234567," * 50_000 + b"1]"


def use_cases(store: Store) -> ReproductionUseCases:
    return ReproductionUseCases(
        ReproductionPorts(
            known_scripts=KnownScripts(store.scripts),
            executions=store.executions,
            completions=store.endings,
            replay_admission=Admission(store.executions.waiting, 0, monotonic),
            bodies=BODIES,
            clock=utc_now,
            new_id=uuid7,
            installed_engine=lambda name: ENGINE,
        )
    )


async def test_an_archived_script_s_execution_is_reproduced_and_differences_are_found(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        (await store.scripts.add(script, version)).unwrap()
        dataset = (await BODIES.encode(LONG)).unwrap()
        assert dataset.encoding is Encoding.ZSTD
        pending = a_pending(version, dataset=dataset)
        (await store.executions.add(NewExecution(pending, dataset))).unwrap()
        (claimed,) = await claim(store.queue)
        long = Produced((await BODIES.encode(LONG)).unwrap())
        other = Produced((await BODIES.encode(LONG[:-2] + b"2]")).unwrap())
        done = ending(claimed, a_run(long))
        await store.queue.finish([done])
        await store.scripts.set_archived_at(evolve(script, archived_at=utc_now()))
        cases = use_cases(store)
        for outcome in (long, other, a_failure()):
            original = (await cases.find_reproducible(pending.submission.id)).unwrap()
            started = (await cases.reproduce(Reproduce(original=original))).unwrap()
            replay_id = started.replay.submission.id
            assert await whole(await store.executions.dataset(replay_id)) == dataset
            (again,) = await store.queue.claim_replays(1, starting())
            assert again.running.submission == started.replay.submission
            await store.queue.finish([ending(again, a_run(outcome))])
            found = (await cases.find(pending.submission.id, replay_id)).unwrap()
            assert isinstance(found.replay, Succeeded | Failed)
            examined = await cases.examine(found.original, found.replay)
            if outcome is long:
                assert (examined.comparison, examined.place) == (Reproduced(), None)
            elif outcome is other:
                assert isinstance(examined.comparison, Difference)
                assert (examined.comparison.of, examined.place and examined.place.byte) == (
                    Aspect.RESULT,
                    len(LONG) - 2,
                )
            else:
                assert examined.comparison == Difference(Aspect.OUTCOME, "succeeded", "script_error")
