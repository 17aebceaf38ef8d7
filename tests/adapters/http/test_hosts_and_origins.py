"""Requests for other hosts and from pages of other origins."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.transport.authorities import Authority, authority
from adapters.http.transport.own_hosts import OwnHosts
from domain.access import Scope
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug
from tests.adapters.http.served import served

OWN = OwnHosts(port=8000)
PATHS = [
    "/",
    "/docs",
    "/health/live",
    "/metrics",
    "/openapi.json",
    "/problems",
    "/v1/scripts",
    "/nothing",
    "/static/a/b",
]
FOREIGN = [
    "evil.example:8000",
    "evil.example",
    "127.0.0.1.evil.example:8000",
    "localhost.evil.example:8000",
    "127.0.0.1",
]


def an_api(hosts: OwnHosts = OWN) -> Api:
    return Api(hosts=hosts)


def at(api: Api, host: str, method: str = "GET", path: str = "/v1/scripts", **how: Any) -> Any:
    return api(method, path, **how | {"headers": {"Host": host} | how.get("headers", {})})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("host", FOREIGN)
def test_while_the_service_is_open_no_path_is_served_under_another_host(path: str, method: str, host: str) -> None:
    assert at(an_api(), host, method, path).status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "localhost:8000",
        "LocalHost:8000",
        "localhost.:8000",
        "127.9.9.9:8000",
        "[::1]:8000",
        "[0::1]:8000",
    ],
)
def test_the_service_is_served_under_addresses_of_this_machine(host: str) -> None:
    assert at(an_api(), host).status_code == 200


@pytest.mark.parametrize(
    ("hosts", "host", "served_there"),
    [
        (OwnHosts(port=80), "127.0.0.1", True),
        (OwnHosts(port=80), "127.0.0.1:80", True),
        (OwnHosts(port=80), "127.0.0.1:", True),
        (OwnHosts(port=80), "127.0.0.1:8000", False),
        (OwnHosts(port=443), "127.0.0.1", False),
        (OwnHosts(port=8000, listens_on="192.0.2.7"), "192.0.2.7:8000", True),
        (OwnHosts(port=8000, listens_on="192.0.2.7"), "192.0.2.8:8000", False),
        (OwnHosts(port=8000, listens_on="Host.Example"), "host.example:8000", True),
        (OwnHosts(port=8000, listens_on="2001:db8::1"), "[2001:DB8:0::1]:8000", True),
        (OwnHosts(port=8000, listens_on="fe80::1%eth0"), "[fe80::1]:8000", True),
        (OwnHosts(port=8000, listens_on="0.0.0.0"), "0.0.0.0:8000", False),
        (OwnHosts(port=8000, listens_on="::"), "[::]:8000", False),
        (OWN, "[::ffff:127.0.0.1]:8000", False),
        (OWN, "127.1:8000", False),
        (OWN, "2130706433:8000", False),
        (OWN, "127.0.0.1.:8001", False),
    ],
)
def test_a_host_is_compared_with_its_port(hosts: OwnHosts, host: str, served_there: bool) -> None:
    assert at(an_api(hosts), host).status_code == (200 if served_there else 421)


@pytest.mark.parametrize(
    ("added", "host", "served_there"),
    [
        (Authority("a.example", None), "a.example", True),
        (Authority("a.example", None), "a.example:9", True),
        (Authority("a.example", 443), "a.example", True),
        (Authority("a.example", 443), "a.example:443", True),
        (Authority("a.example", 8443), "a.example", False),
        (Authority("a.example", 8443), "A.EXAMPLE.:8443", True),
        (Authority("a.example", None), "b.a.example", False),
        (Authority("a.example", None), "127.0.0.1:8000", True),
        (Authority("a.example", None), "evil.example", False),
    ],
)
@pytest.mark.parametrize("has_key", [False, True])
def test_added_hosts_are_the_services_own_and_then_no_others_are_ever_served(
    added: Authority, host: str, served_there: bool, has_key: bool
) -> None:
    api = an_api(OwnHosts(port=8000, added=(added,)))
    bearer = api.key(Scope.READ)[1] if has_key else {}
    assert at(api, host, headers=bearer).status_code == (200 if served_there else 421)


def test_a_service_with_keys_is_served_under_any_host() -> None:
    api = an_api()
    _, bearer = api.key(Scope.READ)
    assert at(api, "any.example", headers=bearer).status_code == 200
    assert at(api, "any.example").status_code == 401


def test_the_refusal_names_the_host_the_own_ones_and_the_setting() -> None:
    answer = at(an_api(), "evil.example")
    assert slug(answer) == (421, "misdirected-request")
    for said in ("evil.example", "127.0.0.1:8000", "localhost:8000", "BATEIA_ALLOWED_HOSTS"):
        assert said in answer.json()["detail"]


def test_a_malformed_host_is_not_repeated() -> None:
    answer = at(an_api(), "<script>alert(1)</script>")
    assert (answer.status_code, "script>" in answer.text) == (421, False)


@pytest.mark.parametrize("lines", [[], [b"127.0.0.1:8000", b"127.0.0.1:8000"]])
def test_without_one_host_nothing_is_served_while_the_service_is_open(lines: list[bytes]) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", line) for line in lines]
    scope = {"type": "http", "method": "GET", "path": "/health/live", "query_string": b"", "headers": headers}
    asyncio.run(an_api().app(scope, receive, send))
    assert sent[0]["status"] == 421


def test_the_authority_of_the_target_takes_precedence() -> None:
    async def ask() -> list[int]:
        async with served(an_api().app) as server:
            client, statuses = await server.connect(), []
            for target, host in (("http://evil.example", "127.0.0.1:8000"), ("http://127.0.0.1:8000", "evil.example")):
                await client.send(f"GET {target}/health/live HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                statuses.append((await client.answer())[0])
            return statuses

    assert asyncio.run(ask()) == [421, 200]


hosts = st.from_regex(r"\A(?:[a-z0-9-]{1,9}\.){0,3}[a-z0-9-]{1,9}\Z")


@given(hosts, st.integers(1, 65_535))
def test_an_authority_reads_as_it_is_written(host: str, port: int) -> None:
    for one in (Authority(host, port), Authority(host, None)):
        assert authority(str(one)) == one
        assert authority(f"{str(one).upper()}") == one


@given(st.text(max_size=30))
def test_no_text_with_a_delimiter_is_an_authority(text: str) -> None:
    found = authority(text)
    if found is not None:
        assert text.isascii()
        assert not set(text) & set('/?#@\\ \t\r\n<>"')
        assert authority(str(found)) == found


@given(hosts.filter(lambda one: one != "localhost"), st.none() | st.integers(1, 65_535))
def test_no_name_but_localhost_is_an_own_host(host: str, port: int | None) -> None:
    assert OWN.has(Authority(host, port)) == (is_dotted_loopback(host) and port == 8000)


def is_dotted_loopback(host: str) -> bool:
    parts = host.split(".")
    plain = all(one.isdecimal() and str(int(one)) == one and int(one) < 256 for one in parts)
    return len(parts) == 4 and plain and parts[0] == "127"


UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]
OWN_URL = {"Host": "127.0.0.1:8000"}


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "file://"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Origin": "http://127.0.0.1:8000@evil.example"},
        {"Origin": "http://127.0.0.1:8000/"},
        {"Origin": "http://127.0.0.1:8000 http://evil.example"},
        {"Origin": "chrome-extension://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "Cross-Site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "same-origin, cross-site"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ],
)
@pytest.mark.parametrize("with_key", [False, True])
def test_pages_of_other_origins_change_nothing(method: str, said: dict[str, str], with_key: bool) -> None:
    api = an_api()
    bearer = api.key()[1] if with_key else {}
    answer = api(method, "/v1/scripts/a/archive", headers=OWN_URL | said | bearer)
    assert slug(answer) == (403, "cross-origin-refused")


@pytest.mark.parametrize("path", ["archive", "unarchive"])
def test_a_form_of_another_page_neither_archives_nor_unarchives(path: str) -> None:
    api = Api()
    api.host("a")
    api.post("/v1/scripts/a/archive") if path == "unarchive" else None
    before = api.get("/v1/scripts/a").json()
    form = {"Origin": "http://evil.example", "Content-Type": "application/x-www-form-urlencoded"}
    assert slug(api.post(f"/v1/scripts/a/{path}", headers=form)) == (403, "cross-origin-refused")
    assert api.get("/v1/scripts/a").json() == before


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "HTTP://127.0.0.1:8000"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "api.example", "Origin": "https://api.example", "Sec-Fetch-Site": "same-origin"},
        {"Host": "api.example", "Origin": "http://api.example"},
        {"Origin": "https://added.example"},
        {"Origin": "http://added.example"},
        {"Origin": "https://other.example:8443"},
    ],
)
def test_the_services_own_pages_and_programs_do(said: dict[str, str]) -> None:
    added = (Authority("added.example", None), Authority("other.example", 8443), Authority("api.example", 1))
    api = an_api(OwnHosts(port=8000, added=(*added, Authority("api.example", None))))
    document = {"name": "a", "source": SOURCE}
    answer = api.post("/v1/scripts", json=document, headers=OWN_URL | JSON_TYPE | said)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("origin", ["https://added.example:8443", "https://other.example", "http://api.example"])
def test_another_port_of_an_added_host_is_another_origin(origin: str) -> None:
    api = an_api(OwnHosts(port=8000, added=(Authority("added.example", None), Authority("other.example", 8443))))
    answer = api.post("/v1/scripts", json={}, headers=OWN_URL | {"Origin": origin})
    assert slug(answer) == (403, "cross-origin-refused")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest"), [("no-cors", "script"), ("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")]
)
def test_pages_of_other_origins_load_nothing_of_the_api(site: str, mode: str, dest: str) -> None:
    said = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    api = Api()
    api.host("a")
    source = "/v1/scripts/a/versions/1/source"
    for path in (source, "/v1/scripts", "/%761/scripts", "/v1"):
        assert slug(api.get(path, headers=said)) == (403, "cross-origin-refused")
    assert api.get(source, headers=said | {"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert api.get("/", headers=said).status_code == 200


def test_a_link_on_another_page_may_be_followed() -> None:
    said = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert Api().get("/v1/scripts", headers=said).status_code == 200


def test_every_answer_is_closed_to_other_origins_with_one_header_each() -> None:
    api = Api()
    api.host()
    execution = api.submit()["id"]
    api.produce()
    result = api.get(f"/v1/executions/{execution}/result")
    answers = [
        result,
        api.get(f"/v1/executions/{execution}/result", headers={"If-None-Match": result.headers["etag"]}),
        api("HEAD", "/v1/scripts"),
        api("OPTIONS", "/v1/scripts"),
        api.get("/v1/scripts/corporate-cards/versions/1/source"),
        api.get("/v1/nothing"),
        api.get("/v1/executions/x"),
        api.post("/v1/scripts", headers={"Origin": "null"}),
        api.get("/v1/scripts", headers={"Host": "evil.example"}),
        api.get("/"),
        api.get("/health/live"),
    ]
    assert [one.status_code for one in answers] == [200, 304, 200, 204, 200, 404, 422, 403, 421, 200, 200]
    for one in answers:
        assert one.headers.get_list("cross-origin-resource-policy") == ["same-origin"]
        assert one.headers.get_list("x-content-type-options") == ["nosniff"]
        assert not [name for name in one.headers if name.startswith("access-control-")]


def test_a_refused_connection_is_isolated_too() -> None:
    async def ask() -> dict[str, str]:
        async with served(Api().app) as server:
            client = await server.connect()
            await client.send(b"GET / HTTP/1.1\r\n\r\n")
            _, headers, content = await client.answer()
            assert json.loads(content)["status"] == 400
            return headers

    assert asyncio.run(ask())["cross-origin-resource-policy"] == "same-origin"
