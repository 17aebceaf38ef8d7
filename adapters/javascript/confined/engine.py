"""The engine as a zygote keeps it warm: one context, in which the prelude has run. Each fork gives a child its own."""

import re
import resource
from collections.abc import Callable
from contextlib import suppress
from os.path import dirname, join
from typing import Final, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.provided import FILES, PRIMORDIALS, Probe
from adapters.javascript.confined.quickjs import QuickJS, Text, Thrown
from adapters.javascript.confined.quickjs_api import Value

_MIB: Final = 1024 * 1024
_STACK_RLIMIT_BYTES: Final = 64 * _MIB
_STACK_BYTES: Final = 3 * _MIB
"""For JavaScript. With more of it a check for cycles, whose time grows with the square of the depth, could outlast a
run."""
_BREATH_BYTES: Final = 4 * _MIB
"""What the heap may grow by once it is spent, so that what happened can be put in words."""
_MOST_REJECTIONS: Final = 1_000

_PRELUDE: Final = join(dirname(__file__), wire.PRELUDE_NAME)
_DATES: Final = join(dirname(__file__), "dates.js")
_PRELUDE_NAME: Final = wire.PRELUDE_NAME.encode()
_SCRIPT_NAME: Final = wire.SCRIPT_NAME.encode()
_PROCESS: Final = b'typeof process === "undefined" ? undefined : process'
_HOST: Final = (
    b"begin",
    b"check",
    b"give",
    b"run",
    b"fire",
    b"kind",
    b"describe",
    b"isOutOfMemory",
    b"refusal",
    b"nonFinite",
)
_UNSPEAKABLE: Final = b"the script threw something that cannot be put in words"
_NULL: Final = re.compile(b"null")


class NonFinite(NamedTuple):
    """How many numbers became null for which JSON has no word, and the JSON Pointer of the first."""

    total: int
    first: bytes


class Reason(NamedTuple):
    """What the script threw, in words; only an Error has a stack."""

    message: bytes
    stack: bytes
    out_of_memory: bool


class Engine:
    """One warm context. Everything that runs a script's code can raise `Thrown`, which `reason` puts in words.

    `listener` gets level and text of every printed line and says whether more is wanted.
    """

    def __init__(self, library: str) -> None:
        self._js = QuickJS(library)
        self._js.limit_stack(_stack_bytes())
        self._heap_bytes = 0
        self._rejections: dict[int, tuple[Value, Value]] = {}
        self.listener: Callable[[int, Text], bool] = lambda level, text: False
        probe = Probe(self._js)
        primordials = self._js.call(self._own_code(_globals(PRIMORDIALS)), probe.function, probe.subject)
        tell = self._js.function(b"tell", self._tell)
        self._host = self._js.call(self._own_code(_PRELUDE), tell, self._own_code(_DATES))
        for name in FILES:
            self._js.call(self._own_code(_globals(name)), primordials, self._host)
        self._functions = {name: self._js.member(self._host, name) for name in _HOST}
        self._js.track_rejections(self._track)
        self._js.refuse_modules(lambda name: self._ask(b"refusal", self._js.string(name)))

    @property
    def version(self) -> str:
        """The engine's own version number."""
        return self._js.version

    def seal(self) -> None:
        """From here on no memory is both writable and executable."""
        self._js.seal()

    def begin(self, heap_bytes: int, now: int, seed: tuple[int, ...]) -> None:
        """Limit the heap, counting what it holds already, and set clock (milliseconds since 1970) and randomness."""
        self._heap_bytes = heap_bytes
        self._js.limit_heap(heap_bytes)
        self._js.collect_from(heap_bytes // 8)
        self._ask(b"begin", self._js.parse(b"[%d,%d,%d,%d,%d]" % (now, *seed)))

    def load(self, source: bytes) -> Value:
        """Run the source's top level and whatever it queued; what it calls `process`, undefined if it is nothing."""
        self._js.free(self._js.evaluate(source, _SCRIPT_NAME))
        self._settle()
        return self._js.evaluate(_PROCESS, _PRELUDE_NAME)

    def check(self, process: Value) -> None:
        """Refuse what is no function."""
        self._ask(b"check", process)

    def give(self, dataset: bytes) -> None:
        """Make the dataset's JSON text the value that `process` will get, and nobody else holds."""
        value = self._js.parse(dataset)
        self._ask(b"give", value)
        self._js.free(value)

    def call(self, process: Value) -> Value | None:
        """What `process` makes of the dataset, awaited; None if it never settles."""
        outcome = self._ask(b"run", process)
        self._settle()
        while self._ask(b"fire", outcome).is_true:  # a timer
            self._settle()
        state, value = self._string(self._js.member(outcome, b"state")), self._js.member(outcome, b"value")
        if state == b"threw":
            raise Thrown(value)
        return value if state == b"returned" else None

    def serialise(self, value: Value) -> Text | None:
        """The value as JSON text, None if it has none."""
        text = self._js.stringify(value)
        if text.is_undefined:
            return None
        self._js.limit_heap(0)  # the text's form in UTF-8 is not the script's doing
        encoded = self._js.text(text)
        self._js.limit_heap(self._heap_bytes)
        return encoded

    def non_finite(self, value: Value, text: Text) -> NonFinite | None:
        """The numbers of a value that its JSON text could only call null; None if none is found."""
        if _NULL.search(text) is None:
            return None
        with suppress(Thrown):  # a getter, a proxy: then nothing can be said
            found = self._ask(b"nonFinite", value)
            total = int(self._string(self._js.member(found, b"total")))
            return NonFinite(total, self._string(self._js.member(found, b"first"))) if total else None
        return None

    def kind(self, value: Value) -> str:
        """The value's `typeof`."""
        return self._string(self._ask(b"kind", value)).decode("ascii")

    def _own_code(self, path: str) -> Value:
        """The value of a file of ours. Stack traces leave out what bears the prelude's name."""
        with open(path, "rb") as file:
            return self._js.evaluate(file.read(), _PRELUDE_NAME)

    def _string(self, value: Value) -> bytes:
        return bytes(self._js.text(value))

    def _ask(self, name: bytes, *arguments: Value) -> Value:
        return self._js.call(self._functions[name], *arguments)

    def _settle(self) -> None:
        """Run what promises queued; a rejection that nobody has handled by then is an error that nobody caught."""
        self._js.run_jobs()
        if self._rejections:
            _, reason = next(iter(self._rejections.values()))
            raise Thrown(reason)

    def _tell(self, level: float) -> float:
        self._js.limit_heap(self._heap_bytes + _BREATH_BYTES)
        line = self._js.text(self._js.member(self._host, b"line"))
        self._js.limit_heap(self._heap_bytes)
        return float(self.listener(int(level), line))

    def _track(self, promise: Value, reason: Value, is_handled: bool) -> None:
        if is_handled:
            self._rejections.pop(promise.identity, None)
        elif len(self._rejections) < _MOST_REJECTIONS:
            self._rejections[promise.identity] = (self._js.kept(promise), self._js.kept(reason))

    def reason(self, value: Value) -> Reason:
        """What was thrown, in words."""
        self._js.limit_heap(self._heap_bytes + _BREATH_BYTES)
        message, stack, out_of_memory = _UNSPEAKABLE, b"", False
        with suppress(Thrown):
            out_of_memory = self._ask(b"isOutOfMemory", value).is_true
            message = self._string(self._ask(b"describe", value))
            if self._js.is_error(value):
                stack = self._string(self._js.member(value, b"stack"))
        return Reason(message, stack, out_of_memory)


def _globals(name: str) -> str:
    return join(dirname(__file__), "globals", f"{name}.js")


def _stack_bytes() -> int:
    """Make room on the process's stack, and say how much of it JavaScript may take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < _STACK_RLIMIT_BYTES:
        soft = _STACK_RLIMIT_BYTES if hard == resource.RLIM_INFINITY else min(hard, _STACK_RLIMIT_BYTES)
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
    room = _STACK_RLIMIT_BYTES if soft == resource.RLIM_INFINITY else soft
    return min(_STACK_BYTES, room // 2)
