"""The runs of a child that a zygote forked: confinement first, then the tenant's bytes, then the way out.

A child serves one run, or more where its worker allows it and each has succeeded: the engine is restored in between to
what it was at the fork, byte for byte.

It never returns and writes only frames. The frames are claims: the worker believes the kernel's account of how this
process ended, and treats the frames as text.
"""

import os
import sys
from time import monotonic
from typing import Any, Final, NoReturn

from adapters.javascript import wire
from adapters.javascript.confined import confinement
from adapters.javascript.confined.analyser import Analyser
from adapters.javascript.confined.diagnosis import DATASET_BYTES
from adapters.javascript.confined.engine import Engine, NonFinite, Reason
from adapters.javascript.confined.quickjs import Text, Thrown
from adapters.javascript.confined.quickjs_api import Value
from adapters.javascript.confined.seccomp import Program
from adapters.javascript.confined.stream import Request, send

# Looked up before the fork: to find an enum's member is to write to many objects, and their pages would be copied.
_DONE, _OUT_OF_MEMORY, _BROKEN = wire.Exit
_LOAD, _CALL, _SERIALISE = wire.Phase
_CHECK, _ANALYSE = wire.Mode.CHECK, wire.Mode.ANALYSE
_PART, _MERGE = wire.Mode.PART, wire.Mode.MERGE
_RESULT, _FINDING, _DIFFERENCE = wire.Frame.RESULT, wire.Frame.FINDING, wire.Frame.DIFFERENCE
_RESULT_READY = wire.Frame.RESULT_READY
_PART_PLACE: Final = b'{"index":%d,"count":%b}'
_NO_JSON: Final = {"undefined": b"undefined", "function": b"a function", "symbol": b"a symbol"}


def main(engine: Engine, analyser: Analyser | None, stream: int, zygote: int, seccomp: Program | None) -> NoReturn:
    """Confine this process with `stream` as its only descriptor, do the runs that arrive on it, and exit."""
    code = _BROKEN
    try:
        confine(stream, zygote, seccomp)
        sys.unraisablehook = _exit
        while ScriptRun(engine, analyser).handle_request():
            engine.restore()
            code = _DONE  # the worker may hang up now; a later run that breaks lacks its final frame
        code = _DONE
    except MemoryError:
        code = _OUT_OF_MEMORY
    finally:
        os._exit(code)


def confine(stream: int, zygote: int, seccomp: Program | None) -> None:
    """Apply every layer that the zygote could not apply for its children."""
    confinement.die_with_parent(zygote)
    os.dup2(stream, 0)
    os.dup2(stream, 1)
    confinement.close_from(2)
    confinement.drop_rlimits()
    if seccomp is not None:
        confinement.install(seccomp)


def _exit(unraisable: Any) -> NoReturn:
    """Exit on an exception that cannot propagate: the engine, which called Python, cannot handle it."""
    os._exit(_OUT_OF_MEMORY if unraisable.exc_type is MemoryError else _BROKEN)


def _cause_of(reason: Reason) -> wire.Cause:
    if reason.out_of_memory:
        return wire.Cause.OUT_OF_MEMORY
    return wire.Cause.PLACED if reason.is_placed else wire.Cause.THROWN


def on_difference(number: int) -> None:
    """Report the use of a feature that behaves differently from Node; the prelude calls once a run."""
    send(_DIFFERENCE, bytes((number,)))


class ScriptRun:
    """The run as the child goes through it."""

    def __init__(self, engine: Engine, analyser: Analyser | None) -> None:
        self._engine, self._analyser = engine, analyser
        self._phase = _LOAD
        self._dataset_start = b""
        self._returned: Value | None = None
        self._log_bytes_left = 0
        self._cut = False
        self._stays = False

    def handle_request(self) -> bool:
        """Read the whole request and answer it with exactly one final frame; tell whether another may follow."""
        request = Request()
        mode, may_stay, wall_ms, log_bytes, result_bytes, source_bytes, dataset_bytes, heap_bytes, now, *rest = (
            wire.HEADER.unpack(request.take(wire.HEADER.size))
        )
        *seed, index, count = rest
        deadline = monotonic() + wall_ms / 1000
        self._log_bytes_left = log_bytes
        source = request.take(source_bytes)
        if mode == _ANALYSE:
            self._analyse(source, heap_bytes)
            return False
        self._engine.listener, self._engine.difference_listener = self.on_log, on_difference
        self._engine.begin(heap_bytes, now, tuple(seed))
        try:
            function = self._load(mode, source)
            if mode == _CHECK:
                send(_RESULT)
            else:
                self._give(request.take(dataset_bytes), is_described=mode != _MERGE)
                part = _PART_PLACE % (index, b"%d" % count if count else b"null") if mode == _PART else None
                self._answer(self._engine.call(function, part), result_bytes, bool(may_stay))
        except Thrown as thrown:
            reason = self._engine.reason(thrown.value)
            if self._returned is not None:
                reason = self._engine.explain_result(reason, self._returned)
            reason = self._engine.explain(reason, source, self._dataset_start, deadline - monotonic())
            self._fail(_cause_of(reason), reason.message, reason.stack, reason.details)
        return self._stays

    def _load(self, mode: int, source: bytes) -> Value:
        """Load the source, and return its `process`, or its `merge` for a MERGE, which must be functions."""
        if mode == _MERGE:
            function = self._engine.load_merge(source)
            self._phase = _CALL
            self._engine.check_merge(function)
        else:
            function = self._engine.load(source)
            self._phase = _CALL
            self._engine.check(function)
        return function

    def _give(self, dataset: bytes, is_described: bool) -> None:
        """Set the dataset; if it is what a diagnosis takes it for, the argument of `process`, keep its beginning."""
        self._dataset_start = dataset[:DATASET_BYTES] if is_described else b""
        self._engine.set_dataset(dataset)

    def _analyse(self, source: bytes, heap_bytes: int) -> None:
        """Send the findings. An exception of the analyser ends this process: nothing is known of the source then."""
        assert self._analyser is not None, "this zygote analyses nothing"
        self._analyser.limit(heap_bytes)
        for kind, line, column, *texts in self._analyser.analyse(source):
            subject, suggestion = (text[: wire.MAX_SUBJECT_BYTES] for text in texts)
            send(_FINDING, wire.FINDING.pack(kind, line, column, len(subject)), subject, suggestion)
        send(_RESULT)

    def on_log(self, level: int, line: Text) -> bool:
        """Send a printed line on, within the budget; whether there is room for more."""
        room = self._log_bytes_left - wire.LINE_COST_BYTES
        if not self._cut and len(line) <= room:
            self._log_bytes_left = room - len(line)
            send(wire.Frame.LOG, bytes((level,)), line)
        elif not self._cut:
            self._cut = True
            if room > 0:
                send(wire.Frame.LOG, bytes((level,)), bytes(line[:room]).decode("utf-8", "ignore").encode())
            send(wire.Frame.LOG_TRUNCATED)
        return not self._cut

    def _answer(self, value: Value | None, result_bytes: int, may_stay: bool) -> None:
        if value is None:
            self._fail(wire.Cause.THROWN, b"the promise that process returned never settles")
            return
        self._phase = _SERIALISE
        self._returned = value
        text = self._engine.serialise(value)
        if text is None:
            said = _NO_JSON.get(self._engine.kind(value), b"a value whose toJSON gives nothing")
            self._fail(wire.Cause.THROWN, b"process returned %b, which JSON cannot hold" % said)
        elif len(text) > result_bytes:
            self._fail(wire.Cause.TOO_LARGE, b"the result takes %d bytes of JSON" % len(text))
        else:
            self._warn(self._engine.non_finite(value, text))
            self._stays = may_stay and self._engine.can_restore
            send(_RESULT_READY if self._stays else _RESULT, text)

    def _warn(self, found: NonFinite | None) -> None:
        if found is not None:
            send(wire.Frame.NON_FINITE, wire.COUNT.pack(found.total), found.first[: wire.MAX_TEXT_BYTES])

    def _fail(self, cause: wire.Cause, message: bytes, stack: bytes = b"", details: bytes = b"") -> None:
        texts = [text[: wire.MAX_TEXT_BYTES] for text in (message, stack, details)]
        send(wire.Frame.ERROR, wire.FAULT.pack(self._phase, cause, len(texts[0]), len(texts[1])), *texts)
