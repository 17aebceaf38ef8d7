"""Jobs change their state along `TRANSITIONS` only, in time's order, and keep their plan in a retry."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from domain.execution import ScriptReference
from domain.job_requests import DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.jobs import (
    RETRYABLE,
    TRANSITIONS,
    Job,
    JobAlreadyFinished,
    JobErrorKind,
    JobNotFinished,
    JobNotRetryable,
    JobOutcome,
    JobPlan,
    JobRefusal,
    JobStatus,
    begin,
    cancel,
    fail,
    job_error,
    remove_content,
    retry,
    succeed,
)
from domain.limits import DEFAULTS
from domain.script import ScriptName
from domain.stores import folder, object_pattern
from domain.text_limits import truncate
from tests.support.values import CIRCUMSTANCES, NOON, an_id

OUTCOME: Final = JobOutcome("ab" * 32, 1, 2, "cd" * 32)
JOB: Final = Job(
    id=an_id(),
    script=ScriptReference(id=an_id(), name=ScriptName("cards"), version=1, sha256="0" * 64, engine="quickjs"),
    limits=DEFAULTS,
    circumstances=CIRCUMSTANCES,
    request=JobRequest(
        input=JobInput(pattern=object_pattern("lake://in/*").unwrap()),
        output=JobOutput(folder("lake://out/").unwrap(), DataFormat.NDJSON),
        merge=Merge.CONCATENATE,
    ),
    submitted_at=NOON,
    plan=JobPlan(()),
)
moments = st.timedeltas(timedelta(hours=-1), timedelta(hours=1)).map(lambda since: NOON + since)
kinds = st.sampled_from(JobErrorKind)
Step = Callable[[Job, datetime, JobErrorKind], Result[Job, JobRefusal]]


def _succeed(job: Job, at: datetime, kind: JobErrorKind) -> Result[Job, JobRefusal]:
    """Let a job succeed once it has begun, as its process does."""
    return begin(job, at).bind(lambda begun: succeed(begun, OUTCOME, at))


STEPS: Final[dict[str, Step]] = {
    "begin": lambda job, at, _: begin(job, at),
    "succeed": _succeed,
    "fail": lambda job, at, kind: fail(job, job_error(kind, "m", 3), at),
    "cancel": lambda job, at, _: cancel(job, at),
    "retry": lambda job, *_: retry(job),
    "remove": lambda job, at, _: remove_content(job, at),
}
steps = st.lists(st.tuples(st.sampled_from([*STEPS]), moments), max_size=8)


def _expected_refusal(job: Job, step: str) -> JobRefusal | None:
    if step == "retry":
        can_retry = job.error is not None and job.error.kind in RETRYABLE and job.content_removed_at is None
        return None if can_retry else JobNotRetryable(job)
    if step == "remove":
        return JobNotFinished(job) if job.finished_at is None else None
    return None if job.finished_at is None else JobAlreadyFinished(job)


@given(steps, kinds)
def test_a_job_goes_where_its_states_lead_or_says_why_not(
    wanted: list[tuple[str, datetime]], kind: JobErrorKind
) -> None:
    job = JOB
    for step, at in wanted:
        refusal, changed = _expected_refusal(job, step), STEPS[step](job, at, kind)
        if refusal is not None:
            assert changed == Failure(refusal)
            continue
        after = changed.unwrap()
        followed = {job.status, *TRANSITIONS[job.status]} | ({JobStatus.SUCCEEDED} if step == "succeed" else set())
        assert after.status in followed
        times = [after.submitted_at, after.started_at, after.finished_at, after.content_removed_at]
        known = [one for one in times if one is not None]
        assert known == sorted(known)
        assert after.finished_at is None or (after.outcome is None) != (after.error is None)
        assert (after.plan, after.attempt - job.attempt) == (job.plan, step == "retry")
        assert not (step == "begin" and job.started_at is not None) or after == job
        job = after


@given(moments, kinds, st.text(max_size=10))
def test_removed_content_is_gone_and_stays_so(at: datetime, kind: JobErrorKind, message: str) -> None:
    failed = fail(JOB, job_error(kind, message, 3), NOON).unwrap()
    assert failed.error is not None
    assert failed.error.message == truncate(message)
    removed = remove_content(failed, at).unwrap()
    assert removed.error == job_error(kind, "", 3)
    assert remove_content(removed, NOON + timedelta(days=9)) == Success(removed)
    assert not is_successful(retry(removed))
    done = remove_content(succeed(JOB, OUTCOME, NOON).unwrap(), NOON).unwrap()
    assert (done.outcome, done.error, done.content_removed_at) == (OUTCOME, None, NOON)


def test_a_retried_job_waits_with_its_plan_and_nothing_of_its_failure() -> None:
    failed = fail(begin(JOB, NOON).unwrap(), job_error(JobErrorKind.PARTITIONS_FAILED, "secret", 0), NOON).unwrap()
    assert "secret" not in repr(failed)
    assert retry(failed) == Success(evolve(JOB, attempt=2))
    assert JOB.status is JobStatus.PENDING
