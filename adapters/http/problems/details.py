"""Problem details of a refused request before their language is chosen: codes and parameters instead of texts."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen

from adapters.http.problems.messages import CATALOGUE
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType
from adapters.http.wire.schemas.problems import Position
from adapters.http.wire.validation_errors import Fault
from domain.checks import CheckReport
from domain.gate import GateReason
from domain.hint import Hint


@frozen
class SourceFault:
    """An error in a source. The engine's own message, `detail`, exists in English only; other codes have texts.

    Advice replaces the message's code and hint: it knows the cause better than the engine's message does.
    """

    message: Hint
    detail: str | None = None
    line: int | None = None
    column: int | None = None
    position_is_exact: bool | None = None
    advice: Hint | None = None


Errors: TypeAlias = tuple[Fault | SourceFault, ...]


@frozen
class Unmet:
    """The requirements of a script's gate that one of its versions does not meet."""

    script_id: UUID
    version: int
    reasons: tuple[GateReason, ...]


@frozen
class ProblemDetails:
    """The problem details of one refused request. `advice` replaces the hint of the message's code."""

    message: Hint
    errors: Errors | None = None
    headers: Mapping[str, str] | None = None
    advice: Hint | None = None
    position: Position | None = field(default=None)
    checks: CheckReport | None = field(default=None)
    unmet: Unmet | None = field(default=None)
    upload_offset: int | None = field(default=None)

    @property
    def kind(self) -> ProblemType:
        """The problem type of the code."""
        return PROBLEM_TYPES[str(CATALOGUE[self.message.code].type)]
