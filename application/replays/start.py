"""Start a replay of past executions on a version: choose the executions, and store it.

Nothing is run here. Each execution's replay gets its id now, so that it is stored once, whichever process adds it.
"""

from collections.abc import Sequence
from typing import TypeAlias, assert_never
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import ExecutionOfAnotherScript
from application.ports.executions import CompletionSignals
from application.ports.scripts import ScriptRef
from application.ports.system import Clock, NewId
from application.ports.version_replays import NewVersionReplay, ReplayRecord, VersionReplays
from application.scripts.known import KnownScripts, ResolvedVersion
from application.scripts.read import VersionNotFound
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.replay_sums import ReplayCounts
from domain.replayed_executions import ReplayedExecution
from domain.script import ScriptArchived
from domain.version_replays import ChosenExecutions, LatestExecutions, ReplayReport, ReplayRequest, VersionReplay

ReplayRefused: TypeAlias = VersionNotFound | ScriptArchived | ExecutionOfAnotherScript


@frozen(kw_only=True)
class VersionReplayPorts:
    """The ports of replays on versions, for clients."""

    known_scripts: KnownScripts
    replays: VersionReplays
    completions: CompletionSignals
    clock: Clock
    new_id: NewId


@frozen(kw_only=True)
class StartReplay:
    """The command: replay executions of a script on one of its versions."""

    script: ScriptRef
    version: VersionRef
    request: ReplayRequest
    actor: Actor


async def start_replay(ports: VersionReplayPorts, command: StartReplay) -> Result[ReplayRecord, ReplayRefused]:
    """Store a replay. Executions that are not there, or cannot be run again, are skipped when their turn comes."""
    found = await ports.known_scripts.read(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    resolved = found.unwrap()
    if resolved.script.archived_at is not None:
        return Failure(ScriptArchived(resolved.script.name))
    chosen = await _choose(ports.replays, resolved.script.id, command.request)
    if not is_successful(chosen):
        return Failure(chosen.failure())
    return Success(await _store(ports, command, resolved, chosen.unwrap()))


async def _choose(
    replays: VersionReplays, script_id: UUID, request: ReplayRequest
) -> Result[Sequence[UUID], ExecutionOfAnotherScript]:
    match request.selection:
        case LatestExecutions() as latest:
            return Success(await replays.latest(script_id, latest))
        case ChosenExecutions(executions=ids):
            scripts = await replays.scripts_of(ids)
            foreign = next((one for one in ids if scripts.get(one, script_id) != script_id), None)
            return Success(ids) if foreign is None else Failure(ExecutionOfAnotherScript(foreign))
        case _:
            assert_never(request.selection)


async def _store(
    ports: VersionReplayPorts, command: StartReplay, resolved: ResolvedVersion, originals: Sequence[UUID]
) -> ReplayRecord:
    replay = VersionReplay(
        id=ports.new_id(),
        script_id=resolved.script.id,
        version=resolved.version.number,
        created_at=ports.clock(),
        created_by=command.actor.key_id,
        request=command.request,
    )
    executions = tuple(ReplayedExecution(number, one, ports.new_id()) for number, one in enumerate(originals))
    await ports.replays.add(NewVersionReplay(replay, executions, command.actor))
    stored = await ports.replays.find(replay.id)  # it has the name of the API key
    report = ReplayReport(ReplayCounts(total=len(executions)))
    return stored or ReplayRecord(replay=replay, script_name=resolved.script.name, report=report)
