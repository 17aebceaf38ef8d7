"""The findings of an analysis are read as a stranger's: what no honest child sends makes all of them void."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.findings import MOST_BYTES, Finding, read_findings
from adapters.javascript.verdict import ExitStatus
from domain.outcome import Measures
from domain.text_limits import MAX_PLACE

WELL = ExitStatus(
    status=0,
    deadline_exceeded=False,
    output_exceeded=False,
    measures=Measures(wall_ms=1.0, cpu_ms=1.0, peak_memory_bytes=1),
)
LINES = 3


def frame(kind: int, payload: bytes = b"") -> bytes:
    return wire.FRAME.pack(kind, len(payload)) + payload


def finding(kind: int, line: int, column: int, subject: bytes = b"", suggestion: bytes = b"") -> bytes:
    head = wire.FINDING.pack(kind, line, column, len(subject))
    return frame(wire.Frame.FINDING, head + subject + suggestion)


END = frame(wire.Frame.RESULT)
ONE = finding(0, 3, 4, b"Unexpected", b"return")


def test_findings_are_read_with_their_texts() -> None:
    assert read_findings(WELL, ONE + finding(2, 1, MAX_PLACE, "é\0".encode(), b"\xff") + END, LINES) == (
        Finding("syntax", 3, 4, "Unexpected", "return"),
        Finding("too-deep", 1, MAX_PLACE, "é\ufffd", "\ufffd"),
    )
    assert read_findings(WELL, END, LINES) == ()


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        ONE,
        END + ONE,
        END + END,
        END[:-1],
        frame(wire.Frame.RESULT, b"1"),
        frame(wire.Frame.LOG, b"\x01a") + END,
        frame(9) + END,
        frame(wire.Frame.FINDING) + END,
        finding(len(wire.FINDING_KINDS), 1, 1) + END,
        finding(0, 0, 1) + END,
        finding(0, LINES + 1, 1) + END,
        finding(0, 1, 0) + END,
        finding(0, 1, MAX_PLACE + 1) + END,
        finding(0, 1, 1, b"x" * wire.MAX_SUBJECT_BYTES, b"x" * (wire.MAX_SUBJECT_BYTES + 1)) + END,
        ONE * (wire.MOST_FINDINGS + 1) + END,
    ],
)
def test_a_stream_that_breaks_a_rule_has_no_findings(stream: bytes) -> None:
    assert read_findings(WELL, stream, LINES) is None


@pytest.mark.parametrize(
    "facts",
    [
        evolve(WELL, deadline_exceeded=True),
        evolve(WELL, output_exceeded=True),
        evolve(WELL, status=9),
        evolve(WELL, status=1024),
    ],
)
def test_an_analysis_that_did_not_end_well_has_no_findings(facts: ExitStatus) -> None:
    assert read_findings(facts, ONE + END, LINES) is None


@given(st.binary(max_size=60) | st.lists(st.sampled_from([ONE, END, ONE[:-1]])).map(b"".join))
def test_no_stream_is_beyond_it(stream: bytes) -> None:
    assert read_findings(WELL, stream, LINES) is None or stream.endswith(END)


def test_the_bound_has_room_for_all_that_an_honest_child_can_send() -> None:
    longest = finding(0, 1, 1, b"x" * wire.MAX_SUBJECT_BYTES, b"x" * wire.MAX_SUBJECT_BYTES)
    assert len(longest * wire.MOST_FINDINGS + END) <= MOST_BYTES
