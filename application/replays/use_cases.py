"""The use cases of replays on versions with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.ports.scripts import ScriptRef
from application.ports.version_replays import ReplayRecord, StoredDifferences
from application.replays.read import ReplayNotFound, ReplayRef, accept_replay, find_replay, list_replays, read_replay
from application.replays.start import ReplayRefused, StartReplay, VersionReplayPorts, start_replay
from application.scripts.read import VersionNotFound
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.replayed_executions import ReplayedExecution
from domain.version_replays import AcceptanceNote, ReplayNotFinished


@frozen
class VersionReplayUseCases:
    """Start, read and accept replays of past executions on a version."""

    ports: VersionReplayPorts

    async def start(self, command: StartReplay) -> Result[ReplayRecord, ReplayRefused]:
        """Store a replay, which workers carry on."""
        return await start_replay(self.ports, command)

    async def find(self, wanted: ReplayRef) -> Result[ReplayRecord, ReplayNotFound]:
        """Find a replay, without its columns."""
        return await find_replay(self.ports, wanted)

    async def read(self, wanted: ReplayRef, wait_seconds: float = 0) -> Result[ReplayRecord, ReplayNotFound]:
        """Read a replay, now or once it has finished, and then with its columns."""
        return await read_replay(self.ports, wanted, wait_seconds)

    async def page(
        self, script: ScriptRef, version: VersionRef, before: UUID | None, limit: int
    ) -> Result[Sequence[ReplayRecord], VersionNotFound]:
        """Read a page of the replays on a version."""
        return await list_replays(self.ports, script, version, before, limit)

    async def executions(self, replay_id: UUID, first: int, limit: int) -> Sequence[ReplayedExecution]:
        """Read a page of the executions of a replay that was found."""
        return await self.ports.replays.executions(replay_id, first, limit)

    async def differences(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredDifferences]:
        """Read the differences of some executions of a replay that was found."""
        return await self.ports.replays.differences(replay_id, first, limit)

    async def accept(
        self, wanted: ReplayRef, note: AcceptanceNote, actor: Actor
    ) -> Result[ReplayRecord, ReplayNotFound | ReplayNotFinished]:
        """Accept the differences of a finished replay."""
        return await accept_replay(self.ports, wanted, note, actor)
