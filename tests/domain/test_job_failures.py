"""Failures of jobs by those of their tasks, and what a failed job keeps."""

import pytest
from attrs import evolve

from domain.job_failures import LOST, failure_of, failure_of_partitions, keeps_results
from domain.jobs import RETRYABLE, Job, JobErrorKind, JobOutcome, cancel, fail, job_error, remove_content, succeed
from domain.outcome import ErrorKind
from domain.partitions import InputFault, Partition, PartitionRange, RangeUnit, partition_error, reject
from tests.domain.test_job_outputs import JOB
from tests.support.values import NOON


@pytest.mark.parametrize("kind", [*ErrorKind, *InputFault])
def test_a_failure_names_its_kind_and_place(kind: ErrorKind | InputFault) -> None:
    failed = failure_of(partition_error(kind, "the reason", 3, "total"), JobErrorKind.MERGE_FAILED)
    assert failed.message == f"{kind.value}, line 3, column total: the reason"
    own = {"worker_lost", "engine_unavailable", *InputFault} - {"store_unavailable"}
    of_store = JobErrorKind.STORE_REFUSED if kind == "store_unavailable" else JobErrorKind.MERGE_FAILED
    assert failed.kind == (kind.value if kind.value in own else of_store)


def test_partitions_fail_with_the_first() -> None:
    partition = reject(Partition(number=4, range=PartitionRange(0, RangeUnit.BYTES, 0, 9)), LOST)
    failed = failure_of_partitions(partition)
    assert (failed.kind, failed.partition) == (JobErrorKind.PARTITIONS_FAILED, 4)
    assert failed.message.startswith("partition 4 failed with worker_lost: the worker was lost")


@pytest.mark.parametrize("kind", JobErrorKind)
def test_results_stay_for_another_attempt(kind: JobErrorKind) -> None:
    failed = fail(JOB, job_error(kind, "the reason"), NOON).unwrap()
    assert keeps_results(failed) is (kind in RETRYABLE)
    assert not keeps_results(remove_content(failed, NOON).unwrap())


def test_results_of_jobs_that_have_not_failed() -> None:
    ended: list[Job] = [cancel(JOB, NOON).unwrap(), succeed(JOB, JobOutcome("", 0, 0, ""), NOON).unwrap()]
    assert keeps_results(JOB)
    assert keeps_results(evolve(JOB, started_at=NOON))
    assert not any(map(keeps_results, ended))
