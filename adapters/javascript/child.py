"""One run, in the child that a zygote forked for it: confinement first, then the tenant's bytes, then the way out.

It never returns and never writes but in frames. What it says is a claim: the worker believes the kernel's account of
how this process ended, and takes these frames as text. Only the standard library is imported here.
"""

import os
from typing import Final, NoReturn

from adapters.javascript import confinement, wire
from adapters.javascript.engine import Engine
from adapters.javascript.seccomp import Program
from adapters.javascript.stream import read_exactly, send

_LEVELS: Final = b"DLIWE"
_CALL: Final = b'dukpy(typeof process === "undefined" ? undefined : process)'
_CLOSING: Final = b"\n;void 0;"
"""A source's last value must not be serialised: it could be a function."""
_PREFIX: Final = b'{"value":'
_NO_VALUE: Final = b"{}"
_MAX_TEXT_CHARACTERS: Final = 16 * 1024


def live(engine: Engine, stream: int, zygote: int, seccomp: Program | None) -> NoReturn:
    """Confine this process with `stream` as its only descriptor, do the run that arrives on it, and exit."""
    code = wire.Exit.BROKEN
    try:
        confine(stream, zygote, seccomp)
        Run(engine).follow_header()
        code = wire.Exit.DONE
    except MemoryError:
        code = wire.Exit.OUT_OF_MEMORY
    finally:
        os._exit(code)


def confine(stream: int, zygote: int, seccomp: Program | None) -> None:
    """Every layer that the zygote could not shed for its children."""
    confinement.die_with_parent(zygote)
    os.dup2(stream, 0)
    os.dup2(stream, 1)
    confinement.close_from(2)
    confinement.renounce_resources()
    if seccomp is not None:
        confinement.install(seccomp)


class Run:
    """The run as the child goes through it. It listens to what the prelude tells while the engine evaluates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._phase = wire.Phase.LOAD
        self._turn: bytes | None = None
        self._state = "pending"
        self._out_of_memory = False
        self._log_bytes_left = 0
        self._cut = False

    def follow_header(self) -> None:
        """Read the whole request and answer it with exactly one final frame."""
        mode, log_bytes, result_bytes, source_bytes, dataset_bytes, heap_bytes, now, *seed = wire.HEADER.unpack(
            read_exactly(wire.HEADER.size)
        )
        self._log_bytes_left = log_bytes
        source = read_exactly(source_bytes) + _CLOSING
        dataset = read_exactly(dataset_bytes)
        self._engine.listener = self.hear
        self._engine.limit_heap(heap_bytes)
        try:
            self._load(source, b'{"now":%d,"seed":[%d,%d,%d,%d]}' % (now, *seed))
            answer = self._call(mode, dataset)
        except MemoryError:
            self._fail(wire.Cause.OUT_OF_MEMORY, "out of memory")
        except UnicodeDecodeError as error:  # dukpy decodes an error's text strictly
            self._fail_with_text(error.object.decode("utf-8", "surrogatepass"))
        except self._engine.error as error:
            self._fail_with_text(str(error))
        else:
            self._finish(mode, answer, result_bytes)

    def hear(self, said: bytes) -> bytes | None:
        """Answer the prelude, which is the only one that can speak here; prelude.js lists the verbs."""
        verb, text = said[:1], said[1:]
        if verb in _LEVELS:
            return self._log(_LEVELS.index(verb), text)
        if verb == b"?":
            turn, self._turn = self._turn, None
            return turn
        if verb == b"=":
            self._phase, self._state = wire.Phase.SERIALISE, text.decode("ascii")
        if verb == b"!":
            self._out_of_memory = True
        return None

    def _load(self, source: bytes, seeds: bytes) -> None:
        self._engine.evaluate(source, seeds)

    def _call(self, mode: int, dataset: bytes) -> bytes | None:
        self._phase = wire.Phase.CALL
        self._turn = b'"run"' if mode == wire.Mode.RUN else b'"check"'
        return self._engine.evaluate(_CALL, dataset)

    def _log(self, level: int, text: bytes) -> bytes | None:
        room = self._log_bytes_left - wire.LINE_COST_BYTES
        if self._cut or len(text) > room:
            self._cut_log(level, text, room)
            return b"false"
        self._log_bytes_left = room - len(text)
        send(wire.Frame.LOG, bytes((level,)), text)
        return None

    def _cut_log(self, level: int, text: bytes, room: int) -> None:
        if not self._cut:
            self._cut = True
            if room > 0:
                send(wire.Frame.LOG, bytes((level,)), text[:room].decode("utf-8", "ignore").encode())
            send(wire.Frame.CUT)

    def _finish(self, mode: int, answer: bytes | None, result_bytes: int) -> None:
        if mode == wire.Mode.CHECK:
            send(wire.Frame.RESULT)
        elif self._state == "pending":
            self._phase = wire.Phase.CALL
            self._fail(wire.Cause.THROWN, "the promise that process returned never settles")
        elif answer is None or answer == _NO_VALUE:
            self._fail(wire.Cause.THROWN, f"process returned {_described(self._state)}, which JSON cannot hold")
        elif len(answer) - len(_PREFIX) - 1 > result_bytes:
            self._fail(wire.Cause.TOO_LARGE, f"the result takes {len(answer) - len(_PREFIX) - 1} bytes of JSON")
        else:
            send(wire.Frame.RESULT, memoryview(answer)[len(_PREFIX) : -1])

    def _fail_with_text(self, text: str) -> None:
        message, stack = split(text)
        cause = wire.Cause.OUT_OF_MEMORY if self._out_of_memory else wire.Cause.THROWN
        self._fail(cause, message, stack)

    def _fail(self, cause: wire.Cause, message: str, stack: str = "") -> None:
        said, trace = (text[:_MAX_TEXT_CHARACTERS].encode("utf-8", "surrogatepass") for text in (message, stack))
        send(wire.Frame.ERROR, wire.FAULT.pack(self._phase, cause, len(said)), said, trace)


def split(text: str) -> tuple[str, str]:
    """An engine error's message and stack, which dukpy joins: the stack is the run of frames at the end."""
    lines = text.rstrip("\n").split("\n")
    end = len(lines)
    while end > 1 and lines[end - 1].startswith("    at "):
        end -= 1
    return "\n".join(lines[:end]), "\n".join(lines[end:])


def _described(state: str) -> str:
    return {"undefined": "undefined", "function": "a function", "symbol": "a symbol"}.get(
        state, "a value whose toJSON gives nothing"
    )
