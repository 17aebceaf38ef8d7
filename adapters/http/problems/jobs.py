"""Problem details of jobs."""

from typing import assert_never

from adapters.http.problems.details import ProblemDetails
from domain.hint import hint
from domain.jobs import JobAlreadyFinished, JobNotFinished, JobNotRetryable


def job_in_another_state(refusal: JobAlreadyFinished | JobNotFinished | JobNotRetryable) -> ProblemDetails:
    """Say in which state the job is."""
    job = refusal.actual
    known = {"id": str(job.id), "status": job.status.value}
    match refusal:
        case JobAlreadyFinished():
            return ProblemDetails(hint("job-already-finished", **known))
        case JobNotFinished():
            return ProblemDetails(hint("job-not-finished", **known))
        case JobNotRetryable():
            kind = "content removed" if job.error is None else job.error.kind.value
            return ProblemDetails(hint("job-not-retryable", **known, kind=kind))
        case _:
            assert_never(refusal)
