"""The process that carries jobs on: when it is started, how it ends, and who looks for jobs."""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from prometheus_client import CollectorRegistry

from adapters.metrics.instruments import Instruments
from application.jobs.runner import JobRunner
from entrypoints.composition.job_counts import read_counts
from entrypoints.composition.jobs import JobWatch, LookPolicy
from entrypoints.composition.running_jobs import carry_on_until_idle
from entrypoints.serve import one_with_jobs
from entrypoints.supervision.supervisor import Child
from tests.support import virtual_time
from tests.support.processes import running
from tests.support.waiting import eventually_sees

REGISTRY = CollectorRegistry()
INSTRUMENTS = Instruments(REGISTRY)
QUICK = LookPolicy(look=0, grace=20, first_pause=0.001, longest_pause=0.004)
STUBBORN = "import signal, os, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
MARK = "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); "


def a_watch(code: str, *words: str, policy: LookPolicy = QUICK, waits: bool = True) -> JobWatch:
    async def is_waiting() -> bool:
        return waits

    return JobWatch(
        is_waiting, partial(read_counts, instruments=INSTRUMENTS), (sys.executable, "-c", code, *words), policy
    )


async def test_without_a_job_no_process_is_started(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    await a_watch("import os, sys; " + MARK, str(mark), waits=False).look()
    assert not mark.exists()


SETTLES = """
from entrypoints.composition.job_counts import write_end, write_partition
from tests.support.stored_jobs import a_job, a_partition, done, failed, failure
from tests.support.values import a_script
write_partition(done(a_partition(1)))
print("x" * 200_000, flush=True)
print("job unheard-of\\npartition\\nother", flush=True)
write_partition(done(a_partition(2)))
write_partition(failed(a_partition(3)))
write_end(failure(a_job(a_script()[1])))
"""


async def test_what_the_process_settles_is_counted_by_the_worker_that_started_it() -> None:
    await a_watch(SETTLES).look()
    counted = {
        (one.name, one.labels["outcome"]): one.value
        for family in REGISTRY.collect()
        for one in family.samples
        if one.name.startswith("bateia_job") and one.value
    }
    assert counted == {
        ("bateia_job_partitions_total", "done"): 2,
        ("bateia_job_partitions_total", "failed"): 1,
        ("bateia_jobs_total", "partitions_failed"): 1,
    }


async def test_a_process_that_fails_is_started_again_after_pauses_that_double(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failing = tmp_path / "failing"
    failing.touch()
    watch = a_watch("import os, sys; sys.exit(3 if os.path.exists(sys.argv[1]) else 0)", str(failing))
    for _ in range(4):
        await watch.look()
    failing.unlink()
    await watch.look()
    failing.touch()
    await watch.look()
    pauses = [one.rpartition(" in ")[2] for one in caplog.messages if "status 3" in one]
    assert pauses == ["0.001 s", "0.002 s", "0.004 s", "0.004 s", "0.001 s"]


@pytest.mark.parametrize(
    ("code", "grace"), [("import os, sys, signal; ", 20), (STUBBORN, 0.01)], ids=["willing", "not"]
)
async def test_the_process_ends_with_the_look(tmp_path: Path, code: str, grace: float) -> None:
    mark = tmp_path / "mark"
    policy = LookPolicy(look=0, grace=grace)
    look = asyncio.create_task(a_watch(code + MARK + "signal.pause()", str(mark), policy=policy).look())

    async def begun() -> str:
        return mark.read_text() if mark.exists() else ""

    pid = int(await eventually_sees(begun))
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert not running(pid)


async def test_a_notification_has_it_look_at_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    watch = a_watch("import os, sys; " + MARK, str(mark), policy=LookPolicy(look=3_600))
    watch.wake()
    await watch.look()
    assert mark.exists()


def test_the_runner_ends_when_no_job_has_waited_for_a_while() -> None:
    class Runner:
        waiting = [True, False, True, True]

        async def carry_one_on(self) -> bool:
            await asyncio.sleep(10)
            return bool(self.waiting) and self.waiting.pop()

    async def work() -> float:
        await carry_on_until_idle(cast("JobRunner", Runner()), 60)
        return asyncio.get_running_loop().time()

    assert 100 <= virtual_time.run(work()) < 120  # 60 seconds after the last of three jobs


def test_only_the_first_of_several_workers_looks() -> None:
    workers = [Child(str(number), ("worker",)) for number in range(3)]
    assert [dict(one.own_env) for one in one_with_jobs(workers)] == [{}, {"BATEIA_JOBS": "0"}, {"BATEIA_JOBS": "0"}]
    assert one_with_jobs([]) == []
