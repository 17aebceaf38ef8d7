"""Requests and responses as values, and the retries between them: no input and no output happens here.

An operation is a generator, a `Flow`. It yields effects and gets their outcomes; `bateia.transports` performs them,
once with blocking calls and once with asyncio.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from bateia.bodies import Body
from bateia.errors import BateiaError, Refused, Unreachable
from bateia.refusals import refusal
from bateia.texts import say

T = TypeVar("T")

WAIT_SECONDS = 30
"""The longest time that one request asks the service to wait for an outcome."""
_SAFE_METHODS = frozenset({"GET", "PUT", "DELETE"})
_PASSING_STATUSES = frozenset({408, 429, 502, 503, 504})


class Sink(Protocol):
    """The receiver of a response's body. It is begun anew for each attempt."""

    def begin(self) -> None:
        """Discard what an earlier attempt wrote."""
        ...

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        ...


Progress: TypeAlias = "Callable[[int, int | None], None]"
"""Gets the bytes that were sent, and all there are to send, if that is known."""


@dataclass(frozen=True)
class Request:
    """A request. `path` begins with a slash and is below the service's address.

    A `repeatable` request has the same effect twice as once. With a `sink`, a successful response's body goes there.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None
    sink: Sink | None = None
    repeatable: bool = False
    progress: Progress | None = None
    seconds: float = 60

    @property
    def may_be_repeated(self) -> bool:
        """Tell whether sending it twice does no harm."""
        if self.can_be_sent_once:
            return False
        return self.repeatable or self.method in _SAFE_METHODS or "Idempotency-Key" in self.headers

    @property
    def can_be_sent_once(self) -> bool:
        """Tell whether its body is gone when it was sent."""
        return self.body is not None and self.body.length is None


@dataclass(frozen=True)
class Response:
    """A response; the names of headers are in lower case. `body` is empty if it went to a sink."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """Parse the body. Raises `Unreachable` if it is not JSON: then it is not the service that answered."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unreachable(say("the response is not JSON: is this the address of Bateia?")) from None


@dataclass(frozen=True)
class Send:
    """Send the request; the outcome is a `Response`."""

    request: Request


@dataclass(frozen=True)
class Pause:
    """Wait for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Now:
    """Read a clock that never goes back, in seconds."""


@dataclass(frozen=True)
class Work:
    """Call the function, where it delays nothing else; the outcome is what it returns."""

    function: Callable[[], Any]


@dataclass(frozen=True)
class Retries:
    """Ask for the policy of retries; the outcome is a `RetryPolicy`."""


Effect: TypeAlias = "Send | Pause | Now | Work | Retries"
Flow: TypeAlias = Generator[Effect, Any, T]


@dataclass(frozen=True)
class RetryPolicy:
    """The number of attempts in all, and the pauses between them unless the service names one."""

    attempts: int = 5
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 30

    def pause(self, failures: int, asked_for: float | None) -> float:
        """Return the seconds until the next attempt; random ones, so that many clients do not come back at once."""
        if asked_for is not None:
            return min(asked_for, self.longest_pause_seconds)
        most = min(self.first_pause_seconds * 2.0 ** (failures - 1), self.longest_pause_seconds)
        return most * random.uniform(0.5, 1)  # noqa: S311 - no secret


DEFAULT_RETRIES = RetryPolicy()


def exchange(request: Request) -> Flow[Response]:
    """Send a request until it is answered for good. Raises `Refused` or `Unreachable`."""
    policy = cast("RetryPolicy", (yield Retries()))
    failures = 0
    while True:
        try:
            response = cast("Response", (yield Send(request)))
            if response.status < 300:
                return response
            failure: BateiaError = refused(response)
            asked_for = _retry_after(response)
        except Unreachable as unreachable:
            failure, asked_for = unreachable, None
        failures += 1
        if failures >= policy.attempts or not _may_pass(request, failure, asked_for):
            raise failure
        yield Pause(policy.pause(failures, asked_for))


def now() -> Flow[float]:
    """Read the clock."""
    return cast("float", (yield Now()))


def pause(seconds: float) -> Flow[None]:
    """Wait."""
    yield Pause(seconds)


def work(function: Callable[[], T]) -> Flow[T]:
    """Call a function that computes or reads files for a while."""
    return cast("T", (yield Work(function)))


def refused(response: Response) -> Refused:
    """Make the exception of a response that is no success."""
    try:
        problem = json.loads(response.body)
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    return refusal(response.status, problem, response.headers.get("x-request-id"))


def _may_pass(request: Request, failure: BateiaError, asked_for: float | None) -> bool:
    """Tell whether the same request may succeed later. A refusal with a delay has had no effect."""
    if isinstance(failure, Refused):
        had_no_effect = asked_for is not None and not request.can_be_sent_once
        return failure.status in _PASSING_STATUSES and (had_no_effect or request.may_be_repeated)
    return request.may_be_repeated


def _retry_after(response: Response) -> float | None:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
