"""Verification: the script over the first rows as one piece, compared with the same rows in pieces."""

from collections.abc import AsyncIterator

from attrs import evolve
from returns.pipeline import is_successful

from application.jobs.carried import CarriedJob, JobFailed, expect
from application.ports.comparison import ComparisonChoices
from application.ports.errors import Unavailable
from application.ports.job_tasks import PartialResult, Verified, VerifyTask
from application.ports.stored_bodies import PART_BYTES, StoredBody
from application.ports.stores import ObjectStores, StoreUnavailable
from domain.body import Digest, Encoding
from domain.comparison.report import ComparisonRefused, ComparisonStopped, ResultComparison, StopReason
from domain.job_requests import Merge, Verification
from domain.jobs import JobErrorKind, JobPhase, job_error

_HELD_BYTES = 16 * 1024 * 1024
"""The most that a store returns at once, and what it reads ahead."""


async def verify(carried: CarriedJob) -> None:
    """Check that partitions and merge do not change the result, unless that was done or the client skips it."""
    wanted = carried.job.request.verification
    if wanted is None or carried.job.is_verified:
        return
    if carried.plan.partitions != 0:
        await carried.enter(JobPhase.VERIFYING)
        finished = await carried.tasks.run_one(_task(carried, wanted))
        await _compare(carried, wanted, expect(finished.report, Verified, JobErrorKind.NOT_VERIFIABLE))
    await carried.store(evolve(carried.job, is_verified=True))


def _task(carried: CarriedJob, wanted: Verification) -> VerifyTask:
    return VerifyTask(
        job=carried.job.id,
        input=carried.input,
        objects=tuple(map(carried.input_object, carried.plan.objects)),
        script=carried.script,
        rows=wanted.rows,
        has_merge=carried.job.request.merge is Merge.SCRIPT,
        tolerance=wanted.tolerance,
        whole=carried.places.whole,
        pieces=carried.places.pieces,
    )


async def _compare(carried: CarriedJob, wanted: Verification, verified: Verified) -> None:
    if verified.whole.sha256 == verified.pieces.sha256:
        return
    stores = carried.ports.stores
    whole, pieces = _stored(stores, verified.whole), _stored(stores, verified.pieces)
    compared = await carried.ports.compare(whole, pieces, ComparisonChoices(tolerance=wanted.tolerance))
    if not is_successful(compared):
        raise _refused(compared.failure())
    if not compared.unwrap().is_equal:
        raise _failed(carried, verified, compared.unwrap())


def _refused(refusal: ComparisonRefused) -> Exception:
    reason = refusal.reason if isinstance(refusal, ComparisonStopped) else None
    if reason is StopReason.UNAVAILABLE:
        return Unavailable("no process could be started to compare results in")
    given_up = "they are no tables with usable keys" if reason is None else f"the comparison was given up ({reason})"
    message = f"the results over the first rows differ in their bytes, and cannot be compared: {given_up}"
    return JobFailed(job_error(JobErrorKind.NOT_VERIFIABLE, f"{message}; verify fewer rows, or skip the verification"))


def _failed(carried: CarriedJob, verified: Verified, comparison: ResultComparison) -> JobFailed:
    remedy = (
        "its function merge must make the same of partial results"
        if carried.job.request.merge is Merge.SCRIPT
        else 'a script that sums or counts needs a function merge, and "merge": "script"'
    )
    message = f"the result over the first {verified.rows} rows differs from that over pieces of them: {remedy}"
    error = job_error(JobErrorKind.VERIFICATION_FAILED, message)
    return JobFailed(error, carried.ports.write_differences(comparison))


def _stored(stores: ObjectStores, result: PartialResult) -> StoredBody:
    async def parts() -> AsyncIterator[bytes]:
        read = await stores.read(result.url)
        if not is_successful(read):
            raise StoreUnavailable("a result of the verification is not there")
        async for piece in read.unwrap():
            for start in range(0, len(piece), PART_BYTES):
                yield piece[start : start + PART_BYTES]

    return StoredBody(Digest(result.sha256, result.size_bytes), Encoding.IDENTITY, _HELD_BYTES, parts)
