"""The functions that replaced CHECK expressions: they refuse what the expressions refused, and nothing else.

The expressions are read from the catalogue of a database at the level before, so they share no text with the functions.
A migration that changes a rule, as for a new action of the audit trail, changes it in the oracle (`rules`) too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
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
    CIRCUMSTANCES,
    DIGESTED,
    EARLIER,
    EMPTIED,
    KEY,
    KINDS,
    LATER,
    REPLAYED,
    RIGHT,
    SETS_OF_OBJECTS,
    SHA,
    SOME,
    SUBMITTED,
    TRACED,
    WARNED_TWICE,
)
from tests.adapters.postgres.test_constraints import OBJECTS as OBJECTS_OF_RECORDS
from tests.support.postgres import url_of
from tests.support.values import NOON, an_id

Row = dict[str, Any]

LEVEL_BEFORE: Final = 14
ADDED: Final = {
    "a_replay_is_of_another_execution": "replay_of <> id",
    "circumstances_are_an_object": "jsonb_typeof(circumstances) = 'object'",
    "circumstances_are_well_formed": """
        circumstances is null or coalesce(
            length(circumstances ->> 'seed') = 32 and circumstances ->> 'seed' !~ '[^0-9a-f]'
            and circumstances ->> 'clock' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3}000)?Z$'
            and substr(circumstances ->> 'clock', 1, 4) between '1970' and '9999'
            and substr(circumstances ->> 'clock', 6, 2) between '01' and '12'
            and substr(circumstances ->> 'clock', 9, 2) between '01' and '31'
            and substr(circumstances ->> 'clock', 12, 2) between '00' and '23'
            and substr(circumstances ->> 'clock', 15, 2) between '00' and '59'
            and substr(circumstances ->> 'clock', 18, 2) between '00' and '59',
            false
        )
    """,
    "executions_error_sha256_check": "octet_length(error_sha256) = 32",
    "only_failed_has_an_error_digest": "error_sha256 is null or state = 'failed'",
}
"""The rules of later levels, on columns that the level before does not have."""
NAMED_OBJECTS: Final = " or ".join(
    f"action = '{action.value}' and array_remove(array["
    + ", ".join(f"case when {one} is not null then '{one}' end" for one in OBJECTS_OF_RECORDS)
    + f"], null) = array{sorted(objects)}::text[]"
    for action, sets in SETS_OF_OBJECTS.items()
    for objects in sets
)
"""The rule of the audit trail, which each new action changes."""
TABLES: Final = ("executions", "audit", "idempotency_keys")
CHECKS: Final = """
select conname, pg_get_expr(conbin, conrelid) from pg_constraint where contype = 'c' and conrelid = %s::regclass
"""
PREPARE: Final = """
create table {table}_unchecked (like {table});

create function refusal(r {table}_unchecked) returns text language plpgsql as $$
declare
    rule text;
begin
    insert into {table} overriding system value select r.*;
    raise sqlstate 'ZZ000';
exception
    when check_violation then
        get stacked diagnostics rule = constraint_name;
        return rule;
    when sqlstate 'ZZ000' then
        return null;
end
$$
"""


@frozen
class Rules:
    """The rules of the level before, and the tables of this one."""

    conn: psycopg.Connection[Any]
    before: Mapping[str, Mapping[str, str]] = field(repr=False)

    def differ(self, table: str, rows: Iterable[Row]) -> list[Row]:
        """Insert each row, and return those that are refused although right, or accepted, or refused by a rule that
        they do not violate."""
        checks = ", ".join(f"case when not ({rule}) then '{name}' end" for name, rule in self.before[table].items())
        compared = f"select array_remove(array[{checks}], null), refusal(r), to_jsonb(r) from {table}_unchecked r"
        with self.conn.transaction(force_rollback=True):
            self._fill(f"{table}_unchecked", list(rows))
            found = self.conn.execute(compared.encode()).fetchall()
        return [row for violated, refusal, row in found if refusal not in (violated or [None])]

    def _fill(self, table: str, rows: Sequence[Row]) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        statement = f"insert into {table} ({', '.join(columns)}) values ({', '.join(['%s'] * len(columns))})"
        with self.conn.cursor() as cursor:
            cursor.executemany(statement.encode(), [[row.get(column) for column in columns] for row in rows])


@pytest.fixture(scope="module")
def rules(postgres_server: str) -> Iterator[Rules]:
    """Upgrade a database in which functions are executed by their owner alone, unless granted."""
    with psycopg.connect(postgres_server, autocommit=True) as conn:
        conn.execute("create database upgraded_rules template template0")
    url = url_of(postgres_server, "upgraded_rules")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("alter default privileges revoke execute on functions from public")
        migrate(url, MIGRATIONS[:LEVEL_BEFORE])
        before: dict[str, dict[str, str]] = {table: dict(conn.execute(CHECKS, [table]).fetchall()) for table in TABLES}
        before["executions"] |= ADDED
        before["audit"]["a_deed_names_what_it_was_done_to"] = NAMED_OBJECTS
        migrate(url)
        conn.execute("set session_replication_role = replica")  # references are not checked
        for table in TABLES:
            conn.execute(PREPARE.format(table=table).encode())
        yield Rules(conn, before)


TIMES: Final = (None, EARLIER, NOON, LATER)
LISTS: Final = (None, SOME, "[]", "{}", "null")
OBJECTS: Final = (None, '{"isolation": "version"}', "[]", "null")
FIGURES: Final = (None, 1.0, 0.0, -1.0, float("nan"))
COUNTS: Final = (None, 1, 0, -1)
TEXTS: Final = (None, "")
IDS: Final = {"id": an_id(), "script_id": an_id()}
CHANGES: Final[Mapping[str, Sequence[Any]]] = {
    "state": ("pending", "running", "succeeded", "failed", "lost"),
    "attempt": (1, 0, -1),
    "submitted_at": (EARLIER, LATER),
    "started_at": TIMES,
    "finished_at": TIMES,
    "input_bytes": (0,),
    "input_sha256": (b"short",),
    "claim_id": (None, an_id()),
    "worker": TEXTS,
    "leased_until": TIMES,
    "output_bytes": COUNTS,
    "output_sha256": (None, SHA, b"short"),
    "error_kind": (None, "timeout", "bad luck"),
    "error_message": TEXTS,
    "error_line": COUNTS,
    "error_column": COUNTS,
    "error_stack": TEXTS,
    "error_sealed": (None, b"sealed"),
    "error_position_is_exact": (None, True, False),
    "engine": TEXTS,
    "wall_ms": FIGURES,
    "cpu_ms": FIGURES,
    "peak_memory_bytes": COUNTS,
    "input_warnings": LISTS,
    "output_warnings": LISTS,
    "run_warnings": LISTS,
    "attribution": OBJECTS,
    "provenance": OBJECTS,
    "content_removed_at": TIMES,
    "traceparent": (None, "", TRACED[0]["traceparent"]),
    "error_sha256": (None, SHA, b"short"),
    "circumstances": (*OBJECTS, CIRCUMSTANCES, CIRCUMSTANCES.replace("a", "A"), CIRCUMSTANCES.replace("Z", "+01:00")),
    "replay_of": (None, an_id(), IDS["id"]),
}
BASES: Final = [*RIGHT, *KINDS[:1], *EMPTIED, *TRACED, *WARNED_TWICE, *DIGESTED, *REPLAYED]


def test_an_execution_with_one_change_is_refused_by_a_rule_that_it_violated_before(rules: Rules) -> None:
    changes = [{column: value} for column, values in CHANGES.items() for value in values]
    assert rules.differ("executions", [IDS | row | change for row in BASES for change in changes]) == []


CHANGED: Final = st.builds(
    lambda row, changes: IDS | row | dict(changes),
    st.sampled_from(BASES),
    st.lists(
        st.sampled_from([*CHANGES]).flatmap(lambda c: st.tuples(st.just(c), st.sampled_from(CHANGES[c]))), max_size=4
    ),
)


@given(st.lists(CHANGED, min_size=1, max_size=50))
@settings(max_examples=20)
def test_an_execution_with_several_changes_is_refused_by_a_rule_that_it_violated_before(
    rules: Rules, rows: list[Row]
) -> None:
    assert rules.differ("executions", rows) == []


def test_an_audit_record_is_refused_by_a_rule_that_it_violated_before(rules: Rules) -> None:
    ids = [[(column, None), (column, ALL_IDS[column])] for column in ALL_IDS if column != "action"]
    actions = [*(one.value for one in Action), "guessed"]
    records = [record({"action": action} | dict(chosen)) for action in actions for chosen in product(*ids)]
    assert rules.differ("audit", records) == []


def record(row: Row) -> Row:
    return {"id": 1, "at": NOON} | row


def edited(texts: Sequence[str], characters: str) -> list[str]:
    """Return the texts, and each with one character left out, inserted or replaced, or with one hyphen moved."""
    return list(dict.fromkeys(one for text in texts for one in (text, *edits(text, characters))))


def edits(text: str, characters: str) -> Iterator[str]:
    for place in (place for place in range(len(text) + 1) if place < 60 or place > len(text) - 3):
        before, after = text[:place], text[place:]
        yield before + after[1:]
        for character in characters:
            yield before + character + after
            yield before + character + after[1:]
        for hyphen in (at for at, character in enumerate(text) if character == "-"):
            rest = text[:hyphen] + text[hyphen + 1 :]
            yield rest[:place] + "-" + rest[place:]


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


TRACES: Final = [f"00-{a * 32}-{b * 16}-0f" for a, b in ("0f", "f0", "ff")]
KEYS: Final = ["", "a key", "~" * 255, CALLER, f"{CALLER}\n", f"{CALLER}\na key", f"{CALLER}\n{'~' * 255}"]


def test_a_text_is_refused_by_a_rule_that_it_violated_before(rules: Rules) -> None:
    deed = {"action": "created_key", "api_key_id": an_id()}
    traces, request_ids = edited(TRACES, "0-aAg\né"), edited(["r", "x" * 64, "0.9_A-z"], "aZ9._- \né/")
    circumstances = edited([CIRCUMSTANCES], "09a.Z")
    rows = [IDS | SUBMITTED | {"circumstances": one} for one in circumstances if is_json(one)]
    assert rules.differ("executions", rows) == []
    keys = edited(KEYS, "-0gA~\n\x1f\x7fé")
    assert rules.differ("executions", [IDS | SUBMITTED | {"traceparent": one} for one in traces]) == []
    assert rules.differ("audit", [record(deed | {"request_id": one}) for one in request_ids]) == []
    assert rules.differ("idempotency_keys", [KEY | {"key": one, "execution_id": an_id()} for one in keys]) == []


def test_any_role_that_may_write_a_table_may_execute_its_checks(rules: Rules) -> None:
    functions = """
    select distinct has_function_privilege('pg_monitor', d.refobjid, 'execute')
    from pg_constraint c join pg_depend d on d.objid = c.oid and d.refclassid = 'pg_proc'::regclass
    where c.contype = 'c' and d.classid = 'pg_constraint'::regclass
    """
    assert rules.conn.execute(functions.encode()).fetchall() == [(True,)]
