"""The constraints of jobs and their partitions: each is broken once by a row that is otherwise right."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from domain.jobs import JobStatus
from domain.partitions import PartitionState, RangeUnit
from tests.adapters.postgres.test_constraints import EARLIER, LATER, SHA, VERSION
from tests.support.postgres import copy_template
from tests.support.values import NOON, an_id

SOME: Final = Jsonb({})
A_KEY: Final = {"master_key_id": "a", "wrapped": b"w"}
JOB: Final[dict[str, Any]] = {
    "version": 1,
    "run_limits": SOME,
    "clock": NOON,
    "seed": "0a" * 16,
    "request": "{}",
    "submitted_at": NOON,
}
KEYED: Final = JOB | {"idempotency_key": "k", "request_sha256": SHA, "key_expires_at": LATER}
RUNNING: Final = JOB | {"status": "running", "started_at": NOON, "held_by": an_id(), "leased_until": NOON}
PLANNED: Final = RUNNING | {"plan": "{}", "more_objects": "[]", "objects": 2, "planned": 3, "partitions": 3, "done": 1}
ENDED: Final = JOB | {"started_at": NOON, "finished_at": LATER}
SUCCEEDED: Final = ENDED | {"status": "succeeded", "outcome": SOME}
FAILED: Final = ENDED | {"status": "failed", "error_kind": "cancelled", "error": b"e", "differences": b"d"}
REMOVED: Final = JOB | {"status": "failed", "finished_at": NOON, "error_kind": "x", "content_removed_at": LATER}
WRONG_JOBS: Final = [
    ("jobs_request_check", JOB | {"request": "[]"}),
    ("jobs_request_sha256_check", KEYED | {"request_sha256": b"short"}),
    ("jobs_attempt_check", JOB | {"attempt": 0}),
    ("jobs_planned_check", PLANNED | {"planned": -1}),
    *((f"jobs_{one}_check", JOB | {one: -1}) for one in ("done", "failed", "bytes_total", "bytes_done")),
    *((f"jobs_{one}_check", JOB | {one: -1}) for one in ("rows_done", "result_bytes")),
    ("a_partition_is_counted_once", PLANNED | {"failed": 3}),
    ("a_plan_has_its_objects", JOB | {"planned": 1}),
    ("a_plan_has_its_objects", JOB | {"objects": 1}),
    ("a_plan_has_its_objects", JOB | {"more_objects": "[]"}),
    ("a_job_s_status_follows_from_its_facts", JOB | {"status": "lost"}),
    ("a_job_s_status_follows_from_its_facts", RUNNING | {"status": "pending"}),
    ("a_job_s_status_follows_from_its_facts", SUCCEEDED | {"status": "failed"}),
    ("a_job_s_status_follows_from_its_facts", FAILED | {"status": "succeeded"}),
    ("a_job_ends_in_one_way", ENDED | {"status": "failed"}),
    ("a_job_ends_in_one_way", SUCCEEDED | {"error_kind": "cancelled"}),
    ("a_job_ends_in_one_way", RUNNING | {"error_kind": "cancelled"}),
    ("only_a_failed_job_has_texts", SUCCEEDED | {"error": b"e"}),
    ("only_a_failed_job_has_texts", SUCCEEDED | {"error_partition": 1}),
    ("only_a_failed_job_has_texts", SUCCEEDED | {"differences": b"d"}),
    ("a_job_s_times_are_in_order", RUNNING | {"started_at": EARLIER}),
    ("a_job_s_times_are_in_order", FAILED | {"finished_at": EARLIER, "started_at": None}),
    ("a_job_s_times_are_in_order", REMOVED | {"content_removed_at": EARLIER}),
    ("only_a_finished_job_loses_its_content", JOB | {"content_removed_at": NOON}),
    ("a_job_is_encrypted_or_not", FAILED | {"wrapped": b"w"}),
    ("a_job_s_key_has_its_request", KEYED | {"request_sha256": None}),
    ("a_job_s_key_has_its_request", KEYED | {"key_expires_at": None}),
    ("a_hold_has_its_end", RUNNING | {"leased_until": None}),
    ("a_finished_job_is_free", FAILED | {"held_by": an_id(), "leased_until": NOON}),
    ("removed_content_is_gone", REMOVED | {"error": b"e"}),
    ("removed_content_is_gone", REMOVED | {"differences": b"d"}),
    ("removed_content_is_gone", REMOVED | A_KEY),
]
WAITING: Final[dict[str, Any]] = {"number": 0, "object_number": 0, "unit": "bytes", "range_start": 0, "range_end": 0}
DONE: Final = WAITING | {"state": "done", "result": SOME, "warnings": SOME}
BROKEN: Final = WAITING | {"state": "failed", "error_kind": "timeout", "error": b"e"}
WRONG_PARTITIONS: Final = [
    ("job_partitions_number_check", WAITING | {"number": -1}),
    ("job_partitions_object_number_check", WAITING | {"object_number": -1}),
    ("job_partitions_unit_check", WAITING | {"unit": "lines"}),
    ("job_partitions_range_start_check", WAITING | {"range_start": -1}),
    ("job_partitions_state_check", WAITING | {"state": "lost"}),
    ("job_partitions_attempts_check", WAITING | {"attempts": -1}),
    ("a_range_is_no_less_than_empty", WAITING | {"range_start": 1}),
    ("a_done_partition_has_its_result", DONE | {"result": None, "warnings": None}),
    ("a_done_partition_has_its_result", WAITING | {"result": SOME}),
    ("only_a_result_has_warnings", BROKEN | {"warnings": SOME}),
    ("a_failed_partition_has_its_reason", BROKEN | {"error_kind": None, "error": None}),
    ("a_failed_partition_has_its_reason", WAITING | {"error_kind": "timeout"}),
    ("only_a_failed_partition_has_a_message", DONE | {"error": b"e"}),
]


@pytest.fixture(scope="module")
def database(postgres_server: str) -> str:
    """Provide one database for all tests here, since none of them commits."""
    return copy_template(postgres_server)


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database) as conn:
        yield conn
        conn.rollback()


def insert(conn: psycopg.Connection[Any], job: dict[str, Any], partition: dict[str, Any] | None = None) -> None:
    """Insert a job of a new script, and a partition of it."""
    script, job_id = an_id(), an_id()
    conn.execute("insert into scripts values (%s, %s, '', now())", (script, f"script-{script}"[:60]))
    conn.execute(VERSION, (script, SHA, None))
    _insert(conn, "jobs", {"id": job_id, "script_id": script} | job)
    if partition is not None:
        _insert(conn, "job_partitions", {"job_id": job_id} | partition)


def _insert(conn: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(sql.Placeholder() * len(row))
    conn.execute(
        sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), names, values), [*row.values()]
    )


def test_jobs_and_partitions_that_the_domain_can_express_are_accepted(conn: psycopg.Connection[Any]) -> None:
    jobs = [JOB, KEYED, RUNNING, PLANNED, SUCCEEDED, FAILED, FAILED | A_KEY, REMOVED]
    assert {one.get("status", "pending") for one in jobs} == {one.value for one in JobStatus}
    for job in jobs:
        insert(conn, job)
    partitions = [WAITING | {"unit": one.value} for one in RangeUnit] + [DONE, BROKEN]
    assert {one.get("state", "waiting") for one in partitions} == {one.value for one in PartitionState}
    for partition in partitions:
        insert(conn, JOB, partition)


def test_jobs_and_partitions_that_the_domain_cannot_express_are_refused(conn: psycopg.Connection[Any]) -> None:
    wrong = [(rule, job, None) for rule, job in WRONG_JOBS] + [(rule, JOB, one) for rule, one in WRONG_PARTITIONS]
    for rule, job, partition in wrong:
        with pytest.raises(psycopg.errors.CheckViolation) as refused, conn.transaction():
            insert(conn, job, partition)
        assert refused.value.diag.constraint_name == rule


def test_every_rule_of_jobs_is_broken_here(conn: psycopg.Connection[Any]) -> None:
    checks = """
    select conname from pg_constraint
    where conrelid in ('jobs'::regclass, 'job_partitions'::regclass) and contype = 'c'
    """
    named = {name for (name,) in conn.execute(checks)}
    assert named == {rule for rule, _ in (*WRONG_JOBS, *WRONG_PARTITIONS)}


def test_a_key_belongs_to_one_job_and_a_job_to_a_version_that_is_there(conn: psycopg.Connection[Any]) -> None:
    insert(conn, KEYED)
    with pytest.raises(psycopg.errors.UniqueViolation), conn.transaction():
        insert(conn, KEYED)
    with pytest.raises(psycopg.errors.ForeignKeyViolation), conn.transaction():
        insert(conn, JOB | {"version": 2})
    with pytest.raises(psycopg.errors.ForeignKeyViolation), conn.transaction():
        _insert(conn, "job_partitions", {"job_id": UUID(int=1)} | WAITING)
