"""The diagnosis of a failed run: the engine's message in Node's words, the expression that failed, and its place.

It is made in the child after the script has failed, by code of ours in a runtime of its own, which no script has
entered and which is created only then. A run that succeeds pays nothing. A diagnosis that exceeds its limits leaves the
message as it is.
"""

import re
from os.path import dirname, join
from time import monotonic
from typing import Final, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.quickjs import QuickJS, Thrown, seal_callback
from adapters.javascript.confined.quickjs_api import Value

_FOLDER: Final = dirname(__file__)
_PARTS: Final = ("positions", "expressions", "dataset_shape")
_NEW_PARTS: Final = b"(() => { const parts = {}; return { parts, add: (name, part) => { parts[name] = part(); } }; })()"
_START: Final = b"(diagnosis, parts) => diagnosis(acorn, parts)"
_ARGUMENTS: Final = b"(diagnose, texts) => diagnose(...texts)"
_NEW_LIST: Final = b"(() => { const texts = []; return { texts, add: (text) => { texts.push(text); } }; })()"

_MOST_SOURCE_BYTES: Final = 200_000
_MOST_MESSAGE_BYTES: Final = 1_000
_MOST_STACK_BYTES: Final = 8_000
DATASET_BYTES: Final = 4_096
"""The part of a dataset's text from which its shape is read."""
_HEAP_BYTES: Final = 64 * 1024 * 1024
_STACK_BYTES: Final = 8 * 1024 * 1024
_LEAST_SECONDS: Final = 0.1
_MOST_SECONDS: Final = 2.0
_ENGINES_OWN: Final = re.compile(rb"(?:Type|Reference|Range|Syntax|URI)Error: ")
_PLACE: Final = re.compile(
    rb"^ +at (?:.* \()?" + re.escape(wire.SCRIPT_NAME.encode()) + rb":(\d+):(\d+)\)?$", re.MULTILINE
)
_LINE_END: Final = re.compile("\r\n?|[\n\u2028\u2029]")
_AFTER_NEW: Final = re.compile(r"\bnew\s+")
_LONGEST_NEW: Final = 20
_FRAME: Final = re.compile(
    rb"^( +at (?:.* \()?" + re.escape(wire.SCRIPT_NAME.encode()) + rb":)\d+:\d+(\)?)$", re.MULTILINE
)


class Failure(NamedTuple):
    """The message and the stack of what a script threw; `is_placed` if its position is known to be exact."""

    message: bytes
    stack: bytes
    is_placed: bool = False


class Diagnoser:
    """The files in memory, for children that can open none. Make it before memory is sealed."""

    def __init__(self, library: str) -> None:
        self._library = library
        self._files = {name: _read("diagnosis", name) for name in (*_PARTS, "diagnosis")}
        self._files["acorn"] = _read("vendor", "acorn")
        self._deadline = 0.0
        self._interrupt = QuickJS.interrupt(lambda: monotonic() > self._deadline)

    def seal(self) -> None:
        """Make the code of the interrupt read-only."""
        seal_callback(self._interrupt)

    def diagnose(self, source: bytes, failure: Failure, dataset: bytes, seconds_left: float) -> Failure:
        """Explain the failure as far as that succeeds within half of the remaining time."""
        found = self._explained(source, failure, dataset, seconds_left)
        return found if found.is_placed else found._replace(is_placed=_is_made_there(source, failure.stack))

    def _explained(self, source: bytes, failure: Failure, dataset: bytes, seconds_left: float) -> Failure:
        is_known = _ENGINES_OWN.match(failure.message) and len(failure.message) <= _MOST_MESSAGE_BYTES
        if not is_known or len(source) > _MOST_SOURCE_BYTES or seconds_left < _LEAST_SECONDS:
            return failure
        self._deadline = monotonic() + min(seconds_left / 2, _MOST_SECONDS)
        try:
            said = self._ask(source, failure.message, failure.stack[:_MOST_STACK_BYTES], dataset)
        except (Thrown, MemoryError):
            return failure
        return failure if said is None else _explained(failure, *said.split(b"\n", 2))

    def _ask(self, source: bytes, *texts: bytes) -> bytes | None:
        js = QuickJS(self._library, counts=False)
        js.limit_heap(_HEAP_BYTES)
        js.limit_stack(_STACK_BYTES)
        js.interrupt_with(self._interrupt)
        diagnose = self._load(js)
        given = js.evaluate(_NEW_LIST, b"diagnosis")
        add = js.member(given, b"add")
        for text in (source, *texts):
            js.call(add, js.string(text))
        said = js.call(js.evaluate(_ARGUMENTS, b"diagnosis"), diagnose, js.member(given, b"texts"))
        return bytes(js.text(said)) or None

    def _load(self, js: QuickJS) -> Value:
        self._evaluate(js, "acorn")
        made = js.evaluate(_NEW_PARTS, b"diagnosis")
        add = js.member(made, b"add")
        for name in _PARTS:
            js.call(add, js.string(name.encode()), self._evaluate(js, name))
        start = js.evaluate(_START, b"diagnosis")
        return js.call(start, self._evaluate(js, "diagnosis"), js.member(made, b"parts"))

    def _evaluate(self, js: QuickJS, name: str) -> Value:
        return js.evaluate(self._files[name], f"{name}.js".encode())


def _read(folder: str, name: str) -> bytes:
    with open(join(_FOLDER, folder, f"{name}.js"), "rb") as file:
        return file.read()


def _explained(failure: Failure, line: bytes, column: bytes, message: bytes) -> Failure:
    """Replace the failure's message, and the position in the script's first frame."""
    if line == b"0":
        return Failure(message, failure.stack)
    place = b"%b:%b" % (line, column)
    stack = _FRAME.sub(lambda found: found[1] + place + found[2], failure.stack, count=1)
    return Failure(message, stack, is_placed=True)


def _is_made_there(source: bytes, stack: bytes) -> bool:
    """Tell whether the script's first position is right behind a `new`, where the error was made then.

    If arguments have positions of their own, the engine has the last of these instead.
    """
    found = _PLACE.search(stack[:_MOST_STACK_BYTES])
    if found is None or len(source) > _MOST_SOURCE_BYTES:
        return False
    line, column = map(int, found.groups())
    lines = _LINE_END.split(source.decode("utf-8", "replace"))
    before = lines[line - 1][: column - 1][-_LONGEST_NEW:] if 0 < line <= len(lines) else ""
    return any(one.end() == len(before) for one in _AFTER_NEW.finditer(before))
