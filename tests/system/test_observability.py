"""Metrics and logs of the real processes: sums over all of them, no user data, and everything in JSON."""

import gzip
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.adapters.metrics.test_metrics import samples
from tests.support.processes import free_port, running
from tests.support.waiting import eventually
from tests.system.conftest import Service

CANARY = "canary7f3a"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {
    "Content-Type": "application/json",
    "X-Header": f"{CANARY}-header",
    "Cookie": f"a={CANARY}-cookie",
    "User-Agent": f"{CANARY}-agent",
    "Idempotency-Key": f"{CANARY}-key",
    "X-Request-Id": f"<{CANARY}-id>",
    "Prefer": "wait=20",
    "traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01",
    "tracestate": f"a={CANARY}-state",
}
SOURCES = {
    "returns": f"function process(d) {{ console.log(d); return [d, '{CANARY}-source']; }}",
    "throws": "function process(d) { const e = new Error(d); e.name = d; throw e; }",
    "circles": "function process(d) { const a = {d}; a.a = a; return a; }",
    "spins": "function process(d) { for (;;); }",
    "floods": "function process(d) { return d.repeat(100000); }",
}


def scrape(port: int) -> dict[str, float]:
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    assert CANARY not in answer.text
    return samples(answer.text)


def send_canaries(service: Service) -> Iterator[int]:
    """Send canaries in everything that a user can send, successfully and not; return the statuses."""
    for name, source in SOURCES.items():
        assert service.host(name, source).status_code == 201
        headers = HEADERS | {"Idempotency-Key": f"{CANARY}-{name}"}
        body = json.dumps(f"{CANARY}-data")
        yield service.client.post(f"/v1/scripts/{name}/executions", content=body, headers=headers).status_code
        yield service.client.post(f"/v1/scripts/{name}/executions", content=body + "x", headers=headers).status_code
    yield service.host("broken", f"function process( {{ {CANARY}").status_code
    yield service.client.get(f"/v1/{CANARY}-path?{CANARY}=1", headers=HEADERS).status_code
    yield service.client.get(f"/v1/scripts/{CANARY}?q={CANARY}-query", headers=HEADERS).status_code
    yield service.client.request(CANARY.upper(), "/v1/scripts").status_code
    yield service.client.get("/v1/scripts", headers={"Authorization": f"Bearer {CANARY}-key"}).status_code


def events(service: Service) -> list[dict[str, Any]]:
    """Parse the log's lines that are events; all are, save the migration's output for the operator, and the banner."""
    return [json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{")]


class Collector(ThreadingHTTPServer):
    """Takes what OpenTelemetry's exporters send."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Sink)
        self.bodies: list[bytes] = []

    def spans(self) -> list[tuple[str, Any]]:
        """Return every received span, with the name of the service that sent it."""
        found = []
        for body in self.bodies:
            for one in ExportTraceServiceRequest.FromString(body).resource_spans:
                (service,) = (each.value.string_value for each in one.resource.attributes if each.key == "service.name")
                found += [(service, span) for scope in one.scope_spans for span in scope.spans]
        return found


class Sink(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Collector)
        self.server.bodies.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def assert_one_trace(collector: Collector) -> None:
    """Assert that each execution's wait and run are children of its submission, in the client's trace."""
    spans = [(service, span) for service, span in collector.spans() if span.trace_id.hex() == TRACE_ID]
    posted = {
        span.span_id
        for service, span in spans
        if (service, span.name) == ("bateia-api", "POST /v1/scripts/{script}/executions")
    }
    ran = [(span.name, span.parent_span_id in posted) for service, span in spans if service == "bateia-worker"]
    assert Counter(ran) == {("wait", True): len(SOURCES), ("run", True): len(SOURCES)}


def test_all_processes_are_one_sum_that_a_loss_does_not_lessen_and_no_canary_sings(
    start: Callable[..., Service], collector: Collector
) -> None:
    ports = free_port()
    service = start(
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        OTEL_BSP_SCHEDULE_DELAY="50",
        BATEIA_LAYOUT="separate",
        BATEIA_API_PROCESSES="2",
        BATEIA_WORKER_METRICS_PORT=str(ports),
        BATEIA_LOG_LEVEL="debug",
        BATEIA_WALL_MS="300",
        BATEIA_RESULT_BYTES="4096",
    )
    eventually(lambda: len(service.pids("entrypoints.api")) == 2, 60)
    statuses = list(send_canaries(service))
    assert statuses == [200, 400] * len(SOURCES) + [422, 404, 422, 400, 401]
    eventually(lambda: sum(name == "bateia-api" for name, _ in collector.spans()) >= len(statuses))
    before = scrape(service.port)
    assert before["bateia_submissions_total"] == len(SOURCES)
    assert before["bateia_http_requests_total[POST,/v1/scripts/{script}/executions,400]"] == len(SOURCES)
    assert (before["bateia_database_up"], before["bateia_workers_seen"]) == (1, 1)
    assert httpx.get(f"http://127.0.0.1:{ports}/health").status_code == 200
    worker = scrape(ports)
    ended = {name: count for name, count in worker.items() if name.startswith("bateia_executions_ended") and count}
    assert ended == {
        f"bateia_executions_ended_total[{outcome}]": count
        for outcome, count in {
            "succeeded": 1, "script_error": 1, "invalid_result": 1, "timeout": 1, "output_limit": 1
        }.items()
    }  # fmt: skip
    lost = service.pids("entrypoints.api")[0]
    os.kill(lost, signal.SIGKILL)
    eventually(lambda: not running(lost), 30)
    eventually(lambda: len(service.pids("entrypoints.api")) == 2, 60)
    eventually(
        lambda: scrape(service.port)["bateia_build_info[quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0),0.1.0]"] == 2, 30
    )
    assert scrape(service.port)["bateia_submissions_total"] == len(SOURCES)
    assert service.stop() == 0
    assert_one_trace(collector)
    assert not [body for body in collector.bodies if CANARY.encode() in body.lower()]
    said = events(service)
    assert CANARY not in service.log.read_text().lower()
    assert {one["process"] for one in said} == {"serve", "api", "worker"}
    assert all({"time", "level", "event", "logger", "pid"} <= one.keys() for one in said)
    followed = [one for one in said if one.get("trace_id") == TRACE_ID]
    assert {one["process"] for one in followed} == {"api", "worker"}
    runs = [one for one in followed if one["process"] == "worker"]
    assert {one["script"] for one in runs} == {f"{name}@1" for name in SOURCES}
    assert all({"execution_id", "claim_id"} <= one.keys() for one in runs)
