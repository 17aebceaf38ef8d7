"""Groups of methods: lists over all pages, the types of methods, and bodies that can be sent once."""

import inspect
import json
import re
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, assert_type

import anyio
import httpx
import pytest
from bateia import AsyncClient, Client, Refused, RetryPolicy, Unreachable
from bateia.access_records import ApiKey, CreatedApiKey
from bateia.bodies import StreamBody
from bateia.resources.groups import Group, ItemsOf, Operation
from bateia.resources.keys import Keys
from bateia.script_records import Version
from hypothesis import given
from hypothesis import strategies as st

from tests.client.scripted import http

PAGES = st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=5)


class PagedService:
    """A service with one list, whose cursors are the numbers of pages."""

    def __init__(self, pages: list[list[int]]) -> None:
        self.pages, self.requests = pages, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/keys"
        self.requests += 1
        page = int(request.url.params.get("cursor", "0"))
        following = str(page + 1) if page + 1 < len(self.pages) else None
        items = [{"id": str(number)} for number in self.pages[page]]
        return httpx.Response(200, json={"items": items, "next_cursor": following})


@given(PAGES)
def test_a_list_is_the_items_of_all_pages_each_read_once(pages: list[list[int]]) -> None:
    expected = [str(number) for page in pages for number in page]
    service = PagedService(pages)
    assert [one.id for one in Client(http=http(service)).keys.list()] == expected
    assert service.requests == len(pages)

    async def read() -> list[str]:
        transport = httpx.MockTransport(service)
        async with AsyncClient(http=httpx.AsyncClient(base_url="http://a.test/", transport=transport)) as client:
            return [one.id async for one in client.keys.list()]

    assert anyio.run(read) == expected


def test_no_page_is_read_before_it_is_wanted() -> None:
    service = PagedService([[1, 2], [3]])
    keys = Client(http=http(service)).keys.list()
    assert service.requests == 0
    assert [next(keys).id, next(keys).id] == ["1", "2"]
    assert service.requests == 1


def types_of_methods(client: Client, later: AsyncClient) -> None:
    """Show the types of methods to mypy, which checks them."""
    assert_type(client.keys.list(), Iterator[ApiKey])
    assert_type(later.keys.list(), AsyncIterator[ApiKey])
    assert_type(client.keys.create("ci", "runner"), CreatedApiKey)
    _ = assert_type(later.keys.create("ci", "runner"), Coroutine[Any, Any, CreatedApiKey])
    assert_type(next(client.versions.list("a")).number, int)
    assert_type(client.versions.get("a", 1), Version)
    client.keys.create("ci", "boss")  # type: ignore[arg-type]
    client.keys.revoke()  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_both_readmes_name_every_method_of_the_groups(name: str, repository: Path) -> None:
    text = (repository / "clients/python" / name).read_text("utf-8")
    rows = {
        group: re.findall(r"`(\w+)`", methods) for group, methods in re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", text)
    }
    with Client("http://a.test") as client:
        groups = {name: type(one) for name, one in vars(client).items() if isinstance(one, Group)}
    for group, kind in groups.items():
        assert rows[group] == [name for name, one in vars(kind).items() if isinstance(one, (Operation, ItemsOf))]


def test_a_method_has_the_text_and_the_parameters_of_its_operation() -> None:
    create = Client("http://a.test").keys.create
    assert str(inspect.signature(create)).endswith("expires_in_days: 'int | None' = None) -> 'CreatedApiKey'")
    assert (create.__doc__ or "").startswith("Create an API key")
    assert (Keys.list.__doc__ or "").startswith("List the API keys")


@pytest.mark.parametrize(
    "failure", [httpx.Response(503, headers={"Retry-After": "0"}), httpx.ConnectError("refused")], ids=["503", "lost"]
)
def test_bytes_that_are_read_once_are_sent_once(failure: httpx.Response | httpx.ConnectError) -> None:
    received = []

    def fail(request: httpx.Request) -> httpx.Response:
        assert request.headers["Transfer-Encoding"] == "chunked"
        received.append(request.read())
        if isinstance(failure, httpx.ConnectError):
            raise failure
        return failure

    client = Client(http=http(fail), retries=RetryPolicy(first_pause_seconds=0))
    with pytest.raises((Refused, Unreachable)):
        client.stores.write("files://a", iter([b"te", b"xt"]))
    assert received == [b"text"]
    assert "te" not in repr(StreamBody([b"text"]))


def test_a_service_that_is_not_ready_is_an_answer() -> None:
    document: dict[str, Any] = {"ready": False, "trouble": "database", "needs_key": None, "workers": 0, "checks": {}}
    requests = []

    def respond(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(503, content=json.dumps(document), headers={"Retry-After": "1"})

    ready = Client(http=http(respond)).service.readiness()
    assert (ready.ready, ready.trouble, len(requests)) == (False, "database", 1)
    with pytest.raises(Refused, match="HTTP 500"):
        Client(http=http(lambda _: httpx.Response(500))).service.readiness()
