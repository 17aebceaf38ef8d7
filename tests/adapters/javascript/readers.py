"""Every reader of text that scripts wrote, on texts that are made here, for a test to call in a bounded process."""

import asyncio
from collections.abc import Iterator

from adapters.javascript import wire
from adapters.javascript.child_output import longest, transcribe
from adapters.javascript.findings import read_findings
from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.stack_traces import line_count, parse
from adapters.javascript.verdict import ExitStatus, judge
from adapters.json.bodies import JsonBodies
from domain.engine import DEFAULT_ENGINE
from domain.limits import DEFAULTS
from domain.outcome import ErrorKind, Measures, script_error
from domain.script import description, script_name
from domain.text_limits import sanitize
from domain.trace import trace_context
from domain.versions import source
from tests.support.values import a_source

_WELL = ExitStatus(
    status=0,
    deadline_exceeded=False,
    output_exceeded=False,
    measures=Measures(wall_ms=1, cpu_ms=1, peak_memory_bytes=1),
)


def texts(opening: str, closing: str, size: int) -> Iterator[str]:
    """Yield both, repeated side by side and one within the other."""
    times = size // len(opening + closing)
    yield (opening + closing) * times
    yield opening * times + closing * times


def read(opening: str, closing: str, size: int) -> int:
    """Read the texts in each of the ways in which API and worker read a script author's text."""
    for text in texts(opening, closing, size):
        _read(text, text.encode("utf-8", "surrogatepass"))
    return size


def _read(text: str, data: bytes) -> None:
    lines = line_count(data)
    parse(text[: wire.MAX_TEXT_BYTES], data)
    script_error(ErrorKind.SCRIPT_ERROR, text, 1, 1, text)
    sanitize(text)
    source(data, limit_bytes=len(data))
    description(text)
    script_name(text)
    trace_context(text)
    for stream in _streams(data):
        judge(_WELL, transcribe(stream, DEFAULTS), DEFAULTS, data, "dukpy")
        read_findings(_WELL, stream, lines)


def _streams(data: bytes) -> Iterator[bytes]:
    """Yield streams of the text that a compromised child could send."""
    fault, long = data[: wire.MAX_TEXT_BYTES], longest(DEFAULTS) - len(data)
    yield _frame(wire.Frame.ERROR, wire.FAULT.pack(1, 1, len(fault), len(fault)) + fault + fault + fault)
    yield _frame(wire.Frame.ERROR, wire.FAULT.pack(1, 1, long, 0) + data)
    yield _frame(wire.Frame.NON_FINITE, wire.COUNT.pack(1) + data)
    yield _frame(wire.Frame.FINDING, wire.FINDING.pack(0, 1, 1, 9) + data)
    yield _frame(wire.Frame.FINDING, wire.FINDING.pack(0, 1, 1, 9) + data[: wire.MAX_SUBJECT_BYTES]) + _frame(
        wire.Frame.RESULT, b""
    )
    yield _frame(wire.Frame.LOG, b"\x01" + data[: DEFAULTS.log_bytes // 2]) + data
    yield _frame(wire.Frame.RESULT, data) + data
    yield data


def _frame(kind: int, payload: bytes) -> bytes:
    return wire.FRAME.pack(kind, len(payload)) + payload


def flood(kind: int, payload: str, count: int) -> int:
    """Read a stream of one frame, over and over; the number of lines that were taken of it."""
    stream = _frame(kind, payload.encode()) * count
    said = transcribe(stream, DEFAULTS)
    assert not said.faultless
    assert read_findings(_WELL, stream, lines=count) is None
    return len(said.lines)


def check(opening: str, closing: str, size: int) -> int:
    """Have a sandbox check sources with the texts in them, between backticks and not."""

    async def checked() -> None:
        async with JavaScriptSandbox(JsonBodies(), slots=1) as sandbox:
            for text in texts(opening, closing, size):
                for quoted in (text, f"`{text}`"):
                    await sandbox.check(a_source(f"function process(d) {{}}\n{quoted}"), DEFAULTS, DEFAULT_ENGINE)

    asyncio.run(checked())
    return size
