"""The contract of every store for the audit trail: each change is in it once, with its actor, and nothing else is."""

from datetime import timedelta

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from adapters.memory.store import MemoryStore
from application.ports.access import AuditFilter
from application.ports.executions import NewExecution
from domain.access import Scope, new_key, new_token, revoke
from domain.audit import Action, Actor, AuditEvent, AuditRecord, execution_event
from domain.execution import as_finished
from domain.redaction import remove_content
from domain.retention import INHERIT_ALL, retention
from domain.script import Description, archive, unarchive
from domain.transitions import cancel
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import now
from tests.contracts.test_idempotency import LARGE, SMALL, an_attempt
from tests.support.values import NOON, a_pending, a_script, an_id

BY = Actor(an_id(), "a-request", an_id())
OTHER = Actor(an_id(), None, an_id())


async def trail(store: Store) -> list[AuditEvent]:
    """Read all records, oldest first."""
    return [one.event for one in reversed(await store.audit.page(AuditFilter(), None, 1_000))]


async def test_scripts_are_registered_revised_archived_unarchived_and_retained(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        second = evolve(version, number=2)
        await store.scripts.add(script, version, BY)
        await store.scripts.add(*a_script(), OTHER)  # the name is taken
        await store.scripts.add_version(second, OTHER)
        await store.scripts.add_version(second, BY)  # the number is taken
        closed = archive(evolve(script, latest_version=2), NOON)
        for one in (closed, closed, unarchive(closed), unarchive(closed)):
            await store.scripts.set_archived_at(one, BY)
        for own in (retention(3, None).unwrap(), retention(3, None).unwrap(), INHERIT_ALL):
            await store.scripts.set_retention(evolve(script, retention=own), OTHER)
        for text in ("new", "new", script.description.value):
            await store.scripts.set_description(evolve(script, description=Description(text)), BY)
        of = script.id
        assert await trail(store) == [
            AuditEvent(action=Action.REGISTERED, actor=BY, script_id=of, version=1),
            AuditEvent(action=Action.REVISED, actor=OTHER, script_id=of, version=2),
            AuditEvent(action=Action.ARCHIVED, actor=BY, script_id=of),
            AuditEvent(action=Action.UNARCHIVED, actor=BY, script_id=of),
            AuditEvent(action=Action.SET_RETENTION, actor=OTHER, script_id=of),
            AuditEvent(action=Action.SET_RETENTION, actor=OTHER, script_id=of),
            AuditEvent(action=Action.DESCRIBED, actor=BY, script_id=of),
            AuditEvent(action=Action.DESCRIBED, actor=BY, script_id=of),
        ]


async def test_executions_are_submitted_cancelled_and_emptied(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        await store.scripts.add(script, version)
        plain, large, keyed = a_pending(version), a_pending(version, dataset=LARGE), an_attempt(version)
        await store.executions.add(NewExecution(plain, SMALL, BY))
        await store.executions.add(NewExecution(large, LARGE, OTHER))
        assert await store.keys.add(NewExecution(keyed.pending, keyed.dataset, BY), keyed.request) == Success(None)
        again = an_attempt(version)
        repeated = NewExecution(again.pending, again.dataset, OTHER)
        assert await store.keys.add(repeated, again.request) == Failure(keyed.record)
        failed = cancel(plain, NOON)
        for by in (OTHER, BY):
            await store.executions.cancel(plain, failed, by)  # the second is too late
        gone = remove_content(as_finished(await now(store, plain)).unwrap(), NOON)
        for by in (BY, OTHER):
            await store.executions.remove_content(gone, by)
        assert (await trail(store))[1:] == [
            execution_event(Action.SUBMITTED, plain.submission, BY),
            execution_event(Action.SUBMITTED, large.submission, OTHER),
            execution_event(Action.SUBMITTED, keyed.pending.submission, BY),
            execution_event(Action.CANCELLED, plain.submission, OTHER),
            execution_event(Action.REMOVED_CONTENT, plain.submission, BY),
        ]


async def test_keys_are_made_and_revoked_and_reads_come_with_their_time(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "a key", [Scope.READ], NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest, BY)
        for by in (OTHER, BY):
            await store.api_keys.revoke(revoke(key, NOON), by)
        read = execution_event(Action.READ_INPUT, a_pending(a_script()[1]).submission, OTHER)
        await store.audit.add([(NOON, read), (NOON, evolve(read, action=Action.READ_RESULT))])
        *of_keys, first, second = reversed(await store.audit.page(AuditFilter(), None, 10))
        assert [one.event for one in of_keys] == [
            AuditEvent(action=Action.CREATED_KEY, actor=BY, api_key_id=key.id),
            AuditEvent(action=Action.REVOKED_KEY, actor=OTHER, api_key_id=key.id),
        ]
        assert [(one.at, one.event.action) for one in (first, second)] == [
            (NOON, Action.READ_INPUT),
            (NOON, Action.READ_RESULT),
        ]


async def test_records_name_their_scripts_and_keys(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "ingestion", [Scope.READ], NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest)
        script, version = a_script()
        await store.scripts.add(script, version, Actor(key.id))
        await store.scripts.set_archived_at(archive(script, NOON))
        records = await store.audit.page(AuditFilter(), None, 10)
        assert [(one.script_name, one.key_name, one.api_key_name) for one in records] == [
            (script.name.value, None, None),
            (script.name.value, "ingestion", None),
            (None, None, "ingestion"),
        ]


SUBMISSIONS = [a_pending(a_script()[1]).submission for _ in range(2)]
deeds = st.tuples(
    st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
    st.builds(
        execution_event,
        st.sampled_from([Action.READ_INPUT, Action.READ_RESULT, Action.READ_DETAILS]),
        st.sampled_from(SUBMISSIONS),
        st.sampled_from([BY, OTHER, Actor()]),
    ),
)
filters = st.builds(
    AuditFilter,
    action=st.none() | st.sampled_from([Action.READ_INPUT, Action.SUBMITTED]),
    key=st.none() | st.just(BY.key_id),
    script=st.none() | st.just(SUBMISSIONS[0].script.id),
    execution=st.none() | st.just(SUBMISSIONS[0].id),
    at_from=st.none() | st.just(NOON + timedelta(hours=1)),
    at_to=st.none() | st.just(NOON + timedelta(hours=2)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    done=st.lists(deeds, min_size=1, max_size=12),
    wanted=st.lists(filters, min_size=1, max_size=6),
    limit=st.integers(1, 5),
)
async def test_pages_are_all_that_the_filter_shows_the_last_written_first(
    open_store: OpenStore, done: list[tuple[object, AuditEvent]], wanted: list[AuditFilter], limit: int
) -> None:
    async with open_store() as store:
        model = MemoryStore(lambda: NOON, timedelta(seconds=1)).audit
        for trail_ in (store.audit, model):
            await trail_.add(done)  # type: ignore[arg-type]
        for one in wanted:
            found: list[AuditRecord] = []
            while page := await store.audit.page(one, found[-1].number if found else None, limit):
                assert len(page) <= limit
                found += page
            shown = await model.page(one, None, 100)
            assert [(each.at, each.event) for each in found] == [(each.at, each.event) for each in shown]
            numbers = [each.number for each in found]
            assert numbers == sorted(set(numbers), reverse=True)
