"""The examples of answers about aliases and gates: a version is promoted, and stands at a gate."""

from datetime import datetime
from typing import Any

from adapters.http.openapi.example_files import example_value
from adapters.http.problems.audience import Audience
from adapters.http.problems.details import Unmet
from adapters.http.problems.gate_reasons import unmet_requirements
from adapters.http.responses import aliases
from adapters.http.wire.schemas.aliases import AliasList, MoveList
from adapters.http.wire.schemas.gates import GateReport
from application.ports.aliases import RecordedMove
from domain.aliases import LIVE, Alias, AliasMove, MoveReason
from domain.gate import NOTHING_KNOWN, Gate, StoredGate
from domain.gate import unmet_requirements as judge
from domain.script import Script


def alias_answers(script: Script, at: datetime) -> dict[str, Any]:
    """Map the names of examples to their answers."""
    alias = aliases.alias(Alias(script_id=script.id, name=LIVE, version=1, revision=1, moved_at=at))
    note = example_value("new-promotion")["note"]
    move = AliasMove(alias=LIVE, from_version=None, to_version=1, reason=MoveReason.PROMOTION, at=at, note=note)
    gate = Gate(aliases=frozenset({LIVE}), tests=True, replay_last=50)
    unmet = Unmet(script.id, 1, judge(gate, NOTHING_KNOWN))
    return {
        "alias": alias,
        "aliases": AliasList(items=(alias,)),
        "moves": MoveList(items=(aliases.move(RecordedMove(1, move)),), next_cursor=None),
        "gate": aliases.gate(StoredGate(gate, 1)),
        "gate-report": GateReport(version=1, passes=False, reasons=unmet_requirements(unmet, Audience())),
    }
