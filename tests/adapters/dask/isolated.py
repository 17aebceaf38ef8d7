"""A process with a cluster of its own, which performs a task, tells who did it, and then waits to be killed."""

import asyncio
import sys

from adapters.dask.embedded import ClusterSize
from adapters.dask.engines import DaskEngines
from application.ports.job_tasks import Written
from tests.adapters.dask.performers import NAME, a_task


async def main() -> None:
    engine = await DaskEngines(ClusterSize(1, 512 * 1024 * 1024, NAME))()
    await engine.submit(a_task("count"))
    report = (await engine.next_finished()).report
    assert isinstance(report, Written)
    sys.stdout.write(f"{report.sha256}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
