"""The reasons why a version does not pass a gate: their texts, and links to the tests and replays that they concern."""

from collections.abc import Mapping
from typing import Final, assert_never

from adapters.http.problems.audience import Audience
from adapters.http.problems.details import Unmet
from adapters.http.problems.messages import message_of
from adapters.http.wire.schemas.gates import Reason
from domain.gate import GateReason, ReasonCode
from domain.hint import Parameter

_MESSAGES: Final[Mapping[ReasonCode, str]] = {code: f"gate-{code}" for code in ReasonCode}
"""The codes of their texts in the catalogue."""


def unmet_requirements(unmet: Unmet, audience: Audience) -> tuple[Reason, ...]:
    """Represent every reason."""
    return tuple(_reason(one, unmet, audience) for one in unmet.reasons)


def _reason(reason: GateReason, unmet: Unmet, audience: Audience) -> Reason:
    text = message_of(_MESSAGES[reason.code], _parameters(reason, unmet), audience.language)
    return Reason(code=reason.code, detail=text.detail or "", href=_href(reason, unmet, audience.root_path))


def _parameters(reason: GateReason, unmet: Unmet) -> dict[str, Parameter]:
    replay = reason.replay
    parameters: dict[str, Parameter | None] = {
        "version": unmet.version,
        "test": reason.test,
        "last": reason.last,
        "different": None if replay is None else replay.different,
        "incomplete": None if replay is None else replay.incomplete,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def _href(reason: GateReason, unmet: Unmet, root: str) -> str:
    script = f"{root}/v1/scripts/{unmet.script_id}"
    version = f"{script}/versions/{unmet.version}"
    match reason.code:
        case ReasonCode.TEST_FAILED:
            return f"{script}/tests/{reason.test}"
        case ReasonCode.TEST_NOT_RUN:
            return f"{version}/checks"
        case ReasonCode.NO_TESTS:
            return f"{script}/tests"
        case ReasonCode.REPLAY_MISSING:
            return f"{version}/replays"
        case ReasonCode.REPLAY_NOT_FINISHED | ReasonCode.REPLAY_DIFFERS:
            assert reason.replay is not None, "a replay stands in the way"
            return f"{version}/replays/{reason.replay.id}"
        case _:
            assert_never(reason.code)
