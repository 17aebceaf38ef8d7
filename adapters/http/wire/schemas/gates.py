"""Wire schemas of gates, and of the reasons why a version does not pass one."""

from attrs import field, frozen
from attrs.validators import ge, le, max_len, min_len

from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.scripts import SCRIPT_ID
from domain.aliases import MOST_ALIASES
from domain.gate import MOST_REPLAYED, ReasonCode


@frozen(kw_only=True)
class ReplayRequirement(RequestModel):
    """A replay of past executions that a gate requires."""

    last: int = field(
        validator=[ge(1), le(MOST_REPLAYED)],
        metadata=describe("Number of the script's last executions that the replay must have compared.", 50),
    )


@frozen(kw_only=True)
class NewGate(RequestModel):
    """The requirements on a version before a guarded alias may be promoted to it."""

    aliases: tuple[str, ...] = field(
        validator=[min_len(1), max_len(MOST_ALIASES)],
        metadata=describe("Names of the guarded aliases, whether they exist or not.", ["live"]),
    )
    tests: bool = field(metadata=describe("The script must have tests, and all of them must have passed.", True))
    replay: ReplayRequirement | None = field(
        default=None, metadata=describe("A replay without a difference that no person has accepted; null for none.")
    )


@frozen(kw_only=True)
class Gate:
    """The requirements on a version before a guarded alias may be promoted to it."""

    aliases: tuple[str, ...] = field(metadata=describe("Names of the guarded aliases.", ["live"]))
    tests: bool = field(metadata=describe("All tests of the script must have passed, and there must be one.", True))
    replay: ReplayRequirement | None = field(metadata=describe("The required replay; null if none is required."))


@frozen(kw_only=True)
class RevisedGate(Gate):
    """A gate with its revision."""

    revision: int = field(
        validator=ge(1), metadata=describe("Revision of the gate, another one after each change; also its ETag.", 1)
    )


@frozen(kw_only=True)
class Reason:
    """A requirement of the gate that a version does not meet."""

    code: ReasonCode = field(metadata=describe("Kind of the reason.", "replay-missing"))
    detail: str = field(
        metadata=describe(
            "Explanation, in the language of Accept-Language.", "No replay covers the last 50 executions."
        )
    )
    href: str = field(
        metadata=describe("Path of the test, the checks or the replay.", f"/v1/scripts/{SCRIPT_ID}/versions/3/replays")
    )


@frozen(kw_only=True)
class GateReport:
    """A version at the gate of its script."""

    version: int = field(validator=ge(1), metadata=describe("Version number.", 3))
    passes: bool = field(metadata=describe("The version meets every requirement, or the script has no gate."))
    reasons: tuple[Reason, ...] = field(metadata=describe("Requirements that it does not meet."))
