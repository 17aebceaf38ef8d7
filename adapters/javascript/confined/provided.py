"""The files of `globals`, which define the globals beside the language, and the engine's answers to them.

A file is compiled in the zygote and evaluated in a child when its script first uses its globals: a script pays for
nothing else. A callback from JavaScript takes and returns a number, so the value that a question is about is passed in
an object.
"""

from collections.abc import Callable
from os.path import dirname, join
from typing import Final, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.digests import digest
from adapters.javascript.confined.quickjs import QuickJS, Thrown
from adapters.javascript.confined.quickjs_api import Value

PRIMORDIALS: Final = "primordials"
EAGER: Final = ("language", "lazy_globals", "console")
"""Evaluated in the zygote, after the primordials."""
_LAZY: Final = (
    *("base64", "console_methods", "crypto", "dom_exception", "inspection", "plain_values", "punycode", "sorting"),
    *("structured_clone", "text_decoders", "text_encoding", "timers", "url", "url_encoding", "url_hosts", "url_parser"),
    "url_search_params",
)
"""Evaluated on first use. primordials.js numbers them in this order."""
_FOLDER: Final = dirname(__file__)
_INSPECTOR: Final = join(_FOLDER, "vendor", "inspect.js")
_CODE_NAME: Final = wire.PRELUDE_NAME.encode()
_CLASS, _TARGET, _PROMISE, _SETTLED, _INSPECT, _DIGEST, _LOAD = 0, 1, 2, 3, 4, 5, 9
"""The questions, as primordials.js numbers them; from `_DIGEST` on for a digest, from `_LOAD` on for a file."""


def source_of(name: str) -> bytes:
    """Read the text of a file of `globals`."""
    return _read(join(_FOLDER, "globals", f"{name}.js"))


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


class Compiled(NamedTuple):
    """The bytecode of the files, in the order of their numbers, and of the inspector."""

    files: tuple[bytes, ...]
    inspector: bytes


def compile_files(library: str) -> Compiled:
    """Compile to bytecode in an engine that is closed afterwards: its garbage would scatter a child's allocations."""
    js = QuickJS(library)
    files = tuple(js.compile(source_of(name), _CODE_NAME, keeps_source=True) for name in _LAZY)
    inspector = b"(%b)(%b)" % (source_of("inspector"), _read(_INSPECTOR))
    compiled = Compiled(files, js.compile(inspector, _CODE_NAME, keeps_source=False))
    js.close()
    return compiled


class Probe:
    """Answers what JavaScript cannot know about the value of `subject`: as a number, or in the value's place.

    `unmetered(work)` does work whose memory is not the script's.
    """

    def __init__(self, js: QuickJS, compiled: Compiled, unmetered: Callable[[Callable[[], Value]], Value]) -> None:
        self._js, self._compiled, self._unmetered = js, compiled, unmetered
        self.subject = js.parse(b'{"value":null,"files":"%b"}' % " ".join(_LAZY).encode())
        self.function = js.function(b"probe", self._answer)

    def _answer(self, question: float) -> float:
        asked, value, answer = int(question), self._js.member(self.subject, b"value"), 0
        if asked == _CLASS:
            answer = self._js.class_of(value)
        elif asked == _PROMISE:
            answer = self._js.promise_state(value)
        else:
            try:
                found = self._found(asked, value)
            except Thrown as thrown:  # the stack was nearly used up
                found, answer = thrown.value, 1
            self._js.set_member(self.subject, b"value", found)
        self._js.free(value)
        return float(answer)

    def _found(self, asked: int, value: Value) -> Value:
        if asked == _TARGET:
            return self._js.proxy_target(value)
        if asked == _SETTLED:
            return self._js.promise_result(value)
        if asked == _INSPECT:
            return self._unmetered(lambda: self._js.new_realm().load(self._compiled.inspector))
        if asked >= _LOAD:
            return self._unmetered(lambda: self._js.load(self._compiled.files[asked - _LOAD]))
        return self._js.buffer(digest(asked - _DIGEST, self._js.bytes_of(value)))
