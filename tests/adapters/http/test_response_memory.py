"""Responses reserve the memory that they hold, are refused where there is none, and release it however they end."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from attrs import evolve

from adapters.http.operations import NDJSON
from adapters.http.responses.delivery import SMALL_BYTES
from adapters.http.transport.memory_budget import MemoryBudget, Use
from application.ports.errors import Unavailable
from application.ports.stored_bodies import StoredBody
from domain.body import Encoding
from domain.limits import MIB
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug
from tests.support.waiting import eventually_sees

BUDGET: Final = 8 * MIB
RESULT: Final = json.dumps([os.urandom(12).hex() for _ in range(20_000)]).encode()
LARGE: Final = {
    "result": "/v1/executions/{id}/result",
    "dataset": "/v1/executions/{id}/input",
    "inline result": "/v1/executions/{id}",
    "source": "/v1/scripts/corporate-cards/versions/1/source",
    "list": "/v1/executions?limit=200",
    "page": "/openapi.json",
}


@pytest.fixture
def api() -> Api:
    api = Api(memory=MemoryBudget(BUDGET))
    api.host(source=SOURCE + "//" + "x" * 100_000)
    return api


@pytest.fixture
def paths(api: Api) -> dict[str, str]:
    """Create large responses, and return their paths."""
    done = api.submit(RESULT)["id"]
    api.produce(RESULT)
    for _ in range(60):
        api.submit()
    return {name: path.format(id=done) for name, path in LARGE.items()}


@contextmanager
def full(api: Api, room: int = 0) -> Iterator[None]:
    """Provide a budget with no more room than that."""
    with api.deps.limits.memory.reserve(Use.REQUEST) as others:
        assert others.resize(BUDGET - room)
        yield


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_a_large_response_is_refused_without_room_and_later_sent(
    api: Api, paths: dict[str, str], name: str, coding: str
) -> None:
    headers = {"Accept-Encoding": coding}
    with full(api, SMALL_BYTES):
        refused = api.get(paths[name], headers=headers)
        assert slug(refused) == (503, "too-much-in-flight")
        assert int(refused.headers["retry-after"]) > 0
        assert api.deps.limits.memory.response_bytes == 0
    given = api.get(paths[name], headers=headers)
    assert given.status_code == 200
    assert len(given.content) > SMALL_BYTES
    assert api.deps.limits.memory.held_bytes == 0


def test_small_requests_and_responses_go_on_where_there_is_no_room(api: Api) -> None:
    done = api.submit()["id"]
    api.produce()
    with full(api):
        for path in ("/v1/scripts", "/v1/executions", f"/v1/executions/{done}", f"/v1/executions/{done}/result"):
            assert api.get(path).status_code == 200


@pytest.mark.parametrize("name", ["result", "dataset", "source"])
def test_a_response_without_a_body_needs_no_room(api: Api, paths: dict[str, str], name: str) -> None:
    tag = api.get(paths[name]).headers["etag"]
    with full(api):
        assert api("HEAD", paths[name]).status_code == 200
        assert api.get(paths[name], headers={"If-None-Match": tag}).status_code == 304


def test_lines_need_room_to_be_recognised(api: Api, paths: dict[str, str]) -> None:
    with full(api, SMALL_BYTES):
        assert slug(api.get(paths["result"], headers={"Accept": NDJSON})) == (503, "too-much-in-flight")
    assert api.get(paths["result"], headers={"Accept": NDJSON}).text.count("\n") == 20_000
    assert api.deps.limits.memory.held_bytes == 0


def test_a_submission_is_accepted_and_shown_without_its_result_where_there_is_no_room_for_that(api: Api) -> None:
    """A refusal would have it sent again, and run twice."""

    async def submit() -> Any:
        headers = JSON_TYPE | {"Prefer": "wait=30"}
        sent = asyncio.create_task(
            api.ask("POST", "/v1/scripts/corporate-cards/executions", content=b"[9007199254740993]", headers=headers)
        )
        await eventually_sees(api.watched)
        with full(api):
            await api.work_to(RESULT)
            return (await sent).json()

    shown = api.run(submit())
    assert (shown["status"], shown.get("result"), shown["logs_truncated"]) == ("succeeded", None, True)
    assert (shown["warnings"][0]["first_pointer"], api.deps.audit.reads.waiting) == ("/0", 1)  # a read of details
    assert api.get(shown["output"]["href"]).content == RESULT


@pytest.mark.parametrize("reads", [1, 2, 3])
@pytest.mark.parametrize("name", [name for name in LARGE if name != "list"])
def test_a_client_that_leaves_releases_its_memory(api: Api, paths: dict[str, str], name: str, reads: int) -> None:
    got = api.run(api.messages(paths[name], reads))
    assert (got[0]["status"], len(got)) == (200, reads)
    assert api.deps.limits.memory.held_bytes == 0


def test_a_response_that_breaks_off_releases_its_memory(
    api: Api, paths: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """The content was removed, or the database went away, behind the first part."""
    read = api.store.executions.result

    async def broken(execution_id: Any) -> StoredBody | None:
        stored = await read(execution_id)
        assert stored is not None

        async def parts() -> AsyncIterator[bytes]:
            yield b"[" + b" " * 300_000
            raise Unavailable("the database")

        return evolve(stored, encoding=Encoding.IDENTITY, parts=parts)

    api.store.executions.result = broken  # type: ignore[method-assign]
    got = api.run(api.messages(paths["result"], 1_000))
    assert got[0]["status"] == 200
    assert got[-1]["more_body"], "the server closes a connection whose response has no end"
    assert "aborted: the database" in caplog.text
    assert api.deps.limits.memory.held_bytes == 0
