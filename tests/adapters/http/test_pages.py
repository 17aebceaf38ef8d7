"""Pages for browsers, and pages of problems: made of this service's own files, under a policy that allows no others."""

import re
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from adapters.http.language import Language
from adapters.http.problems.messages import CATALOGUE, codes_of
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType
from adapters.http.resources import static_files
from adapters.http.resources.static_files import digest_of, files_in, href
from tests.adapters.http.api import Api, slug

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
STATIC = Path(static_files.__file__).parent.parent / "static"
CONSOLE = Path(static_files.__file__).parents[3] / "console"
PAGES = [
    "/",
    "/docs",
    "/docs/executions",
    "/docs/try",
    "/guide",
    "/guide/start",
    "/problems",
    *(f"/problems/{one}" for one in PROBLEM_TYPES),
]


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
        for link in (attributes.get("src"), attributes.get("href") if tag in ("a", "link") else None):
            assert link is None or link.startswith(("./", "../", "#"))
    assert "script" not in {tag for tag, attributes in elements.found if not attributes.get("src")}
    links = {
        one.partition("#")[0] for _, shown in elements.found for one in (shown.get("src"), shown.get("href")) if one
    }
    assert [one for one in links if api.get(urljoin(path, one)).status_code != 200] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_forbids_everything_it_does_not_need(api: Api, path: str) -> None:
    headers = api.get(path, headers=BROWSER).headers
    allowed = dict(one.strip().partition(" ")[::2] for one in headers["content-security-policy"].split(";"))
    assert (allowed["default-src"], allowed["frame-ancestors"], allowed["base-uri"]) == ("'none'",) * 3
    assert (allowed["script-src"], allowed["style-src"], allowed["connect-src"]) == ("'self'",) * 3
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-cache")


@pytest.mark.parametrize("name", files_in(STATIC))
def test_a_file_is_cached_by_browsers_and_may_do_no_more_than_a_page(api: Api, name: str) -> None:
    got, head = api.get(href(name)), api("HEAD", href(name))
    assert got.content == (STATIC / name).read_bytes()
    kinds = {"js": "text/javascript", "css": "text/css", "json": "application/json", "svg": "image/svg+xml"}
    assert got.headers["content-type"].partition(";")[0] == kinds[name.rpartition(".")[2]]
    assert (got.headers["cache-control"], got.headers["x-content-type-options"]) == (
        "public, max-age=31536000, immutable",
        "nosniff",
    )
    assert got.headers["content-security-policy"] == "default-src 'none'; script-src 'self'; connect-src 'self'"
    assert (head.content, head.headers["content-length"]) == (b"", str(len(got.content)))


def test_files_have_other_paths_once_any_of_them_has_another_content_or_name() -> None:
    digests = [digest_of(files) for files in ({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3"}, {"a": b"1", "c": b"2"})]
    assert len(set(digests)) == 3
    assert digest_of({"a": b"1", "b": b"2"}) == digests[0]
    served = {**files_in(STATIC), **files_in(CONSOLE, "console/")}
    assert href("docs.js") == f"/static/{digest_of(served)}/docs.js"


def test_only_files_of_pages_are_served(tmp_path: Path) -> None:
    for name in ("a.js", "LICENSE", "README.md", "deep/b.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert files_in(tmp_path) == {"a.js": b"a.js", "deep/b.css": b"deep/b.css"}


def test_an_old_path_is_gone_and_one_of_no_file_never_was(api: Api) -> None:
    root = href("docs.js").removesuffix("docs.js")
    for path in ("/static/0123456789abcdef/docs.js", f"{root}nothing.js", f"{root}../pages.py", f"{root}LICENSE", root):
        assert slug(api.get(path)) == (404, "not-found")
    with pytest.raises(KeyError):
        href("nothing.js")


@pytest.mark.parametrize(
    ("copy", "original"), [("script.js", "examples/bacen/script.js"), ("dataset.json", "examples/bacen/payload.json")]
)
def test_the_console_s_example_is_the_use_case(repository: Path, copy: str, original: str) -> None:
    example = repository / "console/example" / copy
    assert example.read_bytes() == (repository / original).read_bytes()


def test_the_console_turns_no_text_into_markup(api: Api) -> None:
    policy = api.get("/").headers["content-security-policy"]
    assert "require-trusted-types-for 'script'; trusted-types worker" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("folder", "files"), [("swagger-ui", 4), ("vendor", 3)])
def test_the_vendored_files_are_those_that_their_readme_names(folder: str, files: int) -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (STATIC / folder / "README.md").read_text(), re.MULTILINE
    )
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in (STATIC / folder).iterdir()}
    del present["README.md"]
    assert present == dict(rows)
    assert len(present) == files


def test_the_documentation_asks_no_validator_and_reads_this_services_document(api: Api) -> None:
    script = api.get(href("docs.js")).text
    assert 'url: new URL("openapi.json", root)' in script
    assert "validatorUrl: null" in script


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values(), ids=lambda kind: kind.slug)
def test_a_kind_of_problem_has_a_page_for_readers_of_text_and_of_html(api: Api, kind: ProblemType) -> None:
    assert kind.href.startswith("/problems/")
    text, html = api.get(kind.href), api.get(kind.href, headers=BROWSER)
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert {text.headers["vary"], html.headers["vary"]} == {"Accept, Accept-Language"}
    shown = text_of(kind, Language.ENGLISH)
    for words in (shown.title, str(kind.status), shown.meaning, shown.remedy, *codes_of(kind.slug)):
        assert words in text.text
        assert escape(words) in html.text.replace("<code>", "`").replace("</code>", "`")


def test_every_kind_of_problem_is_in_the_list_of_them(api: Api) -> None:
    text, html = api.get("/problems").text, api.get("/problems", headers=BROWSER).text
    listed = re.findall(r"^\d+ (/problems/[\w-]+):", text, re.MULTILINE)
    assert listed == re.findall(r'href="\.(/problems/[\w-]+)\?lang=en"', html)
    assert {one.removeprefix("/problems/") for one in listed} == set(PROBLEM_TYPES)
    named = set(CATALOGUE)
    assert named <= set(re.findall(r"[\w.-]+", text))
    assert named <= set(re.findall(r"<code>([\w.-]+)</code>", html))
