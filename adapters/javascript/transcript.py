"""What a child said, read from its bytes as a stranger's would be. Pure; it believes nothing and raises nothing."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from attrs import frozen

from adapters.javascript import wire
from adapters.javascript.advice import advise
from domain.limits import Limits
from domain.outcome import LogLevel, LogLine
from domain.texts import storable
from domain.warnings import SourceWarning

LEVELS: Final = (LogLevel.DEBUG, LogLevel.LOG, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR)
_SLACK_BYTES: Final = 256 * 1024


@frozen
class NonFinite:
    """How many numbers of a result became null because JSON has no word for them; the JSON Pointer of the first."""

    total: int
    first_pointer: str


@frozen
class Claim:
    """A result, as the child says: not known to be JSON."""

    result: bytes
    non_finite: NonFinite | None = None


@frozen
class Fault:
    """A failure, as the child says."""

    phase: wire.Phase
    cause: wire.Cause
    message: str
    stack: str


Ending: TypeAlias = Claim | Fault


@frozen
class Transcript:
    """The lines printed, whether more were, and the final frame. `faultless` is false where a frame broke a rule.

    `warnings` are about the source, and only a check gives any.
    """

    lines: tuple[LogLine, ...]
    cut: bool
    ending: Ending | None
    faultless: bool
    warnings: tuple[SourceWarning, ...] = ()


class _Broken(Exception):
    """A frame that no honest child sends."""


def longest(limits: Limits) -> int:
    """More bytes than an honest child can send."""
    return limits.result_bytes + limits.log_bytes + _SLACK_BYTES


def transcribe(stream: bytes | bytearray, limits: Limits, checked_lines: int = 0) -> Transcript:
    """All that can be understood of the stream, up to the first frame that breaks a rule.

    `checked_lines` is the number of lines of a source that was checked: no warning can be about a line beyond them.
    """
    reader = _Reader(limits, checked_lines)
    try:
        for kind, payload in _frames(memoryview(stream)):
            reader.take(kind, payload)
    except (_Broken, ValueError):
        return reader.transcript(faultless=False)
    return reader.transcript(faultless=True)


def _frames(stream: memoryview) -> Iterator[tuple[wire.Frame, memoryview]]:
    at = 0
    while at < len(stream):
        start = at + wire.FRAME.size
        if start > len(stream):
            raise _Broken
        kind, length = wire.FRAME.unpack(stream[at:start])
        at = start + length
        if at > len(stream):
            raise _Broken
        yield wire.Frame(kind), stream[start:at]


class _Reader:
    """The rules of the order of frames."""

    def __init__(self, limits: Limits, checked_lines: int) -> None:
        self._limits, self._checked_lines = limits, checked_lines
        self._warnings: dict[tuple[int, int], SourceWarning] = {}
        self._lines: list[LogLine] = []
        self._log_bytes_left = limits.log_bytes
        self._cut = False
        self._non_finite: NonFinite | None = None
        self._ending: Ending | None = None

    def take(self, kind: wire.Frame, payload: memoryview) -> None:
        if self._ending is not None or (self._non_finite is not None and kind is not wire.Frame.RESULT):
            raise _Broken
        match kind:
            case wire.Frame.WARNING:
                self._warn(payload)
            case wire.Frame.LOG:
                self._lines.append(self._line(payload))
            case wire.Frame.CUT:
                self._cut = self._once(self._cut)
            case wire.Frame.NON_FINITE:
                self._non_finite = _non_finite(payload)
            case wire.Frame.RESULT:
                self._ending = self._claim(payload)
            case wire.Frame.ERROR:
                self._ending = _fault(payload)

    def transcript(self, faultless: bool) -> Transcript:
        return Transcript(tuple(self._lines), self._cut, self._ending, faultless, tuple(self._warnings.values()))

    def _warn(self, payload: memoryview) -> None:
        if len(payload) != wire.WARNING.size or self._lines or self._cut:
            raise _Broken
        word, line = wire.WARNING.unpack(payload)
        is_possible = word < len(wire.SOURCE_WORDS) and 1 <= line <= self._checked_lines
        if not is_possible or (word, line) in self._warnings or len(self._warnings) == wire.MOST_WARNINGS:
            raise _Broken
        self._warnings[word, line] = advise(word, line)

    def _line(self, payload: memoryview) -> LogLine:
        self._log_bytes_left -= len(payload) - 1 + wire.LINE_COST_BYTES
        if self._cut or self._log_bytes_left < 0 or not payload or payload[0] >= len(LEVELS):
            raise _Broken
        return LogLine(LEVELS[payload[0]], storable(_text(payload[1:])))

    def _once(self, done: bool) -> bool:
        if done:
            raise _Broken
        return True

    def _claim(self, payload: memoryview) -> Claim:
        if len(payload) > self._limits.result_bytes:
            raise _Broken
        return Claim(bytes(payload), self._non_finite)


def _non_finite(payload: memoryview) -> NonFinite:
    if len(payload) < wire.COUNT.size:
        raise _Broken
    (total,) = wire.COUNT.unpack(payload[: wire.COUNT.size])
    return NonFinite(total, _short_text(payload[wire.COUNT.size :]))


def _fault(payload: memoryview) -> Fault:
    if len(payload) < wire.FAULT.size:
        raise _Broken
    phase, cause, length = wire.FAULT.unpack(payload[: wire.FAULT.size])
    texts = payload[wire.FAULT.size :]
    return Fault(wire.Phase(phase), wire.Cause(cause), _short_text(texts[:length]), _short_text(texts[length:]))


def _short_text(data: memoryview) -> str:
    """A text that its reader may search, since no honest child sends a longer one."""
    if len(data) > wire.MAX_TEXT_BYTES:
        raise _Broken
    return _text(data)


def _text(data: memoryview) -> str:
    """The engine writes lone surrogates as if they were characters; anything worse is replaced."""
    try:
        return str(data, "utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return str(data, "utf-8", "replace")
