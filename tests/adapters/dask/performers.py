"""A performer whose tasks do what the path of their first result says. Workers import it by its dotted name."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from application.ports.errors import Unavailable
from application.ports.job_tasks import DescribeTask, PartialResult, PerformTask, Task, TaskReport, Written
from domain.stores import ObjectPath, ObjectUrl, StoreName

FOLDER: Final = "TEST_PERFORMERS_FOLDER"
"""The variable with the folder in which tasks leave marks."""
NAME: Final = f"{__name__}:open_performer"
SECRET: Final = "what-no-log-may-have"
JOB: Final = UUID(int=1)


def a_task(what: str, number: int = 0, job: UUID = JOB) -> DescribeTask:
    """Make a task that does that."""
    place = PartialResult(ObjectUrl(StoreName(SECRET), ObjectPath(what)), "", 0)
    return DescribeTask(job=job, number=number, results=(place,))


@asynccontextmanager
async def open_performer() -> AsyncIterator[PerformTask]:
    """Open the performer, which leaves a mark when it is closed. The log of its process is a file."""
    logging.basicConfig(filename=Path(os.environ[FOLDER], "log"), level=logging.INFO)
    yield _perform
    Path(os.environ[FOLDER], f"closed-{os.getpid()}").touch()


async def _perform(task: Task, /) -> TaskReport:
    assert isinstance(task, DescribeTask)
    folder, what = Path(os.environ[FOLDER]), task.results[0].url.path.value
    began = len([*folder.glob(f"{what}-{task.number}-*")])
    (folder / f"{what}-{task.number}-{uuid4()}").write_text(str(os.getpid()))
    if what == "die" or (what == "die-once" and not began):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "last":
        try:
            await asyncio.Event().wait()
        finally:
            (folder / f"ended-{task.number}").touch()
    if what == "defer":
        raise Unavailable("the store does not answer")
    if what == "break":
        raise ValueError(SECRET)
    return Written(str(os.getpid()), task.number)
