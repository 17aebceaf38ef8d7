"""Maintenance touches pages for its batch and no more, by plans made while the tables were empty."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from application.ports.encryption import WrappedKey
from domain.redaction import remove_content
from tests.adapters.postgres.explaining import EXPLAINED, TABLES, Full, assert_lean, explaining
from tests.support.bulk_rows import fill

SEALS: Final = AesKeyring(MasterKeys("new", {"new": bytes(32), "old": bytes(32)}))
BEFORE_ALL: Final = UUID(int=0)
AT_ONCE: Final = timedelta(seconds=-1)
BATCH: Final = 50
KEPT_LONGER: Final = (
    b"update scripts set retain_content_days = 36500, retain_rows_days = 3000 where name <> 'script-100'"
)
CONTENTS: Final = b"insert into execution_inputs select id, 'identity', '[1]' from executions where state = 'succeeded'"
TESTS: Final = b"""
insert into script_tests (
    id, script_id, name, created_at, circumstances, input_bytes, input_sha256, encoding, body, expected,
    master_key_id, wrapped
)
select overlay('018fffff-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    id, 'test-' || n, now(), '{}', 3, sha256('x'), 'identity', '[1]', '2',
    'old', repeat('w', 60)::bytea
from generate_series(1, 5000) n
cross join lateral (select id from scripts order by id offset n % 100 limit 1) s
"""
WEBHOOKS: Final = b"""
insert into webhooks (id, url, events, created_at, secret, master_key_id, wrapped)
select overlay('0190ffff-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    'https://receiver.example/', '{alias.moved}', now(), repeat('s', 60)::bytea, 'old', repeat('w', 60)::bytea
from generate_series(1, 5000) n
"""
JOBS: Final = b"""
insert into jobs (
    id, script_id, version, run_limits, clock, seed, request, submitted_at, finished_at, status, error_kind,
    master_key_id, wrapped
)
select overlay('0191ffff-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    id, 1, '{}', now(), '', '{}', now(), now(), 'failed', 'cancelled', 'old', repeat('w', 60)::bytea
from generate_series(1, 5000) n
cross join lateral (select id from scripts order by id offset n % 100 limit 1) s
"""
LIVE_LOGS: Final = b"""
insert into live_logs
select id, gen_random_uuid(), 0, repeat('x', 1000)::bytea, false, true
from executions order by id limit 200
"""


async def upkeep(store: Full) -> tuple[int, int]:
    await store.data_keys.rewrap("old", BEFORE_ALL, BATCH, lambda _, wrapped: WrappedKey("new", wrapped.data))
    assert (await store.readiness()).trouble is None
    await store.live_logs.purge()
    removed = await store.expired.remove_contents(AT_ONCE, BEFORE_ALL, BATCH, remove_content)
    return removed.count, (await store.expired.delete(AT_ONCE, BEFORE_ALL, BATCH)).count


async def test_maintenance_costs_its_batch_on_a_full_table_with_many_longer_retentions(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as conn:
        for table in TABLES:
            conn.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())
        async with explaining(url, seals=SEALS) as store:
            assert await upkeep(store) == (0, 0)
            fill(url, scripts=100, finished=50_000, pending=[(1, 1, 5_000)])
            conn.execute(CONTENTS)
            conn.execute(TESTS)
            conn.execute(WEBHOOKS)
            conn.execute(JOBS)
            conn.execute(LIVE_LOGS)
            conn.execute(KEPT_LONGER)
            EXPLAINED.clear()
            assert await upkeep(store) == (BATCH, BATCH)
    for name, pages in [
        ("keys_to_rewrap", 15 * BATCH),
        ("rewrap", 50 * BATCH),
        ("master_keys_in_use", 30),
        ("purge_live_logs", 10 * 200),
        ("contents_expired", 20 * BATCH),
        ("remove_content", 40 * BATCH),
        ("delete_expired", 80 * BATCH),
    ]:
        assert_lean(name, pages)
