"""Observation of requests, and the metrics endpoint."""

from typing import Any

import pytest
from attrs import frozen

from adapters.http.resources.health import OPEN_METRICS, PLAIN
from adapters.http.transport.instrumentation import Exposition
from tests.adapters.http.api import JSON_TYPE, Api


@frozen
class Text:
    media_type: str
    text: bytes


async def expose(open_metrics: bool) -> Exposition:
    return Text(f"{OPEN_METRICS}; version=1.0.0; charset=utf-8" if open_metrics else PLAIN, b"# EOF\n")


def test_each_request_is_observed_with_its_route_s_template_and_a_known_method() -> None:
    told: list[tuple[Any, ...]] = []
    api = Api(observe_request=lambda *request: told.append(request))
    api.host("a")
    api.submit(script="a")
    api.get("/v1/scripts/sesame")
    api.get("/sesame")
    api("SESAME", "/v1/scripts/a")
    assert [one[:3] for one in told] == [
        ("POST", "/v1/scripts", 201),
        ("POST", "/v1/scripts/{script}/executions", 202),
        ("GET", "/v1/scripts/{script}", 404),
        ("GET", "an unknown path", 404),
        ("other", "/v1/scripts/{script}", 405),
    ]
    assert all(0 < one[3] < 60 for one in told)


def test_a_client_that_leaves_is_observed_without_a_status() -> None:
    told: list[tuple[Any, ...]] = []
    api = Api(observe_request=lambda *request: told.append(request))

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    headers = [(name.lower().encode(), value.encode()) for name, value in JSON_TYPE.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/scripts",
        "query_string": b"",
        "headers": [(b"host", b"x"), *headers],
    }
    api.run(api.app(scope, receive, lambda message: receive()))
    assert [one[:3] for one in told] == [("POST", "/v1/scripts", 0)]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", PLAIN),
        ("*/*", PLAIN),
        ("image/png", PLAIN),
        (f"{OPEN_METRICS};version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2", OPEN_METRICS),
        (f"{OPEN_METRICS};q=0.2,text/plain;q=0.5", PLAIN),
    ],
)
def test_metrics_have_the_preferred_format(accept: str, given: str) -> None:
    answer = Api(expose=expose).get("/metrics", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, given)
    assert answer.content == b"# EOF\n"


def test_where_nothing_is_measured_there_is_nothing_to_read(api: Api) -> None:
    assert (api.get("/metrics").status_code, api.get("/metrics").content) == (200, b"")
