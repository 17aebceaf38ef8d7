"""Port `PerformTask`: each kind of task by the module that does it, and refusals as reports."""

from adapters.partitions.bounds import BOUNDS, Bounds
from adapters.partitions.describing import describe
from adapters.partitions.faults import TaskRefused
from adapters.partitions.inspecting import inspect
from adapters.partitions.memory_budget import MemoryBudget
from adapters.partitions.merging import merge
from adapters.partitions.processing import process
from adapters.partitions.sandbox import RunTask, ScriptRejected, message_of
from adapters.partitions.tools import Tools
from adapters.partitions.verifying import verify
from adapters.partitions.writing import write
from application.ports.bodies import Bodies
from application.ports.job_tasks import (
    DescribeTask,
    InspectTask,
    MergeTask,
    ProcessTask,
    Task,
    TaskFailed,
    TaskReport,
    VerifyTask,
    WriteTask,
)
from application.ports.stores import ObjectStores
from domain.limits import MIB
from domain.partitions import partition_error


class TaskPerformer:
    """The work of tasks in this process: data comes from the stores, and scripts run in its sandbox. Tasks beside each
    other take `memory_bytes` by estimate."""

    def __init__(
        self,
        stores: ObjectStores,
        run_task: RunTask,
        bodies: Bodies,
        bounds: Bounds = BOUNDS,
        memory_bytes: int = 256 * MIB,
    ) -> None:
        self._tools, self._memory = Tools(stores, run_task, bodies, bounds), MemoryBudget(memory_bytes)

    async def __call__(self, task: Task) -> TaskReport:
        """Do a task. Raises `StoreUnavailable`, and `Unavailable` if the sandbox cannot start or was lost."""
        try:
            async with self._memory.room_for(task):
                return await self._report(task)
        except TaskRefused as fault:
            return TaskFailed(fault.error)
        except ScriptRejected as rejected:
            return TaskFailed(partition_error(rejected.error.kind, message_of(rejected.error)))

    async def _report(self, task: Task) -> TaskReport:
        match task:
            case InspectTask():
                return await inspect(self._tools, task)
            case VerifyTask():
                return await verify(self._tools, task)
            case ProcessTask():
                return await process(self._tools, task)
            case MergeTask():
                return await merge(self._tools, task)
            case DescribeTask():
                return await describe(self._tools, task)
            case WriteTask():
                return await write(self._tools, task)
