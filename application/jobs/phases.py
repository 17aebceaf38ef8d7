"""The phases of a job, one after another. Each is repeatable from what is stored, so resuming is beginning again."""

from attrs import evolve
from returns.pipeline import is_successful

from application.jobs.carried import CarriedJob, JobFailed
from application.jobs.merging import merge
from application.jobs.planning import plan
from application.jobs.processing import process
from application.jobs.publishing import publish
from application.jobs.results import stored_results
from application.jobs.verifying import verify
from application.jobs.writing import write
from domain.job_requests import Merge
from domain.jobs import JobErrorKind, JobOutcome, job_error
from domain.stores import Operation, StoreName, check_use


async def carry_through(carried: CarriedJob) -> JobOutcome:
    """Do what is left of a job, up to its published output. Raises `JobFailed`, `JobLost` and `Unavailable`."""
    _check_stores(carried)
    await plan(carried)
    await verify(carried)
    await process(carried)
    stored = await stored_results(carried)
    is_merged = carried.job.request.merge is Merge.SCRIPT
    results = (await merge(carried, stored.results),) if is_merged else stored.results
    return await publish(carried, await write(carried, results), stored)


def _check_stores(carried: CarriedJob) -> None:
    """Check the rules of both stores again, which the operator may have changed since the job was submitted."""
    request = carried.job.request
    _check_store(carried, request.input.pattern.store, Operation.READ)
    _check_store(carried, request.output.folder.store, Operation.WRITE)


def _check_store(carried: CarriedJob, store: StoreName, operation: Operation) -> None:
    info = carried.ports.stores.stores().get(store)
    if info is not None:
        for_all_keys = evolve(info.rules, keys=("*",))  # the key was checked, and may be gone
        script = carried.job.script.name.value
        if is_successful(check_use(store, for_all_keys, operation, None, script)):
            return
    message = f"store {store.value} is not there for this job any more, to {operation.value}; ask the operator"
    raise JobFailed(job_error(JobErrorKind.STORE_REFUSED, message))
