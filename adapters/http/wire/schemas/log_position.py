"""The form of a position in a log."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen
from returns.pipeline import is_successful

from adapters.http.wire.validation_errors import Mismatch
from domain.hint import hint
from domain.live_log import POSITION_PATTERN, parse_position

LOG_POSITION: Final = "1-41c019ffd2327ae6"
POSITION_KEYWORDS: Final[Mapping[str, Any]] = {"pattern": f"^{POSITION_PATTERN}$"}
"""The form as keywords of JSON Schema."""


@frozen
class PositionForm:
    """The validator of a position."""

    def __call__(self, _: object, __: object, text: str) -> None:
        if not is_successful(parse_position(text)):
            raise Mismatch(hint("malformed-log-position"))
