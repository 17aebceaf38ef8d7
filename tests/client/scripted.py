"""A service that answers as a test says, for the client library: flows without input and output, and a transport."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
from bateia.exchange import (
    DEFAULT_RETRIES,
    Effect,
    Flow,
    Now,
    Pause,
    Request,
    Response,
    Retries,
    RetryPolicy,
    Send,
    Work,
)

T = TypeVar("T")


def answer(status: int, document: Any = None, **headers: str) -> Response:
    """Make a response with a JSON document."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, named, json.dumps(document).encode())


def problem(status: int, slug: str, **members: Any) -> Response:
    """Make a refusal."""
    retry = {"retry_after": str(members.pop("retry_after"))} if "retry_after" in members else {}
    return answer(status, {"type": f"/problems/{slug}", "code": slug, "title": slug, **members}, **retry)


class Script:
    """Performs flows: each request gets the next outcome, and time passes only in pauses and as `respond` says."""

    def __init__(
        self,
        *outcomes: Response | Exception,
        seconds_of_response: float = 0,
        retries: RetryPolicy = DEFAULT_RETRIES,
    ) -> None:
        self._outcomes, self._seconds, self._retries = iter(outcomes), seconds_of_response, retries
        self.requests: list[Request] = []
        self.pauses: list[float] = []
        self.time = 0.0

    def perform(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        outcome, failure = None, None
        while True:
            try:
                effect = flow.throw(failure) if failure else flow.send(outcome)
            except StopIteration as ended:
                return ended.value  # type: ignore[no-any-return]
            outcome, failure = self._perform(effect)

    def _perform(self, effect: Effect) -> tuple[Any, Exception | None]:
        match effect:
            case Send(request=request):
                self.requests.append(request)
                self.time += self._seconds
                given = next(self._outcomes)
                return (None, given) if isinstance(given, Exception) else (self._received(request, given), None)
            case Pause(seconds=seconds):
                self.pauses.append(seconds)
                self.time += seconds
            case Now():
                return self.time, None
            case Work(function=function):
                return function(), None
            case Retries():
                return self._retries, None
        return None, None

    @staticmethod
    def _received(request: Request, response: Response) -> Response:
        if request.sink is None or response.status >= 300:
            return response
        request.sink.begin()
        request.sink.write(response.body)
        return Response(response.status, response.headers)


def an_execution(**members: Any) -> dict[str, Any]:
    """Make the document of an execution that has succeeded."""
    return {
        "id": "e1",
        "script": {"name": "cards", "version": 2},
        "status": "succeeded",
        "submitted_at": "2026-11-28T10:00:00Z",
        "finished_at": "2026-11-28T10:00:01Z",
        "error": None,
        "warnings": [],
        "logs": [],
        **members,
    }


def http(handler: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    """Make an HTTP client whose requests that function answers."""
    return httpx.Client(base_url="http://service.test/", transport=httpx.MockTransport(handler))
