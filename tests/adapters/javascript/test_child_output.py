"""A child's bytes are untrusted: a violation is detected, and everything readable before it is used."""

import os
import signal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.child_output import ClaimedResult, NonFinite, ReportedError, Transcript, longest, transcribe
from adapters.javascript.verdict import ExitStatus, judge
from domain.limits import MIB
from domain.outcome import ErrorKind, LogLevel, LogLine, Measures, ScriptError
from tests.adapters.javascript.sandboxes import TIGHT

Cause, Frame, Phase = wire.Cause, wire.Frame, wire.Phase


def frame(kind: int, payload: bytes = b"") -> bytes:
    return wire.FRAME.pack(kind, len(payload)) + payload


def fault(
    phase: int = Phase.CALL, cause: int = Cause.THROWN, message: bytes = b"m", stack: bytes = b"", details: bytes = b""
) -> bytes:
    head = wire.FAULT.pack(phase, cause, len(message), len(stack))
    return frame(Frame.ERROR, head + message + stack + details)


ODD = frame(Frame.NON_FINITE, wire.COUNT.pack(3) + b"/a")
DIFFERS = frame(Frame.DIFFERENCE, b"\x01")
ENGINE = "quickjs-ng 0.17.0.2"
LINE, RESULT, CUT = frame(Frame.LOG, b"\x01a"), frame(Frame.RESULT, b"1"), frame(Frame.LOG_TRUNCATED)


def test_lines_and_a_result_are_read() -> None:
    read = transcribe(LINE + CUT + RESULT, TIGHT)
    assert read == Transcript((LogLine(LogLevel.LOG, "a"),), truncated=True, ending=ClaimedResult(b"1"), faultless=True)


def test_a_result_is_a_view_of_the_stream_and_no_copy() -> None:
    stream = bytearray(LINE + RESULT)
    ending = transcribe(stream, TIGHT).ending
    assert isinstance(ending, ClaimedResult)
    assert isinstance(ending.result, memoryview)
    assert ending.result.obj is stream


def test_a_run_gives_no_findings_about_its_source() -> None:
    finding = frame(Frame.FINDING, wire.FINDING.pack(0, 1, 1, 0))
    assert kind(finding + RESULT) is ErrorKind.SANDBOX_VIOLATION


def test_a_result_may_come_with_numbers_that_are_none() -> None:
    assert transcribe(ODD + RESULT, TIGHT).ending == ClaimedResult(b"1", NonFinite(3, "/a"))


def test_each_difference_is_read_once_whatever_becomes_of_the_run() -> None:
    every = [frame(Frame.DIFFERENCE, bytes((number,))) for number in range(len(wire.DIFFERENCES))]
    for ending in (RESULT, fault(), b"", DIFFERS):
        assert transcribe(b"".join(every) + LINE + ending, TIGHT).differences == wire.DIFFERENCES


def test_a_fault_is_read_with_its_odd_text() -> None:
    read = transcribe(fault(message="é\ud800".encode("utf-8", "surrogatepass"), stack=b"\xff"), TIGHT)
    assert read.ending == ReportedError(Phase.CALL, Cause.THROWN, "é\ud800", "\ufffd")


@pytest.mark.parametrize(
    "stream",
    [
        RESULT + RESULT,
        RESULT + LINE,
        RESULT + fault(),
        RESULT + b"\0",
        RESULT[:-1],
        ODD + ODD + RESULT,
        ODD + LINE,
        ODD + fault(),
        frame(Frame.NON_FINITE, b"123"),
        DIFFERS + DIFFERS + RESULT,
        RESULT + DIFFERS,
        ODD + DIFFERS + RESULT,
        frame(Frame.DIFFERENCE) + RESULT,
        frame(Frame.DIFFERENCE, b"\0\0") + RESULT,
        frame(Frame.DIFFERENCE, bytes((len(wire.DIFFERENCES),))) + RESULT,
        frame(9),
        frame(Frame.LOG),
        frame(Frame.LOG, b"\x05a"),
        CUT + CUT,
        CUT + LINE,
        frame(Frame.LOG, b"\x01" + b"x" * TIGHT.log_bytes),
        frame(Frame.RESULT, b"x" * (TIGHT.result_bytes + 1)),
        fault(phase=9),
        fault(cause=9),
        frame(Frame.ERROR, b"\x01"),
        fault(message=b"x" * (wire.MAX_TEXT_BYTES + 1)),
        fault(stack=b"x" * (wire.MAX_TEXT_BYTES + 1)),
        frame(Frame.NON_FINITE, wire.COUNT.pack(1) + b"x" * (wire.MAX_TEXT_BYTES + 1)) + RESULT,
    ],
)
def test_a_broken_rule_is_a_violation(stream: bytes) -> None:
    assert not transcribe(stream, TIGHT).faultless
    assert kind(stream) is ErrorKind.SANDBOX_VIOLATION


@pytest.mark.parametrize("stream", [b"", LINE, ODD])
def test_an_end_without_a_final_frame_is_a_violation(stream: bytes) -> None:
    assert kind(stream) is ErrorKind.SANDBOX_VIOLATION


def test_output_before_a_broken_frame_is_used() -> None:
    assert transcribe(LINE + LINE[:-1], TIGHT).lines == (LogLine(LogLevel.LOG, "a"),)


@given(st.binary(max_size=60) | st.lists(st.sampled_from([LINE, RESULT, CUT, ODD, DIFFERS, fault()])).map(b"".join))
def test_no_stream_is_beyond_it(stream: bytes) -> None:
    read = transcribe(stream, TIGHT)
    if read.faultless and read.ending is not None:
        assert stream.endswith((RESULT, fault()))
    assert len(stream) < longest(TIGHT)


MEASURES = Measures(wall_ms=1.0, cpu_ms=1.0, peak_memory_bytes=12 * MIB)
WELL = ExitStatus(status=0, deadline_exceeded=False, output_exceeded=False, measures=MEASURES)


def kind(stream: bytes, facts: ExitStatus = WELL) -> ErrorKind:
    verdict = judge(facts, transcribe(stream, TIGHT), TIGHT, b"", ENGINE)
    assert isinstance(verdict, ScriptError)
    return verdict.kind


def test_a_result_of_a_run_that_ended_well_is_believed() -> None:
    assert judge(WELL, transcribe(RESULT, TIGHT), TIGHT, b"", ENGINE) == ClaimedResult(b"1")


@pytest.mark.parametrize("cause", [Cause.THROWN, Cause.PLACED])
@pytest.mark.parametrize("engine", ["dukpy 0.6.0", "quickjs-ng 0.17.0.2"])
def test_a_claimed_position_is_exact_only_on_an_engine_that_can_be(cause: wire.Cause, engine: str) -> None:
    stream = fault(cause=cause, stack=b"    at process (script.js:1:1)")
    verdict = judge(WELL, transcribe(stream, TIGHT), TIGHT, b"x", engine)
    assert isinstance(verdict, ScriptError)
    assert verdict.position_is_exact is ((cause, engine[:10]) == (Cause.PLACED, "quickjs-ng"))


@pytest.mark.parametrize("stream", [b"", RESULT, fault(), RESULT + RESULT])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (evolve(WELL, output_exceeded=True, deadline_exceeded=True, status=9), ErrorKind.OUTPUT_LIMIT),
        (evolve(WELL, deadline_exceeded=True, status=9), ErrorKind.TIMEOUT),
        (evolve(WELL, status=signal.SIGXCPU), ErrorKind.TIMEOUT),
        (evolve(WELL, status=signal.SIGKILL), ErrorKind.MEMORY_LIMIT),
        (evolve(WELL, status=signal.SIGSYS), ErrorKind.SANDBOX_VIOLATION),
        (evolve(WELL, status=signal.SIGSEGV | 0x80), ErrorKind.SANDBOX_VIOLATION),
        (evolve(WELL, status=wire.Exit.OUT_OF_MEMORY << 8), ErrorKind.MEMORY_LIMIT),
        (evolve(WELL, status=wire.Exit.BROKEN << 8), ErrorKind.SANDBOX_VIOLATION),
    ],
)
def test_the_kernel_s_facts_outrank_a_child_s_report(stream: bytes, facts: ExitStatus, expected: ErrorKind) -> None:
    assert os.WIFSIGNALED(facts.status) or os.WIFEXITED(facts.status)
    assert kind(stream, facts) is expected


@pytest.mark.parametrize("peak_memory_bytes", [12 * MIB, 40 * MIB])
@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (fault(), ErrorKind.SCRIPT_ERROR),
        (fault(cause=Cause.PLACED), ErrorKind.SCRIPT_ERROR),
        (fault(phase=Phase.SERIALISE), ErrorKind.INVALID_RESULT),
        (fault(cause=Cause.TOO_LARGE), ErrorKind.OUTPUT_LIMIT),
        (fault(cause=Cause.OUT_OF_MEMORY), ErrorKind.MEMORY_LIMIT),
        (fault(message=b"null"), ErrorKind.SCRIPT_ERROR),
        (fault(message=b"InternalError: out of memory"), ErrorKind.SCRIPT_ERROR),
        (fault(message=b"Error: execution exceeded 2000 ms; timeout"), ErrorKind.SCRIPT_ERROR),
        (LINE, ErrorKind.SANDBOX_VIOLATION),
    ],
)
def test_a_childs_own_account_decides_only_what_a_script_may_choose(
    stream: bytes, expected: ErrorKind, peak_memory_bytes: int
) -> None:
    """The process's memory does not matter, which depends on more than the script."""
    assert kind(stream, evolve(WELL, measures=evolve(MEASURES, peak_memory_bytes=peak_memory_bytes))) is expected
