"""The statements of batches touch pages for what they concern and no more, on large tables.

The database has many batches and a few with many lines; a plan that read either as a whole would show.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from attrs import evolve

from adapters.encryption.aes_gcm import AesKeyring
from adapters.system import utc_now
from application.ports.batches import BatchFilter
from application.ports.executions import ExecutionFilter
from domain.batches import remove_content
from domain.body import Body
from domain.execution import State, Succeeded
from domain.idempotency import IdempotencyKey, RequestFingerprint
from domain.redaction import remove_content as redact
from domain.versions import ScriptVersion
from tests.adapters.postgres.explaining import EXPLAINED, assert_lean, explaining
from tests.contracts.conftest import MASTER_KEYS
from tests.contracts.test_executions import claim, ending
from tests.support.batches import a_batch
from tests.support.bulk_rows import fill
from tests.support.postgres import copy_template
from tests.support.values import a_script, an_id

SCRIPTS: Final = 100
BATCHES: Final = 40_000
LARGE: Final = 10
LINES: Final = 5_000
BEFORE_ALL: Final = UUID(int=0)
AT_ONCE: Final = timedelta(seconds=-1)
A_SCRIPT: Final = UUID("00000000-0000-7000-8000-000000000001")
A_BATCH: Final = UUID("019a0000-0000-7000-8000-000000000001")
"""The first of the large ones, which has finished."""

_BATCHES: Final = """
insert into batches (
    id, script_id, version, lines, submitted_at, succeeded, last_ended_at, finished_at, content_removed_at
)
select overlay('019a0000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    overlay('00000000-0000-7000-8000-000000000000' placing lpad(to_hex(1 + n %% %(scripts)s), 12, '0') from 25)::uuid,
    1, %(lines)s, now(), %(lines)s, now(), now(), case when n > %(large)s then now() end
from generate_series(1, %(batches)s) n
"""
_EXECUTIONS: Final = """
insert into executions (
    id, script_id, version, state, attempt, submitted_at, started_at, finished_at, input_bytes, input_sha256,
    output_bytes, output_sha256, engine, wall_ms, cpu_ms, peak_memory_bytes, attribution
)
select overlay('019b0000-0000-7000-8000-000000000000' placing
    lpad(to_hex(n * %(lines)s + line), 12, '0') from 25)::uuid,
    b.script_id, 1, 'succeeded', 1, now(), now(), now(), 3, sha256('x'), 3, sha256('x'), 'an engine', 1, 1, 1,
    jsonb_build_object('batch', jsonb_build_object('batch_id', b.id, 'line', line, 'reference', null))
from (select id, script_id, row_number() over (order by id) as n from batches order by id limit %(large)s) b
cross join generate_series(1, %(lines)s) line
"""
_BODIES: Final = """
insert into execution_results
select id, 'identity', '[1]', null, false from executions where attribution -> 'batch' is not null
"""


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> str:
    url = copy_template(postgres_server)
    sizes = {"scripts": SCRIPTS, "batches": BATCHES, "large": LARGE, "lines": LINES}
    with psycopg.connect(url, autocommit=True) as conn:
        for table in ("executions", "execution_inputs", "execution_results", "batches"):
            conn.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())
        fill(url, scripts=SCRIPTS, finished=50_000, pending=[(1, SCRIPTS, 2_000)])
        conn.execute("set session_replication_role = replica")
        for statement in (_BATCHES, _EXECUTIONS, _BODIES):
            conn.execute(statement, sizes if "%(" in statement else None)
    return url


@pytest.fixture(params=["as it was filled", "analysed"])
def full(request: pytest.FixtureRequest, filled: str) -> str:
    if request.param == "analysed":
        with psycopg.connect(filled, autocommit=True) as conn:
            conn.execute("analyze")
    return filled


@pytest.fixture
def version(full: str) -> ScriptVersion:
    """Provide the version of a script that is there."""
    _, version = a_script()
    return evolve(version, script_id=A_SCRIPT)


async def test_adding_a_batch_touches_pages_for_its_lines_and_no_more(full: str, version: ScriptVersion) -> None:
    request = RequestFingerprint(IdempotencyKey(str(utc_now())), "0" * 64)
    async with explaining(full, seals=AesKeyring(MASTER_KEYS)) as store:
        (await store.batches.add(a_batch(version, 100, request))).unwrap()
    assert_lean("add_batch", 100 * 30 + 200)
    assert_lean("add_inputs", 100 * 30 + 200)


async def test_reading_a_batch_touches_pages_for_what_is_read_and_no_more(full: str) -> None:
    async with explaining(full) as store:
        await claim(store.queue, 20)
        found = await store.batches.find(A_BATCH)
        assert found is not None
        assert found.counts.succeeded == LINES
        for after in (0, LINES // 2, LINES - 50):
            lines = await store.batches.lines(A_BATCH, after, 50, 150)
            assert [one.number for one in lines] == list(range(after + 1, after + 51))
            assert all(isinstance(one.result, Body) for one in lines)
            assert len(await store.batches.lines(A_BATCH, after, 50, 149)) == 49
            assert len(await store.batches.lines(A_BATCH, after, 50)) == 50
        assert len(await store.batches.with_content(A_BATCH, 50)) == 50
        wanted = ExecutionFilter(batch=A_BATCH)
        page = await store.executions.page(wanted, None, 50)
        assert isinstance(page[0], Succeeded)
        assert len(await store.executions.page(evolve(wanted, state=State.SUCCEEDED), None, 50)) == 50
    for name, pages in [
        ("batches_page", 200),
        ("batch_lines", 50 * 14 + 50),
        ("batch_with_content", 50 * 12 + 50),
        ("executions_page_of_batch", 50 * 12 + 100),
    ]:
        assert_lean(name, pages, tiny={"api_keys"})


@pytest.mark.parametrize(
    "wanted", [BatchFilter(), BatchFilter(script=A_SCRIPT), BatchFilter(script=A_SCRIPT, version=1)], ids=range(3)
)
async def test_a_page_of_batches_touches_pages_for_its_batches_and_no_more(full: str, wanted: BatchFilter) -> None:
    async with explaining(full) as store:
        first = await store.batches.page(wanted, None, 50)
        assert len(first) == 50
        assert len(await store.batches.page(wanted, first[-1].batch.id, 50)) == 50
    assert_lean("batches_page", 50 * 14 + 100, tiny={"api_keys"})


async def test_the_end_of_a_batch_touches_pages_for_what_has_ended_and_no_more(full: str) -> None:
    async with explaining(full) as store:
        script, version = a_script(f"script-{an_id()}"[:60])
        (await store.scripts.add(script, version)).unwrap()
        new = a_batch(version, 60)
        (await store.batches.add(new)).unwrap()
        claimed = await claim(store.queue, SCRIPTS + 20)
        assert any(one.running.submission.attribution.batch for one in claimed)
        assert await store.queue.finish([ending(one) for one in claimed]) == frozenset()
        assert await store.batches.cancel(new.batch.id, utc_now()) > 30
        assert await store.batches.cancel(A_BATCH, utc_now()) == 0
    assert_lean("settle_lines", (SCRIPTS + 20) * 60 + 100)
    of_new, of_finished = [one for one in EXPLAINED if one.name == "cancel_batch"]
    assert of_new.pages <= 60 * 60 + 100
    assert of_finished.pages <= 2 * LINES  # each of its lines is looked at, and nothing else
    assert not of_new.scanned | of_finished.scanned


async def test_retention_of_batches_touches_pages_for_a_portion_and_no_more(full: str) -> None:
    async with explaining(full) as store:
        found = await store.batches.find(A_BATCH)
        assert found is not None
        await store.batches.mark_removed(remove_content(found.batch, utc_now()).unwrap())
        left = await store.batches.with_content(A_BATCH, 50)
        await store.batches.remove_content([redact(one, utc_now()) for one in left])
        assert (await store.expired.remove_contents(AT_ONCE, BEFORE_ALL, 50, redact)).count == 50
        assert (await store.expired.delete(AT_ONCE, BEFORE_ALL, 50)).count == 50
    for name, pages in [
        ("mark_removed", 250),
        ("remove_content", 50 * 40),
        ("expire_batches", 20 * 50),
        ("batch_contents", 1_500),
        ("delete_expired_batches", 80 * 50),
        ("delete_expired", 80 * 50),
    ]:
        assert_lean(name, pages)


async def test_a_settlement_looks_for_webhooks_in_their_index_and_touches_no_batch_without_an_end(full: str) -> None:
    async with explaining(full) as store:
        assert await store.queue.finish([ending(one) for one in await claim(store.queue, 8)]) == frozenset()
    (settled,) = [one for one in EXPLAINED if one.name == "settle"]
    nodes = [one for one in flattened(settled.plan) if one.get("Relation Name") in ("webhook_interests", "batches")]
    assert [(one["Index Name"], one["Actual Rows"]) for one in nodes] == [("webhook_interests_pkey", 0)]


def flattened(plan: Any) -> Sequence[Any]:
    """List all nodes of a plan."""
    return [plan, *(one for below in plan.get("Plans", ()) for one in flattened(below))]
