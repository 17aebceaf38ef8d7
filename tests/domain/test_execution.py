"""The state machine: its legal transitions, and the invariants of every walk through it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from returns.pipeline import is_successful
from returns.result import Result

import domain.execution
from domain.circumstances import circumstances_of_earlier_releases, derived_circumstances
from domain.execution import (
    TRANSITIONS,
    AlreadyFinished,
    Claim,
    Event,
    Execution,
    Failed,
    NotFinished,
    Pending,
    Running,
    State,
    Succeeded,
    as_finished,
    as_unfinished,
    circumstances_of,
    state_of,
)
from domain.outcome import ErrorKind, Produced, Provenance, Run, error_sha256, script_error
from domain.recorded import recorded_circumstances
from domain.transitions import adjust_start, cancel, finish, lose, reject_engine, release, start
from tests.support.values import (
    NOON,
    a_failure,
    a_pending,
    a_run,
    a_script,
    an_id,
    claims,
    elapsed,
    pendings,
    runnings,
    runs,
    times,
)

MAX_ATTEMPTS: Final = 3


def any_execution() -> st.SearchStrategy[Execution]:
    """Generate an execution in any state."""
    ended = st.builds(finish, runnings, runs, elapsed)
    return pendings | runnings | ended | st.builds(cancel, pendings, times)


def test_the_transitions_possible_by_type_are_the_table() -> None:
    pending = a_pending(a_script()[1])
    running = start(pending, Claim(an_id(), "worker"), NOON)
    worn_out = Running(pending.submission, MAX_ATTEMPTS, running.claim, NOON)
    reached: dict[tuple[State, Event], set[State]] = {}

    def reach(before: Execution, event: Event, after: Execution) -> None:
        reached.setdefault((state_of(before), event), set()).add(state_of(after))

    reach(pending, Event.CLAIM, running)
    reach(pending, Event.CANCEL, cancel(pending, NOON))
    reach(running, Event.CANCEL, cancel(running, NOON))
    reach(running, Event.RELEASE, release(running))
    for run in (a_run(), a_run(a_failure())):
        reach(running, Event.FINISH, finish(running, run, timedelta()))
    reach(running, Event.FINISH, reject_engine(running, timedelta()))
    for one in (running, worn_out):
        reach(one, Event.LOSE, lose(one, NOON, MAX_ATTEMPTS))
    assert {pair: frozenset(states) for pair, states in reached.items()} == TRANSITIONS


def test_the_docstring_draws_the_table() -> None:
    drawn = re.findall(r"^    (\w+) --(\w+)--> ([a-z, ]+?)(?: {2,}|$)", domain.execution.__doc__ or "", re.MULTILINE)
    assert {
        (State(before), Event(event)): frozenset(State(after) for after in states.strip().split(", "))
        for before, event, states in drawn
    } == TRANSITIONS


def test_the_page_about_executions_draws_the_table() -> None:
    text = (Path(__file__).parents[2] / "docs/executions.md").read_text()
    drawn: dict[tuple[State, Event], set[State]] = {}
    for before, after, event in re.findall(r"^\s+(\w+) --> (\w+): (\w+)", text, re.MULTILINE):
        drawn.setdefault((State(before), Event(event)), set()).add(State(after))
    assert {pair: frozenset(states) for pair, states in drawn.items()} == TRANSITIONS


@given(pendings, claims, times)
def test_releasing_undoes_a_claim(pending: Pending, claim: Claim, at: datetime) -> None:
    assert release(start(pending, claim, at)) == pending


@given(runnings, times, st.integers(1, 6))
def test_losing_allows_another_attempt_until_none_is_left(running: Running, at: datetime, attempts: int) -> None:
    match lose(running, at, attempts):
        case Pending(attempts=begun):
            assert begun == running.attempt < attempts
        case Failed() as failed:
            assert running.attempt >= attempts
            error = script_error(ErrorKind.WORKER_LOST, f"the worker was lost in each of {running.attempt} attempts")
            assert failed == Failed(
                submission=running.submission,
                attempt=running.attempt,
                started_at=running.started_at,
                finished_at=max(at, running.started_at),
                error=error,
                provenance=None,
                error_sha256=error_sha256(error),
            )


@given(runnings, elapsed)
def test_a_delayed_attempt_begins_later_and_is_the_same_attempt(running: Running, waited: timedelta) -> None:
    delayed = adjust_start(running, waited)
    assert delayed.started_at == running.started_at + max(waited, timedelta())
    assert evolve(delayed, started_at=running.started_at) == running


@given(runnings, runs, elapsed)
def test_a_finished_execution_has_the_outcome_of_its_run(running: Running, run: Run, took: timedelta) -> None:
    match finish(running, run, took):
        case Succeeded(output=output, provenance=provenance):
            assert isinstance(run.outcome, Produced)
            assert output == run.outcome.result.digest
        case Failed(error=error, provenance=provenance, error_sha256=digest):
            assert not isinstance(run.outcome, Produced)
            assert error == run.outcome.error
            assert digest == error_sha256(error)
    assert provenance == run.provenance


@given(runnings, elapsed)
def test_an_execution_whose_engine_is_missing_fails_and_names_it(running: Running, took: timedelta) -> None:
    reference = running.submission.script
    error = script_error(
        ErrorKind.ENGINE_UNAVAILABLE,
        f"version {reference.version} of the script runs on the engine {reference.engine}, which the worker does "
        "not have: install it there, or give the script a version that names another engine",
    )
    assert reject_engine(running, took) == Failed(
        submission=running.submission,
        attempt=running.attempt,
        started_at=running.started_at,
        finished_at=running.started_at + max(took, timedelta()),
        error=error,
        provenance=None,
        error_sha256=error_sha256(error),
    )


@pytest.mark.parametrize(
    ("narrow", "fitting", "refusal"),
    [
        (as_unfinished, {State.PENDING, State.RUNNING}, AlreadyFinished),
        (as_finished, {State.SUCCEEDED, State.FAILED}, NotFinished),
    ],
)
def test_narrowing_returns_the_execution_or_its_actual_state(
    narrow: Callable[[Execution], Result[Execution, object]], fitting: set[State], refusal: type
) -> None:
    @given(any_execution())
    def holds(execution: Execution) -> None:
        narrowed = narrow(execution)
        assert is_successful(narrowed) == (state_of(execution) in fitting)
        if is_successful(narrowed):
            assert narrowed.unwrap() is execution
        else:
            assert narrowed.failure() == refusal(execution)

    holds()


@given(any_execution())
def test_an_execution_shows_the_circumstances_of_its_run(execution: Execution) -> None:
    submission = execution.submission
    shown = recorded_circumstances(execution)
    derived = derived_circumstances(submission.dataset, submission.submitted_at)
    match execution:
        case (
            Succeeded(provenance=Provenance(circumstances=recorded))
            | Failed(provenance=Provenance(circumstances=recorded))
        ):
            earlier = circumstances_of_earlier_releases(
                submission.script.sha256, submission.dataset, submission.submitted_at
            )
            assert shown == (recorded or earlier)
        case _:
            assert shown == circumstances_of(submission) == (submission.circumstances or derived)


class Life(RuleBasedStateMachine):
    """Any walk through the transitions, with clocks that jump as they like."""

    execution: Execution

    @initialize(pending=pendings)
    def submitted(self, pending: Pending) -> None:
        self.execution = Pending(pending.submission)

    def moved(self, event: Event, after: Execution) -> None:
        before = self.execution
        assert state_of(after) in TRANSITIONS[state_of(before), event]
        assert after.submission == before.submission
        known = [after.submission.submitted_at, getattr(after, "started_at", None), getattr(after, "finished_at", None)]
        in_order = [at for at in known if at is not None]
        assert in_order == sorted(in_order)
        self.execution = after

    @precondition(lambda self: isinstance(self.execution, Pending))
    @rule(claim=claims, at=times)
    def claimed(self, claim: Claim, at: datetime) -> None:
        assert isinstance(self.execution, Pending)
        running = start(self.execution, claim, at)
        assert running.attempt == self.execution.attempts + 1
        self.moved(Event.CLAIM, running)

    @precondition(lambda self: isinstance(self.execution, Running))
    @rule(run=runs, took=elapsed)
    def finished(self, run: Run, took: timedelta) -> None:
        assert isinstance(self.execution, Running)
        self.moved(Event.FINISH, finish(self.execution, run, took))

    @precondition(lambda self: isinstance(self.execution, Running))
    @rule(took=elapsed)
    def rejected(self, took: timedelta) -> None:
        assert isinstance(self.execution, Running)
        self.moved(Event.FINISH, reject_engine(self.execution, took))

    @precondition(lambda self: isinstance(self.execution, Running))
    @rule(at=times)
    def lost(self, at: datetime) -> None:
        assert isinstance(self.execution, Running)
        self.moved(Event.LOSE, lose(self.execution, at, MAX_ATTEMPTS))

    @precondition(lambda self: isinstance(self.execution, Running))
    @rule()
    def released(self) -> None:
        assert isinstance(self.execution, Running)
        self.moved(Event.RELEASE, release(self.execution))

    @precondition(lambda self: isinstance(self.execution, Pending | Running))
    @rule(at=times)
    def cancelled(self, at: datetime) -> None:
        assert isinstance(self.execution, Pending | Running)
        self.moved(Event.CANCEL, cancel(self.execution, at))

    @precondition(lambda self: isinstance(self.execution, Succeeded | Failed))
    @rule()
    def stays_ended(self) -> None:
        assert isinstance(self.execution, Succeeded | Failed)
        assert not any(before is state_of(self.execution) for before, _ in TRANSITIONS)


TestLife = Life.TestCase


@given(pendings | runnings, times)
def test_a_cancelled_execution_failed_at_its_cancellation(unfinished: Pending | Running, at: datetime) -> None:
    last = unfinished.started_at if isinstance(unfinished, Running) else unfinished.submission.submitted_at
    error = script_error(ErrorKind.CANCELLED, "the execution was cancelled")
    assert cancel(unfinished, at) == Failed(
        submission=unfinished.submission,
        attempt=unfinished.attempt if isinstance(unfinished, Running) else unfinished.attempts,
        started_at=unfinished.started_at if isinstance(unfinished, Running) else None,
        finished_at=max(at, last),
        error=error,
        provenance=None,
        error_sha256=error_sha256(error),
    )
