"""The runner: takes one job after another, and carries it on until it ends, or belongs to another process.

The store alone knows how far a job is, and accepts nothing from a process whose lease has expired. So any process may
take a job over, after a crash as well as after an outage.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Final
from uuid import UUID

from attrs import define

from application.jobs.carried import CarriedJob, JobFailed, JobLost, RunnerPorts, ensure
from application.jobs.cleaning import clean_up, clean_up_all
from application.jobs.phases import carry_through
from application.jobs.places import places_of
from application.jobs.tasks import Tasks
from application.jobs.troubles import Trouble
from application.ports.errors import Unavailable
from application.ports.jobs import TakenJob
from domain.jobs import Job, fail, succeed

log: Final = logging.getLogger(__name__)


@define
class _Held:
    carried: CarriedJob
    work: asyncio.Task[bool]


class JobRunner:
    """The job that this process carries on."""

    def __init__(self, ports: RunnerPorts) -> None:
        self._ports: Final = ports
        self._held: _Held | None = None
        self._trouble, self._is_clean = Trouble(), False

    async def carry_one_on(self) -> bool:
        """Take a job and carry it on until it ends, is released or lost. Tell whether one was waiting.

        After a failure it waits before it returns, longer each time. To shut down, cancel it, and `release` then.
        """
        await self._clean_up_all()
        try:
            taken = await self._ports.work.take()
        except Exception as failure:
            self._note(None, failure)
            await asyncio.sleep(self._trouble.pause_seconds)
            return True
        if taken is None:
            return False
        if await self._hold(taken):
            await asyncio.sleep(self._trouble.pause_seconds)
        return True

    async def renew(self) -> None:
        """Extend the lease of the job, and stop working on it at once if this process has lost it."""
        held = self._held
        if held is not None and not await self._ports.work.renew(held.carried.job.id):
            held.work.cancel()

    async def release(self) -> None:
        """Leave the job to other processes."""
        held, self._held = self._held, None
        if held is not None:
            await self._ports.work.release(held.carried.job.id)

    async def _hold(self, taken: TakenJob) -> bool:
        """Carry a job on in a task of its own, which `renew` can stop. Tell whether it was interrupted and released."""
        places, tasks = places_of(taken.job), Tasks(self._ports.open_engine)
        carried = CarriedJob(self._ports, taken.job, taken.version, places, tasks)
        work = asyncio.create_task(self._carry_on(carried))
        self._held = _Held(carried, work)
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.wait([work])
            raise
        self._held = None
        if not work.cancelled():
            return work.result()
        await self._leave(carried)
        return False

    async def _carry_on(self, carried: CarriedJob) -> bool:
        try:
            await self._finish(carried, *await self._attempt(carried))
        except JobLost:
            await self._leave(carried)
        except Exception as failure:
            return await self._recover(carried, failure)
        self._trouble = Trouble()
        return False

    async def _attempt(self, carried: CarriedJob) -> tuple[Job, bytes | None]:
        """Do what is left of the job. Its tasks are stopped in any case before it ends."""
        try:
            outcome = await carry_through(carried)
            return succeed(carried.job, outcome, self._ports.clock()).unwrap(), None
        except JobFailed as failed:
            return fail(carried.job, failed.error, self._ports.clock()).unwrap(), failed.differences
        finally:
            with suppress(Exception):
                await carried.tasks.close()

    async def _finish(self, carried: CarriedJob, finished: Job, differences: bytes | None) -> None:
        ensure(await self._ports.work.finish(finished, differences))
        carried.job = finished
        self._ports.observe_end(finished)
        log.info("job %s has %s", finished.id, finished.status.value)
        await self._clean_up(finished)

    async def _recover(self, carried: CarriedJob, failure: Exception) -> bool:
        """Release a job that was interrupted, or let it fail if that goes on without any progress. Tell whether it was
        released."""
        if carried.settled:
            self._trouble = Trouble()
        self._note(carried.job.id, failure)
        if (reason := self._trouble.reason) is not None:
            with suppress(Exception):
                await self._finish(carried, fail(carried.job, reason, self._ports.clock()).unwrap(), None)
                return False
        with suppress(Exception):  # its lease expires by itself
            await self._ports.work.release(carried.job.id)
        self._is_clean = False
        return True

    def _note(self, job: UUID | None, failure: Exception) -> None:
        self._trouble = self._trouble.after(job, failure)
        subject = "the search for a job" if job is None else f"job {job}"
        if isinstance(failure, Unavailable):
            log.warning("%s was interrupted: %s", subject, failure)
        else:
            log.error("%s was interrupted", subject, exc_info=failure)

    async def _leave(self, carried: CarriedJob) -> None:
        """Clean up after a job that this process has lost, if that is because it has ended."""
        try:
            record = await self._ports.find(carried.job.id)
            if record is None:
                await self._ports.stores.delete_all(carried.places.root)
            else:
                await self._clean_up(record.job)
        except Exception:
            log.warning("job %s was lost, and perhaps left temporary objects", carried.job.id, exc_info=True)
            self._is_clean = False

    async def _clean_up(self, job: Job) -> None:
        try:
            await clean_up(self._ports.stores, job)
        except Exception:
            log.warning("temporary objects of job %s are deleted later", job.id, exc_info=True)
            self._is_clean = False

    async def _clean_up_all(self) -> None:
        """Clean up after jobs that ended while no process held them: at the beginning, and after an interruption."""
        if self._is_clean:
            return
        self._is_clean = True
        try:
            await clean_up_all(self._ports)
        except Exception:
            log.warning("temporary objects of jobs that have ended are not all deleted", exc_info=True)
