"""The CHECK constraints: each is broken once by a row that is otherwise right, so none of them is only decoration."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
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
SOME = '[{"kind": "integer-precision", "detail": "", "first_pointer": null}]'
WARNED = [one | {"input_warnings": SOME} for one in (SUBMITTED, RUNNING, CANCELLED)]
WARNED_TWICE = [one | {"input_warnings": SOME, "output_warnings": SOME} for one in (SUCCEEDED, FAILED)]
EARLIER, LATER = NOON.replace(hour=11), NOON.replace(hour=13)
EMPTIED = [one | {"content_removed_at": at} for one in (SUCCEEDED, FAILED, CANCELLED) for at in (NOON, LATER)]
VERSION = "insert into script_versions values (%s, 1, 'x', %s, 1, 1, 1, 1, now(), %s)"
RIGHT = [SUBMITTED, RUNNING, SUCCEEDED, FAILED, CANCELLED]

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
]


@pytest.fixture
def insert(new_database: Callable[[], str]) -> Iterator[Callable[[dict[str, Any]], None]]:
    with psycopg.connect(new_database()) as conn:
        script = an_id()
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute(VERSION, (script, SHA, None))

        def insert_row(row: dict[str, Any]) -> None:
            columns = {"id": an_id(), "script_id": script} | row
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            values = sql.SQL(", ").join(sql.Placeholder() * len(columns))
            conn.execute(sql.SQL("insert into executions ({}) values ({})").format(names, values), [*columns.values()])

        yield insert_row
        conn.rollback()


@pytest.mark.parametrize("row", [*RIGHT, *WARNED, *WARNED_TWICE, *EMPTIED], ids=lambda row: str(row["state"]))
def test_a_row_that_a_state_class_could_give_is_taken(
    insert: Callable[[dict[str, Any]], None], row: dict[str, Any]
) -> None:
    insert(row)


@pytest.mark.parametrize(("constraint", "row"), WRONG)
def test_a_row_that_no_state_class_gives_is_refused(
    insert: Callable[[dict[str, Any]], None], constraint: str, row: dict[str, Any]
) -> None:
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


def test_every_constraint_on_executions_is_broken_here(new_database: Callable[[], str]) -> None:
    found = "select conname from pg_constraint where conrelid = 'executions'::regclass and contype = 'c'"
    with psycopg.connect(new_database()) as conn:
        named = {name for (name,) in conn.execute(found)}
    broken = {constraint for constraint, _ in WRONG}
    alike = {f"executions_{column}_check" for column in ALIKE}
    assert named - broken <= alike


ALIKE = ["output_bytes", "output_sha256", "error_column", "cpu_ms", "peak_memory_bytes"]
"""Columns whose checks are the same as one that is broken above."""
