"""The comparison of an execution with its replay."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.circumstances import derived_circumstances
from domain.execution import (
    Claim,
    Failed,
    Finished,
    Pending,
    Running,
    Succeeded,
)
from domain.outcome import ErrorKind, Rejected, Run, error_sha256, script_error
from domain.recorded import recorded_circumstances
from domain.redaction import remove_content
from domain.reproduction import (
    Aspect,
    Comparison,
    Difference,
    Inconclusive,
    Obstacle,
    Reproduced,
    compare,
    engine_release,
    is_reproduction,
    run_of,
)
from domain.transitions import cancel, finish, lose, reject_engine
from domain.transitions import replay as replay_on
from tests.support.values import CIRCUMSTANCES, ENGINE, NOON, a_body, a_pending, a_run, a_script, an_id, runnings, runs

LATER = NOON + timedelta(days=40_000)
SLOW = a_run(Rejected(script_error(ErrorKind.TIMEOUT, "too slow")))
STOPPED = {ErrorKind.TIMEOUT, ErrorKind.MEMORY_LIMIT, ErrorKind.SANDBOX_VIOLATION}


def replay(original: Finished) -> Pending:
    """Replay an execution on its own version, which is drawn without a script."""
    script, version = a_script()
    replayed = replay_on(original, an_id(), script, version, LATER)
    own = original.submission
    return evolve(replayed, submission=evolve(replayed.submission, script=own.script, limits=own.limits))


def repeated(original: Finished, run: Run) -> Finished:
    """End a replay of the execution with that run, in the recorded circumstances."""
    pending = replay(original)
    running = Running(pending.submission, 1, Claim(an_id(), "worker"), LATER)
    provenance = evolve(run.provenance, circumstances=recorded_circumstances(original))
    return finish(running, evolve(run, provenance=provenance), timedelta(seconds=1))


finished = st.builds(lambda running, run: finish(running, run, timedelta(seconds=1)), runnings, runs)


def ended(running: Running, run: Run) -> Finished:
    return finish(running, run, timedelta(seconds=1))


@settings(max_examples=30)
@given(runnings, runs)
def test_the_same_outcome_is_a_reproduction_even_after_the_content_of_both_was_removed(
    running: Running, run: Run
) -> None:
    original = ended(running, run)
    again = repeated(original, run)
    assert is_reproduction(again.submission, original.submission)
    assert compare(original, again) == Reproduced()
    assert compare(remove_content(original, LATER), remove_content(again, LATER)) == Reproduced()


@settings(max_examples=30)
@given(runnings, runs, runs)
def test_outcomes_that_differ_are_a_difference_of_the_first_thing_in_which_they_do(
    running: Running, one: Run, other: Run
) -> None:
    first = ended(running, one)
    second = repeated(first, other)
    comparison = compare(first, second)
    match first, second:
        case Succeeded(), Succeeded():
            same = first.output == second.output
            expected: object = Difference(Aspect.RESULT, first.output.sha256, second.output.sha256)
        case Failed(), Failed() if first.error.kind == second.error.kind:
            same = first.error.kind in STOPPED or error_sha256(first.error) == error_sha256(second.error)
            expected = Difference(Aspect.ERROR, error_sha256(first.error), error_sha256(second.error))
        case _:
            same, kinds = False, [getattr(getattr(end, "error", None), "kind", "succeeded") for end in (first, second)]
            expected = (
                Inconclusive(Obstacle.TIME_LIMIT, *kinds)
                if ErrorKind.TIMEOUT in kinds
                else Difference(Aspect.OUTCOME, *kinds)
            )
    assert comparison == (Reproduced() if same else expected)


@settings(max_examples=30)
@given(runnings, runs, runs)
def test_the_other_way_round_a_comparison_gives_the_same_verdict_with_the_two_exchanged(
    running: Running, one: Run, other: Run
) -> None:
    first = ended(running, one)
    second = repeated(first, other)
    assert compare(second, first) == exchanged(compare(first, second))


def exchanged(comparison: Comparison) -> Comparison:
    match comparison:
        case Difference(of=aspect, expected=expected, actual=actual):
            return Difference(aspect, expected=actual, actual=expected)
        case Inconclusive(reason=reason, expected=expected, actual=actual):
            return Inconclusive(reason, expected=actual, actual=expected)
        case Reproduced():
            return comparison


@pytest.mark.parametrize("kind", ErrorKind)
def test_errors_of_runs_that_were_stopped_from_outside_are_compared_by_kind(kind: ErrorKind) -> None:
    running = Running(replay(_succeeded()).submission, 1, Claim(an_id(), "worker"), LATER)
    first = ended(running, a_run(Rejected(script_error(kind, "stopped", line=1))))
    second = repeated(first, a_run(Rejected(script_error(kind, "stopped", line=2))))
    assert (compare(first, second) == Reproduced()) == (kind in STOPPED)


def _succeeded() -> Succeeded:
    pending = a_pending(a_script()[1])
    done = ended(Running(pending.submission, 1, Claim(an_id(), "worker"), NOON), a_run(circumstances=None))
    assert isinstance(done, Succeeded)
    return done


def rerun(finished: Finished, **changes: Any) -> Finished:
    """Change a fact of the run."""
    return evolve(finished, provenance=evolve(run_of(finished).unwrap(), **changes))


def test_a_replay_without_a_run_on_another_engine_or_in_other_circumstances_proves_nothing() -> None:
    original = _succeeded()
    pending = replay(original)
    running = Running(pending.submission, 1, Claim(an_id(), "worker"), LATER)
    no_time = timedelta()
    for end in (
        cancel(pending, LATER),
        cancel(running, LATER),
        lose(running, LATER, 1),
        reject_engine(running, no_time),
    ):
        assert isinstance(end, Failed)
        assert compare(original, end) == Inconclusive(Obstacle.NO_RUN, None, end.error.kind)
    again = repeated(original, a_run())
    elsewhere = rerun(again, engine="an engine 1.1")
    assert compare(original, elsewhere) == Inconclusive(Obstacle.ENGINE, ENGINE, "an engine 1.1")
    late = rerun(again, circumstances=CIRCUMSTANCES)
    assert compare(original, late) == Inconclusive(Obstacle.CIRCUMSTANCES)
    forgotten = rerun(again, circumstances=None)
    assert compare(original, forgotten) == Inconclusive(Obstacle.CIRCUMSTANCES)


@pytest.mark.parametrize("runs", [(a_run(), SLOW), (SLOW, a_run())])
def test_a_run_that_took_too_long_proves_nothing_about_one_that_did_not(runs: tuple[Run, Run]) -> None:
    running = Running(replay(_succeeded()).submission, 1, Claim(an_id(), "worker"), LATER)
    first = ended(running, runs[0])
    comparison = compare(first, repeated(first, runs[1]))
    assert isinstance(comparison, Inconclusive)
    assert comparison.reason is Obstacle.TIME_LIMIT


@settings(max_examples=30)
@given(runnings, st.sampled_from([ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT]))
def test_an_error_whose_digest_was_not_recorded_is_compared_until_an_earlier_release_removes_its_text(
    running: Running, kind: ErrorKind
) -> None:
    run = a_run(Rejected(script_error(kind, "boom")))
    old = ended(running, run)
    assert isinstance(old, Failed)
    old = evolve(old, error_sha256=None)
    again = repeated(old, run)
    assert compare(old, again) == Reproduced()
    removed = remove_content(old, LATER)
    assert isinstance(removed, Failed)
    assert compare(removed, again) == Reproduced()
    lost = evolve(removed, error_sha256=None)
    assert compare(lost, again) == Inconclusive(Obstacle.CONTENT_REMOVED)


@settings(max_examples=30)
@given(finished)
def test_only_an_execution_of_the_same_version_and_dataset_that_names_it_is_a_reproduction(original: Finished) -> None:
    submission = original.submission
    again = replay(original).submission
    assert is_reproduction(again, submission)
    changed = (
        evolve(again, replay_of=None),
        evolve(again, replay_of=an_id()),
        evolve(again, dataset=a_body(b"[another]").digest),
        evolve(again, script=evolve(again.script, version=10)),
        evolve(again, script=evolve(again.script, sha256="1" * 64)),
    )
    assert not any(is_reproduction(one, submission) for one in changed)


@settings(max_examples=30)
@given(finished)
def test_every_completed_run_is_reproducible_and_a_cancelled_execution_is_not(original: Finished) -> None:
    assert run_of(original).unwrap() == original.provenance
    cancelled = cancel(replay(original), LATER)
    assert not is_successful(run_of(cancelled))


def test_the_release_of_an_engine_leaves_the_version_of_its_library_out() -> None:
    assert engine_release("quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)") == "quickjs-ng 0.17.0.2"
    assert engine_release("quickjs-ng 0.17.0.2") == "quickjs-ng 0.17.0.2"


def test_a_replay_of_an_earlier_release_s_execution_has_the_circumstances_that_it_derived() -> None:
    original = _succeeded()
    again = replay(original).submission
    assert again.circumstances == recorded_circumstances(original)
    assert again.circumstances != derived_circumstances(again.dataset, original.submission.submitted_at)
