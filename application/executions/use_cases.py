"""The use cases of executions with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.executions.cancel import CancellationRefused, cancel_execution
from application.executions.log_news import LogNews
from application.executions.read import (
    DatasetUnavailable,
    ResultUnavailable,
    StoredContent,
    UnknownExecution,
    find_dataset,
    read_dataset,
    read_execution,
    read_result,
)
from application.executions.read_log import LogPorts, LogReading, LogUnavailable, await_log, read_log
from application.executions.read_reproduction import Examined, ReproductionUnknown, examine, find_reproduction
from application.executions.remove_content import RemovalRefused, remove_content
from application.executions.reproduce import (
    Reproduce,
    Reproduction,
    ReproductionPorts,
    ReproductionRefused,
    find_reproducible,
    reproduce,
)
from application.executions.submission import Submit
from application.executions.submit import Accepted, SubmissionRefused, SubmitPorts, submit
from application.executions.wait import wait_for_end
from application.ports.executions import CompletionSignals, ExecutionDetails, ExecutionFilter
from application.ports.live_logs import LiveLogs
from domain.audit import Actor
from domain.execution import Execution, Finished
from domain.live_log import LogPosition


@frozen
class ExecutionUseCases:
    """Submit, read, cancel and clear executions."""

    ports: SubmitPorts
    completions: CompletionSignals
    live_logs: LiveLogs
    log_news: LogNews

    async def submit(self, command: Submit) -> Result[Accepted, SubmissionRefused]:
        """Run a script over a dataset."""
        return await submit(self.ports, command)

    async def read(self, execution_id: UUID, wait_seconds: float = 0) -> Result[ExecutionDetails, UnknownExecution]:
        """Read an execution, now or once it has finished."""
        return await read_execution(
            self.ports.executions,
            self.completions,
            execution_id=execution_id,
            result_up_to=self.ports.inline_result_bytes,
            wait_seconds=wait_seconds,
        )

    async def wait(self, accepted: Accepted, wait_seconds: float) -> Result[ExecutionDetails, UnknownExecution]:
        """Read an execution that was accepted a moment ago once it has finished."""
        return await wait_for_end(self.ports, self.completions, accepted, wait_seconds)

    async def read_result(self, execution_id: UUID) -> Result[StoredContent, ResultUnavailable]:
        """Read the result, of any size."""
        return await read_result(self.ports.executions, execution_id)

    async def read_dataset(self, execution_id: UUID) -> Result[StoredContent, DatasetUnavailable]:
        """Read the dataset, of any size."""
        return await read_dataset(self.ports.executions, execution_id)

    async def find_dataset(self, execution_id: UUID) -> Result[StoredContent, UnknownExecution]:
        """Find the dataset of an execution for another one."""
        return await find_dataset(self.ports.executions, execution_id)

    async def read_log(
        self, execution_id: UUID, after: LogPosition | None, wait_seconds: float = 0
    ) -> Result[LogReading, LogUnavailable]:
        """Read the log after a position, of an execution that may be running, now or once it has more lines."""
        if wait_seconds <= 0:
            return await read_log(self.ports.executions, self.live_logs, execution_id, after)
        ports = LogPorts(self.ports.executions, self.live_logs, self.completions, self.log_news)
        return await await_log(ports, execution_id, after, wait_seconds)

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        """Read a page of the executions that match the filter."""
        return await self.ports.executions.page(wanted, before, limit)

    async def cancel(self, execution_id: UUID, actor: Actor) -> Result[ExecutionDetails, CancellationRefused]:
        """End an execution."""
        return await cancel_execution(self.ports.executions, self.ports.clock, execution_id, actor)

    async def remove_content(self, execution_id: UUID, actor: Actor) -> Result[None, RemovalRefused]:
        """Remove dataset, result and logs."""
        return await remove_content(self.ports.executions, self.ports.clock, execution_id, actor)


@frozen
class ReproductionUseCases:
    """Repeat executions, and compare them with their replays."""

    ports: ReproductionPorts

    async def find_reproducible(self, execution_id: UUID) -> Result[Finished, ReproductionRefused]:
        """Find an execution that can be reproduced."""
        return await find_reproducible(self.ports, execution_id)

    async def reproduce(self, command: Reproduce) -> Result[Reproduction, ReproductionRefused]:
        """Store the replay of an execution that can be reproduced."""
        return await reproduce(self.ports, command)

    async def find(
        self, execution_id: UUID, replay_id: UUID, wait_seconds: float = 0
    ) -> Result[Reproduction, ReproductionUnknown]:
        """Read a reproduction, now or once its replay has finished."""
        return await find_reproduction(self.ports, execution_id, replay_id, wait_seconds)

    async def examine(self, original: Finished, replay: Finished) -> Examined:
        """Compare an execution with its finished replay."""
        return await examine(self.ports, original, replay)

    async def remove_content(self, replay_id: UUID) -> None:
        """Remove the content of a finished replay."""
        await remove_content(self.ports.executions, self.ports.clock, replay_id)
