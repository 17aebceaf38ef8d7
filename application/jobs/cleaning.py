"""Deletion of the temporary objects that no job needs any more, also of jobs that ended while no process held them."""

import logging
from typing import Final
from uuid import UUID

from application.jobs.carried import RunnerPorts
from application.jobs.places import Places, behind, job_of, jobs_folder, places_of
from application.jobs.publishing import unpublish
from application.ports.errors import Unavailable
from application.ports.stores import ObjectStores
from domain.job_failures import keeps_results
from domain.jobs import Job
from domain.stores import Folder, Operation, StoreName

log: Final = logging.getLogger(__name__)


async def clean_up(stores: ObjectStores, job: Job) -> None:
    """Delete what a finished job has left, but for results with which it may be tried again. Repeating it changes
    nothing."""
    if job.finished_at is None:
        return
    places = places_of(job)
    if job.error is not None:
        await unpublish(stores, places)
    if keeps_results(job):
        await stores.delete(places.manifest)
        for folder in places.spare:
            await stores.delete_all(folder)
    else:
        await stores.delete_all(places.root)


async def clean_up_all(ports: RunnerPorts) -> None:
    """Clean up after all jobs that have left something and ended."""
    for name, info in ports.stores.stores().items():
        if Operation.WRITE in info.rules.operations:
            await _clean_up_store(ports, name)


async def _clean_up_store(ports: RunnerPorts, store: StoreName) -> None:
    after = ""
    while page := await ports.stores.page(jobs_folder(store), after, 1):
        after = page[0].path
        if (job_id := job_of(after)) is not None:
            after = behind(job_id)
            await _clean_up_one(ports, store, job_id)


async def _clean_up_one(ports: RunnerPorts, store: StoreName, job_id: UUID) -> None:
    try:
        record = await ports.find(job_id)
        if record is not None:
            await clean_up(ports.stores, record.job)
        else:
            await ports.stores.delete_all(Places(job_id, Folder(store, None)).root)
    except Unavailable:
        raise
    except Exception:  # a record that does not decrypt, for example
        log.exception("cannot clean up after job %s", job_id)
