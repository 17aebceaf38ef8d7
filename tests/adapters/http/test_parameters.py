"""Preferences and announced bodies."""

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request

from adapters.http.requests.parameters import has_body, preferred_wait
from adapters.http.wire.validation_errors import MAX_FAULTS
from tests.adapters.http.api import Api


def request(*prefer: str) -> Request:
    lines = [(b"prefer", line.encode()) for line in prefer]
    return Request({"type": "http", "headers": lines, "query_string": b""})


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ((), None),
        (("wait=10",), 10),
        (("WAIT = 10",), 10),
        (('wait="10"',), 10),
        (("respond-async, wait=10;strict",), 10),
        (("respond-async", "wait=10"), 10),
        (("wait=10, wait=20",), 10),
        (("wait=61",), 60),
        (("wait=" + "9" * 500,), 60),
        (("wait=0",), 0),
        (("wait=-1",), None),
        (("wait=1.5",), None),
        (("foo;wait=1",), None),
    ],
)
def test_the_first_wish_to_wait_counts(prefer: tuple[str, ...], seconds: int | None) -> None:
    assert preferred_wait(request(*prefer)) == seconds


@pytest.mark.parametrize(
    ("headers", "announced"),
    [
        ({}, False),
        ({"content-length": "0"}, False),
        ({"content-length": "1"}, True),
        ({"transfer-encoding": "x"}, True),
    ],
)
def test_a_body_is_announced_by_its_length_or_its_coding(headers: dict[str, str], announced: bool) -> None:
    assert has_body(Headers(headers)) is announced


@pytest.mark.parametrize("name", ["limit", "a/b", "a~1b", "x" * 300])
@pytest.mark.parametrize("times", [1, 2])
def test_a_refused_parameter_is_named_as_it_was_sent(api: Api, name: str, times: int) -> None:
    problem = api.get("/v1/executions", params=[(name, "x")] * times).json()
    assert [error["parameter"] for error in problem["errors"]] == [name[:200]]


def test_the_list_of_repeated_parameters_is_bounded(api: Api) -> None:
    problem = api.get("/v1/executions?" + "&".join(f"{n}&{n}" for n in range(MAX_FAULTS + 10))).json()
    assert len(problem["errors"]) == MAX_FAULTS
