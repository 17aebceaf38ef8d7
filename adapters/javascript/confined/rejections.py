"""The promises of a script that are rejected and that nothing handles, each of which must fail the run."""

from collections.abc import Callable
from typing import Final

from adapters.javascript.confined.quickjs import QuickJS
from adapters.javascript.confined.quickjs_api import Value

_KEPT_REASONS: Final = 1_000
"""Of how many rejections at once the reasons are kept; all are counted."""
_REASON_NOT_KEPT: Final = b"one of many promises was rejected, and nothing handled that"


class Rejections:
    """The unhandled rejections of one engine, from here on."""

    def __init__(self, js: QuickJS) -> None:
        self._js = js
        self._unhandled = 0
        self._kept: dict[int, tuple[Value, Value]] = {}
        js.track_rejections(self._track)

    @property
    def reason(self) -> Value | None:
        """The reason of the first rejection that nothing has handled, or a stand-in for it; None if all are handled."""
        if not self._unhandled:
            return None
        kept = next(iter(self._kept.values()), None)
        return self._js.string(_REASON_NOT_KEPT) if kept is None else kept[1]

    def snapshot(self) -> Callable[[], None]:
        """Return a function that returns this object to its present state, for an engine that is restored to it."""
        unhandled, kept = self._unhandled, dict(self._kept)

        def restore() -> None:
            self._unhandled, self._kept = unhandled, dict(kept)

        return restore

    def _track(self, promise: Value, reason: Value, is_handled: bool) -> None:
        """Count: the engine tells of a promise's rejection once, and at most once that it was handled after all."""
        self._unhandled += -1 if is_handled else 1
        if is_handled:
            for kept in self._kept.pop(promise.identity, ()):
                self._js.free(kept)
        elif len(self._kept) < _KEPT_REASONS:
            self._kept[promise.identity] = (self._js.kept(promise), self._js.kept(reason))
