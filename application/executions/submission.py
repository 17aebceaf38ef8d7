"""The decision on a submission, without effects: the execution that follows from a command and a script's version."""

from datetime import datetime
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Result

from application.executions.read import StoredContent
from application.ports.bodies import EncodedDataset
from application.ports.executions import OPEN, Expected
from application.ports.scripts import ScriptRef
from application.scripts.known import ResolvedVersion
from domain import transitions
from domain.aliases import LIVE, VersionRef
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.circumstances import RequestedCircumstances
from domain.execution import UNATTRIBUTED, Attribution, Pending
from domain.idempotency import IdempotencyKey, RequestFingerprint, request_fingerprint
from domain.script import ScriptArchived, ScriptHead
from domain.versions import ScriptVersion


@frozen(kw_only=True)
class Submit:
    """The command: run that version of a script, named by its number or an alias, over the dataset, which is the stored
    one of another execution if it is no text. Without either, the version of the alias `live` runs, or the latest one
    if there is no such alias.

    The actor's API key becomes that of the attribution.
    """

    script: ScriptRef
    dataset: bytes | StoredContent = field(repr=False)
    version: VersionRef | None = None
    idempotency_key: IdempotencyKey | None = None
    attribution: Attribution = UNATTRIBUTED
    actor: Actor = ANONYMOUS
    circumstances: RequestedCircumstances | None = None


@frozen(kw_only=True)
class Decision:
    """An execution as it was decided: what is stored with it, and the state of its script that it relies on."""

    pending: Pending
    version: ScriptVersion
    dataset: Body
    request: RequestFingerprint | None
    actor: Actor
    expected: Expected


def decide(
    command: Submit, resolved: ResolvedVersion, dataset: EncodedDataset, execution_id: UUID, at: datetime
) -> Result[Decision, ScriptArchived]:
    """Create an execution of the version; if the reference to it was resolved from memory, it must lead there still."""
    script, version, body, requested = resolved.script, resolved.version, dataset.body, command.circumstances
    alias = None if resolved.alias is None else resolved.alias.value
    attribution = evolve(
        command.attribution, submitted_by=command.actor.key_id, alias=alias, input_of=_input_of(command.dataset)
    )
    return transitions.submit(
        execution_id, script, version, body.digest, dataset.warnings, at, attribution, requested
    ).map(
        lambda pending: Decision(
            pending=pending,
            version=version,
            dataset=body,
            request=_fingerprint(command, script, body),
            actor=command.actor,
            expected=expected_of(command.version, resolved),
        )
    )


def _input_of(dataset: bytes | StoredContent) -> UUID | None:
    return dataset.submission.id if isinstance(dataset, StoredContent) else None


def expected_of(wanted: VersionRef | None, resolved: ResolvedVersion) -> Expected:
    """State what must still be true of the script for the reference to lead to the version: nothing if it was read for
    this request, or names the version's number."""
    if not resolved.is_remembered or isinstance(wanted, int):
        return OPEN
    if resolved.alias is not None:
        return Expected(alias=resolved.alias, leads_to=resolved.version.number)
    return Expected(latest=resolved.version.number, alias=LIVE)


def _fingerprint(command: Submit, script: ScriptHead, dataset: Body) -> RequestFingerprint | None:
    key = command.idempotency_key
    if key is None:
        return None
    return request_fingerprint(key, script.id, command.version, dataset.digest, command.circumstances)
