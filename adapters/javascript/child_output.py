"""A child's output, parsed as untrusted bytes. Pure; it believes nothing and raises nothing."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from attrs import frozen

from adapters.javascript import wire
from domain.limits import Limits
from domain.outcome import LogLevel, LogLine
from domain.text_limits import sanitize

LEVELS: Final = (LogLevel.DEBUG, LogLevel.LOG, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR)
_SLACK_BYTES: Final = 256 * 1024
_RESULTS: Final = (wire.Frame.RESULT, wire.Frame.RESULT_READY)


@frozen
class NonFinite:
    """The count of a result's numbers that JSON cannot express and made null; the JSON Pointer of the first."""

    total: int
    first_pointer: str


@frozen
class ClaimedResult:
    """A result, as the child claims: not known to be JSON. It is a view of the stream, not a copy."""

    result: bytes | memoryview
    non_finite: NonFinite | None = None


@frozen
class ReportedError:
    """A failure, as the child claims."""

    phase: wire.Phase
    cause: wire.Cause
    message: str
    stack: str
    details: str = ""


Ending: TypeAlias = ClaimedResult | ReportedError


@frozen
class Transcript:
    """The lines printed, whether more were, and the final frame. `faultless` is false where a frame broke a rule.

    `differences` has the features used that behave differently from Node, out of `wire.DIFFERENCES`, each once.
    """

    lines: tuple[LogLine, ...]
    truncated: bool
    ending: Ending | None
    faultless: bool
    differences: tuple[str, ...] = ()


class BrokenFrame(Exception):
    """A frame that no honest child sends."""


class OverBudget(BrokenFrame):
    """A log line that exceeds the log budget."""


def longest(limits: Limits) -> int:
    """Bound the bytes that an honest child can send."""
    return limits.result_bytes + limits.log_bytes + _SLACK_BYTES


def transcribe(stream: bytes | bytearray, limits: Limits) -> Transcript:
    """Interpret the stream, up to the first frame that breaks a rule."""
    reader = TranscriptReader(limits)
    try:
        for kind, payload in frames(memoryview(stream)):
            reader.take(kind, payload)
    except (BrokenFrame, ValueError):
        return reader.transcript(well_formed=False)
    return reader.transcript(well_formed=True)


def frames(stream: memoryview) -> Iterator[tuple[wire.Frame, memoryview]]:
    """Yield kind and payload of each frame. Raises `BrokenFrame` or ValueError at the first malformed one."""
    at = 0
    while at < len(stream):
        start = at + wire.FRAME.size
        if start > len(stream):
            raise BrokenFrame
        kind, length = wire.FRAME.unpack(stream[at:start])
        at = start + length
        if at > len(stream):
            raise BrokenFrame
        yield wire.Frame(kind), stream[start:at]


class TranscriptReader:
    """The rules of the order of frames. After a `BrokenFrame` no further frame may be given to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: list[LogLine] = []
        self._log_bytes_left = limits.log_bytes
        self._cut = False
        self._differences: list[str] = []
        self._non_finite: NonFinite | None = None
        self._ending: Ending | None = None

    def take(self, kind: wire.Frame, payload: memoryview) -> None:
        if self._ending is not None or (self._non_finite is not None and kind not in _RESULTS):
            raise BrokenFrame
        match kind:
            case wire.Frame.LOG:
                self._lines.append(self._line(payload))
            case wire.Frame.LOG_TRUNCATED:
                self._cut = self._once(self._cut)
            case wire.Frame.DIFFERENCE:
                self._differences.append(self._difference(payload))
            case wire.Frame.NON_FINITE:
                self._non_finite = _non_finite(payload)
            case _:
                self._ending = self._final(kind, payload)

    def transcript(self, well_formed: bool) -> Transcript:
        return Transcript(tuple(self._lines), self._cut, self._ending, well_formed, tuple(self._differences))

    def _final(self, kind: wire.Frame, payload: memoryview) -> Ending:
        if kind in _RESULTS:
            return self._claim(payload)
        if kind is wire.Frame.ERROR:
            return _reported_error(payload)
        raise BrokenFrame

    def _line(self, payload: memoryview) -> LogLine:
        self._log_bytes_left -= len(payload) - 1 + wire.LINE_COST_BYTES
        if self._cut or not payload or payload[0] >= len(LEVELS):
            raise BrokenFrame
        if self._log_bytes_left < 0:
            raise OverBudget
        return LogLine(LEVELS[payload[0]], sanitize(_text(payload[1:])))

    def _difference(self, payload: memoryview) -> str:
        if len(payload) != 1 or payload[0] >= len(wire.DIFFERENCES):
            raise BrokenFrame
        name = wire.DIFFERENCES[payload[0]]
        self._once(name in self._differences)
        return name

    def _once(self, done: bool) -> bool:
        if done:
            raise BrokenFrame
        return True

    def _claim(self, payload: memoryview) -> ClaimedResult:
        if len(payload) > self._limits.result_bytes:
            raise BrokenFrame
        return ClaimedResult(payload, self._non_finite)


def _non_finite(payload: memoryview) -> NonFinite:
    if len(payload) < wire.COUNT.size:
        raise BrokenFrame
    (total,) = wire.COUNT.unpack(payload[: wire.COUNT.size])
    return NonFinite(total, _short_text(payload[wire.COUNT.size :]))


def _reported_error(payload: memoryview) -> ReportedError:
    if len(payload) < wire.FAULT.size:
        raise BrokenFrame
    phase, cause, message_bytes, stack_bytes = wire.FAULT.unpack(payload[: wire.FAULT.size])
    texts = payload[wire.FAULT.size :]
    message, texts = texts[:message_bytes], texts[message_bytes:]
    stack, details = texts[:stack_bytes], texts[stack_bytes:]
    return ReportedError(wire.Phase(phase), wire.Cause(cause), *map(_short_text, (message, stack, details)))


def _short_text(data: memoryview) -> str:
    """Decode a text that is short enough for its reader to search; no honest child sends a longer one."""
    if len(data) > wire.MAX_TEXT_BYTES:
        raise BrokenFrame
    return _text(data)


def _text(data: memoryview) -> str:
    """Decode a text of the engine, which encodes lone surrogates as if they were characters; replace anything worse."""
    try:
        return str(data, "utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return str(data, "utf-8", "replace")
