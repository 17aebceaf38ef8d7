"""Load with a record of the submitted and the acknowledged executions, and a check that each of these ended once.

Every dataset differs from every other and is sent once, so two executions over one dataset are one too many, and an
execution over a dataset that is not in the ledger was never submitted.
"""

import hashlib
import http.client
import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

SOURCE: Final = "const process = d => ({ number: d.number, twice: 2 * d.number });"
PAUSE_SECONDS: Final = 0.05
_JSON: Final = {"Content-Type": "application/json"}
_BROKEN: Final = (OSError, http.client.HTTPException)


class Client:
    """One connection, opened anew after it broke."""

    def __init__(self, url: str, seconds: float) -> None:
        self._place, self._seconds = urlsplit(url).netloc, seconds
        self._connection = http.client.HTTPConnection(self._place, timeout=seconds)

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Send a request, and return the status and the body of the answer; 0 and nothing if there was none."""
        try:
            self._connection.request(method, path, body, _JSON | headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except _BROKEN:
            self.close()
            self._connection = http.client.HTTPConnection(self._place, timeout=self._seconds)
            return 0, b""

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()


class Ledger:
    """Submissions from several connections, for as long as the block lasts; `check` it afterwards.

    `acknowledged` has the number that each execution was given, by its id; `refused` every answer that was no
    acknowledgement; `broken` counts the requests without an answer. `filler` makes each dataset that much longer.
    """

    def __init__(
        self, url: str, connections: int = 4, filler: Callable[[], str] = str, answer_seconds: float = 20
    ) -> None:
        self._url, self._connections, self._filler, self._seconds = url, connections, filler, answer_seconds
        self.script: Final = f"ledger-{uuid.uuid4().hex[:12]}"
        self.acknowledged: dict[str, int] = {}
        self.refused: list[tuple[int, bytes]] = []
        self.broken = 0
        self._numbers = itertools.count(1)
        self._sent: dict[str, int] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        self._failures: list[BaseException] = []
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(connections)]

    def __enter__(self) -> Self:
        """Host the script and begin."""
        client = Client(self._url, self._seconds)
        source = {"Content-Type": "text/javascript"}
        status, body = client.call("POST", f"/v1/scripts?name={self.script}", SOURCE.encode(), **source)
        client.close()
        assert status == 201, body
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Send no more."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self, more: int = 20) -> Callable[[], bool]:
        """Create a predicate that is true once so many more have been acknowledged than when it was created."""
        enough = len(self.acknowledged) + more
        return lambda: len(self.acknowledged) >= enough

    def _work(self) -> None:
        client, mine = Client(self._url, self._seconds), list[str]()
        try:
            while not self._stopping.wait(PAUSE_SECONDS):
                self._submit(client, mine)
                self._look_at_oldest(client, mine)
        except BaseException as failure:
            self._failures.append(failure)
            raise
        finally:
            client.close()

    def _submit(self, client: Client, mine: list[str]) -> None:
        number = next(self._numbers)
        dataset = json.dumps({"number": number, "of": self.script, "filler": self._filler()}).encode()
        self._sent[hashlib.sha256(dataset).hexdigest()] = number
        status, body = client.call("POST", f"/v1/scripts/{self.script}/executions", dataset)
        if status == 202:
            execution_id = json.loads(body)["id"]
            self.acknowledged[execution_id] = number
            mine.append(execution_id)
        elif status:
            self.refused.append((status, body))
        else:
            self.broken += 1

    def _look_at_oldest(self, client: Client, mine: list[str]) -> None:
        """Record an execution as soon as it has ended, to compare it with its state at the end."""
        if mine:
            status, body = client.call("GET", f"/v1/executions/{mine[0]}")
            if status == 200 and json.loads(body)["finished_at"]:
                self._ended[mine.pop(0)] = json.loads(body)

    def check(self, seconds: float = 60) -> None:
        """Check that all have ended within that time, once and correctly; that none is doubled or unknown."""
        assert not self._failures, self._failures
        assert self.acknowledged, "nothing was acknowledged"
        assert {status for status, _ in self.refused} <= {503}, self.refused
        client, deadline = Client(self._url, self._seconds), time.monotonic() + seconds
        for execution_id, number in self.acknowledged.items():
            self._check_one(_ended(client, execution_id, deadline), number)
        listed = list(self._listed(client))
        ids, datasets = [one["id"] for one in listed], [one["input"]["sha256"] for one in listed]
        assert len(ids) == len(set(ids)), "an execution is listed twice"
        assert len(datasets) == len(set(datasets)), "a dataset was submitted once and is there twice"
        assert self.acknowledged.keys() <= set(ids), "an acknowledged execution is not listed"
        for one in listed:
            number = self._sent[one["input"]["sha256"]]
            if one["id"] not in self.acknowledged:
                self._check_one(_ended(client, one["id"], deadline), number)
        client.close()

    def _check_one(self, execution: dict[str, Any], number: int) -> None:
        assert execution["status"] == "succeeded", execution
        assert execution["result"] == {"number": number, "twice": 2 * number}, execution
        times = [datetime.fromisoformat(execution[name]) for name in ("submitted_at", "started_at", "finished_at")]
        assert times == sorted(times), execution
        assert self._ended.setdefault(execution["id"], execution) == execution, "an ending has changed"

    def _listed(self, client: Client) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            status, body = client.call("GET", f"/v1/executions?script={self.script}&limit=200{cursor}")
            assert status == 200, body
            page = json.loads(body)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = f"&cursor={page['next_cursor']}"


def _ended(client: Client, execution_id: str, deadline: float) -> dict[str, Any]:
    """Read the execution once it has ended, with retries while the service recovers."""
    while time.monotonic() < deadline:
        status, body = client.call("GET", f"/v1/executions/{execution_id}", Prefer="wait=2")
        assert status in {0, 200, 503}, body
        with suppress(KeyError, json.JSONDecodeError):
            execution: dict[str, Any] = json.loads(body)
            if execution["finished_at"]:
                return execution
    raise AssertionError(f"execution {execution_id} has not ended in time: {body!r}")
