"""The analysis of a source before it is checked: acorn and our own code over its tree, in an engine of their own.

No script ever runs in this engine, so nothing can tamper with the findings; and none of its memory is a script's.
"""

import resource
from collections.abc import Iterator
from os.path import dirname, join
from typing import Final, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.confined.quickjs_api import Value

_FOLDER: Final = dirname(__file__)
_PARTS: Final = (
    "findings", "languages", "nodes", "parser", "patterns", "scopes", "spelling", "syntax_errors", "uses", "analysis",
)  # fmt: skip
"""Files of `analysis/`, each behind those that it needs; it is a function of the parts before it."""
_NEW_PARTS: Final = (
    b"(() => { const parts = { acorn }; return { parts, add: (name, part) => { parts[name] = part(parts); } }; })()"
)
_KINDS: Final = {kind.encode(): number for number, kind in enumerate(wire.FINDING_KINDS)}
_STACK_PART: Final = 3 / 4
"""Of the process's stack; the parser descends with the nesting of the source."""
_MOST_STACK_BYTES: Final = 64 * 1024 * 1024


class Finding(NamedTuple):
    """The number of a kind in `wire.FINDING_KINDS`, line and column from 1, and two short texts in UTF-8."""

    kind: int
    line: int
    column: int
    subject: bytes
    suggestion: bytes


class Analyser:
    """The warm parser. Make it after the engine, which makes room on the process's stack.

    `global_names` has the names of the globals that scripts find, between commas.
    """

    def __init__(self, library: str, global_names: bytes) -> None:
        self._js = QuickJS(library)
        soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
        room = _MOST_STACK_BYTES if soft == resource.RLIM_INFINITY else min(soft, _MOST_STACK_BYTES)
        self._js.limit_stack(int(room * _STACK_PART))
        self._evaluate("vendor", "acorn")
        made = self._js.evaluate(_NEW_PARTS, b"analyser")
        add = self._js.member(made, b"add")
        for name in _PARTS:
            self._js.call(add, self._js.string(name.encode()), self._evaluate("analysis", name))
        self._analyse = self._js.member(self._js.member(made, b"parts"), b"analysis")
        self._global_names = self._js.string(global_names)

    def limit(self, heap_bytes: int) -> None:
        """Limit the heap, counting what it holds already, as `QuickJS.limit_heap` does.

        Cycles are never searched for: an analysis releases none, and each search costs a walk over the tree.
        """
        self._js.limit_heap(heap_bytes)
        self._js.collect_from(heap_bytes)

    def analyse(self, source: bytes) -> Iterator[Finding]:
        """Yield the findings in the order of their places. Raises `Thrown` if the source cannot be analysed."""
        text = bytes(self._js.text(self._js.call(self._analyse, self._js.string(source), self._global_names)))
        for one in text.split(b"\n") if text else ():
            kind, line, column, subject, suggestion = one.split(b"\t")
            yield Finding(_KINDS[kind], int(line), int(column), subject, suggestion)

    def _evaluate(self, folder: str, name: str) -> Value:
        with open(join(_FOLDER, folder, f"{name}.js"), "rb") as file:
            return self._js.evaluate(file.read(), f"{name}.js".encode())
