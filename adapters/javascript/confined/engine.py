"""The engine as a zygote keeps it warm: one context, in which the prelude has run. Each fork gives a child its own,
and a child that serves several runs returns it to the snapshot between them."""

import re
import resource
from collections.abc import Callable
from contextlib import suppress
from os.path import dirname, join
from typing import Final, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.allocator import NotRestorable
from adapters.javascript.confined.causes import Causes
from adapters.javascript.confined.diagnosis import Diagnoser, Failure
from adapters.javascript.confined.heap_limit import HeapLimit
from adapters.javascript.confined.intl_realm import install_intl
from adapters.javascript.confined.provided import EAGER, PRIMORDIALS, Probe, compile_files, source_of
from adapters.javascript.confined.quickjs import QuickJS, Text, Thrown
from adapters.javascript.confined.quickjs_api import Value
from adapters.javascript.confined.rejections import Rejections

_MIB: Final = 1024 * 1024
_STACK_RLIMIT_BYTES: Final = 64 * _MIB
_STACK_BYTES: Final = 3 * _MIB
"""For JavaScript. With more of it a check for cycles, whose time grows with the square of the depth, could outlast a
run."""
_ARENA_BYTES: Final = 32 * _MIB
"""Address space for the heap of a process that serves many runs; a run that needs more is the last of its process."""

_PRELUDE: Final = join(dirname(__file__), wire.PRELUDE_NAME)
_DATES: Final = join(dirname(__file__), "dates.js")
_PRELUDE_NAME: Final = wire.PRELUDE_NAME.encode()
_SCRIPT_NAME: Final = wire.SCRIPT_NAME.encode()
_GLOBAL_NAMES: Final = b"Object.getOwnPropertyNames(globalThis).join()"
_PENDING, _RETURNED, _THREW = range(3)
"""The state of a call, as prelude.js numbers it."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HOST: Final = (
    b"begin",
    b"find",
    b"findMerge",
    b"check",
    b"checkMerge",
    b"give",
    b"run",
    b"fire",
    b"kind",
    b"describe",
    b"isOutOfMemory",
    b"refusal",
    b"nonFinite",
    b"unserialisable",
)
_ERRORS: Final = (b"own", b"describeBriefly", b"stackOf")
_NO_MESSAGE: Final = b"the script threw something that cannot be put in words"
_NULL: Final = re.compile(b"null")
_UNSERIALISABLE: Final = {
    b"TypeError: BigInt are forbidden in JSON.stringify": b"TypeError: Do not know how to serialize a BigInt",
    b"TypeError: circular reference": b"TypeError: Converting circular structure to JSON",
}
"""The engine's messages about a result that JSON cannot hold, and Node's."""


class NonFinite(NamedTuple):
    """The count of numbers that became null because JSON cannot express them, and the JSON Pointer of the first."""

    total: int
    first: bytes


class Reason(NamedTuple):
    """A thrown value in words; only an Error has a stack, and details, which are its causes and members. `is_placed` if
    its position is known to be exact."""

    message: bytes
    stack: bytes
    details: bytes
    out_of_memory: bool
    is_placed: bool = False


class Engine:
    """One warm context, with `Intl` if asked. What runs a script's code can raise `Thrown`, which `reason` words.

    `listener` gets level and text of every printed line and says whether more is wanted. `difference_listener` gets the
    index in `wire.DIFFERENCES` of a feature that the script used.
    """

    def __init__(self, library: str, intl: bool = False) -> None:
        compiled = compile_files(library)  # first, so that the engine's heap is in one piece
        self._js = QuickJS(library, arena_bytes=_ARENA_BYTES)
        self._js.limit_stack(_stack_bytes())
        self._diagnoser = Diagnoser(library)
        self._limit = HeapLimit(self._js)
        self.listener: Callable[[int, Text], bool] = lambda level, text: False
        self.difference_listener: Callable[[int], None] = lambda number: None
        self._probe = Probe(self._js, compiled, self._limit.unmetered)
        primordials = self._js.call(self._global_code(PRIMORDIALS), self._probe.function, self._probe.subject)
        tell = self._js.function(b"tell", self._tell)
        self._host = self._js.call(self._own_code(_PRELUDE), tell, self._own_code(_DATES))
        for name in EAGER:
            self._js.call(self._global_code(name), primordials, self._host)
        self._functions = {name: self._js.member(self._host, name) for name in _HOST + _ERRORS}
        self._rejections = Rejections(self._js)
        self._intl_bytes = install_intl(self._js, self._js.member(self._host, b"differ")) if intl else 0
        self._js.refuse_modules(lambda name: self._ask(b"refusal", self._js.string(name)))
        self._restorers: tuple[Callable[[], None], ...] = ()

    @property
    def version(self) -> str:
        """The engine's own version number."""
        return self._js.version

    @property
    def global_names(self) -> bytes:
        """The names of the globals that scripts find, between commas; with `Intl`, which sources that name it get."""
        return self._string(self._js.evaluate(_GLOBAL_NAMES, _PRELUDE_NAME)) + b",Intl"

    def enforce_w_xor_x(self) -> None:
        """Enforce that from here on no memory is both writable and executable."""
        self._js.enforce_w_xor_x()
        self._diagnoser.seal()

    @property
    def can_restore(self) -> bool:
        """Tell whether `restore` is possible: there is a snapshot, and no run has needed memory beyond the arena."""
        return bool(self._restorers) and self._js.is_restorable

    def snapshot(self) -> None:
        """Keep the present state for `restore`. Where that is impossible, `can_restore` remains false."""
        with suppress(NotRestorable):
            self._js.snapshot()
            parts = (self._probe, self._rejections, self._limit)
            self._restorers = (self._js.restore, *(one.snapshot() for one in parts), self._listeners())

    def restore(self) -> None:
        """Return to the snapshot, so that the next run finds what the first one found, byte for byte.

        All values and texts since then are gone, and must not be used. Raises `NotRestorable`.
        """
        if not self.can_restore:
            raise NotRestorable("there is no snapshot, or a run has needed memory beyond the arena")
        for restore in self._restorers:
            restore()

    def _listeners(self) -> Callable[[], None]:
        listeners = self.listener, self.difference_listener

        def restore() -> None:
            self.listener, self.difference_listener = listeners

        return restore

    def begin(self, heap_bytes: int, now: int, seed: tuple[int, ...]) -> None:
        """Limit the heap, counting what it holds already but for `Intl`, so that a script has the same room with and
        without it; and set clock (milliseconds since 1970) and randomness."""
        self._limit.set(heap_bytes + self._intl_bytes)
        self._js.collect_from(heap_bytes // 8 + self._intl_bytes)
        self._ask(b"begin", self._js.parse(b"[%d,%d,%d,%d,%d]" % (now, *seed)))

    def load(self, source: bytes) -> Value:
        """Run the source's top level and the jobs it queued; return the value of its `process`, or undefined."""
        self._evaluate(source)
        return self._ask(b"find")

    def load_merge(self, source: bytes) -> Value:
        """Load a source as `load` does; return the value of its `merge`, or undefined."""
        self._evaluate(source)
        return self._ask(b"findMerge")

    def _evaluate(self, source: bytes) -> None:
        self._js.free(self._js.evaluate(source.removeprefix(_BYTE_ORDER_MARK), _SCRIPT_NAME))
        self._settle()

    def check(self, process: Value) -> None:
        """Refuse a value of `process` that is no function."""
        self._ask(b"check", process)

    def check_merge(self, merge: Value) -> None:
        """Refuse a value of `merge` that is no function."""
        self._ask(b"checkMerge", merge)

    def set_dataset(self, dataset: bytes) -> None:
        """Parse the dataset's JSON text into the value that `process` will get, with no other reference to it."""
        value = self._js.parse(dataset)
        self._ask(b"give", value)
        self._js.free(value)

    def call(self, function: Value, part: bytes | None = None) -> Value | None:
        """Call a function with the dataset, and the JSON text of a partition's place if there is one; return the
        awaited value, None if it never settles."""
        outcome = self._ask(b"run", function, *(() if part is None else (self._js.parse(part),)))
        self._settle()
        while (state := self._js.member(outcome, b"state").as_count) == _PENDING:
            if not self._ask(b"fire", outcome).is_true:  # no timer is left
                return None
            self._settle()
        value = self._js.member(outcome, b"value")
        if state == _THREW:
            raise Thrown(value)
        return value

    def serialise(self, value: Value) -> Text | None:
        """Serialise the value as JSON text, None if it has none. A `toJSON` can leave rejections as well."""
        text = self._js.stringify(value)
        self._settle()
        if text.is_undefined:
            return None
        encoded = self._encoded(text)
        self._js.free(text)
        return encoded

    def non_finite(self, value: Value, text: Text) -> NonFinite | None:
        """Find the numbers of a value that its JSON text could only call null; None if none is found."""
        if _NULL.search(text) is None:
            return None
        self._limit.give_headroom()
        with suppress(Thrown):  # a getter, a proxy: then nothing can be said
            found = self._ask(b"nonFinite", value)
            total = int(self._string(self._js.member(found, b"total")))
            return NonFinite(total, self._string(self._js.member(found, b"first"))) if total else None
        return None

    def explain_result(self, reason: Reason, value: Value) -> Reason:
        """Explain in Node's words why JSON cannot hold the value, and name the place that it cannot hold."""
        words = _UNSERIALISABLE.get(reason.message)
        if words is None or reason.out_of_memory:
            return reason
        with suppress(Thrown):  # a getter, a proxy, a depth beyond the stack: then the place is not known
            if place := self._string(self._ask(b"unserialisable", value)):
                return reason._replace(message=b"%b (%b)" % (words, place))
        return reason

    def kind(self, value: Value) -> str:
        """Return the value's `typeof`."""
        return self._string(self._ask(b"kind", value)).decode("ascii")

    def _own_code(self, path: str) -> Value:
        """Evaluate a file of ours, under the prelude's name, which stack traces leave out."""
        with open(path, "rb") as file:
            return self._js.evaluate(file.read(), _PRELUDE_NAME)

    def _global_code(self, name: str) -> Value:
        return self._js.evaluate(source_of(name), _PRELUDE_NAME)

    def _string(self, value: Value) -> bytes:
        return bytes(self._js.text(value))

    def _ask(self, name: bytes, *arguments: Value) -> Value:
        return self._js.call(self._functions[name], *arguments)

    def _settle(self) -> None:
        """Run the jobs that promises queued; a rejection that is still unhandled then is an uncaught error."""
        self._js.run_jobs()
        reason = self._rejections.reason
        if reason is not None:
            raise Thrown(reason)

    def _tell(self, level: float) -> float:
        """Handle what the prelude reports: a printed line, or by a negative number the use of a feature."""
        if level < 0:
            self.difference_listener(-1 - int(level))
            return 0.0
        return float(self.listener(int(level), self._encoded(self._js.member(self._host, b"line"))))

    def _encoded(self, text: Value) -> Text:
        """Encode a string in UTF-8; the copy is not the script's doing and so does not count as its memory."""
        return self._limit.suspended(lambda: self._js.text(text))

    def reason(self, value: Value) -> Reason:
        """Describe a thrown value as text."""
        self._limit.give_headroom()
        message, stack, details, out_of_memory = _NO_MESSAGE, b"", b"", False
        with suppress(Thrown):
            out_of_memory = self._ask(b"isOutOfMemory", value).is_true
            message = self._string(self._ask(b"describe", value))
            if self._js.is_error(value):
                stack = self._string(self._ask(b"stackOf", value))
        if not out_of_memory:
            with suppress(Thrown):
                details = Causes(self._js, *(self._functions[name] for name in _ERRORS)).of(value)
        return Reason(message, stack, details, out_of_memory)

    def explain(self, reason: Reason, source: bytes, dataset: bytes, seconds_left: float) -> Reason:
        """Explain the reason in Node's words and with its exact place, as far as they can be found; see `Diagnoser`."""
        if reason.out_of_memory or not reason.stack:
            return reason
        failure = self._diagnoser.diagnose(source, Failure(reason.message, reason.stack), dataset, seconds_left)
        return reason._replace(message=failure.message, stack=failure.stack, is_placed=failure.is_placed)


def _stack_bytes() -> int:
    """Make room on the process's stack, and return the part of it that JavaScript may take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < _STACK_RLIMIT_BYTES:
        soft = _STACK_RLIMIT_BYTES if hard == resource.RLIM_INFINITY else min(hard, _STACK_RLIMIT_BYTES)
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
    room = _STACK_RLIMIT_BYTES if soft == resource.RLIM_INFINITY else soft
    return min(_STACK_BYTES, room // 2)
