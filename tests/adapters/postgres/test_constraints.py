"""The CHECK constraints: each is broken once by a row that is otherwise right, so none of them is only decoration."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from attrs import frozen
from psycopg import sql

from domain.audit import Action
from domain.outcome import ErrorKind
from tests.support.postgres import copy_template
from tests.support.values import NOON, an_id

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
KINDS = [FAILED | {"error_kind": one.value} for one in ErrorKind]
SEALED = FAILED | {"error_sealed": b"sealed"}
DIGESTED = [one | {"error_sha256": SHA} for one in (FAILED, CANCELLED, SEALED)]
RIGHT = [SUBMITTED, RUNNING, SUCCEEDED, FAILED, SEALED, CANCELLED]
SOME = '[{"kind": "integer-precision", "detail": "", "first_pointer": null}]'
TRACED = [one | {"traceparent": f"00-{'0' * 31}1-{'0' * 15}1-01"} for one in RIGHT]
CIRCUMSTANCES = f'{{"clock": "2026-11-23T12:00:00.001000Z", "seed": "{"0a" * 16}"}}'
REPLAYED = [one | {"circumstances": CIRCUMSTANCES, "replay_of": an_id()} for one in RIGHT]
WARNED = [one | {"input_warnings": SOME} for one in (SUBMITTED, RUNNING, CANCELLED)]
WARNED_TWICE = [
    one | {"input_warnings": SOME, "output_warnings": SOME, "run_warnings": SOME} for one in (SUCCEEDED, FAILED)
]
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
    ("run_warnings_are_some", FAILED | {"run_warnings": "[]"}),
    ("run_warnings_belong_to_a_run", RUNNING | {"run_warnings": SOME}),
    ("run_warnings_belong_to_a_run", CANCELLED | {"run_warnings": SOME}),
    ("attribution_is_an_object", SUBMITTED | {"attribution": "[1]"}),
    ("attribution_is_an_object", SUBMITTED | {"attribution": "null"}),
    ("circumstances_are_an_object", SUBMITTED | {"circumstances": "[]"}),
    ("circumstances_are_an_object", SUCCEEDED | {"circumstances": "null"}),
    *(
        ("circumstances_are_well_formed", SUBMITTED | {"circumstances": CIRCUMSTANCES.replace(of, by)})
        for of, by in {
            '"2026-11-23T12:00:00.001000Z"': "5",
            "Z": "",
            'Z"': '+00:00"',
            "2026": "1969",
            "T12": "T24",
            "clock": "time",
            "0a": "",
            "a0": "A0",
            '"0a': '"0g',
        }.items()
    ),
    ("a_replay_is_of_another_execution", SUBMITTED | {"id": (one := an_id()), "replay_of": one}),
    ("a_replay_is_of_another_execution", FAILED | {"id": one, "replay_of": one}),
    ("only_failed_has_an_error_digest", SUBMITTED | {"error_sha256": SHA}),
    ("only_failed_has_an_error_digest", RUNNING | {"error_sha256": SHA}),
    ("only_failed_has_an_error_digest", SUCCEEDED | {"error_sha256": SHA}),
    ("executions_error_sha256_check", FAILED | {"error_sha256": b"short"}),
    ("executions_error_sha256_check", CANCELLED | {"error_sha256": b""}),
    ("provenance_is_an_object", SUCCEEDED | {"provenance": "[]"}),
    ("provenance_is_an_object", SUCCEEDED | {"provenance": "1"}),
    ("provenance_belongs_to_a_run", RUNNING | {"provenance": '{"isolation": "version"}'}),
    ("provenance_belongs_to_a_run", CANCELLED | {"provenance": '{"isolation": "version"}'}),
    ("exactness_belongs_to_a_position", FAILED | {"error_position_is_exact": True}),
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

    def __call__(self, row: dict[str, Any], table: str = "executions") -> Any:
        columns = {"id": an_id(), "script_id": self.script} | row if table == "executions" else row
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(sql.Placeholder() * len(columns))
        statement = sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), names, values)
        self.conn.execute(statement, [*columns.values()])
        return columns.get("id") or columns.get("execution_id")


@pytest.fixture(scope="module")
def database(postgres_server: str) -> str:
    """Provide one database for all tests here, since none of them commits."""
    return copy_template(postgres_server)


@pytest.fixture
def insert(database: str) -> Iterator[Insert]:
    with psycopg.connect(database) as conn:
        script = an_id()
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute(VERSION, (script, SHA, None))
        yield Insert(conn, script)
        conn.rollback()


@pytest.mark.parametrize(
    "row",
    [*RIGHT, *KINDS, *WARNED, *WARNED_TWICE, *EMPTIED, *TRACED, *DIGESTED, *REPLAYED],
    ids=lambda row: str(row["state"]),
)
def test_a_row_of_a_state_class_is_accepted(insert: Insert, row: dict[str, Any]) -> None:
    insert(row)


@pytest.mark.parametrize(("constraint", "row"), WRONG)
def test_a_row_of_no_state_class_is_refused(insert: Insert, constraint: str, row: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row)
    assert refused.value.diag.constraint_name == constraint


@pytest.mark.parametrize("warnings", ["[]", "{}", "1", "null"])
def test_the_warnings_of_a_version_are_some_or_null(database: str, warnings: str) -> None:
    with psycopg.connect(database) as conn:
        script = an_id()
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            conn.execute(VERSION, (script, SHA, warnings))
    assert refused.value.diag.constraint_name == "warnings_are_some"


@pytest.mark.parametrize("limits", ["[]", "1", "null"])
def test_the_limits_of_a_version_beyond_its_columns_are_an_object_or_null(insert: Insert, limits: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert.conn.execute("update script_versions set limits = %s::jsonb", (limits,))
    assert refused.value.diag.constraint_name == "limits_are_an_object"


@pytest.mark.parametrize("engine", ["", "x" * 65])
def test_an_engine_without_a_name_or_with_a_long_one_is_refused(insert: Insert, engine: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert.conn.execute("update script_versions set engine = %s", (engine,))
    assert refused.value.diag.constraint_name == "engine_has_a_name"


def test_a_version_is_on_some_engine(insert: Insert) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation):
        insert.conn.execute("update script_versions set engine = null")


RETAINED = [
    ("retain_content_days", "content_is_retained_for_days"),
    ("retain_rows_days", "rows_are_retained_for_days"),
]


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_a_retention_that_the_domain_refuses_is_refused(insert: Insert, days: int) -> None:
    for column, constraint in RETAINED:
        with pytest.raises(psycopg.errors.CheckViolation) as refused, insert.conn.transaction():
            insert.conn.execute(f"update scripts set {column} = %s".encode(), [days])
        assert refused.value.diag.constraint_name == constraint


@pytest.mark.parametrize("part", ["content", "rows"])
def test_for_ever_has_the_most_days(insert: Insert, part: str) -> None:
    for days in ("null", "7"):
        wrong = f"update scripts set retain_{part}_days = {days}, retain_{part}_forever = true"
        with pytest.raises(psycopg.errors.CheckViolation) as refused, insert.conn.transaction():
            insert.conn.execute(wrong.encode())
        assert "for_ever" in str(refused.value.diag.constraint_name)


KEY: dict[str, Any] = {"key": "a key", "request_sha256": SHA, "expires_at": NOON}
WRONG_KEYS = [
    ("key_is_printable", KEY | {"key": ""}),
    ("key_is_printable", KEY | {"key": "k" * 256}),
    ("key_is_printable", KEY | {"key": "é"}),
    ("key_is_printable", KEY | {"key": "a\n"}),
    ("key_is_printable", KEY | {"key": "a\x7f"}),
    ("key_is_printable", KEY | {"key": "01900000-0000-7000-8000-000000000001\n"}),
    ("key_is_printable", KEY | {"key": "a caller\na key"}),
    ("key_is_printable", KEY | {"key": "01900000-0000-7000-8000-000000000001\na\nb"}),
    ("request_hash_is_whole", KEY | {"request_sha256": b"short"}),
]


CALLER = "01900000-0000-7000-8000-000000000001"


@pytest.mark.parametrize("key", ["a key", "~" * 255, " ", '"\\', f"{CALLER}\na key", f"{CALLER}\n" + "~" * 255])
def test_a_key_that_the_domain_accepts_is_accepted(insert: Insert, key: str) -> None:
    execution_id = insert(SUBMITTED)
    insert(KEY | {"key": key, "execution_id": execution_id}, "idempotency_keys")


@pytest.mark.parametrize(("constraint", "row"), WRONG_KEYS)
def test_a_key_that_the_domain_refuses_is_refused(insert: Insert, constraint: str, row: dict[str, Any]) -> None:
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


BATCH: dict[str, Any] = {"version": 1, "lines": 3, "submitted_at": NOON}
BEGUN = BATCH | {"succeeded": 1, "failed": 1, "last_ended_at": NOON}
DONE = BATCH | {"succeeded": 2, "failed": 1, "last_ended_at": NOON, "finished_at": NOON}
EMPTY = DONE | {"content_removed_at": NOON}
WRONG_BATCHES = [
    ("batches_lines_check", BATCH | {"lines": 0}),
    ("batches_lines_check", BATCH | {"lines": 10_001}),
    ("an_execution_ends_once", BEGUN | {"succeeded": -1}),
    ("an_execution_ends_once", BEGUN | {"failed": -1}),
    ("an_execution_ends_once", DONE | {"failed": 2}),
    ("the_last_end_finishes", DONE | {"finished_at": None}),
    ("the_last_end_finishes", BEGUN | {"finished_at": NOON}),
    ("a_batch_s_times_are_in_order", DONE | {"finished_at": EARLIER, "last_ended_at": EARLIER}),
    ("a_batch_s_times_are_in_order", DONE | {"last_ended_at": LATER}),
    ("a_batch_s_times_are_in_order", BATCH | {"cancelled_at": EARLIER}),
    ("a_batch_s_times_are_in_order", EMPTY | {"finished_at": LATER}),
    ("only_the_finished_lose_their_content", BEGUN | {"content_removed_at": NOON}),
    ("only_the_removed_is_being_lost", DONE | {"is_losing_content": True}),
]


@pytest.mark.parametrize(
    "row",
    [BATCH, BEGUN, DONE, DONE | {"cancelled_at": LATER}, EMPTY, EMPTY | {"is_losing_content": True}],
    ids=range(6),
)
def test_a_batch_that_the_domain_can_express_is_accepted(insert: Insert, row: dict[str, Any]) -> None:
    insert(row | {"id": an_id(), "script_id": insert.script}, "batches")


@pytest.mark.parametrize(("constraint", "row"), WRONG_BATCHES)
def test_a_batch_that_the_domain_cannot_express_is_refused(
    insert: Insert, constraint: str, row: dict[str, Any]
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row | {"id": an_id(), "script_id": insert.script}, "batches")
    assert refused.value.diag.constraint_name == constraint


def test_every_rule_of_batches_is_broken_here(database: str) -> None:
    checks = "select conname from pg_constraint where conrelid = 'batches'::regclass and contype = 'c'"
    with psycopg.connect(database) as conn:
        named = {name for (name,) in conn.execute(checks)}
    assert named == {constraint for constraint, _ in WRONG_BATCHES}


def test_a_batch_is_of_a_version_that_is_there(insert: Insert) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        insert(BATCH | {"id": an_id(), "script_id": insert.script, "version": 2}, "batches")


API_KEY: dict[str, Any] = {"name": "a key", "sha256": SHA, "scopes": ["read"], "created_at": NOON}
RIGHT_API_KEYS = [
    API_KEY,
    API_KEY | {"name": "鍵" * 100, "scopes": ["scripts:write", "executions:write", "read", "admin"]},
    API_KEY | {"expires_at": LATER, "revoked_at": NOON, "last_used_at": NOON},
]
WRONG_API_KEYS = [
    ("key_name_is_short", API_KEY | {"name": ""}),
    ("key_name_is_short", API_KEY | {"name": "k" * 101}),
    ("key_name_is_short", API_KEY | {"name": "a\nkey"}),
    ("token_hash_is_whole", API_KEY | {"sha256": b"short"}),
    ("scopes_are_known_and_some", API_KEY | {"scopes": []}),
    ("scopes_are_known_and_some", API_KEY | {"scopes": ["read", "write"]}),
    ("a_key_lasts_a_while", API_KEY | {"expires_at": NOON}),
    ("a_key_is_revoked_after_it_is_made", API_KEY | {"revoked_at": EARLIER}),
    ("a_key_is_used_after_it_is_made", API_KEY | {"last_used_at": EARLIER}),
]


@pytest.mark.parametrize("row", RIGHT_API_KEYS, ids=range(len(RIGHT_API_KEYS)))
def test_an_api_key_that_the_domain_accepts_is_accepted_and_its_token_is_unique(
    insert: Insert, row: dict[str, Any]
) -> None:
    insert(row | {"id": an_id()}, "api_keys")
    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        insert(row | {"id": an_id()}, "api_keys")
    assert refused.value.diag.constraint_name == "one_key_a_token"


@pytest.mark.parametrize(("constraint", "row"), WRONG_API_KEYS)
def test_an_api_key_that_the_domain_refuses_is_refused(insert: Insert, constraint: str, row: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row | {"id": an_id()}, "api_keys")
    assert refused.value.diag.constraint_name == constraint


OF_SCRIPT: dict[str, Any] = {"action": "archived", "script_id": an_id()}
OF_VERSION = OF_SCRIPT | {"action": "revised", "version": 1}
OF_EXECUTION = OF_VERSION | {"action": "submitted", "execution_id": an_id()}
OF_KEY: dict[str, Any] = {"action": "created_key", "api_key_id": an_id()}
OF_ALIAS: dict[str, Any] = {"action": "promoted", "alias": "live"}
OF_TEST: dict[str, Any] = {"action": "wrote_test", "test": "empty"}
OF_REPLAY: dict[str, Any] = {"action": "replayed", "replay_id": an_id()}
OF_BATCH: dict[str, Any] = {"action": "submitted_batch", "batch_id": an_id()}
OF_WEBHOOK: dict[str, Any] = {"action": "created_webhook", "webhook_id": an_id()}
OF_JOB: dict[str, Any] = {"action": "submitted_job", "job_id": an_id()}
OF_OBJECT: dict[str, Any] = {"action": "read_object", "object_url": "files://in/a.csv"}
ALL_IDS = OF_EXECUTION | OF_KEY | OF_ALIAS | OF_TEST | OF_REPLAY | OF_BATCH | OF_WEBHOOK | OF_JOB | OF_OBJECT
OBJECTS: Final = tuple(sorted(ALL_IDS.keys() - {"action"}))
SETS_OF_OBJECTS: Final[Mapping[Action, tuple[frozenset[str], ...]]] = {
    action: tuple(map(frozenset, sets))
    for actions, sets in (
        ((Action.ARCHIVED, Action.UNARCHIVED, Action.SET_RETENTION), [{"script_id"}]),
        ((Action.DESCRIBED, Action.SET_GATE, Action.REMOVED_GATE), [{"script_id"}]),
        ((Action.REGISTERED, Action.REVISED, Action.CHECKED), [{"script_id", "version"}]),
        ((Action.SUBMITTED, Action.CANCELLED, Action.READ_RESULT), [{"script_id", "version", "execution_id"}]),
        ((Action.READ_INPUT, Action.READ_DETAILS, Action.REMOVED_CONTENT), [{"script_id", "version", "execution_id"}]),
        ((Action.CREATED_KEY, Action.REVOKED_KEY), [{"api_key_id"}]),
        ((Action.PROMOTED, Action.FORCE_PROMOTED, Action.ROLLED_BACK), [{"script_id", "version", "alias"}]),
        ((Action.REMOVED_ALIAS,), [{"script_id", "alias"}]),
        ((Action.WROTE_TEST, Action.REMOVED_TEST), [{"script_id", "test"}]),
        ((Action.REPLAYED, Action.ACCEPTED_REPLAY, Action.READ_DIFFERENCES), [{"script_id", "version", "replay_id"}]),
        ((Action.SUBMITTED_BATCH, Action.CANCELLED_BATCH), [{"script_id", "version", "batch_id"}]),
        ((Action.READ_BATCH, Action.REMOVED_BATCH), [{"script_id", "version", "batch_id"}]),
        ((Action.CREATED_WEBHOOK, Action.CHANGED_WEBHOOK, Action.DISABLED_WEBHOOK), [{"webhook_id"}]),
        ((Action.ROTATED_WEBHOOK, Action.TESTED_WEBHOOK), [{"webhook_id"}]),
        ((Action.REDELIVERED, Action.REMOVED_WEBHOOK), [{"webhook_id"}]),
        ((Action.SUBMITTED_JOB, Action.CANCELLED_JOB), [{"script_id", "version", "job_id"}]),
        ((Action.RETRIED_JOB, Action.REMOVED_JOB), [{"script_id", "version", "job_id"}]),
        ((Action.WROTE_OBJECT, Action.READ_OBJECT, Action.DELETED_OBJECT), [{"object_url"}]),
        ((Action.PREVIEWED,), [set(), {"script_id"}, {"version"}, {"script_id", "version"}]),
    )
    for action in actions
}
"""The sets of objects that the record of an action may name."""


@pytest.mark.parametrize("action", Action)
def test_an_audit_record_names_the_objects_of_its_action_and_no_others(insert: Insert, action: Action) -> None:
    sets = {one for sets in SETS_OF_OBJECTS.values() for one in sets} | {frozenset(OBJECTS)}
    for objects in sets:
        row = {"action": action.value, "request_id": "r", "execution_id": None} | {one: ALL_IDS[one] for one in objects}
        if objects in SETS_OF_OBJECTS[action]:
            insert(row, "audit")
            continue
        with pytest.raises(psycopg.errors.CheckViolation) as refused, insert.conn.transaction():
            insert(row, "audit")
        assert refused.value.diag.constraint_name == "a_deed_names_what_it_was_done_to"


@pytest.mark.parametrize("wrong", [{"action": "guessed"}, {"request_id": "a b"}, {"request_id": ""}])
def test_an_audit_record_of_another_form_is_refused(insert: Insert, wrong: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(OF_EXECUTION | wrong, "audit")


@pytest.mark.parametrize("how", ["update audit set at = now()", "delete from audit", "truncate audit"])
def test_the_audit_trail_is_only_ever_added_to(insert: Insert, how: str) -> None:
    insert(OF_EXECUTION, "audit")
    with pytest.raises(psycopg.errors.RaiseException):
        insert.conn.execute(how.encode())


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("master_key_is_named", {"master_key_id": "", "wrapped": b"w" * 60}),
        ("wrapped_key_is_whole", {"master_key_id": "a", "wrapped": b"w" * 59}),
    ],
)
def test_a_wrapped_key_is_complete_and_names_its_master_key(
    insert: Insert, constraint: str, row: dict[str, Any]
) -> None:
    execution_id = insert(SUBMITTED)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(row | {"execution_id": execution_id}, "execution_keys")
    assert refused.value.diag.constraint_name == constraint


def test_every_rule_of_executions_is_broken_here(database: str) -> None:
    checks = "select conname from pg_constraint where conrelid = 'executions'::regclass and contype = 'c'"
    source = "select prosrc from pg_proc where proname = 'execution_is_valid'"
    with psycopg.connect(database) as conn:
        assert conn.execute(checks).fetchall() == [("execution_is_valid",)]
        ((function,),) = conn.execute(source)
    named = set(re.findall(r"then '(\w+)'", function))
    broken = {constraint for constraint, _ in WRONG}
    alike = {f"executions_{column}_check" for column in ALIKE}
    assert broken <= named
    assert named - broken <= alike


ALIKE = ["output_bytes", "output_sha256", "error_column", "cpu_ms", "peak_memory_bytes"]
"""Columns whose checks are the same as one that is broken above."""


def test_a_database_is_one_installation(insert: Insert) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        insert.conn.execute("insert into installation default values")
    assert refused.value.diag.constraint_name == "one_installation"
