"""The files of `globals`, which define the globals beside the language, and the engine's answers to them.

A file is compiled in the zygote and evaluated in a child when its script first uses its globals: a script pays for
nothing else. A callback from JavaScript takes and returns a number, so the value that a question is about is passed in
an object.
"""

from collections.abc import Callable
from os.path import dirname, join
from typing import Final, NamedTuple, Protocol, TypeVar

from adapters.javascript import wire
from adapters.javascript.confined.digests import digest
from adapters.javascript.confined.quickjs import QuickJS, Thrown
from adapters.javascript.confined.quickjs_api import Value

_T = TypeVar("_T")

PRIMORDIALS: Final = "primordials"
EAGER: Final = ("language", "lazy_globals", "console")
"""Evaluated in the zygote, after the primordials."""
_LAZY: Final = (
    *("base64", "console_methods", "crypto", "dom_exception", "inspection", "plain_values", "punycode", "sorting"),
    *("structured_clone", "text_decoders", "text_encoding", "timers", "typed_sorting", "url", "url_encoding"),
    *("url_hosts", "url_parser", "url_search_params"),
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


class Unmetered(Protocol):
    """Does work whose memory is not the script's."""

    def __call__(self, work: Callable[[], _T], /) -> _T: ...


class Probe:
    """Answers what JavaScript cannot know about the value of `subject`: as a number, or in the value's place.

    A file is loaded once, even if the stack has no room for its evaluation, which is then tried again: else a script
    could have more memory given to it as often as it likes.
    """

    def __init__(self, js: QuickJS, compiled: Compiled, unmetered: Unmetered) -> None:
        self._js, self._compiled, self._unmetered = js, compiled, unmetered
        self._realm: QuickJS | None = None
        self._loaded: dict[int, Value] = {}
        self.subject = js.parse(b'{"value":null,"files":"%b"}' % " ".join(_LAZY).encode())
        self.function = js.function(b"probe", self._answer)

    def snapshot(self) -> Callable[[], None]:
        """Return a function that returns this object to its present state, for an engine that is restored to it."""
        loaded, realm = dict(self._loaded), self._realm

        def restore() -> None:
            self._loaded, self._realm = dict(loaded), realm

        return restore

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
        if asked == _INSPECT or asked >= _LOAD:
            return self._code(asked)
        return self._js.buffer(digest(asked - _DIGEST, self._js.bytes_of(value)))

    def _code(self, asked: int) -> Value:
        if asked not in self._loaded:
            js, code = self._code_of(asked)
            self._loaded[asked] = self._unmetered(lambda: js.load(code))
        return self._js.kept(self._loaded[asked])

    def _code_of(self, asked: int) -> tuple[QuickJS, bytes]:
        """Return the bytecode and the realm that it belongs to."""
        if asked >= _LOAD:
            return self._js, self._compiled.files[asked - _LOAD]
        if self._realm is None:
            self._realm = self._unmetered(self._js.new_realm)
        return self._realm, self._compiled.inspector
