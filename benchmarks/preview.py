#!/usr/bin/env python3
"""The time of a preview over loopback, from the request to the response.

Usage: python benchmarks/preview.py [BASE_URL]      (http://127.0.0.1:8000)

One connection sends one preview after another, as an editor does: a source that differs each time, over a sample of 100
rows; then the same with a comparison with a version. The first one of each starts processes, so it has a line of its
own. Machines differ and are shared, so a bare `GET /health/live` of the same run is beside the figures.
"""

import json
import statistics
import sys
import uuid

from round_trip import Client, milliseconds

TIMES = 300
ROWS = [{"id": n, "brand": "VISA" if n % 3 else "ELO", "cards": n * 7919 % 1000, "rate": n / 8} for n in range(100)]
SOURCE = "function process(rows) { return rows.map(r => ({...r, total: r.cards * r.rate})); }"


class Editor:
    """A client that changes its source before each preview."""

    def __init__(self, client: Client, **members: object) -> None:
        self._client, self._members, self._edits = client, members, 0

    def preview(self) -> dict[str, object]:
        """Change the source and try it."""
        self._edits += 1
        document = {"source": f"{SOURCE} // {self._edits}", "dataset": ROWS, **self._members}
        status, body = self._client.call(
            "POST", "/v1/previews", json.dumps(document).encode(), content_type="application/json"
        )
        shown: dict[str, object] = json.loads(body)
        assert status == 200, shown
        assert shown["state"] == "succeeded", shown
        return shown


def line(what: str, took: list[float]) -> str:
    """Describe the times of calls."""
    took = sorted(took)
    return f"{what:40} median {statistics.median(took):7.1f} ms   p99 {took[int(len(took) * 0.99)]:7.1f} ms"


def main() -> None:
    """Measure and print."""
    client, name = (
        Client(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"),
        f"preview-{uuid.uuid4().hex[:8]}",
    )
    client.call("POST", f"/v1/scripts?name={name}", SOURCE.encode(), content_type="text/javascript")
    print(line("GET /health/live", milliseconds(lambda: client.call("GET", "/health/live"), TIMES)))
    for what, members in (("preview", {}), ("preview compared with a version", {"script": name, "version": 1})):
        editor = Editor(client, **members)
        print(line(f"first {what}", milliseconds(editor.preview, 1)))
        print(line(what, milliseconds(editor.preview, TIMES)))


if __name__ == "__main__":
    main()
