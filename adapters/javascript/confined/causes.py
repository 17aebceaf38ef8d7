"""The causes of an error and the members of an AggregateError in words, in a form close to that of Node's console.

All of it is a script's own: only properties that are values are followed, and depth, members and length are bounded. A
proxy's trap, or a `toJSON` or a getter of what is described, can run and throw, which ends the description. One that
never returns ends with the run, and one that fills the heap at its limit.
"""

from typing import Final

from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.confined.quickjs_api import Value

_MOST_LEVELS: Final = 8
_MOST_MEMBERS: Final = 10
_MOST_BYTES: Final = 5_000
_MOST_STACK_BYTES: Final = 1_500
_MORE: Final = b"..."


class Causes:
    """The causes and members of one error. The functions are the prelude's, taken before a script ran."""

    def __init__(self, js: QuickJS, own: Value, describe: Value, stack_of: Value) -> None:
        self._js, self._own, self._describe, self._stack_of = js, own, describe, stack_of
        self._around: list[int] = []
        self._bytes_left = _MOST_BYTES

    def of(self, error: Value) -> bytes:
        """Describe an error's causes and members in indented lines; empty without any. A proxy may raise `Thrown`."""
        return self._named(error, b"  ") if self._js.is_error(error) else b""

    def _named(self, error: Value, indent: bytes) -> bytes:
        self._around.append(error.identity)
        parts = [
            b"%b[%b]: %b" % (indent, name, text)
            for name, text in ((b"errors", self._members(error, indent)), (b"cause", self._cause(error, indent)))
            if text
        ]
        self._around.pop()
        return b",\n".join(parts)

    def _cause(self, error: Value, indent: bytes) -> bytes:
        found = self._property(error, b"cause")
        return b"" if found is None else self._described(found, indent)

    def _members(self, error: Value, indent: bytes) -> bytes:
        holder = self._property(error, b"errors")
        length = None if holder is None or not holder.is_object else self._property(holder, b"length")
        if holder is None or length is None or (total := length.as_count) is None:
            return b""
        within = indent + b"  "
        members = [self._member(holder, i, within) for i in range(min(total, _MOST_MEMBERS))]
        if total > _MOST_MEMBERS:
            members.append(b"... %d more" % (total - _MOST_MEMBERS))
        return b"[\n%b\n%b]" % (b",\n".join(within + one for one in members), indent)

    def _member(self, holder: Value, index: int, indent: bytes) -> bytes:
        found = self._property(holder, b"%d" % index)
        return b"undefined" if found is None else self._described(found, indent)

    def _described(self, value: Value, indent: bytes) -> bytes:
        """Describe a value after its name; its further lines are indented."""
        is_error = self._js.is_error(value)
        if is_error and value.identity in self._around:
            return b"[Circular]"
        if self._bytes_left <= 0 or len(self._around) > _MOST_LEVELS:
            return _MORE
        said = self._text(self._js.call(self._describe, value))
        if is_error:
            frames = self._text(self._js.call(self._stack_of, value))[:_MOST_STACK_BYTES]
            said += b"".join(b"\n%b%b" % (indent, line) for line in frames.split(b"\n") if line)
        said = said[: max(self._bytes_left, 0)]
        self._bytes_left -= len(said)
        inner = self._named(value, indent + b"  ") if is_error else b""
        return b"%b {\n%b\n%b}" % (said, inner, indent) if inner else said

    def _property(self, holder: Value, name: bytes) -> Value | None:
        found = self._js.call(self._own, holder, self._js.string(name))
        return None if found.is_undefined else self._js.member(found, b"value")

    def _text(self, value: Value) -> bytes:
        return bytes(self._js.text(value))
