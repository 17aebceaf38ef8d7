"""Publication under a path prefix: links, redirections, and whose `X-Forwarded-*` headers count."""

import json
import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.routes import FILES, RESOURCES
from adapters.http.server.proxy_headers import ProxyHeaders
from adapters.http.transport.root_path import MAX_CHARACTERS, OWN_SEGMENTS, local_path, parse_root_path, root_path_of
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, slug
from tests.adapters.http.served import served

PEER: Final = "10.1.2.3"
PREFIXES: Final = st.lists(st.from_regex(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,8}", fullmatch=True), max_size=3).map(
    lambda segments: "".join(f"/{one}" for one in segments)
)
SAFE_PREFIXES: Final = PREFIXES.filter(
    lambda prefix: prefix.split("/")[1:2] != ["v1"] and parse_root_path(prefix) is not None
)
UNSAFE_PREFIXES: Final = (
    "//evil.example", "/a//b", "bateia", "/..", "/a/../b", "/./a", "/a/.", "/a b", "/a\r\nX: y", "/a?b", "/a#b", "/%2e",
    "/%2Fevil", "/a;b", "/\\evil", "/é", "http://evil.example", "/a\n", "/<b>", '/"', "/v1", "/docs/x", "//", "/a//",
    "/" + "x" * MAX_CHARACTERS,
)  # fmt: skip


def seen(
    sent: Iterable[tuple[str, str]] = (),
    path: str = "/v1/scripts",
    root_path: str = "",
    trusted: tuple[str, ...] = ("10.0.0.0/8",),
    peer: tuple[str, int] | None = (PEER, 1),
) -> Scope:
    """Return a request's scope as the application sees it."""
    passed: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in (("Host", "inside"), *sent)]
    scope = {"type": "http", "path": path, "scheme": "http", "headers": headers, "client": peer}
    middleware = ProxyHeaders(app, root_path, [ip_network(one) for one in trusted])
    served: Any = middleware(scope, None, None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        served.send(None)
    assert passed[0] is scope
    return scope


def origin(scope: Scope) -> tuple[str, list[str]]:
    return scope["scheme"], Headers(scope=scope).getlist("host")


ALL: Final = (
    ("X-Forwarded-Prefix", "/bateia"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "data.example:8443"),
)  # fmt: skip


def test_a_trusted_proxy_s_headers_apply() -> None:
    scope = seen(ALL)
    assert (root_path_of(scope), scope["path"]) == ("/bateia", "/v1/scripts")
    assert origin(scope) == ("https", ["data.example:8443"])


@pytest.mark.parametrize("peer", [("192.0.2.1", 1), ("::1", 1), ("", 0), ("a socket", 1), None])
def test_another_peer_s_headers_do_not_apply(peer: tuple[str, int] | None) -> None:
    scope = seen(ALL, peer=peer)
    assert (root_path_of(scope), scope["path"], origin(scope)) == ("", "/v1/scripts", ("http", ["inside"]))
    assert root_path_of(seen(ALL, root_path="/own", peer=peer)) == "/own"


def test_without_trusted_proxies_no_header_counts() -> None:
    assert root_path_of(seen(ALL, trusted=())) == ""


@pytest.mark.parametrize(
    ("peer", "trusted"),
    [
        ("10.9.9.9", "10.9.9.9"),
        ("::ffff:10.1.2.3", "10.0.0.0/8"),
        ("fd00::5", "fd00::/8"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_addresses_and_networks_are_trusted_in_either_version(peer: str, trusted: str) -> None:
    assert root_path_of(seen(ALL, peer=(peer, 1), trusted=("192.0.2.0/24", trusted))) == "/bateia"


@pytest.mark.parametrize("lines", [("/a, /b",), ("/a", "/b"), ("/a", "/c , /b"), ("//evil", "/b")])
def test_of_several_values_the_last_counts(lines: tuple[str, ...]) -> None:
    assert root_path_of(seen([("X-Forwarded-Prefix", one) for one in lines])) == "/b"


@pytest.mark.parametrize("value", UNSAFE_PREFIXES)
def test_an_unsafe_prefix_is_none(value: str) -> None:
    assert parse_root_path(value) is None
    if "\n" not in value and value.isascii():
        assert root_path_of(seen([("X-Forwarded-Prefix", value)], root_path="/own")) == "/own"


@given(st.text(st.characters(max_codepoint=255), max_size=30))
@example("//")
@example("/\n")
def test_a_prefix_needs_no_escaping_anywhere(text: str) -> None:
    parsed = parse_root_path(text)
    if parsed:
        assert re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", parsed)
        assert not {".", ".."} & set(parsed.split("/"))


@given(SAFE_PREFIXES)
def test_a_slash_at_the_end_of_a_prefix_counts_for_nothing(prefix: str) -> None:
    assert parse_root_path(f"{prefix}/") == parse_root_path(prefix) == prefix


def test_no_prefix_begins_with_a_path_of_the_service() -> None:
    assert {one.path.split("/")[1] for one in (*RESOURCES, *FILES)} - {""} == OWN_SEGMENTS


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Proto", ""), ("X-Forwarded-Host", "a b"),
        ("X-Forwarded-Host", "user@evil"), ("X-Forwarded-Host", "a/b"), ("X-Forwarded-Host", ""),
        ("X-Forwarded-Host", "a:port"), ("X-Forwarded-Host", "[::1"), ("X-Forwarded-Host", "é"),
    ],
)  # fmt: skip
def test_an_unsafe_scheme_or_host_is_ignored(header: str, value: str) -> None:
    assert origin(seen([(header, value)])) == ("http", ["inside"])


@pytest.mark.parametrize("host", ["a.example", "[::1]", "[fd00::1]:8443", "127.0.0.1:80"])
def test_a_forwarded_host_takes_the_place_of_the_other(host: str) -> None:
    assert origin(seen([("X-Forwarded-Host", f"outer.example, {host}"), ("X-Forwarded-Proto", "HTTPS")])) == (
        "https",
        [host],
    )


@given(SAFE_PREFIXES, st.sampled_from(["/", "/docs", "/v1/scripts", "/problems/not-found"]))
def test_a_proxy_may_strip_the_prefix_or_pass_it_on(prefix: str, path: str) -> None:
    for arrived in (path, f"{prefix}{path}"):
        scope = seen(path=arrived, root_path=prefix)
        assert (root_path_of(scope), scope["path"]) == (prefix, path)


@given(SAFE_PREFIXES.filter(bool))
def test_only_whole_segments_are_stripped(prefix: str) -> None:
    assert local_path(f"{prefix}x/v1", prefix) == f"{prefix}x/v1"
    assert (local_path(prefix, prefix), local_path(f"{prefix}/", prefix)) == ("", "/")


@pytest.fixture(params=["", "/bateia", "/data/bateia"])
def root(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def links_in(value: Any) -> set[str]:
    """Collect the hrefs anywhere in a document."""
    if isinstance(value, list):
        return {link for one in value for link in links_in(one)}
    if not isinstance(value, dict):
        return set()
    names = ("href", "source", "type", "instance")
    own = {urlsplit(one).path for name, one in value.items() if name in names and isinstance(one, str)}
    return own | links_in(list(value.values()))


def test_every_link_has_the_prefix_and_leads_somewhere(root: str) -> None:
    api = Api(root_path=root)
    hosted = api.post("/v1/scripts?name=a", content=SOURCE, headers={"Content-Type": "text/javascript"})
    revised = api.post("/v1/scripts/a/versions", content=f"{SOURCE} 2", headers={"Content-Type": "text/javascript"})
    submitted = [api.post("/v1/scripts/a/executions", content=b"[]", headers=JSON_TYPE) for _ in range(2)]
    api.produce()
    answers = [revised, *submitted, api.get("/v1/executions?limit=1"), api.get(submitted[0].headers["location"])]
    answers += [api.get("/v1/scripts?limit=1"), api.get("/v1/scripts/a/versions?limit=1"), api.get("/v1/nothing")]
    links = {one for answer in answers for one in links_in(answer.json())}
    links |= {one.headers["location"] for one in (hosted, revised, *submitted)}
    links |= {one.links["next"]["url"] for one in answers if "link" in one.headers}
    links -= {f"{root}/v1/nothing"}
    assert len(links) > 10
    for link in links:
        assert link.startswith(f"{root}/")
        assert api.get(link).status_code == 200
        assert api.get(link.removeprefix(root)).status_code == 200


@pytest.mark.parametrize("kind", ["not-found"])
def test_a_problem_names_paths_as_the_client_knows_them(root: str, kind: str) -> None:
    answer = Api(root_path=root).get(f"{root}/v1/é nothing")
    assert slug(answer) == (404, kind)
    assert answer.json()["type"] == f"http://bateia{root}/problems/{kind}"
    assert answer.json()["instance"] == f"{root}/v1/%C3%A9%20nothing"
    page = Api(root_path=root).get(answer.json()["type"])
    assert f"Type: {root}/problems/{kind}" in page.text
    assert set(re.findall(r"\s(\S*/problems/[\w-]+)", Api(root_path=root).get("/problems").text)) == {
        f"{root}/problems/{one}" for one in PROBLEM_TYPES
    }


def test_the_document_names_the_prefix_as_its_server(root: str) -> None:
    api = Api(root_path=root)
    document = api.get("/openapi.json").json()
    assert [one["url"] for one in document["servers"]] == [root or "/"]
    plain = json.loads(Api().get("/openapi.json").content)
    assert {**document, "servers": plain["servers"]} == plain


def test_the_prefix_without_a_slash_leads_to_the_console() -> None:
    api = Api(root_path="/bateia")
    for method in ("GET", "HEAD"):
        answer = api(method, "/bateia?a=b")
        assert (answer.status_code, answer.headers["location"]) == (308, "/bateia/?a=b")
    assert api.get("/bateia/").headers["content-type"].startswith("text/html")
    assert slug(api.get("/bateiax")) == (404, "not-found")
    assert slug(api.get("/bateia/bateia/docs")) == (404, "not-found")


def test_a_prefix_of_a_trusted_proxy_is_in_the_links_of_its_requests_alone() -> None:
    api = Api(root_path="/own", trusted_proxies=(ip_network("127.0.0.0/8"),))
    forwarded = api.get("/v1/nothing", headers={"X-Forwarded-Prefix": "/other"}).json()
    assert (forwarded["type"], forwarded["instance"]) == ("http://bateia/other/problems/not-found", "/other/v1/nothing")
    assert api.get("/v1/nothing").json()["type"] == "http://bateia/own/problems/not-found"
    assert api.get("/openapi.json", headers={"X-Forwarded-Prefix": "/other"}).json()["servers"][0]["url"] == "/other"
    assert api.get("/openapi.json", headers={"X-Forwarded-Prefix": "/"}).json()["servers"][0]["url"] == "/"


def test_a_refusal_outside_the_application_names_the_prefix_of_the_setting_too(api: Api) -> None:
    async def ask() -> tuple[int, Any]:
        async with served(api.app, root_path="/bateia") as server:
            client = await server.connect()
            await client.send(b"this is no request\r\n\r\n")
            status, _, content = await client.answer()
            return status, json.loads(content)["type"]

    assert api.run(ask()) == (400, "/bateia/problems/malformed-request")
