"""Failures of a job in a row that are not its own: how long to wait after them, and when to give up.

An outage of database or engine never ends a job. One of its stores does in the end: jobs are carried on one after
another, and others may have other stores. So does a bug, which would come back each time.
"""

from typing import Final
from uuid import UUID

from attrs import frozen

from application.ports.errors import Unavailable
from application.ports.stores import StoreUnavailable
from domain.jobs import JobError, JobErrorKind, job_error

MOST_STORE_FAILURES: Final = 10
MOST_BUGS: Final = 3
MOST_SECONDS: Final = 60.0


@frozen
class Trouble:
    """The failures of one job, or without one those of the search for it."""

    job: UUID | None = None
    outages: int = 0
    store_failures: int = 0
    bugs: int = 0

    @property
    def pause_seconds(self) -> float:
        """The time until the next attempt: twice that before, up to a minute."""
        failures = self.outages + self.store_failures + self.bugs
        return min(MOST_SECONDS, 2.0 ** min(failures - 1, 10))

    @property
    def reason(self) -> JobError | None:
        """The reason for which the job fails now, if it is time to give up."""
        if self.store_failures >= MOST_STORE_FAILURES:
            message = "a store of the job is still unavailable after several attempts; retry the job once it answers"
            return job_error(JobErrorKind.STORE_REFUSED, message)
        if self.bugs >= MOST_BUGS:
            message = "the service failed several times to carry the job on; its log has the reason"
            return job_error(JobErrorKind.WORKER_LOST, message)
        return None

    def after(self, job: UUID | None, error: Exception) -> "Trouble":
        """Record another failure. That of another job is the first one."""
        before = self if self.job == job else Trouble(job)
        is_store, is_outage = isinstance(error, StoreUnavailable), isinstance(error, Unavailable)
        return Trouble(
            job,
            before.outages + (is_outage and not is_store),
            before.store_failures + is_store,
            before.bugs + (not is_outage),
        )
