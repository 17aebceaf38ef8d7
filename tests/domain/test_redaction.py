"""Removing content: what goes, and what stays to be audited."""

from datetime import datetime

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.execution import Failed, Finished, Unfinished, state_of
from domain.outcome import ErrorKind
from domain.redaction import MESSAGE_REMOVED, quotes_content, remove_content
from domain.transitions import cancel, finish
from domain.warnings import NumberWarning, RunWarning
from tests.support.values import elapsed, pendings, runnings, runs, times

ended: st.SearchStrategy[Finished] = st.builds(finish, runnings, runs, elapsed) | st.builds(cancel, pendings, times)


@given(ended, times)
def test_content_is_gone_from_then_on_and_not_before_the_end(finished: Finished, at: datetime) -> None:
    removed = remove_content(finished, at)
    assert removed.content_removed_at == max(at, finished.finished_at)


@given(ended, times, times)
def test_a_removed_record_stays_as_it_is(finished: Finished, first: datetime, second: datetime) -> None:
    removed = remove_content(finished, first)
    assert remove_content(removed, second) is removed


@given(ended, times)
def test_nothing_that_a_script_wrote_or_a_dataset_named_is_left(finished: Finished, at: datetime) -> None:
    removed = remove_content(finished, at)
    warnings = [*removed.submission.warnings, *(removed.provenance.warnings if removed.provenance else ())]
    assert [one for one in warnings if isinstance(one, NumberWarning) and one.first_pointer is not None] == []
    if isinstance(removed, Failed):
        assert removed.error.stack is None
        assert removed.error.kind not in (ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT) or (
            removed.error.message == MESSAGE_REMOVED
        )


@given(ended, times)
def test_all_other_facts_stay(finished: Finished, at: datetime) -> None:
    removed = remove_content(finished, at)
    assert state_of(removed) is state_of(finished)
    kinds = [[(one.kind, one.detail) for one in each.submission.warnings] for each in (removed, finished)]
    assert kinds[0] == kinds[1]
    assert evolve(removed.submission, warnings=()) == evolve(finished.submission, warnings=())
    assert (removed.attempt, removed.started_at, removed.finished_at) == (
        finished.attempt, finished.started_at, finished.finished_at,
    )  # fmt: skip
    if finished.provenance is not None and removed.provenance is not None:
        assert evolve(removed.provenance, warnings=()) == evolve(finished.provenance, warnings=())
        ours = [
            [one for one in each.warnings if isinstance(one, RunWarning)]
            for each in (removed.provenance, finished.provenance)
        ]
        assert ours[0] == ours[1]
        assert [one.kind for one in removed.provenance.warnings] == [one.kind for one in finished.provenance.warnings]
    if isinstance(finished, Failed) and isinstance(removed, Failed):
        was, error = finished.error, removed.error
        assert evolve(error, message="", stack=None) == evolve(was, message="", stack=None)
        assert error.message in (was.message, MESSAGE_REMOVED)
    else:
        assert getattr(removed, "output", None) == getattr(finished, "output", None)


@given(ended, times)
def test_a_record_quotes_its_content_if_it_has_a_script_s_text_or_a_pointer(finished: Finished, at: datetime) -> None:
    warnings = [*finished.submission.warnings, *(finished.provenance.warnings if finished.provenance else ())]
    says = any(isinstance(one, NumberWarning) and one.first_pointer is not None for one in warnings)
    if isinstance(finished, Failed):
        by_the_script = finished.error.kind in (ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT)
        says |= finished.error.stack is not None or (by_the_script and finished.error.message != MESSAGE_REMOVED)
    assert quotes_content(finished) is says
    bare = evolve(remove_content(finished, at), content_removed_at=finished.content_removed_at)
    assert quotes_content(finished) is (bare != finished)
    assert not quotes_content(remove_content(finished, at))


@given(pendings | runnings)
def test_before_the_end_only_pointers_quote(unfinished: Unfinished) -> None:
    points = any(one.first_pointer is not None for one in unfinished.submission.warnings)
    assert quotes_content(unfinished) is points
