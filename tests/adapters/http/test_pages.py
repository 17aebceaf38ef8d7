"""Pages for browsers: made of this service's own files, under a policy that allows no others. And those of problems."""

import re
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.http.operations import Resource
from adapters.http.problem_types import PROBLEM_TYPES, ProblemType
from adapters.http.routes import FILES
from adapters.http.static_files import StaticFile
from tests.adapters.http.api import Api, slug

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ["/docs", "/problems", *(f"/problems/{one}" for one in PROBLEM_TYPES)]


class Elements(HTMLParser):
    """The elements of a page with their attributes, and what stands inside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style"):
            self.inline += data.strip()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_made_of_files_of_this_service_alone(api: Api, path: str) -> None:
    answer = api.get(path, headers=BROWSER)
    elements = Elements(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not {name for _, attributes in elements.found for name in attributes if name == "style" or name[:2] == "on"}
    assert elements.inline == ""
    for tag, attributes in elements.found:
        for href in (attributes.get("src"), attributes.get("href") if tag in ("a", "link") else None):
            assert href in (None, "data:,") or api.get(str(href)).status_code == 200
    assert "script" not in {tag for tag, attributes in elements.found if not attributes.get("src")}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_forbids_whatever_it_does_not_need(api: Api, path: str) -> None:
    headers = api.get(path, headers=BROWSER).headers
    allowed = dict(one.strip().partition(" ")[::2] for one in headers["content-security-policy"].split(";"))
    assert (allowed["default-src"], allowed["frame-ancestors"], allowed["base-uri"]) == ("'none'",) * 3
    assert (allowed["script-src"], allowed["style-src"], allowed["connect-src"]) == ("'self'",) * 3
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-cache")


@pytest.mark.parametrize("resource", FILES, ids=lambda one: one.path)
def test_a_file_is_kept_by_browsers_since_its_path_names_its_content(api: Api, resource: Resource) -> None:
    got, head = api.get(resource.path), api("HEAD", resource.path)
    assert resource.path.split("/")[2] == sha256(got.content).hexdigest()[:16]
    kinds = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
    assert got.headers["content-type"] == kinds[resource.path.rpartition(".")[2]]
    assert (got.headers["cache-control"], got.headers["x-content-type-options"]) == (
        "public, max-age=31536000, immutable",
        "nosniff",
    )
    assert (head.content, head.headers["content-length"]) == (b"", str(len(got.content)))


def test_another_content_has_another_path_and_the_old_one_is_gone(api: Api) -> None:
    before, after = StaticFile("a.css", b"a"), StaticFile("a.css", b"b")
    assert before.href != after.href
    assert slug(api.get(before.href)) == (404, "not-found")


def test_the_vendored_files_are_those_that_their_readme_names(repository: Path) -> None:
    folder = repository / "adapters/http/static/swagger-ui"
    listed = dict(
        re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (folder / "README.md").read_text(), re.MULTILINE)
    )
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.name != "README.md"}
    assert present == listed
    assert len(listed) == 4


def test_the_documentation_asks_no_validator_and_reads_this_services_document(api: Api) -> None:
    start = next(one.path for one in FILES if one.path.endswith("/docs.js"))
    script = api.get(start).text
    assert 'url: "/openapi.json"' in script
    assert "validatorUrl: null" in script


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values(), ids=lambda kind: kind.slug)
def test_a_kind_of_problem_has_a_page_for_readers_of_text_and_of_html(api: Api, kind: ProblemType) -> None:
    assert kind.href.startswith("/problems/")
    text, html = api.get(kind.href), api.get(kind.href, headers=BROWSER)
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert {text.headers["vary"], html.headers["vary"]} == {"Accept"}
    for words in (kind.title, str(kind.status), kind.meaning, kind.remedy):
        assert words in text.text
        assert escape(words) in html.text


def test_every_kind_of_problem_is_in_the_list_of_them(api: Api) -> None:
    text, html = api.get("/problems").text, api.get("/problems", headers=BROWSER).text
    assert [line.split()[1].strip(":") for line in text.splitlines()[2:]] == re.findall(
        r'href="(/problems/[^"]+)"', html
    )
    assert set(re.findall(r"/problems/([\w-]+)", text)) == set(PROBLEM_TYPES)
