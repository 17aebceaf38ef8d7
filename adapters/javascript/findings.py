"""The findings of an analysis, read from a child's bytes as a stranger's would be. Pure; it raises nothing."""

import os
from itertools import islice
from typing import Final

from attrs import frozen

from adapters.javascript import wire
from adapters.javascript.child_output import BrokenFrame, frames
from adapters.javascript.verdict import ExitStatus
from domain.text_limits import MAX_PLACE, sanitize

MOST_BYTES: Final = wire.MOST_FINDINGS * (wire.FRAME.size + wire.FINDING.size + 2 * wire.MAX_SUBJECT_BYTES) + 1024
"""More than an honest child can send."""


@frozen
class Finding:
    """A kind out of `wire.FINDING_KINDS` at a place of the source, counted from 1, and two short texts."""

    kind: str
    line: int
    column: int
    subject: str = ""
    suggestion: str = ""


def read_findings(facts: ExitStatus, answer: bytes | bytearray, lines: int) -> tuple[Finding, ...] | None:
    """Parse the findings about a source of so many lines; None if its analysis did not end well."""
    if facts.output_exceeded or facts.deadline_exceeded or facts.status != os.EX_OK:
        return None
    try:
        *found, (last, rest) = islice(frames(memoryview(answer)), wire.MOST_FINDINGS + 2)
        if last is not wire.Frame.RESULT or rest or len(found) > wire.MOST_FINDINGS:
            return None
        return tuple(_finding(kind, payload, lines) for kind, payload in found)
    except (BrokenFrame, ValueError):
        return None


def _finding(kind: wire.Frame, payload: memoryview, lines: int) -> Finding:
    texts = payload[wire.FINDING.size :]
    if kind is not wire.Frame.FINDING or len(payload) < wire.FINDING.size or len(texts) > 2 * wire.MAX_SUBJECT_BYTES:
        raise BrokenFrame
    number, line, column, length = wire.FINDING.unpack(payload[: wire.FINDING.size])
    if number >= len(wire.FINDING_KINDS) or not 1 <= line <= lines or not 1 <= column <= MAX_PLACE:
        raise BrokenFrame
    return Finding(wire.FINDING_KINDS[number], line, column, _text(texts[:length]), _text(texts[length:]))


def _text(data: memoryview) -> str:
    return sanitize(str(data, "utf-8", "replace"))
