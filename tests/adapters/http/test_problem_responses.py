"""Problem responses as a client gets them: the language, the address of the type, and hints about paths and media."""

from ipaddress import ip_network
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from adapters.http.language import Language, preferred_language
from adapters.http.problems.nearest_path import nearest_path
from adapters.http.routes import RESOURCES
from adapters.http.transport.authorities import Authority
from adapters.http.transport.own_hosts import OwnHosts
from tests.adapters.http.api import JSON_TYPE, Api
from tests.adapters.http.test_pages import BROWSER

PATHS: Final = tuple(resource.template for resource in RESOURCES)
LISTED: Final = OwnHosts(port=8000, added=(Authority("data.example", None), Authority("other.example", 8443)))
TLS: Final = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("pt-BR", "pt"),
        ("PT", "pt"),
        ("fr, pt;q=0.5, en;q=0.4", "pt"),
        ("en-GB, pt", "en"),
        ("pt;q=0.1, en;q=0.9", "en"),
        ("pt;q=0", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("pt;q=x", "en"),
        ("pt;q=nan", "en"),
        ("xx," * 50 + "pt", "en"),
    ],
)
def test_a_problem_is_in_the_accepted_language(api: Api, accepted: str, language: str) -> None:
    answer = api.get("/v1/scripts/nobody", headers={"Accept-Language": accepted})
    title = {"en": "Script not found", "pt": "Script não encontrado"}[language]
    assert (answer.json()["title"], answer.headers["content-language"]) == (title, language)


def test_the_languages_of_several_lines_are_one_list() -> None:
    lines = [(b"accept-language", b"fr"), (b"accept-language", b"pt")]
    assert preferred_language(Headers(raw=lines)) is Language.PORTUGUESE


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_text_chooses_a_language(text: str) -> None:
    assert preferred_language(Headers({"accept-language": text})) in Language


def test_the_language_is_added_to_what_a_response_varies_by(api: Api) -> None:
    api.host()
    answer = api.get("/v1/scripts/corporate-cards/versions/1/source", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["vary"]) == (406, "Accept, Accept-Language")


@pytest.mark.parametrize(
    ("host", "headers", "origin"),
    [
        ("127.0.0.1:8000", {}, "http://127.0.0.1:8000"),
        ("LOCALHOST:8000", {}, "http://localhost:8000"),
        ("[::1]:8000", {}, "http://[::1]:8000"),
        ("data.example", {}, "http://data.example"),
        ("data.example:80", {}, "http://data.example:80"),
        ("other.example:8443", {}, "http://other.example:8443"),
        ("data.example:8000", {}, ""),
        ("127.0.0.1:8000", {"X-Forwarded-For": "192.0.2.1"}, ""),
        ("127.0.0.1:8000", {"Via": "1.1 proxy"}, ""),
        ("127.0.0.1:8000", TLS, "https://data.example"),
        ("127.0.0.1:8000", TLS | {"X-Forwarded-Host": "data.example:443"}, "https://data.example:443"),
        ("127.0.0.1:8000", TLS | {"X-Forwarded-Host": "data.example:4444"}, ""),
    ],
)
def test_a_type_is_absolute_where_the_host_is_known(host: str, headers: dict[str, str], origin: str) -> None:
    api = Api(hosts=LISTED, trusted_proxies=(ip_network("127.0.0.0/8"),))
    answer = api.get("/v1/nothing", headers={"Host": host} | headers)
    assert answer.json()["type"] == f"{origin}/problems/not-found"


@pytest.mark.parametrize("added", [(), LISTED.added])
@pytest.mark.parametrize("forged", ["evil.example", "evil.example:8000", "data.example.evil.example", "data.example:1"])
@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_a_forged_host_is_never_in_a_link(added: tuple[Authority, ...], forged: str, header: str) -> None:
    api = Api(hosts=OwnHosts(port=8000, added=added))
    _, key = api.key()
    value = f"host={forged}" if header == "Forwarded" else forged
    answer = api.get("/v1/nothing", headers=key | {"Host": "127.0.0.1:8000", header: value})
    assert answer.status_code in (404, 421)
    assert answer.json()["type"] in ("/problems/not-found", "/problems/misdirected-request")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/script", "/v1/scripts"),
        ("/scripts", "/v1/scripts"),
        ("/v1/scripts/", "/v1/scripts"),
        ("/v1/script/corporate-cards", "/v1/scripts/corporate-cards"),
        ("/v1/scripts/corporate-cards/execution", "/v1/scripts/corporate-cards/executions"),
        ("/scripts/corporate-cards/executions", "/v1/scripts/corporate-cards/executions"),
        ("/v1/Executions", "/v1/executions"),
        ("/health/alive", "/health/live"),
        ("/openapi", "/openapi.json"),
        ("/robots.txt", None),
        ("/.env", None),
        ("/v1/scripts/" + "x" * 200 + "/execution", None),
    ],
)
def test_an_unknown_path_names_the_nearest_known_one(path: str, meant: str | None) -> None:
    assert nearest_path(path, PATHS) == meant
    hint = Api(root_path="/bateia").get(f"/bateia{path}").json()["hint"]
    assert hint.startswith("`GET /bateia/openapi.json`" if meant is None else f"Did you mean `/bateia{meant}`?")


@given(st.from_regex(r"(/[a-z0-9{}%é-]{0,9}){1,7}", fullmatch=True))
def test_a_suggested_path_is_another_one_of_a_resource(path: str) -> None:
    meant = nearest_path(path, PATHS)
    assert meant is None or (meant != path and meant.startswith("/"))


@pytest.mark.parametrize(
    ("headers", "code", "said"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, "form-body", "--data-binary @file"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "multipart-body", "--data-binary @file"),
        ({"Content-Type": "text/csv"}, "csv-body", "csv.DictReader"),
        ({"Content-Type": "application/json; charset=latin1"}, "unsupported-charset", "iconv -f latin1 -t UTF-8"),
        ({"Content-Type": "text/x`\x7f"}, "unsupported-media-type", "Content-Type: application/json"),
        ({}, "no-content-type", "Content-Type: application/json"),
    ],
)
def test_a_refused_media_type_says_what_to_send(api: Api, headers: dict[str, str], code: str, said: str) -> None:
    api.host()
    problem = api.post("/v1/scripts/corporate-cards/executions", content=b"[1]", headers=headers).json()
    assert problem["code"] == code
    assert said in problem["hint"]
    assert "`\x7f" not in problem["detail"]


def test_a_too_large_dataset_is_refused_with_both_sizes() -> None:
    api = Api(max_dataset_bytes=1 << 20)
    api.host()
    problem = api.post(
        "/v1/scripts/corporate-cards/executions",
        content=b"1" * (3 << 20),
        headers=JSON_TYPE | {"Accept-Language": "pt"},
    ).json()
    assert (
        problem["detail"]
        == "O dataset tem 3 MiB (3.145.728 bytes); o limite é de 1 MiB (1.048.576 bytes), descomprimido."
    )
    assert "BATEIA_DATASET_BYTES" in problem["hint"]


@pytest.mark.parametrize("path", ["/v1/executions/{id}", "/v1/executions/ID", "/v1/executions/" + "x" * 300])
def test_a_malformed_id_is_quoted_and_no_placeholder(api: Api, path: str) -> None:
    problem = api.get(path).json()
    assert problem["detail"].startswith(f"`{path.rpartition('/')[2][:60]}")
    assert len(problem["detail"]) < 150
    assert "a UUID such as" in problem["hint"]


def test_a_taken_name_leads_to_its_versions(api: Api) -> None:
    script = api.host()
    problem = api.post("/v1/scripts", json={"name": script["name"], "source": "function process() {}"}).json()
    assert "`POST /v1/scripts/corporate-cards/versions`" in problem["hint"]


@pytest.mark.parametrize("path", ["/problems", "/problems/malformed-json"])
def test_a_page_is_in_the_language_of_the_link_or_the_reader(api: Api, path: str) -> None:
    def language(**how: Any) -> tuple[str, bool, str]:
        page = api.get(path + how.pop("query", ""), headers=BROWSER | how)
        other = next(one for one in Language if f'lang="{one}">\n<head>' not in page.text)
        links = f'<a href=".{path}?lang={other}"' if path == "/problems" else f'"./malformed-json?lang={other}"'
        return page.headers["content-language"], links in page.text, page.headers["vary"]

    vary = "Accept, Accept-Language"
    assert language() == ("en", True, vary)
    assert language(**{"Accept-Language": "pt-BR"}) == ("pt", True, vary)
    assert language(query="?lang=en", **{"Accept-Language": "pt-BR"}) == ("en", True, vary)
    assert api.get(f"{path}?lang=fr").json()["errors"][0]["code"] == "not-one-of"
