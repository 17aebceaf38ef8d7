"""Regressions of the planner and the driver: each test here is for a bad plan or behaviour that occurred once.

The plans are those of the adapters' own statements with their own parameters, on a table that is full.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from attrs import evolve
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from returns.result import Failure

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.json.bodies import JsonBodies
from adapters.postgres import queue as queue_module
from adapters.postgres.connections import connection, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.queries import QUERIES
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.status import SAMPLED_PAGES
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.completion_signals import WatchedCompletions
from application.executions.submission import Submit
from application.executions.submit import SubmitPorts, submit
from application.ports.access import AuditFilter
from application.ports.encryption import DataKey, MasterKeyMissing, WrappedKey
from application.ports.executions import ExecutionFilter, Expected, NewExecution
from application.ports.live_logs import LogPart
from application.ports.stored_bodies import PART_BYTES
from application.ports.version_replays import Settlement
from application.scripts.known import KnownScripts
from domain.access import Scope
from domain.audit import Action
from domain.execution import Pending, State, as_finished
from domain.outcome import LogLevel, LogLine, Logs
from domain.redaction import remove_content
from domain.replay_sums import ReplayCounts
from domain.replayed_executions import EQUAL
from domain.script import script_name
from domain.transitions import cancel
from domain.version_replays import LatestExecutions, ReplayReport
from domain.versions import ScriptVersion
from tests.adapters.postgres.explaining import EXPLAINED, Full, assert_lean, explaining
from tests.contracts.test_executions import claim, ending, losing, starting
from tests.contracts.test_idempotency import KEY, an_attempt
from tests.support.bulk_rows import AN_ORIGINAL, fill
from tests.support.postgres import copy_template, in_background, listening
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, an_id

ANALYSED: Final = "analysed"
SCRIPTS: Final = 100
FINISHED: Final = 200_000
PENDING: Final = 20_000
REPLAYS: Final = 20_000
EXECUTIONS_A_PAGE: Final = 40
DESCENT: Final = 4
"""Pages of an index from its root to a row of the table."""
A_SCRIPT: Final = UUID("00000000-0000-7000-8000-000000000001")
AN_EXECUTION: Final = UUID("01900000-0000-7000-8000-000000000001")
ANOTHER_EXECUTION: Final = UUID("01900000-0000-7000-8000-000000000002")


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> str:
    url = copy_template(postgres_server)
    with psycopg.connect(url, autocommit=True) as conn:
        for table in ("executions", "execution_inputs", "execution_results"):
            conn.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())
    backlogs = [(1, 1, PENDING - 1000), (2, SCRIPTS - 1, 1000)]
    fill(url, scripts=SCRIPTS, finished=FINISHED, pending=backlogs, replays=[(1, 10, REPLAYS)])
    return url


@pytest.fixture(scope="module", params=["as it was filled", ANALYSED])
def full(request: pytest.FixtureRequest, filled: str) -> str:
    if request.param == ANALYSED:
        with psycopg.connect(filled, autocommit=True) as conn:
            conn.execute("analyze")
    return filled


async def test_metrics_are_read_from_indexes(full: str) -> None:
    async with explaining(full) as store:
        vitals = await store.vitals()
    assert PENDING / 2 < vitals.waiting <= PENDING  # other tests here run some
    assert REPLAYS / 2 < vitals.replays_waiting <= REPLAYS
    assert vitals.oldest_waiting_seconds > 0
    # of the waiting rows each takes a look at its page, where nothing has been vacuumed yet
    assert_lean("vitals", PENDING + REPLAYS + 30 * SCRIPTS + 1_000)


async def test_the_status_reads_a_sample_of_the_executions_whatever_their_number(full: str) -> None:
    async with explaining(full) as store:
        await store.status.status()
        storage = await store.status.storage(20)
    assert (storage.is_exact, len(storage.scripts)) == (False, 20)
    assert_lean("workers_listed", 20)
    assert_lean("largest_scripts", 2 * SAMPLED_PAGES + EXECUTIONS_A_PAGE * SAMPLED_PAGES * 2 * DESCENT)


@pytest.mark.parametrize("count", [1, 8, 64])
async def test_a_claim_of_replays_touches_pages_for_its_batch_and_no_more(full: str, count: int) -> None:
    async with explaining(full) as store:
        claimed = await store.queue.claim_replays(count, starting())
        assert len(claimed) == count
        assert all(one.running.submission.replay_of == AN_ORIGINAL for one in claimed)
        assert await store.queue.claim_replays(count, starting(), {"dukpy"}) == []
        assert await store.queue.finish([ending(one) for one in claimed]) == frozenset()
    assert_lean("claim_replays", 30 * count + 200)


@pytest.mark.parametrize("count", [1, 8, 64])
async def test_a_worker_s_statements_touch_pages_for_their_batch_and_no_more(full: str, count: int) -> None:
    async with explaining(full) as store:
        claimed = await claim(store.queue, count)
        assert len(claimed) == count
        assert await store.queue.renew([one.running for one in claimed]) == frozenset()
        parts = [LogPart(one.running, 0, Logs((LogLine(LogLevel.LOG, "x"),))) for one in claimed]
        assert len(await store.live_logs.append(parts)) == count
        assert await store.live_logs.read(claimed[0].running) == parts[0].logs
        assert len(await store.live_logs.ends([one.running.submission.id for one in claimed])) == count
        assert await store.queue.finish([ending(one) for one in claimed]) == frozenset()
        await store.live_logs.purge()
    for name, of_each, besides in [
        ("claim", 30, 100),
        ("start", 40, 100),
        ("renew", 20, 20),
        ("append_live_logs", 40, 60),
        ("live_log", 0, 60),
        ("log_ends", 20, 60),
        ("purge_live_logs", 20, 60),
        ("settle", 60, 60),
    ]:
        assert_lean(name, of_each * count + besides)


async def test_the_search_for_expired_leases_touches_running_executions_only(full: str) -> None:
    async with explaining(full, lease=timedelta(0)) as store:
        await claim(store.queue, 8)
        assert len(await store.queue.reclaim(100, losing())) == 8
        assert await store.queue.reclaim(100, losing()) == []
    assert_lean("expired", 300)


async def test_a_cap_on_a_script_s_runs_costs_a_look_at_running_executions_only(full: str) -> None:
    async with explaining(full, script_runs=1) as store:
        claimed = await claim(store.queue, 64)
        assert len({one.running.submission.script.id for one in claimed}) == len(claimed) > 0
    assert_lean("claim", 64 * 30 + 1000)


WANTED: Final = [
    ExecutionFilter(),
    ExecutionFilter(script=A_SCRIPT),
    ExecutionFilter(script=A_SCRIPT, version=1),
    ExecutionFilter(state=State.PENDING),
    ExecutionFilter(script=A_SCRIPT, state=State.PENDING),
    ExecutionFilter(state=State.RUNNING),
    ExecutionFilter(state=State.SUCCEEDED),
    ExecutionFilter(state=State.FAILED),
    ExecutionFilter(script=A_SCRIPT, state=State.FAILED),
    ExecutionFilter(replays=True),
    ExecutionFilter(script=A_SCRIPT, replays=True),
    ExecutionFilter(replay_of=AN_ORIGINAL),
    ExecutionFilter(replay_of=ANOTHER_EXECUTION),
    ExecutionFilter(replay_of=AN_ORIGINAL, state=State.PENDING),
    ExecutionFilter(input_of=AN_ORIGINAL),
    ExecutionFilter(input_of=ANOTHER_EXECUTION),
]


@pytest.mark.parametrize("full", [ANALYSED], indirect=True)
@pytest.mark.parametrize("wanted", WANTED, ids=range(len(WANTED)))
async def test_a_reader_s_statements_touch_pages_for_their_rows_and_no_more(full: str, wanted: ExecutionFilter) -> None:
    async with explaining(full) as store:
        first = await store.executions.page(wanted, None, 50)
        if first:
            await store.executions.page(wanted, first[-1].submission.id, 50)
        assert await store.executions.report(AN_EXECUTION, 100) is not None
        assert await whole(await store.executions.result(AN_EXECUTION)) is not None
    for name, pages in [("executions_page", 400), ("reports", 20), ("result", 20)]:
        assert_lean(name, pages)


async def test_the_statements_of_replays_touch_pages_for_their_rows_and_no_more(full: str) -> None:
    async with explaining(full) as store:
        for wanted in (LatestExecutions(50), LatestExecutions(50, NOON, 1)):
            assert len(await store.replays.latest(A_SCRIPT, wanted)) in (0, 50)
        taken = await store.replay_work.take(4)
        assert len(taken) == 4
        await store.replay_work.renew([one.id for one in taken])
        (one, *_) = await store.replay_work.open_executions(taken[0].id, 16)
        assert one.execution.number >= 40
        assert await store.replay_work.settle(Settlement(one.execution, EQUAL))
        assert not await store.replay_work.finish(taken[0].id, ReplayReport(ReplayCounts(total=50)))
        assert len(await store.replays.executions(taken[0].id, 0, 50)) == 50
        assert await store.replays.differences(taken[0].id, 0, 4) == []
        assert await store.replays.columns(taken[0].id, 0, 4) == []
        assert (await store.replays.find(taken[0].id)) is not None
        assert len(await store.replays.page(A_SCRIPT, 1, None, 10)) == 10
        await store.replay_work.release()
        assert (await store.expired.delete_replays(timedelta(days=1), UUID(int=0), 100)).count == 0
    for name, pages in [
        ("latest_originals", 300),
        ("take_replays", 100),
        ("renew_replays", 60),
        ("open_executions", 60),
        ("settle_replayed", 40),
        ("finish_replay", 30),
        ("replayed_executions", 100),
        ("replay_differences", 250),
        ("replay_columns", 250),
        ("version_replays", 300),
        ("release_replays", 300),
        ("delete_expired_replays", 30 * SCRIPTS),
    ]:
        assert_lean(name, pages, tiny={"api_keys"})


@pytest.mark.parametrize(("excluded", "count"), [("dukpy", 0), ("a-later-engine", 8)])
async def test_excluded_engines_cost_a_look_at_each_script_that_waits_and_no_more(
    full: str, excluded: str, count: int
) -> None:
    """All pending executions are of versions on dukpy: 19,000 of one script, 1,000 of all others."""
    async with explaining(full) as store:
        assert len(await store.queue.claim(8, starting(), {excluded})) == count
    assert_lean("claim", 20 * SCRIPTS)


async def test_a_part_of_a_body_touches_pages_for_itself_and_no_more(full: str) -> None:
    body = a_body(bytes(range(256)) * (16 * PART_BYTES // 256))
    async with explaining(full) as store:
        script, version = a_script(f"large-{an_id().hex}")
        (await store.scripts.add(script, version)).unwrap()
        pending = a_pending(version, dataset=body)
        await store.executions.add(NewExecution(pending, body))
        assert await whole(await store.executions.dataset(pending.submission.id)) == body
    for name in ("dataset", "dataset_part"):
        assert_lean(name, PART_BYTES // 2_000 + 40)  # the database keeps large values in chunks of some 2 KB


async def test_removing_content_touches_pages_of_one_execution_and_no_more(full: str) -> None:
    async with explaining(full) as store:
        report = await store.executions.report(ANOTHER_EXECUTION, 100)
        assert report is not None
        removed = remove_content(as_finished(report.execution).unwrap(), NOON)
        await store.executions.remove_content(removed)
        assert await whole(await store.executions.dataset(ANOTHER_EXECUTION)) is None
    assert_lean("remove_content", 80)


async def test_a_submission_to_a_script_that_is_known_is_one_statement(lent_database: Callable[[], str]) -> None:
    async with explaining(lent_database()) as store:
        script, version = a_script()
        (await store.scripts.add(script, version)).unwrap()
        ports = SubmitPorts(
            known_scripts=KnownScripts(store.scripts),
            executions=store.executions,
            idempotency_keys=store.keys,
            admission=Admission(store.executions.waiting, 100, lambda: 0),
            bodies=JsonBodies(),
            clock=utc_now,
            new_id=uuid7,
            inline_result_bytes=0,
        )
        first = Submit(script=script.name, dataset=b"[1]")
        (await submit(ports, first)).unwrap()
        for command, sent in [
            (first, ["add_executions"]),
            (evolve(first, version=1), ["add_executions"]),
            (evolve(first, idempotency_key=KEY), ["idempotency_keys", "add_executions"]),
        ]:
            EXPLAINED.clear()
            (await submit(ports, command)).unwrap()
            assert [one.name for one in EXPLAINED if one.name != "notify"] == sent  # which is sent beside it


KEYS: Final = """
insert into idempotency_keys
select id::text, sha256('x'), id, now() + case when random() < 0.5 then interval '1 hour' else interval '-1 hour' end
from executions limit 50000
"""


async def test_a_key_costs_pages_for_itself_and_its_removal_for_its_batch(full: str) -> None:
    with psycopg.connect(full, autocommit=True) as conn:
        conn.execute("delete from idempotency_keys")
        conn.execute(KEYS)
        found = conn.execute("select script_id, version from executions limit 1").fetchone()
        assert found is not None
    _, version = a_script()
    version = evolve(version, script_id=found[0], number=found[1])
    async with explaining(full) as store:
        first = an_attempt(version)
        for attempt in (first, an_attempt(version)):
            known = await store.keys.add(NewExecution(attempt.pending, attempt.dataset), attempt.request)
        assert known == Failure(first.record)
        assert await store.keys.forget_expired(100) == 100
    for name, pages in [("idempotency_keys", 20), ("add_executions", 100), ("forget_keys", 1500)]:
        assert_lean(name, pages)


API_KEYS: Final = """
insert into api_keys (id, name, sha256, scopes, created_at, revoked_at)
select id, 'a key', sha256(id::text::bytea), '{read}', now(), now() from executions limit 50000
"""


async def test_a_token_costs_pages_for_itself_however_many_keys_were_revoked(full: str) -> None:
    with psycopg.connect(full, autocommit=True) as conn:
        conn.execute("delete from api_keys")
        conn.execute(API_KEYS)
    async with explaining(full) as store:
        assert await store.api_keys.find("00" * 32) is None
        assert await store.api_keys.any_unrevoked() is False
        await store.api_keys.note_uses({AN_EXECUTION: NOON, ANOTHER_EXECUTION: NOON})
        assert len(await store.api_keys.page(None, 50)) == 50
        await store.api_keys.get(AN_EXECUTION)
        assert await store.api_keys.find_with_scope(Scope.ADMIN, AN_EXECUTION, NOON) is None
    for name, pages in [
        ("api_keys_by_tokens", 10),
        ("any_unrevoked_key", 10),
        ("note_key_uses", 60),
        ("api_keys_page", 60),
        ("api_key", 10),
        ("api_key_with_scope", 10),
    ]:
        assert_lean(name, pages)


DEEDS: Final = """
insert into audit (at, action, key_id, request_id, script_id, version, execution_id)
select submitted_at, case when random() < 0.999 then 'submitted' else 'cancelled' end,
    script_id, 'r', script_id, version, id
from executions order by id limit 100000
"""
ASKED: Final = [
    AuditFilter(),
    AuditFilter(key=A_SCRIPT),
    AuditFilter(script=A_SCRIPT),
    AuditFilter(execution=AN_EXECUTION),
    AuditFilter(action=Action.SUBMITTED),
    AuditFilter(action=Action.CANCELLED),
    AuditFilter(action=Action.REVOKED_KEY),
    AuditFilter(script=A_SCRIPT, action=Action.SUBMITTED),
]


@pytest.mark.parametrize("full", [ANALYSED], indirect=True)
async def test_a_page_of_the_audit_trail_touches_pages_for_its_records_and_no_more(full: str) -> None:
    with psycopg.connect(full, autocommit=True) as conn:
        conn.execute(DEEDS)
        conn.execute("analyze audit")
    async with explaining(full) as store:
        for wanted in ASKED:
            first = await store.audit.page(wanted, None, 50)
            await store.audit.page(wanted, first[-1].number if first else 1, 50)
    assert_lean("audit_page", 400, tiny=("scripts", "api_keys"))


@pytest.mark.parametrize("full", [ANALYSED], indirect=True)
async def test_counting_pending_executions_reads_no_further_than_the_limit(full: str) -> None:
    """A limit without an order had it read the finished rows first, all of them."""
    async with explaining(full) as store:
        assert await store.executions.waiting(1000) == 1000
        assert await store.executions.replays_waiting(1000) == 1000
        for wanted in (
            ExecutionFilter(state=State.PENDING),
            ExecutionFilter(state=State.PENDING, replay_of=AN_ORIGINAL),
        ):
            (newest,) = await store.executions.page(wanted, None, 1)
            assert isinstance(newest, Pending)
            assert (await store.executions.queue_place(newest)).ahead > 0
    assert_lean("waiting", 2000)
    assert_lean("replays_waiting", 2000)
    assert_lean("queue_place", 2000)
    assert_lean("queue_place_of_replay", 2000)


@pytest.mark.parametrize("full", [ANALYSED], indirect=True)
async def test_a_claim_takes_no_more_than_the_count_with_every_join(full: str) -> None:
    """`id in (select … limit n for update skip locked)` takes more than n when a nested loop runs it again."""
    async with open_pool(full, "tests", size=1) as pool:
        queue, running = (
            PostgresQueue(pool, "one", timedelta(minutes=1)),
            "select 1 from executions where worker = 'one'",
        )
        async with connection(pool) as conn:
            before = (await conn.execute(running)).rowcount
            for setting in ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_sort"):
                await conn.execute(f"set {setting} = off".encode())
        assert len(await claim(queue, 5)) == 5
        async with connection(pool) as conn:
            assert (await conn.execute(running)).rowcount == before + 5


@pytest.mark.parametrize("full", [ANALYSED], indirect=True)
async def test_a_claim_skips_locked_rows(full: str) -> None:
    hold = "select id from executions where state = 'pending' and script_id = %s order by id limit 30 for update"
    async with open_pool(full, "tests", size=1) as pool, await psycopg.AsyncConnection.connect(full) as holder:
        held = {row[0] for row in await (await holder.execute(hold, (A_SCRIPT,))).fetchall()}
        claimed = await claim(PostgresQueue(pool, "one", timedelta(minutes=1)), SCRIPTS + 5)
    assert len({one.running.submission.id for one in claimed} - held) == SCRIPTS + 5
    of_each = Counter(one.running.submission.script.id for one in claimed)
    assert set(of_each.values()) <= {1, 2}


class AnyKey(AesKeyring):
    """Seals that take every row's key for a good one."""

    def unwrap(self, execution_id: UUID, wrapped: WrappedKey) -> DataKey:
        try:
            return super().unwrap(execution_id, wrapped)
        except MasterKeyMissing:
            seal = self.generate(execution_id)
            assert seal is not None
            return seal


async def test_a_plan_that_was_made_while_the_tables_were_empty_is_right_when_they_are_full(
    new_database: Callable[[], str],
) -> None:
    """Plans live as long as their connection: one that read the table from its beginning would never end."""
    url = new_database()
    with psycopg.connect(url, autocommit=True) as conn:
        for table in ("scripts", "script_versions", "executions", "execution_inputs", "execution_results"):
            conn.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())  # an analysis renews plans
    async with explaining(url, seals=AnyKey(MasterKeys("a", {"a": bytes(32)}))) as store:
        script, version = a_script()
        await store.scripts.add(script, version)
        await _live(store, version)
        fill(url, scripts=20_000, finished=100_000, pending=[(1, 1, 5_000), (2, 19_999, 5_000)])
        EXPLAINED.clear()
        await _live(store, version)
    names = {one.name for one in EXPLAINED}
    assert {"claim", "start", "settle", "add_executions", "reports", "scripts_by_keys", "cancel", "data_keys"} <= names
    assert {"append_live_logs", "live_log", "purge_live_logs", "last_logs", "keep_last_logs", "log_ends"} <= names
    for name in names:
        assert_lean(name, 8 * 60 + 100)
    assert not [one for one in EXPLAINED if one.scanned & {"scripts", "script_versions"}]


async def _live(store: Full, version: ScriptVersion) -> None:
    """Execute every statement of an execution's life, and those of maintenance."""
    pending = a_pending(version, dataset=a_body())
    for key in (version.script_id, script_name("nobody").unwrap()):
        await store.scripts.find(key)
    await store.executions.add(NewExecution(pending, a_body(), expected=Expected(version.number)))
    await store.executions.waiting(100)
    await store.executions.replays_waiting(100)
    claimed = await claim(store.queue, 8)
    await store.queue.renew([one.running for one in claimed])
    await store.live_logs.append([LogPart(one.running, 0, Logs()) for one in claimed])
    await store.live_logs.read(claimed[0].running)
    await store.live_logs.ends([one.running.submission.id for one in claimed])
    await store.executions.cancel(claimed[0].running, cancel(claimed[0].running, claimed[0].running.started_at))
    await store.live_logs.purge()
    await store.queue.reclaim(100, losing())
    await store.queue.finish([ending(one) for one in claimed])
    await store.executions.report(pending.submission.id, 100)
    await store.executions.cancel(pending, cancel(pending, pending.submission.submitted_at))
    await whole(await store.executions.dataset(pending.submission.id))
    await whole(await store.executions.result(pending.submission.id))


def test_bodies_and_hashes_travel_in_binary() -> None:
    """As text, an array of bodies of 100 KB costs two hundred times as much."""
    parameters = re.findall(rb"%\((\w+)\)(\w)(?:::(\w+))?", b"\n".join(QUERIES.values()))
    bytes_of = {(name, how) for name, how, kind in parameters if kind == b"bytea" or name in (b"body", b"source")}
    assert {how for _, how in bytes_of} == {b"b"}
    assert {b"bodies", b"logs", b"output_sha256", b"source"} <= {name for name, _ in bytes_of}


async def test_a_claim_and_a_completion_do_not_write_the_dataset_again(new_database: Callable[[], str]) -> None:
    """With the body in the row that moves, each change of state writes it anew."""
    script, version = a_script()
    body = a_body(b'"' + bytes(range(35, 92)) * 70 + b'"')
    async with open_pool(new_database(), "tests", size=1) as pool:
        executions, queue = PostgresExecutions(pool), PostgresQueue(pool, "one", timedelta(minutes=1))
        await PostgresScripts(pool).add(script, version)
        for _ in range(20):
            await executions.add(NewExecution(a_pending(version, dataset=body), body))

        async def written() -> int:
            async with connection(pool) as conn:
                lsn = await (await conn.execute("select pg_current_wal_insert_lsn() - '0/0' as bytes")).fetchone()
            return int(lsn["bytes"]) if lsn else 0

        before = await written()
        claimed = await claim(queue, 20)
        await queue.finish([ending(one, a_run(a_failure())) for one in claimed])
        assert (await written() - before) / 20 < 2000 < body.digest.size_bytes


async def test_a_claim_takes_no_more_datasets_into_memory_than_it_may(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "MOST_CLAIMED_BYTES", 2_500)
    script, version = a_script()
    async with open_pool(new_database(), "tests", size=1) as pool:
        executions, queue = PostgresExecutions(pool), PostgresQueue(pool, "one", timedelta(minutes=1))
        await PostgresScripts(pool).add(script, version)
        for size in (1_000, 1_000, 9_000, 9_000, 10):
            body = a_body(b'"' + b"x" * (size - 2) + b'"')
            await executions.add(NewExecution(a_pending(version, dataset=body), body))
        batches = [[one.dataset.digest.size_bytes for one in await claim(queue, 5)] for _ in range(4)]
        assert batches == [[1_000, 1_000, 9_000], [9_000], [10], []]


async def test_nothing_that_waits_for_signals_holds_a_connection_of_the_pool(new_database: Callable[[], str]) -> None:
    url, endings, woken = new_database(), WatchedCompletions(), asyncio.Event()
    async with (
        open_pool(url, "tests", size=1) as pool,
        in_background(EndingsListener(url, endings).run(pool)),
        in_background(WorkListener(url, woken.set, lambda claim_id: None).run()),
    ):
        await listening(url, "bateia_ended")
        await listening(url, "bateia_pending")
        woken.clear()
        async with connection(pool, patience_seconds=1) as conn:
            await conn.execute("select pg_notify('bateia_pending', '')")
        await asyncio.wait_for(woken.wait(), 5)


def test_the_driver_remembers_how_to_convert_every_statement() -> None:
    longest = max(QUERIES.values(), key=len)
    assert len(longest) <= MAX_CACHED_STATEMENT_LENGTH, longest.decode()
