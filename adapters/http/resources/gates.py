"""The resources of a script's gate: `/v1/scripts/{script}/gate`, and a version's standing at it.

Setting and removing a gate need the scope `admin`: they are the operator's checks on those who write scripts.
"""

from typing import Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.audience import Audience
from adapters.http.problems.details import Unmet
from adapters.http.problems.gate_reasons import unmet_requirements
from adapters.http.problems.refusals import InvalidDocument, Refusal
from adapters.http.requests.parameters import script_ref
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS, read_short_document
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.resources.versions import VERSION_REFUSALS, version_key
from adapters.http.responses.aliases import gate
from adapters.http.responses.conditional import revised, with_revision
from adapters.http.responses.documents import document
from adapters.http.results import then
from adapters.http.wire.schemas.gates import Gate, GateReport, NewGate
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.validation_errors import Fault
from application.ports.scripts import ScriptRef
from application.scripts.gates import GateReport as VersionAtGate
from domain.access import Scope
from domain.aliases import alias_name
from domain.gate import Gate as WantedGate
from domain.hint import hint

TAG: Final = "gates"
_MOST_BYTES: Final = 16_384
_SHOWN: Final = MediaType(JSON, Gate)


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a script's gate."""
    found = await then(script_ref(call.request), call.deps.gates.find)
    return found.map(lambda one: revised(call.request.headers, document(gate(one)), one.revision))


async def set_gate(call: RequestContext[NoQuery]) -> HandlerResult:
    """Set a script's gate."""
    return await then(script_ref(call.request), lambda script: _set(call, script))


async def _set(call: RequestContext[NoQuery], script: ScriptRef) -> HandlerResult:
    new = await read_short_document(call, NewGate, _MOST_BYTES)
    given = precondition(call.request.headers)
    stored = await then(new.bind(_wanted), lambda gate: call.deps.gates.set(script, gate, given, call.actor))
    return stored.map(lambda one: with_revision(document(gate(one)), one.revision))


def _wanted(new: NewGate) -> Result[WantedGate, Refusal]:
    named = [alias_name(one) for one in new.aliases]
    faults = [Fault(f"/aliases/{at}", hint("not-an-alias")) for at, one in enumerate(named) if not is_successful(one)]
    if not new.tests and new.replay is None:
        faults.append(Fault("", hint("requires-nothing")))
    if faults:
        return Failure(InvalidDocument(tuple(faults)))
    last = None if new.replay is None else new.replay.last
    return Success(WantedGate(aliases=frozenset(one.unwrap() for one in named), tests=new.tests, replay_last=last))


async def remove_gate(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove a script's gate."""
    given = precondition(call.request.headers)
    removed = await then(script_ref(call.request), lambda script: call.deps.gates.remove(script, given, call.actor))
    return removed.map(lambda _: Response(status_code=204))


async def report(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the requirements of the gate that a version does not meet."""
    found = await then(version_key(call.request), lambda key: call.deps.gates.report(*key))
    return found.map(lambda one: document(_report(call, one)))


def _report(call: RequestContext[NoQuery], found: VersionAtGate) -> GateReport:
    unmet = Unmet(found.version.script_id, found.version.number, found.reasons)
    reasons = unmet_requirements(unmet, Audience(call.language, "", call.root_path))
    return GateReport(version=found.version.number, passes=not reasons, reasons=reasons)


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/gate",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getGate",
                summary="Get a gate",
                description="The requirements on a version before a guarded alias may be promoted to it.",
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The gate.", _SHOWN, ("ETag", "Cache-Control")),
                    ResponseSpec(304, "The client has this revision.", None, ("ETag", "Cache-Control")),
                ),
                refusals=(*SCRIPT_REFUSALS, types.UNKNOWN_GATE),
            ),
            "PUT": Operation(
                handler=set_gate,
                scope=Scope.ADMIN,
                name="setGate",
                summary="Set a gate",
                description=(
                    "Guards the listed aliases: a version must pass all tests of the script, of which there must be "
                    "one, or have a replay of the script's last executions without a difference that no person has "
                    "accepted, or both. Aliases stay where they lead; rollbacks are not gated. An alias `live` that is "
                    "guarded but does not exist lets submissions run the latest version: promote one."
                ),
                query=NoQuery,
                headers=("Content-Encoding", "If-Match", "If-None-Match"),
                bodies=(MediaType(JSON, NewGate),),
                answers=(ResponseSpec(200, "The gate.", _SHOWN, ("ETag", "Cache-Control")),),
                refusals=(*SCRIPT_REFUSALS, *SHORT_DOCUMENT_REFUSALS, types.PRECONDITION_FAILED),
            ),
            "DELETE": Operation(
                handler=remove_gate,
                scope=Scope.ADMIN,
                name="removeGate",
                summary="Remove a gate",
                description="Any version may be promoted from then on.",
                query=NoQuery,
                headers=("If-Match",),
                answers=(ResponseSpec(204, "The gate was removed."),),
                refusals=(*SCRIPT_REFUSALS, types.UNKNOWN_GATE, types.PRECONDITION_FAILED),
            ),
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/gate",
        TAG,
        {
            "GET": Operation(
                handler=report,
                scope=Scope.READ,
                name="getGateReport",
                summary="Check a version at the gate",
                description=(
                    "The requirements that the version does not meet now, each with a link. Without a gate, every "
                    "version passes."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The version at the gate.", MediaType(JSON, GateReport)),),
                refusals=VERSION_REFUSALS,
            )
        },
    ),
)
