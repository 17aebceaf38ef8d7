"""A job with its stores, its rows and its engine, which processes carry on that may fail at any point."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from attrs import define, evolve, field
from returns.result import Result, Success

from adapters.memory.stores import MemoryStores, any_store
from adapters.system import uuid7
from application.jobs.carried import RunnerPorts
from application.jobs.runner import JobRunner
from application.ports.comparison import ComparisonChoices
from application.ports.job_tasks import JobEngine
from application.ports.stored_bodies import StoredBody
from domain.body import digest
from domain.comparison.report import ComparisonRefused, ResultComparison, ValueComparison
from domain.execution import ScriptReference
from domain.job_requests import DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.jobs import Job, JobStatus
from domain.limits import DEFAULTS
from domain.partitions import Partition, PartitionState
from domain.script import ScriptName
from domain.stores import ObjectUrl, folder, object_pattern, object_url, store_name
from domain.versions import ScriptVersion, Source
from tests.application.jobs.engine import Bench, RandomEngine, split
from tests.application.jobs.faults import Faults, Faulty
from tests.application.jobs.job_rows import JobRows, ProcessWork
from tests.support.values import CIRCUMSTANCES
from tests.support.virtual_time import virtual_now

LAKE: Final = store_name("lake").unwrap()
OUTPUT: Final = "out/"
_WORK: Final = {name for name in vars(ProcessWork) if not name.startswith("_")}
_STORES: Final = {"page", "head", "read", "write", "move", "delete", "delete_all"}


@define
class Comparer:
    """The port `CompareResults`: bytes that differ are equal within the tolerance only if `is_equal`."""

    is_equal: bool = False
    refusal: ComparisonRefused | None = None
    read: list[bytes] = field(factory=list)

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices
    ) -> Result[ResultComparison, ComparisonRefused]:
        for body in (before, after):
            self.read.append(b"".join([part async for part in body.parts()]))
        if self.refusal is not None:
            return Result.from_failure(self.refusal)
        return Success(ValueComparison(0 if self.is_equal else 1, ()))


def a_request(
    script_merge: bool = False, output: DataFormat = DataFormat.NDJSON, partition_bytes: int = 6, **members: Any
) -> JobRequest:
    """Build a request over the objects of `lake://in/`."""
    return JobRequest(
        input=JobInput(pattern=object_pattern("lake://in/*").unwrap()),
        output=JobOutput(folder(f"lake://{OUTPUT}").unwrap(), output),
        merge=Merge.SCRIPT if script_merge else Merge.CONCATENATE,
        partition_bytes=partition_bytes,
        **members,
    )


def lines(*numbers: int) -> bytes:
    """Write an object of lines."""
    return b"".join(b"%d\n" % one for one in numbers)


def url(path: str) -> ObjectUrl:
    """Name an object of the only store."""
    return object_url(f"lake://{path}").unwrap()


class World:
    """One job. Build it while a loop of virtual time runs."""

    def __init__(
        self, request: JobRequest, objects: Mapping[str, bytes], script: bytes, seed: int = 0, workers: int = 2
    ) -> None:
        self.stores = MemoryStores(virtual_now, [any_store("lake")], piece_bytes=5)
        for path, data in objects.items():
            self.stores.put(url(f"in/{path}"), data)
        self.rows, self.compare = JobRows(virtual_now), Comparer()
        self.bench = Bench(self.stores, Random(seed), self._is_done)
        self.workers, self.engines = workers, list[RandomEngine]()
        self.ended, self.settled = list[Job](), list[Partition]()
        self.job_id = uuid7()
        self.rows.add(self._job(request, script), _version(script))

    @property
    def job(self) -> Job:
        return self.rows.rows[self.job_id].job

    def status(self) -> JobStatus:
        """Tell the state of the job, which changes meanwhile."""
        return self.job.status

    @property
    def output(self) -> Mapping[str, bytes]:
        """The objects of the output's folder."""
        stored = self.stores.contents(LAKE)
        return {path.removeprefix(OUTPUT): data for path, data in stored.items() if path.startswith(OUTPUT)}

    @property
    def temporary(self) -> list[str]:
        """The names of the job's temporary objects."""
        start = f".bateia/jobs/{self.job_id}/"
        return [path.removeprefix(start) for path in self.stores.contents(LAKE) if path.startswith(".bateia")]

    def runner(self, faults: Faults | None = None, **ports: Any) -> JobRunner:
        """Start another process."""
        faults = faults or Faults()

        async def open_engine() -> JobEngine:
            faults.tick()
            self.bench.opened += 1
            self.engines.append(RandomEngine(self.bench, self.workers))
            return Faulty(self.engines[-1], faults, {"submit", "next_finished"})

        given = RunnerPorts(
            work=Faulty(ProcessWork(self.rows), faults, _WORK),
            find=self.rows.find,
            open_engine=open_engine,
            stores=Faulty(self.stores, faults, _STORES),
            split=split,
            compare=self.compare,
            clock=virtual_now,
            write_differences=lambda comparison: b'{"differences": 1}',
            observe_partition=self.settled.append,
            observe_end=self.ended.append,
        )
        return JobRunner(evolve(given, **ports))

    async def carry_on(self, faults: Faults | None = None) -> None:
        """Let one process do all that it can."""
        runner = self.runner(faults)
        while await runner.carry_one_on():
            pass

    def _is_done(self, number: int) -> bool:
        return self.rows.rows[self.job_id].partitions[number].state is PartitionState.DONE

    def _job(self, request: JobRequest, script: bytes) -> Job:
        version = _version(script)
        reference = ScriptReference(
            id=version.script_id,
            name=ScriptName("cards"),
            version=1,
            sha256=version.source.digest.sha256,
            engine=version.engine,
        )
        return Job(
            id=self.job_id,
            script=reference,
            limits=DEFAULTS,
            circumstances=CIRCUMSTANCES,
            request=request,
            submitted_at=virtual_now(),
        )


def _version(script: bytes) -> ScriptVersion:
    return ScriptVersion(uuid7(), 1, Source(script, digest(script)), "quickjs", DEFAULTS, virtual_now())
