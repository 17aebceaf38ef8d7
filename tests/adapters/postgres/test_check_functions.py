"""The functions that replaced CHECK expressions: they refuse what the expressions refused, and nothing else.

The expressions are read from the catalogue of a database at the level before, so they share no text with the functions.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.postgres.schema import MIGRATIONS, migrate
from domain.audit import Action
from tests.adapters.postgres.test_constraints import (
    ALL_IDS,
    CALLER,
    EARLIER,
    EMPTIED,
    KEY,
    KINDS,
    LATER,
    RIGHT,
    SHA,
    SOME,
    TRACED,
    WARNED_TWICE,
)
from tests.support.postgres import url_of
from tests.support.values import NOON, an_id

Row = dict[str, Any]

LEVEL_BEFORE: Final = 14
TABLES: Final = ("executions", "audit", "idempotency_keys")
CHECKS: Final = """
select conname, pg_get_expr(conbin, conrelid) from pg_constraint where contype = 'c' and conrelid = %s::regclass
"""
PREPARE: Final = b"""
create table executions_unchecked (like executions);
create table audit_unchecked (like audit including defaults including identity);
create table idempotency_keys_unchecked (like idempotency_keys);
set session_replication_role = replica; -- references are not checked
"""


@frozen
class Rules:
    """The rules of the level before, and the tables of this one."""

    conn: psycopg.Connection[Any]
    before: Mapping[str, Mapping[str, str]] = field(repr=False)

    def violated(self, table: str, row: Row) -> set[str]:
        """Name the rules of the level before that the row violates."""
        checks = [f"case when not ({rule}) then '{name} of {table}' end" for name, rule in self.before[table].items()]
        statement = f"{inserting(f'{table}_unchecked', row)} returning {', '.join(checks)}"
        with self.conn.transaction(force_rollback=True):
            found = self.conn.execute(statement.encode(), row).fetchone()
        assert found is not None
        return set(found) - {None}

    def refusal(self, table: str, row: Row) -> str | None:
        """Insert the row, and name the rule that refuses it."""
        try:
            with self.conn.transaction(force_rollback=True):
                self.conn.execute(inserting(table, row).encode(), row)
        except psycopg.errors.CheckViolation as error:
            return f"{error.diag.constraint_name} of {error.diag.table_name}"
        return None


def inserting(table: str, row: Row) -> str:
    return f"insert into {table} ({', '.join(row)}) values ({', '.join(f'%({column})s' for column in row)})"


@pytest.fixture(scope="module")
def rules(postgres_server: str) -> Iterator[Rules]:
    """Upgrade a database in which functions are nobody's to execute but their owner's, unless granted."""
    with psycopg.connect(postgres_server, autocommit=True) as conn:
        conn.execute("create database upgraded_rules template template0")
    url = url_of(postgres_server, "upgraded_rules")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("alter default privileges revoke execute on functions from public")
        migrate(url, MIGRATIONS[:LEVEL_BEFORE])
        before = {table: dict(conn.execute(CHECKS, [table]).fetchall()) for table in TABLES}
        migrate(url)
        conn.execute(PREPARE)
        yield Rules(conn, before)


def edited(texts: list[str], characters: str) -> st.SearchStrategy[str]:
    """Draw one of the texts with up to two characters replaced, inserted or left out."""
    edits = st.tuples(st.integers(0, 300), st.integers(0, 1), st.sampled_from(["", *characters]))

    def edit(text: str, at: list[tuple[int, int, str]]) -> str:
        for place, length, character in at:
            place %= len(text) + 1
            text = text[:place] + character + text[place + length :]
        return text

    return st.builds(edit, st.sampled_from(texts), st.lists(edits, max_size=2))


TIMES: Final = st.sampled_from([None, EARLIER, NOON, LATER])
LISTS: Final = st.sampled_from([None, SOME, "[]", "{}", "null"])
OBJECTS: Final = st.sampled_from([None, '{"isolation": "version"}', "[]", "null"])
FIGURES: Final = st.sampled_from([None, 1.0, 0.0, -1.0, float("nan")])
COUNTS: Final = st.sampled_from([None, 1, 0, -1])
HASHES: Final = st.sampled_from([None, SHA, b"short"])
TRACES: Final = [*{row["traceparent"] for row in TRACED}, *(f"00-{a * 32}-{b * 16}-00" for a in "0f" for b in "0f"), ""]
CHANGES: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "state": st.sampled_from(["pending", "running", "succeeded", "failed", "lost"]),
    "attempt": st.sampled_from([1, 0, -1]),
    "submitted_at": st.sampled_from([EARLIER, LATER]),
    "started_at": TIMES,
    "finished_at": TIMES,
    "input_bytes": st.sampled_from([1, 0]),
    "input_sha256": st.sampled_from([SHA, b"short"]),
    "claim_id": st.sampled_from([None, an_id()]),
    "worker": st.sampled_from([None, "one"]),
    "leased_until": TIMES,
    "output_bytes": COUNTS,
    "output_sha256": HASHES,
    "error_kind": st.sampled_from([None, "timeout", "bad luck"]),
    "error_message": st.sampled_from([None, ""]),
    "error_line": COUNTS,
    "error_column": COUNTS,
    "error_stack": st.sampled_from([None, ""]),
    "error_sealed": st.sampled_from([None, b"sealed"]),
    "error_position_is_exact": st.sampled_from([None, True, False]),
    "engine": st.sampled_from([None, "e"]),
    "wall_ms": FIGURES,
    "cpu_ms": FIGURES,
    "peak_memory_bytes": COUNTS,
    "input_warnings": LISTS,
    "output_warnings": LISTS,
    "run_warnings": LISTS,
    "attribution": OBJECTS,
    "provenance": OBJECTS,
    "content_removed_at": TIMES,
    "traceparent": edited(TRACES, "0-1aAg\né"),
}
EXECUTIONS: Final = st.builds(
    lambda row, changes: {"id": an_id(), "script_id": an_id()} | row | dict(changes),
    st.sampled_from([*RIGHT, *KINDS, *EMPTIED, *TRACED, *WARNED_TWICE]),
    st.lists(st.one_of([st.tuples(st.just(column), values) for column, values in CHANGES.items()]), max_size=3),
)
RECORDS: Final = st.builds(
    lambda action, ids, request_id: ids | {"action": action, "request_id": request_id},
    st.sampled_from([*(one.value for one in Action), "guessed"]),
    st.fixed_dictionaries({c: st.sampled_from([None, ALL_IDS[c]]) for c in ALL_IDS if c != "action"}),
    st.none() | edited(["r", "x" * 64, "0.9_A-z", ""], "aZ9._- \né/"),
)
KEY_TEXTS: Final = ["", "a key", "~" * 255, CALLER, f"{CALLER}\n", f"{CALLER}\na key", f"{CALLER}\n{'~' * 255}"]
KEYS: Final = st.builds(
    lambda key: KEY | {"key": key, "execution_id": an_id()}, edited(KEY_TEXTS, "-a0gA ~\n\x1f\x7fé")
)


@given(EXECUTIONS)
@settings(max_examples=200)
def test_an_execution_is_refused_by_a_rule_that_it_violated_before(rules: Rules, row: Row) -> None:
    assert rules.refusal("executions", row) in (rules.violated("executions", row) or {None})


@given(RECORDS)
def test_an_audit_record_is_refused_by_a_rule_that_it_violated_before(rules: Rules, row: Row) -> None:
    assert rules.refusal("audit", row) in (rules.violated("audit", row) or {None})


@given(KEYS)
def test_an_idempotency_key_is_refused_by_a_rule_that_it_violated_before(rules: Rules, row: Row) -> None:
    assert rules.refusal("idempotency_keys", row) in (rules.violated("idempotency_keys", row) or {None})


def test_any_role_that_may_write_a_table_may_execute_its_checks(rules: Rules) -> None:
    functions = """
    select distinct has_function_privilege('pg_monitor', d.refobjid, 'execute')
    from pg_constraint c join pg_depend d on d.objid = c.oid and d.refclassid = 'pg_proc'::regclass
    where c.contype = 'c' and d.classid = 'pg_constraint'::regclass
    """
    assert rules.conn.execute(functions.encode()).fetchall() == [(True,)]
