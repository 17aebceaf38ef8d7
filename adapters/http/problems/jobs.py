"""Problem details of jobs and of the rules of stores."""

from typing import assert_never

from adapters.http.problems.details import ProblemDetails
from domain.hint import Hint, hint
from domain.jobs import JobAlreadyFinished, JobNotFinished, JobNotRetryable
from domain.stores import NotForKey, NotForScript, OperationNotAllowed, StoreRefused, UnknownStore


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


def store_refused(refusal: StoreRefused) -> ProblemDetails:
    """Name the rule that refuses."""
    return ProblemDetails(_rule(refusal))


def _rule(refusal: StoreRefused) -> Hint:
    store = refusal.store.value
    match refusal:
        case UnknownStore():
            return hint("unknown-store", store=store)
        case OperationNotAllowed(operation=operation):
            return hint("store-operation-not-allowed", store=store, operation=operation.value)
        case NotForScript(script=script):
            return hint("store-not-for-script", store=store, script=script)
        case NotForKey(key=None):
            return hint("store-needs-key", store=store)
        case NotForKey(key=key):
            return hint("store-not-for-key", store=store, key=key or "")
        case _:
            assert_never(refusal)
