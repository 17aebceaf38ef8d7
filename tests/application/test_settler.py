"""Settlements: what is stored of an attempt, by its run or its failure."""

from datetime import timedelta

from hypothesis import given
from returns.result import Failure, Success

from application.ports.queue import Completion, Release
from application.ports.sandbox import EngineMissing, SandboxLost, SandboxUnavailable
from application.worker.settler import settlement_of
from domain.execution import Failed, Pending, Running
from domain.outcome import Logs, Produced, Run
from domain.transitions import finish, lose, reject_engine, release
from tests.support.values import elapsed, runnings, runs

ATTEMPTS = 3


@given(runnings, runs, elapsed)
def test_a_run_is_stored_with_its_logs_and_its_result(running: Running, run: Run, took: timedelta) -> None:
    result = run.outcome.result if isinstance(run.outcome, Produced) else None
    assert settlement_of(running, Success(run), took, ATTEMPTS) == Completion(
        running.claim.id, finish(running, run, took), run.logs, result
    )


@given(runnings, elapsed)
def test_a_lost_sandbox_costs_an_attempt_and_a_missing_one_none(running: Running, took: timedelta) -> None:
    claim_id = running.claim.id
    match lose(running, running.started_at + took, ATTEMPTS):
        case Pending() as pending:
            lost: Completion | Release = Release(claim_id, pending)
        case Failed() as failed:
            lost = Completion(claim_id, failed, Logs(), None)
    assert settlement_of(running, Failure(SandboxLost()), took, ATTEMPTS) == lost
    assert settlement_of(running, Failure(SandboxUnavailable()), took, ATTEMPTS) == Release(claim_id, release(running))
    assert settlement_of(running, Failure(EngineMissing()), took, ATTEMPTS) == Completion(
        claim_id, reject_engine(running, took), Logs(), None
    )
