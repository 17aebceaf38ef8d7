"""The CHECK constraints: each is broken once by a row that is otherwise right, so none of them is only decoration."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from attrs import frozen
from psycopg import sql

from tests.values import NOON, an_id

SHA = b"\0" * 32
SUBMITTED: dict[str, Any] = {
    "version": 1,
    "state": "pending",
    "attempt": 0,
    "submitted_at": NOON,
    "input_bytes": 1,
    "input_sha256": SHA,
}
HELD = {"claim_id": an_id(), "worker": "one", "leased_until": NOON}
RAN = {"engine": "e", "wall_ms": 1.0, "cpu_ms": 1.0, "peak_memory_bytes": 1}
RUNNING = SUBMITTED | HELD | {"state": "running", "attempt": 1, "started_at": NOON}
ENDED = SUBMITTED | RAN | {"attempt": 1, "started_at": NOON, "finished_at": NOON}
SUCCEEDED = ENDED | {"state": "succeeded", "output_bytes": 1, "output_sha256": SHA}
FAILED = ENDED | {"state": "failed", "error_kind": "timeout", "error_message": ""}
CANCELLED = SUBMITTED | {
    "state": "failed",
    "finished_at": NOON,
    "error_kind": "cancelled",
    "error_message": "the execution was cancelled",
}
SEALED = FAILED | {"error_sealed": b"sealed"}
RIGHT = [SUBMITTED, RUNNING, SUCCEEDED, FAILED, SEALED, CANCELLED]
SOME = '[{"kind": "integer-precision", "detail": "", "first_pointer": null}]'
TRACED = [one | {"traceparent": f"00-{'0' * 31}1-{'0' * 15}1-01"} for one in RIGHT]
WARNED = [one | {"input_warnings": SOME} for one in (SUBMITTED, RUNNING, CANCELLED)]
WARNED_TWICE = [one | {"input_warnings": SOME, "output_warnings": SOME} for one in (SUCCEEDED, FAILED)]
EARLIER, LATER = NOON.replace(hour=11), NOON.replace(hour=13)
EMPTIED = [one | {"content_removed_at": at} for one in (SUCCEEDED, FAILED, CANCELLED) for at in (NOON, LATER)]
VERSION = "insert into script_versions values (%s, 1, 'x', %s, 1, 1, 1, 1, now(), %s)"

WRONG = [
    ("state_is_known", SUBMITTED | {"state": "lost"}),
    ("pending_has_only_its_submission", SUBMITTED | {"started_at": NOON}),
    ("running_is_started_and_not_finished", RUNNING | {"attempt": 0}),
    ("running_is_started_and_not_finished", RUNNING | {"started_at": None}),
    ("only_running_is_held", RUNNING | {"claim_id": None}),
    ("only_running_is_held", RUNNING | {"worker": None}),
    ("only_running_is_held", RUNNING | {"leased_until": None}),
    ("only_running_is_held", SUBMITTED | {"claim_id": an_id()}),
    ("only_running_is_held", SUCCEEDED | HELD),
    ("finished_has_its_time", SUBMITTED | {"state": "failed", "error_kind": "cancelled", "error_message": ""}),
    ("only_succeeded_has_output", SUCCEEDED | {"output_sha256": None}),
    ("only_succeeded_has_output", FAILED | {"output_bytes": 1}),
    ("only_failed_has_error", FAILED | {"error_message": None}),
    ("only_failed_has_error", SUCCEEDED | {"error_line": 1}),
    ("error_kind_is_known", FAILED | {"error_kind": "bad luck"}),
    ("provenance_is_whole", FAILED | {"cpu_ms": None}),
    ("provenance_belongs_to_a_started_end", SUBMITTED | RAN),
    ("provenance_belongs_to_a_started_end", CANCELLED | RAN),
    ("succeeded_was_run", SUCCEEDED | dict.fromkeys(RAN)),
    ("executions_attempt_check", SUBMITTED | {"attempt": -1}),
    ("times_are_in_order", RUNNING | {"started_at": EARLIER}),
    ("times_are_in_order", FAILED | {"started_at": LATER}),
    ("times_are_in_order", CANCELLED | {"finished_at": EARLIER}),
    ("executions_input_bytes_check", SUBMITTED | {"input_bytes": 0}),
    ("executions_input_sha256_check", SUBMITTED | {"input_sha256": b"short"}),
    ("executions_error_line_check", FAILED | {"error_line": 0}),
    ("executions_wall_ms_check", FAILED | {"wall_ms": -1.0}),
    ("input_warnings_are_some", SUBMITTED | {"input_warnings": "[]"}),
    ("input_warnings_are_some", SUBMITTED | {"input_warnings": "{}"}),
    ("output_warnings_are_some", FAILED | {"output_warnings": "[]"}),
    ("output_warnings_belong_to_a_run", RUNNING | {"output_warnings": SOME}),
    ("output_warnings_belong_to_a_run", CANCELLED | {"output_warnings": SOME}),
    ("only_the_ended_lose_their_content", SUBMITTED | {"content_removed_at": NOON}),
    ("only_the_ended_lose_their_content", RUNNING | {"content_removed_at": NOON}),
    ("only_the_ended_lose_their_content", SUCCEEDED | {"content_removed_at": EARLIER}),
    ("only_failed_has_a_sealed_error", SUCCEEDED | {"error_sealed": b"s"}),
    ("a_stack_is_sealed_or_not", FAILED | {"error_sealed": b"s", "error_stack": ""}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": ""}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": f"00-{'0' * 32}-{'1' * 16}-01"}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": f"00-{'1' * 32}-{'0' * 16}-01"}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": f"01-{'1' * 32}-{'1' * 16}-01"}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": f"00-{'A' * 32}-{'1' * 16}-01"}),
    ("traceparent_is_well_formed", SUBMITTED | {"traceparent": f"00-{'1' * 32}-{'1' * 16}-01-more"}),
]


@frozen
class Insert:
    """Inserts a row and gives the id of its execution."""

    conn: psycopg.Connection[Any]
    script: UUID

    def __call__(self, row: dict[str, Any], table: str = "executions") -> UUID:
        columns = {"id": an_id(), "script_id": self.script} | row if table == "executions" else row
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(sql.Placeholder() * len(columns))
        statement = sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), names, values)
        self.conn.execute(statement, [*columns.values()])
        execution_id: UUID = columns.get("id") or columns["execution_id"]
        return execution_id


@pytest.fixture
def insert(new_database: Callable[[], str]) -> Iterator[Insert]:
    with psycopg.connect(new_database()) as conn:
        script = an_id()
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute(VERSION, (script, SHA, None))
        yield Insert(conn, script)
        conn.rollback()


@pytest.mark.parametrize("row", [*RIGHT, *WARNED, *WARNED_TWICE, *EMPTIED, *TRACED], ids=lambda row: str(row["state"]))
def test_a_row_that_a_state_class_could_give_is_taken(insert: Insert, row: dict[str, Any]) -> None:
    insert(row)


@pytest.mark.parametrize(("constraint", "row"), WRONG)
def test_a_row_that_no_state_class_gives_is_refused(insert: Insert, constraint: str, row: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row)
    assert refused.value.diag.constraint_name == constraint


@pytest.mark.parametrize("warnings", ["[]", "{}", "1", "null"])
def test_the_warnings_of_a_version_are_some_or_null(new_database: Callable[[], str], warnings: str) -> None:
    with psycopg.connect(new_database()) as conn:
        script = an_id()
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            conn.execute(VERSION, (script, SHA, warnings))
    assert refused.value.diag.constraint_name == "warnings_are_some"


KEY: dict[str, Any] = {"key": "a key", "request_sha256": SHA, "expires_at": NOON}
WRONG_KEYS = [
    ("key_is_printable", KEY | {"key": ""}),
    ("key_is_printable", KEY | {"key": "k" * 256}),
    ("key_is_printable", KEY | {"key": "é"}),
    ("key_is_printable", KEY | {"key": "a\n"}),
    ("key_is_printable", KEY | {"key": "a\x7f"}),
    ("request_hash_is_whole", KEY | {"request_sha256": b"short"}),
]


@pytest.mark.parametrize("key", ["a key", "~" * 255, " ", '"\\'])
def test_a_key_that_the_domain_could_give_is_taken(insert: Insert, key: str) -> None:
    execution_id = insert(SUBMITTED)
    insert(KEY | {"key": key, "execution_id": execution_id}, "idempotency_keys")


@pytest.mark.parametrize(("constraint", "row"), WRONG_KEYS)
def test_a_key_that_the_domain_never_gives_is_refused(insert: Insert, constraint: str, row: dict[str, Any]) -> None:
    execution_id = insert(SUBMITTED)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row | {"execution_id": execution_id}, "idempotency_keys")
    assert refused.value.diag.constraint_name == constraint


def test_a_key_belongs_to_one_execution_that_is_there_and_no_execution_has_two(insert: Insert) -> None:
    row = KEY | {"execution_id": insert(SUBMITTED)}
    insert(row, "idempotency_keys")
    with pytest.raises(psycopg.errors.UniqueViolation) as refused, insert.conn.transaction():
        insert(row | {"key": "another"}, "idempotency_keys")
    assert refused.value.diag.constraint_name == "one_key_an_execution"
    with pytest.raises(psycopg.errors.UniqueViolation), insert.conn.transaction():
        insert(row | {"execution_id": insert(SUBMITTED)}, "idempotency_keys")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        insert(KEY | {"key": "a third", "execution_id": an_id()}, "idempotency_keys")


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("master_key_is_named", {"master_key_id": "", "wrapped": b"w" * 60}),
        ("wrapped_key_is_whole", {"master_key_id": "a", "wrapped": b"w" * 59}),
    ],
)
def test_a_wrapped_key_is_whole_and_says_by_which_master_key(
    insert: Insert, constraint: str, row: dict[str, Any]
) -> None:
    execution_id = insert(SUBMITTED)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row | {"execution_id": execution_id}, "execution_keys")
    assert refused.value.diag.constraint_name == constraint


def test_every_constraint_on_executions_is_broken_here(new_database: Callable[[], str]) -> None:
    found = "select conname from pg_constraint where conrelid = 'executions'::regclass and contype = 'c'"
    with psycopg.connect(new_database()) as conn:
        named = {name for (name,) in conn.execute(found)}
    broken = {constraint for constraint, _ in WRONG}
    alike = {f"executions_{column}_check" for column in ALIKE}
    assert named - broken <= alike


ALIKE = ["output_bytes", "output_sha256", "error_column", "cpu_ms", "peak_memory_bytes"]
"""Columns whose checks are the same as one that is broken above."""
