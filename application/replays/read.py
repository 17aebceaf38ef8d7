"""Read replays on a version, and accept their differences."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from attrs import evolve, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.completion_signals import wait_for
from application.ports.scripts import ScriptRef
from application.ports.version_replays import ReplayRecord
from application.replays.columns import with_columns
from application.replays.start import VersionReplayPorts
from application.scripts.read import VersionNotFound
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.version_replays import AcceptanceNote, ReplayNotFinished, accept


@frozen
class UnknownReplay:
    """The version has no replay of that id."""

    id: UUID


@frozen(kw_only=True)
class ReplayRef:
    """A reference to a replay, by the script and the version that it belongs to."""

    script: ScriptRef
    version: VersionRef
    id: UUID


ReplayNotFound: TypeAlias = VersionNotFound | UnknownReplay


async def find_replay(
    ports: VersionReplayPorts, wanted: ReplayRef, wait_seconds: float = 0
) -> Result[ReplayRecord, ReplayNotFound]:
    """Read a replay, at once or when it has finished or `wait_seconds` have passed."""
    resolved = await ports.known_scripts.read(wanted.script, wanted.version)
    if not is_successful(resolved):
        return Failure(resolved.failure())
    version = resolved.unwrap().version
    with ports.completions.watch(wanted.id) as finished:  # before the first look, so that no end falls between the two
        found = await ports.replays.find(wanted.id)
        if found is None or (found.replay.script_id, found.replay.version) != (version.script_id, version.number):
            return Failure(UnknownReplay(wanted.id))
        if wait_seconds > 0 and found.replay.finished_at is None:
            await wait_for(finished, wait_seconds)
            found = await ports.replays.find(wanted.id)
    return Failure(UnknownReplay(wanted.id)) if found is None else Success(found)


async def read_replay(
    ports: VersionReplayPorts, wanted: ReplayRef, wait_seconds: float
) -> Result[ReplayRecord, ReplayNotFound]:
    """Read a replay as `find_replay` does, with its columns once it has finished."""
    found = await find_replay(ports, wanted, wait_seconds)
    return Success(await with_columns(ports.replays, found.unwrap())) if is_successful(found) else found


async def list_replays(
    ports: VersionReplayPorts, script: ScriptRef, version: VersionRef, before: UUID | None, limit: int
) -> Result[Sequence[ReplayRecord], VersionNotFound]:
    """Read a page of the replays on a version."""
    resolved = await ports.known_scripts.read(script, version)
    if not is_successful(resolved):
        return Failure(resolved.failure())
    found = resolved.unwrap().version
    return Success(await ports.replays.page(found.script_id, found.number, before, limit))


async def accept_replay(
    ports: VersionReplayPorts, wanted: ReplayRef, note: AcceptanceNote, actor: Actor
) -> Result[ReplayRecord, ReplayNotFound | ReplayNotFinished]:
    """Accept the differences of a finished replay. The first acceptance counts."""
    found = await find_replay(ports, wanted)
    if not is_successful(found):
        return Failure(found.failure())
    record = found.unwrap()
    accepted = accept(record.replay, note, ports.clock(), actor.key_id)
    if not is_successful(accepted):
        return Failure(accepted.failure())
    await ports.replays.accept(accepted.unwrap(), actor)
    stored = await ports.replays.find(wanted.id) or evolve(record, replay=accepted.unwrap())
    return Success(await with_columns(ports.replays, stored))
