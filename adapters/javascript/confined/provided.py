"""The files of `globals`, which define what scripts find besides the language, and the engine's answers to them.

A callback from JavaScript takes and gives a number, so the value that a question is about is left in an object.
"""

from typing import Final

from adapters.javascript.confined.digests import digest
from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.confined.quickjs_api import Value

PRIMORDIALS: Final = "primordials"
FILES: Final = tuple(
    """
    language dom_exception base64 text_encoding structured_clone timers inspect console crypto url_hosts url_parser url
    """.split()  # noqa: SIM905 - a line a name would hide that their order matters
)
"""In the order in which they need one another, all after the primordials."""
_CLASS, _TARGET, _PROMISE, _SETTLED, _DIGEST = range(5)
"""The questions, as primordials.js numbers them; from `_DIGEST` on they ask for a digest."""


class Probe:
    """Answers what JavaScript cannot know about the value of `subject`: as a number, or in the value's place."""

    def __init__(self, js: QuickJS) -> None:
        self._js = js
        self.subject = js.parse(b'{"value":null}')
        self.function = js.function(b"probe", self._answer)

    def _answer(self, question: float) -> float:
        value = self._js.member(self.subject, b"value")
        answer = 0
        if question == _CLASS:
            answer = self._js.class_of(value)
        elif question == _PROMISE:
            answer = self._js.promise_state(value)
        else:
            self._js.set_member(self.subject, b"value", self._found(int(question), value))
        self._js.free(value)
        return float(answer)

    def _found(self, question: int, value: Value) -> Value:
        if question == _TARGET:
            return self._js.proxy_target(value)
        if question == _SETTLED:
            return self._js.promise_result(value)
        return self._js.buffer(digest(question - _DIGEST, self._js.bytes_of(value)))
