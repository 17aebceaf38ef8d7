"""Replays on a version: which originals are run again, what their outcomes are, and what these add up to."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.comparison.paths import PathChange, compare_values
from domain.comparison.report import (
    Change,
    ComparisonRefused,
    ComparisonStopped,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    RowDifference,
    StopReason,
    TableComparison,
    ValueComparison,
)
from domain.comparison.rows import CellChange
from domain.comparison.summary import MOST_COLUMNS, ColumnSummary
from domain.comparison.values import ABSENT, JsonValue
from domain.difference_text import difference_text
from domain.execution import Claim, Failed, Finished, Pending, Running
from domain.notes import MAX_NOTE_CHARACTERS
from domain.outcome import ErrorKind, Outcome, Produced, Rejected, script_error
from domain.redaction import remove_content
from domain.replay_columns import MAX_COLUMNS_BYTES, add_columns, add_columns_texts, columns_text
from domain.replay_sums import NO_ROWS, ReplayCounts, RowCounts, add_rows, counts_of
from domain.replayed_executions import (
    MAX_DETAIL_CHARACTERS,
    OutcomeChange,
    ReplayOutcome,
    ReplayReason,
    ResultsDiffer,
    Settled,
    replayable,
    settle,
    settle_comparison,
)
from domain.transitions import cancel, finish, lose, reject_engine
from domain.version_replays import (
    AcceptanceNote,
    BlankNote,
    LatestExecutions,
    ReplayNotFinished,
    ReplayRequest,
    ReplayStatus,
    VersionReplay,
    accept,
    acceptance_note,
)
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, an_id, outcomes, runs

LATER: Final = NOON + timedelta(days=1)


def running() -> Running:
    return Running(a_pending(a_script()[1]).submission, 1, Claim(an_id(), "worker"), NOON)


def ended(outcome: Outcome | None = None) -> Finished:
    return finish(running(), a_run(outcome), timedelta(seconds=1))


def failing(kind: ErrorKind = ErrorKind.SCRIPT_ERROR, message: str = "boom") -> Finished:
    return ended(Rejected(script_error(kind, message, line=7)))


@given(runs)
def test_an_execution_is_equal_to_itself_and_to_its_repetition(run: Any) -> None:
    one, other = (finish(running(), run, timedelta(seconds=1)) for _ in range(2))
    expected = ReplayOutcome.EQUAL
    if isinstance(run.outcome, Rejected) and run.outcome.error.kind in WITHOUT_A_RUN:
        expected = ReplayOutcome.INCOMPLETE
    settled = settle(one, other)
    assert isinstance(settled, Settled)
    assert settled.outcome is expected


WITHOUT_A_RUN: Final = {
    ErrorKind.CANCELLED: ReplayReason.CANCELLED,
    ErrorKind.WORKER_LOST: ReplayReason.WORKER_LOST,
    ErrorKind.ENGINE_UNAVAILABLE: ReplayReason.ENGINE_UNAVAILABLE,
}


def test_an_original_is_run_again_unless_there_is_nothing_to_run() -> None:
    finished, pending = ended(), Pending(running().submission)
    unrun = cancel(pending, NOON)
    assert replayable(finished) == Success(finished)
    assert replayable(failing()).unwrap().content_removed_at is None
    for original, reason in (
        (None, ReplayReason.UNKNOWN_EXECUTION),
        (pending, ReplayReason.NOT_FINISHED),
        (running(), ReplayReason.NOT_FINISHED),
        (unrun, ReplayReason.NO_RUN),
        (remove_content(unrun, LATER), ReplayReason.NO_RUN),
        (remove_content(finished, LATER), ReplayReason.CONTENT_REMOVED),
    ):
        assert replayable(original) == Failure(Settled(ReplayOutcome.SKIPPED, reason))


def test_the_outcome_of_two_executions_follows_from_their_records() -> None:
    other = ended(Produced(a_body(b"[3]")))
    for original, replayed, expected in (
        (ended(), other, ResultsDiffer()),
        (ended(), failing(), Settled(ReplayOutcome.NOW_FAILING)),
        (failing(), ended(), Settled(ReplayOutcome.NOW_SUCCEEDING)),
        (failing(), failing(message="bang"), Settled(ReplayOutcome.CHANGED)),
        (failing(), failing(ErrorKind.TIMEOUT), Settled(ReplayOutcome.CHANGED)),
        (failing(), ended(Rejected(script_error(ErrorKind.SCRIPT_ERROR, "boom", line=8))), EQUAL),
        (remove_content(failing(), LATER), failing(), EQUAL),
        (remove_content(ended(), LATER), ended(), EQUAL),
        (remove_content(failing(), LATER), failing(message="bang"), lacking_content()),
        (failing(), remove_content(failing(message="bang"), LATER), lacking_content()),
        (remove_content(failing(), LATER), failing(ErrorKind.TIMEOUT), Settled(ReplayOutcome.CHANGED)),
    ):
        assert settle(original, replayed) == expected


EQUAL: Final = Settled(ReplayOutcome.EQUAL)


def lacking_content() -> Settled:
    return Settled(ReplayOutcome.INCOMPLETE, ReplayReason.CONTENT_REMOVED)


def without_a_digest(failed: Finished) -> Finished:
    assert isinstance(failed, Failed)
    return evolve(failed, error_sha256=None)


def test_errors_of_earlier_releases_are_compared_by_their_texts() -> None:
    assert settle(without_a_digest(failing()), failing()) == EQUAL
    assert settle(without_a_digest(remove_content(failing(), LATER)), failing()) == lacking_content()


@pytest.mark.parametrize("original", [ended(), failing()])
@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda: cancel(running(), LATER), ReplayReason.CANCELLED),
        (lambda: lose(running(), LATER, 1), ReplayReason.WORKER_LOST),
        (lambda: reject_engine(running(), timedelta()), ReplayReason.ENGINE_UNAVAILABLE),
    ],
)
def test_a_replay_without_a_run_is_incomplete(original: Finished, end: Callable[[], Failed], reason: Any) -> None:
    assert settle(original, end()) == Settled(ReplayOutcome.INCOMPLETE, reason)


@given(outcomes, outcomes)
def test_an_outcome_is_equal_only_if_kind_and_text_or_digest_are(one: Outcome, other: Outcome) -> None:
    settled = settle(ended(one), ended(other))
    if settled == EQUAL:
        match one, other:
            case Produced(result=left), Produced(result=right):
                assert left.digest == right.digest
            case Rejected(error=before), Rejected(error=after):
                assert (before.kind, before.message) == (after.kind, after.message)
            case _:
                raise AssertionError("they differ")


KEY: Final = ("id",)
COLUMN: Final = ColumnSummary(2, 1, Decimal("0.5"), None)
TABLE: Final = TableComparison(KEY, 1, 1, 0, 0, {"a\0": COLUMN}, ())


def test_results_decide_where_both_succeeded() -> None:
    same = evolve(TABLE, changed=0)
    assert settle_comparison(Success(TABLE)) == Settled(ReplayOutcome.CHANGED, rows=RowCounts(1, 1, 0, 0))
    assert settle_comparison(Success(same)).outcome is ReplayOutcome.EQUAL
    assert settle_comparison(Success(ValueComparison(2, ()))) == Settled(ReplayOutcome.CHANGED)
    assert settle_comparison(Success(ValueComparison(0, ()))) == EQUAL


@pytest.mark.parametrize(
    ("refused", "reason", "words"),
    [
        (KeyNotUnique(KEY, is_before=True, rows=(3, 7), values=("a secret",)), ReplayReason.KEY_NOT_UNIQUE, "3 and 7"),
        (KeyNotUsable("é\0" * 900, is_before=False, row=5), ReplayReason.KEY_NOT_USABLE, "row 5 of the replay's"),
        (NotTables(is_before=True), ReplayReason.NOT_COMPARABLE, "no array of objects"),
        (ComparisonStopped(StopReason.TIME), ReplayReason.NOT_COMPARABLE, "time"),
    ],
)
def test_results_that_cannot_be_compared_are_incomplete_and_quoted_nowhere(
    refused: ComparisonRefused, reason: ReplayReason, words: str
) -> None:
    settled = settle_comparison(Failure(refused))
    assert (settled.outcome, settled.reason) == (ReplayOutcome.INCOMPLETE, reason)
    assert settled.detail is not None
    assert words in settled.detail
    assert "secret" not in settled.detail
    assert "\0" not in settled.detail
    assert len(settled.detail) <= MAX_DETAIL_CHARACTERS


amounts = st.none() | st.decimals(0, 10**6, places=3)
columns = st.builds(
    lambda compared, share, absolute, relative: ColumnSummary(compared, share % (compared + 1), absolute, relative),
    *(st.integers(1, 10**6), st.integers(0, 10**6), amounts, amounts),
)
tables = st.dictionaries(st.sampled_from("abcd\0\ud800\ufffd"), columns)
row_counts = st.builds(RowCounts, *[st.integers(0, 10**6)] * 4)


@given(st.lists(tables, max_size=5))
def test_the_columns_of_a_replay_are_the_sum_of_all_in_any_order(parts: list[dict[str, ColumnSummary]]) -> None:
    texts = [columns_text(one) for one in parts]
    merged = add_columns_texts({}, texts)
    for name in "abcd":
        of_column = [one[name] for one in parts if name in one]
        assert (name in merged) == bool(of_column)
        if of_column:
            assert merged[name].compared == sum(one.compared for one in of_column)
            assert merged[name].changed == sum(one.changed for one in of_column)
            for largest in ("largest_absolute", "largest_relative"):
                seen = [found for one in of_column if (found := getattr(one, largest)) is not None]
                assert getattr(merged[name], largest) == max(seen, default=None)
    assert add_columns_texts({}, reversed(texts)) == merged
    assert add_columns_texts(merged, []) == merged
    assert not {"\0", "\ud800"} & merged.keys()
    cells = sum(one.compared for part in parts for one in part.values())
    assert sum(one.compared for one in merged.values()) == cells, "columns whose names become equal are added up"


@given(tables, st.integers(0, 200))
def test_the_text_of_columns_is_bounded_and_the_rest_is_left_out(part: dict[str, ColumnSummary], most: int) -> None:
    text = columns_text(part, most)
    assert len(text) <= max(2, most)
    assert add_columns_texts({}, [text]).items() <= add_columns_texts({}, [columns_text(part)]).items()
    assert len(columns_text({f"{'é' * 200}{n}": COLUMN for n in range(MOST_COLUMNS)})) <= MAX_COLUMNS_BYTES


@given(row_counts, row_counts)
def test_rows_are_added_up(one: RowCounts, other: RowCounts) -> None:
    both = add_rows(one, other)
    for name in ("equal", "changed", "added", "removed"):
        assert getattr(both, name) == getattr(one, name) + getattr(other, name)
    assert add_rows(NO_ROWS, one) == one


def test_a_sum_has_no_more_columns_than_a_summary() -> None:
    one = {str(n): COLUMN for n in range(MOST_COLUMNS)}
    summed = add_columns(one, [(str(n), COLUMN) for n in range(MOST_COLUMNS - 1, MOST_COLUMNS + 5)])
    assert len(summed) == MOST_COLUMNS
    assert summed[str(MOST_COLUMNS - 1)].compared == 2 * COLUMN.compared


@pytest.mark.parametrize("outcome", ReplayOutcome)
def test_all_but_equality_and_skipping_is_a_difference(outcome: ReplayOutcome) -> None:
    counts = counts_of(5, {outcome.value: 3})
    assert (counts.total, counts.done) == (5, 3)
    assert counts.has_differences == (outcome not in (ReplayOutcome.EQUAL, ReplayOutcome.SKIPPED))
    assert not ReplayCounts(total=3).has_differences


def noted(text: str) -> AcceptanceNote:
    return acceptance_note(text).unwrap()


def a_replay(**members: Any) -> VersionReplay:
    request = ReplayRequest(selection=LatestExecutions(5))
    given: dict[str, Any] = {"id": an_id(), "script_id": an_id(), "version": 2, "created_at": NOON, "created_by": None}
    return VersionReplay(request=request, **given | members)


def test_a_replay_s_state_follows_from_its_times() -> None:
    assert a_replay().status is ReplayStatus.PENDING
    assert a_replay(has_begun=True).status is ReplayStatus.RUNNING
    assert a_replay(has_begun=True, finished_at=LATER).status is ReplayStatus.FINISHED


def test_the_first_acceptance_of_a_finished_replay_counts() -> None:
    finished, key = a_replay(finished_at=LATER), an_id()
    accepted = accept(finished, noted("as wanted\0" + "x" * MAX_NOTE_CHARACTERS), NOON, key).unwrap()
    assert accepted.acceptance is not None
    assert (accepted.acceptance.at, accepted.acceptance.by) == (LATER, key)
    assert accepted.acceptance.note.startswith("as wanted\ufffdx")
    assert len(accepted.acceptance.note) == MAX_NOTE_CHARACTERS
    assert accept(accepted, noted("again"), LATER + timedelta(days=1), None) == Success(accepted)
    assert acceptance_note(" \n") == acceptance_note("") == Failure(BlankNote())
    unfinished = a_replay(has_begun=True)
    assert accept(unfinished, noted("yes"), LATER, key) == Failure(ReplayNotFinished(unfinished))


texts = st.text(max_size=5) | st.just("\ud800")
scalars = st.none() | st.booleans() | st.integers() | texts | st.decimals(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)


def parsed(text: bytes | str) -> Any:
    return json.loads(text, parse_float=Decimal)


@given(values, values)
def test_the_differences_of_values_are_encoded_path_by_path(before: JsonValue, after: JsonValue) -> None:
    paths = tuple(compare_values(before, after))
    shown = parsed(difference_text(ValueComparison(len(paths), paths)).text)
    assert [one["pointer"] for one in shown] == [one.pointer for one in paths]
    for one, path in zip(shown, paths, strict=True):
        for name, value in (("before", path.before), ("after", path.after)):
            assert (name in one) == (value is not ABSENT)
            assert one.get(name) == (None if value is ABSENT else value)


NULLS: Final = {"key": None, "position": None, "cells": None, "row": None, "pointer": None}


def test_rows_are_encoded_by_their_key_or_position() -> None:
    cells = (CellChange("a", 1, Decimal("1.10")), CellChange("b", ABSENT, None))
    rows = (RowDifference(Change.CHANGED, (7,), cells), RowDifference(Change.ADDED, (8,), row={"id": 8}))
    table = TableComparison(KEY, 0, 1, 1, 0, {}, rows)
    changed = [{"column": "a", "before": 1, "after": Decimal("1.10")}, {"column": "b", "after": None}]
    assert parsed(difference_text(table).text) == [
        NULLS | {"change": "changed", "key": {"id": 7}, "cells": changed},
        NULLS | {"change": "added", "key": {"id": 8}, "row": {"id": 8}},
    ]
    by_position = parsed(difference_text(evolve(table, key=None)).text)
    assert [(one["key"], one["position"]) for one in by_position] == [(None, 7), (None, 8)]


def test_added_and_removed_values_are_named_so() -> None:
    paths = (PathChange("/a", 1, ABSENT), PathChange("/b", ABSENT, 2), PathChange("/c", 3, 4))
    shown = parsed(difference_text(ValueComparison(3, paths)).text)
    assert [one["change"] for one in shown] == ["removed", "added", "changed"]


def test_another_outcome_is_one_difference_with_both_errors() -> None:
    text = difference_text(OutcomeChange(ended(), ended(a_failure("é")))).text
    after = {"state": "failed", "error": {"kind": "script_error", "message": "é"}}
    assert parsed(text) == [NULLS | {"change": "outcome", "before": {"state": "succeeded"}, "after": after}]


def test_differences_that_do_not_fit_are_left_out_and_counted() -> None:
    paths = tuple(PathChange(f"/{n}", "x" * (900 if n == 1 else 10), n) for n in range(9))
    found = difference_text(ValueComparison(9, paths), 800)
    assert len(found.text) <= 800
    shown = parsed(found.text)
    assert 0 < len(shown) == 9 - found.left_out
    assert "/1" not in [one["pointer"] for one in shown]
