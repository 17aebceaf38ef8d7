"""Lines of a batch: their number, and the reference by which their client knows them.

A reference is the client's own id of a line. It is shown wherever the line is, also after the line's content has been
removed, so it must not quote the dataset.
"""

import re
from typing import Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

MAX_BATCH_LINES: Final = 10_000
MAX_REFERENCE_CHARACTERS: Final = 255

_REFERENCE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]{1,255}")


@frozen
class LineReference:
    """1 to `MAX_REFERENCE_CHARACTERS` characters without control characters. Build it with `line_reference`."""

    value: str


@frozen
class InvalidLineReference:
    """The text is empty, too long, or has a control character or a lone surrogate."""


@frozen
class BatchPlace:
    """The place of an execution in a batch: the batch's id and the number of its line, from 1; and the client's
    reference, if the line has one."""

    batch_id: UUID
    line: int
    reference: str | None = None


def line_reference(text: str) -> Result[LineReference, InvalidLineReference]:
    """Parse a client's reference to a line."""
    return Success(LineReference(text)) if _REFERENCE.fullmatch(text) else Failure(InvalidLineReference())
