"""The verdict on a run: a pure function of what the kernel, the clock and the worker saw.

The child's own report decides only between the kinds that a script may choose for itself; it cannot hide a timeout, a
signal or a broken frame, and cannot claim one.
"""

import os
import signal
from typing import Final

from attrs import frozen

from adapters.javascript import wire
from adapters.javascript.child_output import ClaimedResult, ReportedError, Transcript
from adapters.javascript.stack_traces import parse, with_details
from domain.engine import has_exact_positions
from domain.limits import Limits
from domain.outcome import ErrorKind, Measures, ScriptError, script_error, with_exactness


@frozen
class ExitStatus:
    """The end of a child: its wait status and resource usage, and whether its deadline or excess output ended it."""

    status: int
    deadline_exceeded: bool
    output_exceeded: bool
    measures: Measures


_NO_TIME_LEFT: Final = "the script ran longer than {} ms"
_NO_MEMORY_LEFT: Final = "the script needed more than {} bytes of memory"
_TOO_MUCH_SAID: Final = "the script gave more than the {} bytes of result that it may"
_BROKEN_FRAMES: Final = "the sandboxed process broke the rules of its output"


def judge(
    facts: ExitStatus, transcript: Transcript, limits: Limits, source: bytes, engine: str
) -> ClaimedResult | ScriptError:
    """Judge a run on `engine`: the claimed result if nothing went wrong, or the failure."""
    if facts.output_exceeded:
        return _output_limit(limits)
    if facts.deadline_exceeded:
        return _timeout(limits)
    if os.WIFSIGNALED(facts.status):
        return _signalled(signal.Signals(os.WTERMSIG(facts.status)), limits)
    return _exited(os.WEXITSTATUS(facts.status), transcript, limits, source, engine)


def _signalled(number: signal.Signals, limits: Limits) -> ScriptError:
    if number is signal.SIGXCPU:
        return _timeout(limits)
    if number is signal.SIGKILL:  # neither the deadline nor the worker sent it: the kernel ran out of memory
        return _memory_limit(limits)
    return script_error(ErrorKind.SANDBOX_VIOLATION, f"the sandboxed process was ended by {number.name}")


def _exited(
    code: int, transcript: Transcript, limits: Limits, source: bytes, engine: str
) -> ClaimedResult | ScriptError:
    if code == wire.Exit.OUT_OF_MEMORY:
        return _memory_limit(limits)
    if code != wire.Exit.DONE or not transcript.faultless or transcript.ending is None:
        return script_error(ErrorKind.SANDBOX_VIOLATION, _BROKEN_FRAMES)
    match transcript.ending:
        case ClaimedResult() as claim:
            return claim
        case ReportedError() as fault:
            return _failed(fault, limits, source, engine)


def _failed(fault: ReportedError, limits: Limits, source: bytes, engine: str) -> ScriptError:
    if fault.cause is wire.Cause.TOO_LARGE:
        return script_error(ErrorKind.OUTPUT_LIMIT, f"{fault.message}, more than the {limits.result_bytes} allowed")
    if fault.cause is wire.Cause.OUT_OF_MEMORY:
        return _memory_limit(limits)
    kind = ErrorKind.INVALID_RESULT if fault.phase is wire.Phase.SERIALISE else ErrorKind.SCRIPT_ERROR
    where = parse(fault.stack, source)
    error = script_error(kind, fault.message, where.line, where.column, with_details(where.stack, fault.details))
    return with_exactness(error, fault.cause is wire.Cause.PLACED and has_exact_positions(engine))


def _timeout(limits: Limits) -> ScriptError:
    return script_error(ErrorKind.TIMEOUT, _NO_TIME_LEFT.format(limits.wall_ms))


def _memory_limit(limits: Limits) -> ScriptError:
    return script_error(ErrorKind.MEMORY_LIMIT, _NO_MEMORY_LEFT.format(limits.memory_bytes))


def _output_limit(limits: Limits) -> ScriptError:
    return script_error(ErrorKind.OUTPUT_LIMIT, _TOO_MUCH_SAID.format(limits.result_bytes))
