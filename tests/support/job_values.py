"""Jobs and their partitions, for the tests of what clients do with them."""

from typing import Any, Final
from uuid import UUID

from attrs import evolve

from domain.body import digest
from domain.execution import ScriptReference
from domain.job_outputs import manifest_of
from domain.job_requests import DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.jobs import Job, JobOutcome, JobPlan, OutputFile, begin, succeed
from domain.limits import DEFAULTS
from domain.merkle import leaf, root
from domain.outcome import Measures
from domain.partitions import ObjectVersion, Partition, PartitionRange, PartitionResult, RangeUnit, complete
from domain.script import ScriptName
from domain.stores import folder, object_pattern
from tests.support.values import CIRCUMSTANCES, NOON

REQUEST: Final = JobRequest(
    input=JobInput(pattern=object_pattern("lake://in/*.ndjson").unwrap()),
    output=JobOutput(folder("lake://out/").unwrap(), DataFormat.NDJSON),
    merge=Merge.CONCATENATE,
)
OBJECTS: Final = (ObjectVersion("in/a.ndjson", 20, '"a"'), ObjectVersion("in/b.ndjson", 10, '"b"'))
OUTPUT: Final = {"part-00000.ndjson": b"1\n", "part-00001.ndjson": b"2\n3\n"}
JOB_ID: Final = UUID("0197c9a4-6c1e-7d42-b0ff-2f6b7d1c55ab")


def a_done_partition(number: int) -> Partition:
    """Make a partition that is done."""
    span = PartitionRange(number // 2, RangeUnit.BYTES, number % 2 * 10, number % 2 * 10 + 10)
    result = PartitionResult(
        range=span,
        rows=2,
        input_bytes=10,
        input_sha256=digest(b"in%d" % number).sha256,
        result_sha256=digest(b"out%d" % number).sha256,
        result_bytes=4,
        measures=Measures(1, 1, 1),
    )
    return complete(Partition(number=number, range=span), result)


PARTITIONS: Final = tuple(map(a_done_partition, range(3)))
ROOT: Final = root([leaf(one) for one in PARTITIONS])


def a_pending_job(**members: Any) -> Job:
    """Make a job that waits."""
    job = Job(
        id=JOB_ID,
        script=ScriptReference(
            id=UUID(int=1), name=ScriptName("cards"), version=3, sha256=digest(b"source").sha256, engine="quickjs"
        ),
        limits=DEFAULTS,
        circumstances=CIRCUMSTANCES,
        request=REQUEST,
        submitted_at=NOON,
        plan=JobPlan(OBJECTS, None, len(PARTITIONS)),
    )
    return evolve(job, **members)


def the_manifest(job: Job) -> bytes:
    """Write the manifest of a job's output."""
    objects = [OutputFile(f"out/{name}", len(data), digest(data).sha256) for name, data in OUTPUT.items()]
    return manifest_of(job, objects, len(PARTITIONS), ROOT)


def a_done_job(**members: Any) -> Job:
    """Make a job that has succeeded."""
    job = a_pending_job(**members)
    outcome = JobOutcome(digest(the_manifest(job)).sha256, len(OUTPUT), sum(map(len, OUTPUT.values())), ROOT)
    return succeed(begin(job, NOON).unwrap(), outcome, NOON).unwrap()
