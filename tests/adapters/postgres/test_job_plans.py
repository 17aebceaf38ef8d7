"""The statements of jobs touch pages for what they concern and no more, beside many jobs, one with many partitions."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from attrs import evolve

from adapters.encryption.aes_gcm import AesKeyring
from adapters.postgres.json_columns import dump_value
from adapters.system import utc_now
from application.ports.jobs import JobFilter, NewJob
from domain.idempotency import IdempotencyKey, RequestFingerprint
from domain.jobs import JobStatus, cancel, remove_content, retry
from domain.partitions import PartitionState
from tests.adapters.postgres.explaining import assert_lean, explaining
from tests.contracts.conftest import MASTER_KEYS
from tests.support.bulk_rows import fill
from tests.support.postgres import copy_template
from tests.support.stored_jobs import a_job, a_partition, a_plan, done, failed, failure
from tests.support.values import a_script

SCRIPTS: Final = 100
JOBS: Final = 20_000
PARTITIONS: Final = 50_000
BEFORE_ALL: Final = UUID(int=0)
AT_ONCE: Final = timedelta(seconds=-1)
A_SCRIPT: Final = UUID("00000000-0000-7000-8000-000000000001")
A_JOB: Final = UUID("019a0000-0000-7000-8000-000000000001")

_JOBS: Final = """
insert into jobs (
    id, script_id, version, run_limits, clock, seed, request, submitted_at, started_at, finished_at, status, outcome,
    idempotency_key, request_sha256, key_expires_at
)
select overlay('019a0000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    overlay('00000000-0000-7000-8000-000000000000' placing lpad(to_hex(1 + n %% %(scripts)s), 12, '0') from 25)::uuid,
    1, %(limits)s, now(), repeat('0a', 16), %(request)s, now(), now(), now(), 'succeeded',
    '{"manifest_sha256": "", "objects": 1, "size_bytes": 1, "partitions_root": ""}', 'key ' || n, sha256('x'),
    now() - interval '1 day'
from generate_series(1, %(jobs)s) n
"""
_PARTITIONS: Final = """
insert into job_partitions (job_id, number, object_number, unit, range_start, range_end, state, result)
select %(job)s, n, 0, 'bytes', n, n + 1, 'done', j.result
from generate_series(100, %(partitions)s) n, (select jsonb_build_object('rows', 1) as result) j
"""


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> str:
    url = copy_template(postgres_server)
    job = a_job(a_script()[1])
    with psycopg.connect(url, autocommit=True) as conn:
        for table in ("jobs", "job_partitions"):
            conn.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())
        fill(url, scripts=SCRIPTS, finished=0, pending=[])
        sizes = {"scripts": SCRIPTS, "jobs": JOBS, "job": A_JOB, "partitions": PARTITIONS}
        conn.execute(_JOBS, sizes | {"limits": dump_value(job.limits), "request": dump_value(job.request)})
        conn.execute(_PARTITIONS, sizes)
    return url


@pytest.fixture(params=["as it was filled", "analysed"])
def full(request: pytest.FixtureRequest, filled: str) -> str:
    if request.param == "analysed":
        with psycopg.connect(filled, autocommit=True) as conn:
            conn.execute("analyze")
    return filled


async def test_a_job_costs_its_own_rows_beside_many_others(full: str) -> None:
    version = evolve(a_script()[1], script_id=A_SCRIPT)
    request = RequestFingerprint(IdempotencyKey(str(utc_now())), "0" * 64)
    async with explaining(full, seals=AesKeyring(MASTER_KEYS)) as store:
        jobs, work = store.jobs, store.job_work
        await jobs.add(NewJob(job=a_job(version), request=request))
        assert await jobs.find_by_key(request) is not None
        assert await work.is_waiting()
        taken = await work.take()
        assert taken is not None
        job = taken.job
        assert await work.plan(evolve(job, plan=a_plan()), [a_partition(one) for one in range(200)])
        assert await work.renew(job.id)
        assert await work.advance(evolve(job, plan=a_plan()))
        settled = [(failed if one % 2 else done)(a_partition(one)) for one in range(20)]
        assert await work.settle(job.id, settled)
        assert len(await jobs.partitions(job.id, None, 50, 50)) == 50
        assert len(await jobs.partitions(job.id, PartitionState.FAILED, 0, 50)) == 10
        assert await work.finish(failure(job))
        found = await jobs.find(job.id)
        assert found is not None
        again = retry(found.job).unwrap()
        assert await jobs.retry(again)
        await work.release(job.id)
        assert await jobs.cancel(cancel(again, utc_now()).unwrap())
        await jobs.remove_content(remove_content(cancel(again, utc_now()).unwrap(), utc_now()).unwrap())
        await store.vitals()
    for name, pages in [
        ("free_job_key", 20),
        ("add_job", 150),
        ("job_by_key", 20),
        ("job_waiting", 20),
        ("take_job", 150),
        ("plan_job", 60),
        ("add_job_partitions", 200 * 12),
        ("renew_job", 30),
        ("advance_job", 60),
        ("settle_job_partitions", 20 * 40 + 60),
        ("job_data_key", 80),
        ("job_partitions", 300),
        ("finish_job", 250),
        ("jobs_page", 60),
        ("retry_job", 900),
        ("release_job", 60),
        ("cancel_job", 250),
        ("remove_job_content", 900),
        ("vitals", 300),
    ]:
        assert_lean(name, pages, tiny={"api_keys"})


@pytest.mark.parametrize(
    "wanted",
    [JobFilter(), JobFilter(A_SCRIPT), JobFilter(A_SCRIPT, JobStatus.SUCCEEDED), JobFilter(status=JobStatus.SUCCEEDED)],
)
async def test_a_page_of_jobs_or_partitions_touches_pages_for_what_is_shown(full: str, wanted: JobFilter) -> None:
    async with explaining(full) as store:
        first = await store.jobs.page(wanted, None, 50)
        assert len(first) == 50
        assert len(await store.jobs.page(wanted, first[-1].job.id, 50)) == 50
    assert_lean("jobs_page", 50 * 14 + 100, tiny={"api_keys"})


async def test_retention_of_jobs_touches_pages_for_a_portion(full: str) -> None:
    async with explaining(full) as store:
        assert (await store.expired.remove_job_contents(AT_ONCE, BEFORE_ALL, 50)).count == 50
        assert (await store.expired.delete_jobs(AT_ONCE, BEFORE_ALL, 50)).count > 0
        assert await store.keys.forget_expired(50) == 50
    for name, pages in [
        ("job_contents_expired", 20 * 50),
        ("remove_job_content", 60 * 50),
        ("delete_expired_jobs", 80 * 50),
        ("forget_job_keys", 60 * 50),
    ]:
        assert_lean(name, pages)
